import torch

from tmad_mmedit.models.ops.reduction import enlarge, reduce


def test_small_pictures_stay_as_they_are():
    x, mask = torch.rand(1, 3, 4, 4), torch.zeros(1, 1, 4, 4)
    assert reduce(x, mask, 16)[0] is x and reduce(x, mask, None)[1] is mask
    assert enlarge(x, (4, 4)) is x


def test_a_reduced_pixel_is_the_mean_of_the_known_ones():
    mask = torch.tensor([[1., 0, 1, 1], [0, 1, 1, 1]])[None, None]
    x = torch.tensor([[0., 0.2, 0, 0], [0.6, 0, 0, 0]])[None, None]
    small, hole = reduce(x, mask, 2)
    assert hole.tolist() == [[[[0, 1]]]]
    assert torch.allclose(small, torch.tensor([[[[0.4, 0]]]]))


def test_one_known_pixel_among_very_many_keeps_its_colour():
    mask = torch.ones(1, 1, 500, 700)
    mask[..., 499, 3] = 0
    small, hole = reduce((1 - mask) * 0.7, mask, 1)
    assert hole.item() == 0
    assert abs(small.item() - 0.7) < 1e-5


def test_the_copy_keeps_the_proportion_of_the_sides():
    x, mask = torch.zeros(2, 3, 301, 1203), torch.zeros(2, 1, 301, 1203)
    height, width = reduce(x, mask, 10000)[1].shape[-2:]
    assert 9000 < height * width <= 10000
    assert abs(width / height - 1203 / 301) < 0.1
    assert reduce(x, mask, 10000)[0].shape == (2, 3, height, width)
    assert enlarge(x[..., :height, :width], (301, 1203)).shape == x.shape
