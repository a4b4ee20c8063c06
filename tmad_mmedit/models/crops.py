"""The parts of a picture that are inpainted each on its own: holes with what
lies around them. What is far away would only make the networks' copies of it
coarser."""
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .ops.window import Window, hole_window, whole

GRID = 64  # cells along a picture's longer side, in which holes are told apart


class Part(NamedTuple):
    """Holes with their surroundings.

    Attributes:
        window (Window): Of the picture.
        own (Tensor): (h, w), bool, which pixels of the window are of these
            holes; there may be others in it.
    """
    window: Window
    own: Tensor


def parts(mask: Tensor, pixels: int, times: Sequence[float]) -> list[Part]:
    """Holes and their surroundings, so that each hole is of one part.

    A hole asks for a square around it, as far as the picture goes:
    :func:`wide` says how large. The one that asks for most is followed first,
    and takes along those that get nearly what they ask for.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        pixels (int): The side of a square.
        times (Sequence[float]): How many times the longer side of its hole it
            is at least, 2 or more, and at most.

    Returns:
        list[Part]: The picture itself, if it has no hole.
    """
    picture = whole(mask)
    cell = -(-max(mask.shape[-2:]) // GRID)
    holes = connected(F.max_pool2d(mask, cell, ceil_mode=True)[0] > 0)
    boxes = {}
    for hole in holes.unique().tolist():
        if hole:
            box = hole_window((holes == hole)[None, None]).scaled(cell)
            boxes[hole] = hole_window(box.cut(mask)[None]).moved(
                box.top, box.left)
    asked = {
        hole: square(box, wide(box.longer, pixels, times), picture)
        for hole, box in boxes.items()
    }
    todo = sorted(boxes, key=lambda hole: -asked[hole].longer)
    found = []
    while todo:
        window = asked[todo[0]]
        taken = [
            hole for hole in todo if window.longer <= 1.5 *
            asked[hole].longer and window.holds(
                boxes[hole].grown(boxes[hole].longer // 2, picture))
        ]
        own = torch.isin(holes, holes.new_tensor(taken))
        own = own.repeat_interleave(cell, 0).repeat_interleave(cell, 1)
        found.append(
            Part(window, window.cut(own) & window.cut(mask[0].bool())))
        todo = [hole for hole in todo if hole not in taken]
    return found or [Part(picture, mask[0].bool())]


def wide(hole: int, pixels: int, times: Sequence[float]) -> int:
    """The side of the square that a hole asks for, whose longer side is given:
    ``pixels``, but within these times the hole's, and never less than half of
    ``pixels``."""
    least, most = (int(hole * x) for x in times)
    return max(least, min(pixels, most), pixels // 2)


def connected(touched: Tensor) -> Tensor:
    """Numbers (h, w) that are equal where pixels (h, w), bool, touch each
    other, also across corners; 0 elsewhere."""
    number = torch.arange(
        1, touched.numel() + 1, device=touched.device).view_as(touched)
    number, before = number * touched, None
    while before is None or not torch.equal(number, before):
        before = number
        number = F.max_pool2d(
            number[None].double(), 3, 1, 1)[0].long() * touched
    return number


def square(box: Window, side: int, picture: Window) -> Window:
    """A square around a box, moved into the picture, or cut where that is
    smaller."""
    top, left = (
        min(max((first + last - side) // 2, 0), max(end - side, 0))
        for first, last, end in ((box.top, box.bottom, picture.bottom),
                                 (box.left, box.right, picture.right)))
    return Window(top, min(top + side, picture.bottom), left,
                  min(left + side, picture.right))
