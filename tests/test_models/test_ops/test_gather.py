import torch

from tmad_mmedit.models.ops.gather import (
    ZeroBordered,
    clamped,
    inside,
    mirrored,
)

Y, X = torch.cartesian_prod(torch.arange(-3, 7), torch.arange(-3, 9)).T
IMAGE = torch.arange(1., 25).view(1, 4, 6)


def test_outside_all_is_zero_and_inside_it_is_the_image():
    found = ZeroBordered.of(IMAGE).at(torch.stack([Y, X], -1))[:, 0]
    for y, x, value in zip(Y.tolist(), X.tolist(), found.tolist()):
        there = 0 <= y < 4 and 0 <= x < 6
        assert value == (IMAGE[0, y, x] if there else 0)


def test_a_bordered_image_is_given_back_whole_or_by_channels():
    maps = ZeroBordered.of(torch.rand(4, 3, 5))
    assert maps.image().shape == (4, 3, 5)
    assert torch.equal(maps.channels(slice(1, 3)).image(), maps.image()[1:3])


def test_beyond_a_border_comes_its_pixel():
    found = IMAGE.flatten()[clamped(Y, X, 4, 6)]
    assert torch.equal(
        found, IMAGE[0, Y.clamp(0, 3), X.clamp(0, 5)])
    there = inside(Y, X, 4, 6)
    assert there.sum() == 24
    assert torch.equal(found[there], IMAGE.flatten())


def test_beyond_a_border_comes_its_reflection_and_then_one_pixel():
    places = mirrored(torch.arange(-5, 9), 3)
    assert places.tolist() == [0, 0, 1, 2, 1, 0, 1, 2, 1, 0, 0, 0, 0, 0]
