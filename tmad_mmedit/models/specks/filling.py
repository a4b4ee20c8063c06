from math import pi, sin
from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from ..ops.precision import in_full_precision
from .copies import best_copies, mixed, rim_weights
from .settings import SpeckSettings
from .windows import Specks, specks_of


class Filled(NamedTuple):
    """P pixels of the specks of a picture.

    Attributes:
        pixels (Tensor): (P, 2), where they are.
        colours (Tensor): (P, 3), in [-1, 1].
        shift (Tensor): (P, 2), long, of the copy that suits their speck best.
    """
    pixels: Tensor
    colours: Tensor
    shift: Tensor


@in_full_precision
def fill_specks(img: Tensor, mask: Tensor, settings: SpeckSettings,
                barred: Optional[Tensor] = None,
                others: Optional[Tensor] = None) -> Filled:
    """Fill the smallest holes of a picture, many at once.

    Each is copied from where in its neighbourhood what surrounds it recurs,
    and what still differs at its rim is spread over it. The result for one
    does not depend on the others.

    Args:
        img (Tensor): I_m, (3, H, W) in [-1, 1].
        mask (Tensor): (1, H, W), 1 = hole.
        settings (SpeckSettings): Which holes.
        barred (Tensor, optional): (1, H, W), 1 = hole, or known and not to be
            copied. Defaults to the holes.
        others (Tensor, optional): (1, H, W), 1 = holes that are no specks.
            Defaults to none.

    Returns:
        Filled: Specks that can be shown whole nowhere are not among them.
    """
    none = mask.new_zeros(0, 2, dtype=torch.long)
    found = [Filled(none, img.new_zeros(0, 3), none)]
    for specks in specks_of(img, mask, settings, barred, others):
        rim = rim_weights(specks, settings.rim)
        copies = best_copies(specks, rim, settings)
        made = blended(specks, *mixed(specks, rim, copies), settings.rim)
        own = specks.own * copies.usable[:, :1, None, None]
        which, _, y, x = own.nonzero().T
        found.append(Filled(
            specks.first[which] + torch.stack([y, x], 1),
            made[which, :, y, x].clamp(-1, 1), copies.shift[which, 0]))
    return Filled(*(torch.cat(parts) for parts in zip(*found)))


def blended(specks: Specks, made: Tensor, there: Tensor,
            width: int) -> Tensor:
    """Add to what was made of specks, (K, 3, t, t), what it differs by at
    their rim.

    Args:
        specks (Specks): K of them.
        made (Tensor): See above.
        there (Tensor): (K, 1, t, t), 0 where it says nothing.
        width (int): How many pixels there are around a speck.
    """
    img, known = specks.middle()
    rim = known * there * (1 - specks.own)
    beside = slice(width - 1, specks.own.shape[-1] - width + 1)
    change = spread(*(x[..., beside, beside] for x in (
        (img - made) * rim, rim, specks.own)))
    return made + F.pad(change, (width - 1, ) * 4)


def spread(values: Tensor, rim: Tensor, own: Tensor) -> Tensor:
    """Continue values into specks as a membrane: each pixel the mean of its
    neighbours.

    Laplace's equation, by successive over-relaxation on a checkerboard: no
    sums over a speck, so that each comes out the same alone.

    Args:
        values (Tensor): (K, C, h, h), 0 where ``rim`` is.
        rim (Tensor): (K, 1, h, h), 0 or 1, where values are given; what is
            neither rim nor speck does not count.
        own (Tensor): (K, 1, h, h), 0 or 1, the specks.
    """
    size = own.shape[-1]
    faster = 2 / (1 + sin(pi / (size + 1)))
    count = neighbours(own + rim).clamp(min=1)
    span = torch.arange(size, device=own.device)
    black = (span[:, None] + span) % 2
    for step in range(4 * size):
        now = faster * own * (black == step % 2)
        values = values + now * (neighbours(values) / count - values)
    return values


def neighbours(x: Tensor) -> Tensor:
    """Return the sum of each pixel's four neighbours, (K, C, h, h)."""
    x = F.pad(x, (1, 1, 1, 1))
    return (x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] +
            x[..., 1:-1, 2:])
