"""Low frequencies."""
import torch
import torch.nn.functional as F
from torch import Tensor

# A guess is smooth already: of its Gaussian so much of the known image's
GUESS_BLUR = 0.7


def gaussian_blur(x: Tensor, sigma: float) -> Tensor:
    """Blur by a Gaussian, cut off at 3 sigma; the border is repeated.

    Args:
        x (Tensor): (N, C, H, W).
        sigma (float): In pixels, above 0.

    Returns:
        Tensor: (N, C, H, W).
    """
    radius = max(round(3 * sigma), 1)
    place = torch.arange(-radius, radius + 1, device=x.device, dtype=x.dtype)
    taps = (-place.square() / (2 * sigma**2)).exp()
    taps = (taps / taps.sum()).expand(x.shape[1], 1, 1, -1)
    groups = x.shape[1]
    x = F.pad(x, (radius, radius, radius, radius), 'replicate')
    x = F.conv2d(x, taps, groups=groups)
    return F.conv2d(x, taps.transpose(2, 3), groups=groups)


def known_blur(x: Tensor, known: Tensor, sigma: float) -> Tensor:
    """Return the known pixels' own low frequencies: each pixel the Gaussian
    mean of those around it that are known, 0 far from all of them.

    Args:
        x (Tensor): (N, C, H, W).
        known (Tensor): (N, 1, H, W), 1 = known.
        sigma (float): In pixels.

    Returns:
        Tensor: (N, C, H, W).
    """
    mass = gaussian_blur(known, sigma)
    return gaussian_blur(x * known, sigma) / mass.clamp(min=1e-3)


def guess_blur(x: Tensor, sigma: float) -> Tensor:
    """Return G'(x), the low frequencies of a guess (N, C, H, W) that compare
    with those, by ``sigma``, of an image."""
    return gaussian_blur(x, GUESS_BLUR * sigma)
