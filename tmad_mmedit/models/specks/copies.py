"""What a speck may show: the places around it whose surroundings are most
alike, several of them mixed, pixel by pixel."""
from math import exp
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ..shifts.costs import FORBIDDEN, UNKNOWN
from .settings import SpeckSettings
from .windows import Specks

# Of a pixel of the rim what counts of one that is a pixel nearer
FADE = 0.5
# How near is what says which copy suits a pixel: a Gaussian's sigma, in pixels
NEAR = 1.5
# Of copies that differ by so much, as mean squared differences, and by this
# part of the best, the worse counts a third
SLACK, PART = 0.005, 0.3


class Copies(NamedTuple):
    """N copies for each of K specks, the best first.

    Attributes:
        shift (Tensor): (K, N, 2), long.
        usable (Tensor): (K, N), bool: whether all of the speck is known there.
        img (Tensor): (K, 3, N, t, t), 0 where it is not known.
        known (Tensor): (K, 1, N, t, t), 0 or 1, what of it may be copied.
    """
    shift: Tensor
    usable: Tensor
    img: Tensor
    known: Tensor


def rim_weights(specks: Specks, width: int) -> Tensor:
    """Say how much known pixels near a speck count, (K, 1, t, t)."""
    weight, inner = torch.zeros_like(specks.own), specks.own
    for away in range(width):
        wider = F.max_pool2d(inner, 3, 1, 1)
        weight = weight + FADE**away * (wider - inner)
        inner = wider
    return weight * specks.middle()[1]


def best_copies(specks: Specks, rim: Tensor,
                settings: SpeckSettings) -> Copies:
    """Compare what is known around specks with all places within reach.

    Args:
        specks (Specks): K of them.
        rim (Tensor): See :func:`rim_weights`.
        settings (SpeckSettings): How far, and how many.
    """
    here, size = specks.middle()[0], rim.shape[-1]
    # rim known there (|I - I'|^2 - UNKNOWN), and FORBIDDEN for each pixel of
    # the speck that is not known there: products of what is here and what
    # there, one convolution for each speck
    square = total(here.square(), 1)
    kernel = torch.cat([rim, -2 * rim * here, rim * (square - UNKNOWN),
                        FORBIDDEN * specks.own], 1)
    square = total(specks.img.square(), 1)
    there = torch.cat(
        [square, specks.img, specks.known, 1 - specks.free], 1)
    cost = F.conv2d(there.flatten(0, 1)[None], kernel, groups=len(rim))[0]
    columns, width = cost.shape[-1], there.shape[-1]
    best = cost.flatten(1).topk(
        min(settings.copies, columns**2), dim=1, largest=False)
    place = torch.stack([
        best.indices.div(columns, rounding_mode='floor'),
        best.indices % columns], 2)
    span = torch.arange(size, device=rim.device)
    y, x = place[..., 0, None] + span, place[..., 1, None] + span
    index = (y[..., :, None] * width + x[..., None, :]).flatten(1)[:, None]
    img, known = (
        part.flatten(2).gather(2, index.expand(-1, part.shape[1], -1))
        .unflatten(2, (-1, size, size)) for part in (specks.img, specks.free))
    return Copies(place - settings.reach, best.values < FORBIDDEN / 2, img,
                  known)


def mixed(specks: Specks, rim: Tensor, copies: Copies) -> tuple[
        Tensor, Tensor]:
    """Mix copies: at each pixel those count most whose rim is most alike near
    that pixel.

    Returns:
        tuple: The mean, (K, 3, t, t), and where there is one, (K, 1, t, t), 0
        or 1.
    """
    here = specks.middle()[0][:, :, None]
    there = copies.known * copies.usable[:, None, :, None, None]
    differ = total((copies.img - here).square(), 1)
    differ = (differ - UNKNOWN) * copies.known + UNKNOWN
    rim = rim[:, :, None]
    cost = nearby(differ * rim) / nearby(rim).clamp(min=1e-6)
    least = cost.where(there > 0, cost.new_tensor(torch.inf)).amin(
        2, keepdim=True)
    least = least.where(least.isfinite(), torch.zeros_like(least))
    share = ((least - cost) / (SLACK + PART * least)).exp() * there
    shares = total(share, 2)
    mean = total(share * copies.img, 2) / shares.clamp(min=1e-12)
    return mean[:, :, 0], (shares[:, :, 0] > 0).to(mean)


def total(x: Tensor, dim: int) -> Tensor:
    """Sum along a dimension, which stays with length 1: in one order, however
    many there are along the others, as torch's own sum does not promise."""
    first, *others = x.unbind(dim)
    return sum(others, first).unsqueeze(dim)


def nearby(x: Tensor) -> Tensor:
    """Return the sums of what lies near each pixel, by a Gaussian's weights,
    (..., t, t). Tap by tap, for the same reason."""
    size = x.shape[-1]
    reach = -(-size // 2)  # from the middle of a speck to its rim
    taps = [exp(-i**2 / (2 * NEAR**2)) for i in range(-reach, reach + 1)]
    x = F.pad(x, (reach, ) * 4)
    across = torch.stack(
        [w * x[..., i:i + size] for i, w in enumerate(taps)])
    x = total(across, 0)[0]
    down = torch.stack(
        [w * x[..., i:i + size, :] for i, w in enumerate(taps)])
    return total(down, 0)[0]
