import torch

from tmad_mmedit.openmmlab.training.terms import around_holes


def masks(*holes, size=(256, 256)):
    mask = torch.zeros(len(holes), 1, *size)
    for x, (top, bottom, left, right) in zip(mask, holes):
        x[:, top:bottom, left:right] = 1
    return mask


def test_windows_are_as_large_as_the_largest_hole_asks():
    (image, top, left), size = around_holes(
        masks((100, 140, 60, 160), (10, 20, 250, 256)))
    assert size == 160  # 100 and twice 16, up to a multiple of 32
    assert image.tolist() == [0, 1]
    assert top.tolist() == [40, 0]
    assert left.tolist() == [30, 96]


def test_a_window_larger_than_the_image_begins_with_it():
    (_, top, left), size = around_holes(masks((0, 60, 0, 10), size=(64, 48)))
    assert size == 96 and top.tolist() == left.tolist() == [0]
