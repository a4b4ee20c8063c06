"""Each hole in its surroundings: what both methods see is a picture and a
hole, nothing else. What is far away would only make the networks' copies of it
coarser."""
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable, NamedTuple, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

from .ops.holes import touched
from .ops.window import Window, hole_window, whole

GRID = 64  # cells along a picture's longer side, in which holes are told apart
Done = TypeVar('Done')


@dataclass(frozen=True)
class CropSettings:
    """From how much around it a hole is painted.

    >>> CropSettings(times=[2, 3])
    CropSettings(pixels=256, times=(2, 3))

    Attributes:
        pixels (int): The side of the square around a hole; ``times`` may
            change it, but never to less than half of this.
        times (tuple[float, float]): How many times the longer side of its
            hole it is at least, 2 or more, and at most.

    Raises:
        ValueError: For a value that is none of these.
    """
    pixels: int = 256
    times: tuple[float, float] = (2.5, 4.)

    def __post_init__(self) -> None:
        object.__setattr__(self, 'times', tuple(self.times))
        if self.pixels < 2 or len(self.times) != 2 or not (
                2 <= self.times[0] <= self.times[1]):
            raise ValueError(
                f'crops of pixels={self.pixels}, times={self.times}: expected '
                'pixels of 2 or more and times, two numbers from 2 on, the '
                'smaller first.')


class Crop(NamedTuple):
    """Holes with their surroundings.

    Attributes:
        n (int): The picture of the batch that it is cut from.
        window (Window): Of the picture.
        own (Tensor): (h, w), bool, which pixels of the window are of these
            holes; there may be others in it.
    """
    n: int
    window: Window
    own: Tensor

    def paste(self, x: Tensor, made: Tensor) -> None:
        """Put what was made of the crop's holes, (1, C, h, w), into pictures
        (N, C, H, W), in place."""
        there = self.window.cut(x[self.n])
        there.copy_(made[0].where(self.own, there))


def by_crops(complete: Callable[[Tensor, Tensor], Done], masked_img: Tensor,
             mask: Tensor,
             settings: CropSettings) -> Iterator[tuple[Crop, Done]]:
    """Complete each hole from what lies around it.

    Args:
        complete (Callable): An image and its mask, (1, C, h, w) each, to what
            a method makes of them.
        masked_img (Tensor): I_m, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        settings (CropSettings): How far around.

    Yields:
        tuple: Each crop and what was made of it. Their holes are all of the
        pictures', each in one crop.
    """
    for n in range(len(mask)):
        for crop in crops_of(mask[n], settings, n):
            cut = crop.window.cut
            yield crop, complete(
                cut(masked_img[n:n + 1]), cut(mask[n:n + 1]))


def crops_of(mask: Tensor, settings: CropSettings, n: int = 0) -> list[Crop]:
    """Cut holes out with their surroundings, so that each is of one crop.

    A hole asks for a square around it, as far as the picture goes:
    :func:`wide` says how large. The one that asks for most is followed first,
    and takes along those that get nearly what they ask for.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        settings (CropSettings): How far around.
        n (int): Of the batch, for the crops to say. Defaults to 0.

    Returns:
        list[Crop]: The picture itself, if it has no hole.
    """
    picture = whole(mask)
    cell = -(-max(mask.shape[-2:]) // GRID)
    holes = connected(touched(mask, cell)[0])
    boxes = {}
    for hole in holes.unique().tolist():
        if hole:
            box = hole_window((holes == hole)[None, None]).scaled(cell)
            boxes[hole] = hole_window(box.cut(mask)[None]).moved(
                box.top, box.left)
    asked = {
        hole: square(box, wide(box.longer, settings), picture)
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
            Crop(n, window, window.cut(own) & window.cut(mask[0].bool())))
        todo = [hole for hole in todo if hole not in taken]
    return found or [Crop(n, picture, mask[0].bool())]


def wide(hole: int, settings: CropSettings) -> int:
    """Return the side of the square that a hole asks for, whose longer side is
    given: ``pixels``, but within ``times`` the hole's, and never less than
    half of ``pixels``."""
    least, most = (int(hole * x) for x in settings.times)
    return max(least, min(settings.pixels, most), settings.pixels // 2)


def connected(touched: Tensor) -> Tensor:
    """Number pixels, (h, w): equal where pixels (h, w), bool, touch each
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
    """Return a square around a box, moved into the picture, or cut where that
    is smaller."""
    top, left = (
        min(max((first + last - side) // 2, 0), max(end - side, 0))
        for first, last, end in ((box.top, box.bottom, picture.bottom),
                                 (box.left, box.right, picture.right)))
    return Window(top, min(top + side, picture.bottom), left,
                  min(left + side, picture.right))
