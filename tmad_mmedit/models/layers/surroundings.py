"""The parts of a picture that are inpainted each on its own: holes with what
lies around them. What is far away would only make the networks' copies of it
coarser."""
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .window import Window, hole_window, whole

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


def parts(mask: Tensor, times: float, least: int) -> list[Part]:
    """Holes and their surroundings, so that each hole is of one part.

    A hole asks for a square ``times`` as wide as its longer side, or
    ``least`` pixels wide, as far as the picture goes. The one that asks for
    most is followed first, and takes along those that get nearly what they
    ask for.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        times (float): 2 or more.
        least (int): In pixels.

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
        hole: square(box, max(int(times * box.longer), least), picture)
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
