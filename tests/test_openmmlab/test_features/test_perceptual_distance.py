import pytest
import torch
from torch.nn import functional as F

from tmad_mmedit.openmmlab.features import perceptual_distance


def as_they_are(images):
    return [images]


def halved_too(images):
    return [images, F.avg_pool2d(images, 2)]


RIGHT = torch.tensor([1., 0.]).view(1, 2, 1, 1)
UP = torch.tensor([0., 3.]).view(1, 2, 1, 1)  # length does not count
LEFT = torch.tensor([-2., 0.]).view(1, 2, 1, 1)


def test_the_truth_has_none():
    x = torch.rand(2, 3, 8, 8)
    assert perceptual_distance(x, x, None, halved_too).tolist() == [0, 0]


def test_a_right_angle_is_2_and_the_opposite_4():
    for other, expected in ((UP, 2), (LEFT, 4)):
        x, y = RIGHT.expand(1, 2, 4, 4), other.expand(1, 2, 4, 4)
        assert perceptual_distance(x, y, None, halved_too).item() == expected
        assert perceptual_distance(y, x, None, halved_too).item() == expected


def test_depths_count_alike_and_the_mask_is_averaged_to_each():
    real = RIGHT.repeat(1, 1, 4, 4)
    fake = real.clone()
    fake[:, :, :2, :2] = UP
    fake[:, :, 2:, 2:] = LEFT
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., 1:3, 1] = 1  # a pixel that differs by 2, one by 0
    mask[..., 2:, 2:] = 1  # four that differ by 4
    first = (2 + 0 + 4 * 4) / 6
    second = (0.25 * 2 + 0.25 * 0 + 1 * 4) / 1.5
    assert perceptual_distance(fake, real, mask, halved_too).item() == (
        pytest.approx((first + second) / 2))


def test_every_image_has_its_own_and_an_empty_mask_0():
    x, y = RIGHT.expand(3, 2, 2, 2), UP.expand(3, 2, 2, 2)
    mask = torch.tensor([1., 0.5, 0.]).view(3, 1, 1, 1).expand(3, 1, 2, 2)
    assert perceptual_distance(x, y, mask, as_they_are).tolist() == [2, 2, 0]


def test_gradients_go_to_the_fake_alone_and_are_finite_for_0():
    fake, real = (torch.zeros(1, 2, 2, 2, requires_grad=True)
                  for _ in range(2))
    perceptual_distance(fake, real + UP, None, as_they_are).sum().backward()
    assert fake.grad.abs().max() < 1e6
    assert real.grad is None
