import torch

from tmad_mmedit.models.ops.blur import (
    gaussian_blur,
    guess_blur,
    known_blur,
)


def waves(period, size=120):
    """A wave along the rows, equal in all of them."""
    return (torch.arange(size) * 2 * torch.pi / period).sin().expand(
        1, 1, size, size)


def test_a_wave_is_damped_as_gauss_has_it():
    x = waves(20.)
    damped = (-torch.tensor(2 * torch.pi / 20 * 3).square() / 2).exp()
    assert torch.allclose(gaussian_blur(x, 3.)[..., 20:-20],
                          damped * x[..., 20:-20], atol=3e-3)


def test_what_is_constant_stays_also_at_the_border():
    x = torch.full((1, 3, 5, 7), 0.4)
    assert torch.allclose(gaussian_blur(x, 6.), x)


def test_hole_pixels_have_no_part_in_known_low_frequencies():
    known = (torch.rand(1, 1, 20, 20) > 0.5).float()
    x = torch.full((1, 1, 20, 20), 0.4) + 100 * (1 - known)
    assert torch.allclose(known_blur(x, known, 3.), x.new_tensor(0.4))


def test_a_guess_that_is_smooth_already_compares_with_the_picture():
    """The picture's low frequencies are the guess's own where that is the
    picture blurred: sigmas add as squares."""
    picture = waves(20.)
    guess = gaussian_blur(picture, 0.51**0.5 * 4)
    assert torch.allclose(
        guess_blur(guess, 4.)[..., 30:-30],
        gaussian_blur(picture, 4.)[..., 30:-30], atol=4e-3)
