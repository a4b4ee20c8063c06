import torch

from tmad_mmedit.models.ops.window import Window, hole_window, whole


def test_a_window_on_maps_of_other_sizes():
    assert Window(3, 5, 4, 8).reduced(2) == Window(1, 3, 2, 4)
    assert Window(1, 3, 2, 4).scaled(2) == Window(2, 6, 4, 8)


def test_it_grows_up_to_the_border():
    assert Window(1, 3, 2, 4).grown(2, Window(0, 4, 0, 9)) == Window(
        0, 4, 0, 6)


def test_cutting_twice_is_cutting_once():
    x = torch.arange(30).view(1, 1, 5, 6)
    outer, inner = Window(1, 5, 2, 6), Window(2, 4, 3, 5)
    assert inner.cut(x).flatten().tolist() == [15, 16, 21, 22]
    assert torch.equal(inner.seen_from(outer).cut(outer.cut(x)), inner.cut(x))
    assert torch.equal(whole(x).cut(x), x)


def test_the_window_around_the_holes_of_a_batch():
    masks = torch.zeros(2, 1, 6, 8)
    masks[0, 0, 2, 1] = masks[1, 0, 4, 5] = 1
    assert hole_window(masks) == Window(2, 5, 1, 6)
    assert hole_window(masks * 0) == Window(0, 1, 0, 1)
