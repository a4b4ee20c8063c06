"""How far choices are from each other, and how well each hangs together."""
from collections.abc import Sequence

import torch
from torch import Tensor

from ..ops.gather import clamped, inside
from .choice import First
from .costs import UNKNOWN
from .field import ShiftField


def farthest_first(apart: Tensor, count: int) -> list[int]:
    """Choose so that those chosen differ: the first one first, then always
    the one that is farthest from the nearest that is chosen.

    >>> apart = torch.tensor([[0., 1, 5], [1, 0, 5], [5, 5, 0]])
    >>> farthest_first(apart, 2)
    [0, 2]

    Args:
        apart (Tensor): (V, V), distances.
        count (int): At most V.
    """
    chosen = [0]
    while len(chosen) < count:
        nearest = apart[chosen].amin(0)
        nearest[chosen] = -1
        chosen.append(int(nearest.argmax()))
    return chosen


def distances(firsts: Sequence[First]) -> Tensor:
    """Return how far apart the first choices of equal blocks are, (V, V): the
    mean squared distance, over the hole, of the low frequencies of what they
    show."""
    choice, blocks = firsts[0][:2]
    step = blocks.size // 2
    places = (blocks.pixels(step) + step // 2)[:, None]
    hole = choice.maps.guess.channels(slice(3, 4)).at(places[:, 0])[..., 0]
    shown = torch.stack([
        choice.maps.low.at(places + x.chosen[:, None, None])[:, 0]
        for x in firsts])  # (V, B, P, 3)
    square = (shown[:, None] - shown).square().sum(4) * hole
    return square.sum((2, 3)) / hole.sum().clamp(min=1)


def seams(img: Tensor, mask: Tensor, field: ShiftField) -> float:
    """Return how much pieces differ where they meet each other, and what is
    around the hole: the sum, over pairs of neighbouring pixels that are
    copied by different shifts, of the squared distance of what both shifts
    show at each of the two; of known pixels, what is known.

    Args:
        img (Tensor): I_m, (3, H, W).
        mask (Tensor): (1, H, W), 1 = hole.
        field (ShiftField): Of this image.
    """
    height, width = mask.shape[-2:]
    hole, flat = mask.flatten() > 0, img.flatten(1)
    shift = torch.zeros(2, height, width, dtype=torch.long,
                        device=mask.device)
    field.window.cut(shift).copy_(field.shift[0])
    total = 0.
    for step in ((1, 0), (0, 1)):
        down, right = step
        one = shift[:, :height - down, :width - right]
        other = shift[:, down:, right:]
        here, there = ((one != other).any(0)).nonzero().T, None
        there = here + here.new_tensor(step)[:, None]
        shifts = one[:, here[0], here[1]], other[:, here[0], here[1]]
        for place in (here, there):
            looks = []
            for d in shifts:
                y, x = place + d
                at = clamped(y, x, height, width)
                looks.append((flat[:, at], inside(y, x, height, width) &
                              ~hole[at]))
            (a, known), (b, also) = looks
            square = (a - b).square().sum(0) / 4  # of images in [0, 1]
            both = known & also
            total += float(square.where(
                both, UNKNOWN * (known | also).to(square)).sum())
    return total
