"""Each hole in its surroundings: what both methods see is a picture and a
hole, nothing else. What is far away would only make the networks' copies of it
coarser."""
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable, NamedTuple, Optional, TypeVar

import torch
from torch import Tensor

from .ops.components import components
from .ops.holes import dilated, touched
from .ops.window import Window, hole_window, whole
from .pieces import pieces

GRID = 64  # cells along a picture's longer side, in which holes are told apart
BESIDE = 16  # pixels of hole beside a piece that it is painted with
Done = TypeVar('Done')


@dataclass(frozen=True)
class CropSettings:
    """From how much around it a hole is painted.

    >>> CropSettings(times=[2, 3]).times
    (2, 3)

    Attributes:
        pixels (int): The side of the square around a hole; ``times`` may
            change it, but never to less than half of this.
        times (tuple[float, float]): How many times the longer side of its
            hole it is at least, 2 or more, and at most.
        piece (int): The length of the pieces in which a long thin hole is
            painted, if that lets it be seen nearer by a half; a broad stroke
            has longer ones. 0: none is cut.

    Raises:
        ValueError: For a value that is none of these.
    """
    pixels: int = 256
    times: tuple[float, float] = (2.5, 4.)
    piece: int = 96

    def __post_init__(self) -> None:
        object.__setattr__(self, 'times', tuple(self.times))
        if self.pixels < 2 or len(self.times) != 2 or not (
                2 <= self.times[0] <= self.times[1]):
            raise ValueError(
                f'crops of pixels={self.pixels}, times={self.times}: expected '
                'pixels of 2 or more and times, two numbers from 2 on, the '
                'smaller first.')
        if self.piece < 0:
            raise ValueError(f'crops of piece={self.piece}: expected pixels, '
                             'or 0 for holes that are not cut.')


class Crop(NamedTuple):
    """Holes with their surroundings.

    Attributes:
        n (int): The picture of the batch that it is cut from.
        window (Window): Of the picture.
        own (Tensor): (h, w), bool, which pixels of the window are of these
            holes; there may be others in it.
        hole (Tensor): (h, w), bool, all that are not known by then: earlier
            pieces of the same hole are.
        wanted (Tensor): (h, w), bool, which of these are to be painted: its
            own, and what these could depend on.
    """
    n: int
    window: Window
    own: Tensor
    hole: Tensor
    wanted: Tensor

    def seen(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Cut itself out of pictures (N, C, H, W): image, (1, C, h, w), with
        0 in the hole, mask and what is wanted, (1, 1, h, w), as floats."""
        hole, wanted = (part[None, None].to(x) for part in (
            self.hole, self.wanted))
        return self.window.cut(x[self.n:self.n + 1]) * (1 - hole), hole, wanted

    def paste(self, x: Tensor, made: Tensor) -> None:
        """Put what was made of the crop's holes, (1, C, h, w), into pictures
        (N, C, H, W), in place."""
        there = self.window.cut(x[self.n])
        there.copy_(made[0].where(self.own, there))


def by_crops(complete: Callable[..., Done],
             out: Tensor, mask: Tensor,
             settings: CropSettings) -> Iterator[tuple[Crop, Done]]:
    """Complete each hole from what lies around it.

    Args:
        complete (Callable): An image, its mask, and which hole pixels are
            wanted, (1, C, h, w) each, to what a method makes of them.
        out (Tensor): (N, 3, H, W), I_m at first. Whoever asks pastes into it
            what was made, before the next is asked for.
        mask (Tensor): (N, 1, H, W), 1 = hole.
        settings (CropSettings): How far around.

    Yields:
        tuple: Each crop and what was made of it. Their holes are all of the
        pictures', each in one crop, or in one for each of its pieces.
    """
    for n in range(len(mask)):
        for crop in crops_of(mask[n], settings, n):
            yield crop, complete(*crop.seen(out))


def crops_of(mask: Tensor, settings: CropSettings, n: int = 0,
             barred: Optional[Tensor] = None) -> list[Crop]:
    """Cut holes out with their surroundings, so that each is of one crop, or,
    if it is long and thin, of one for each of its pieces.

    A hole asks for a square around it, as far as the picture goes:
    :func:`wide` says how large. The one that asks for most is followed first,
    and takes along those that get nearly what they ask for. Where little of
    the square may be copied, it is larger.

    Args:
        mask (Tensor): (1, H, W), 1 = hole.
        settings (CropSettings): How far around.
        n (int): Of the batch, for the crops to say. Defaults to 0.
        barred (Tensor, optional): (1, H, W), 1 = known pixels that are not to
            be copied. Defaults to none.

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
    free = None if barred is None else (mask[0] == 0) & (barred[0] == 0)
    asked = {
        hole: enough(box, wide(box.longer, settings), picture, free)
        for hole, box in boxes.items()
    }
    found, known = [], mask[0] == 0
    todo = sorted(boxes, key=lambda hole: -asked[hole].longer)
    most = 1.5 * wide(settings.piece, settings)
    for hole in [x for x in todo if settings.piece and
                 asked[x].longer > most]:  # else a piece sees no less
        box = boxes[hole]
        own = _pixels(holes == hole, cell, box) & ~box.cut(known)
        cut = pieces(own[None].to(mask), settings.piece)
        if len(cut) > 1:
            todo.remove(hole)
            found += _one_by_one(cut, box, known, settings, n, free)
    while todo:
        window = asked[todo[0]]
        taken = [
            hole for hole in todo if window.longer <= 1.5 *
            asked[hole].longer and window.holds(
                boxes[hole].grown(boxes[hole].longer // 2, picture))
        ]
        unknown = ~window.cut(known)
        own = _pixels(
            torch.isin(holes, holes.new_tensor(taken)), cell, window)
        found.append(Crop(n, window, own & unknown, unknown, unknown))
        todo = [hole for hole in todo if hole not in taken]
    return found or [Crop(n, picture, ~known, ~known, ~known)]


def _pixels(cells: Tensor, cell: int, window: Window) -> Tensor:
    """Which pixels of a window lie in cells (h, w), bool."""
    return window.cut(cells.repeat_interleave(cell, 0).repeat_interleave(
        cell, 1))


def _one_by_one(cut: list[Tensor], box: Window, known: Tensor,
                settings: CropSettings, n: int,
                free: Optional[Tensor]) -> list[Crop]:
    """Surround each of a hole's pieces, which are cut from ``box``, and take
    those before it for known; (H, W), bool, of the picture is, and may be
    copied where it is ``free``."""
    found, known = [], known.clone()
    for piece in cut:
        place = hole_window(piece[None, None].float()).moved(
            box.top, box.left)
        window = enough(
            place, wide(max(place.longer, settings.piece), settings),
            whole(known), free)
        own = torch.zeros_like(known)
        box.cut(own)[piece] = True
        hole = ~window.cut(known)
        own = window.cut(own)
        near = dilated(own[None].float(), BESIDE)[0].bool()
        found.append(Crop(n, window, own.clone(), hole, hole & near))
        box.cut(known)[piece] = True
    return found


def wide(hole: int, settings: CropSettings) -> int:
    """Return the side of the square that a hole asks for, whose longer side is
    given: ``pixels``, but within ``times`` the hole's, and never less than
    half of ``pixels``."""
    least, most = (int(hole * x) for x in settings.times)
    return max(least, min(settings.pixels, most), settings.pixels // 2)


def connected(touched: Tensor) -> Tensor:
    """Number pixels, (h, w): from 1 on, equal where pixels (h, w), bool, touch
    each other, also across corners; 0 elsewhere."""
    pixels, number = components(touched).pixels()
    return torch.zeros_like(touched, dtype=torch.long).index_put(
        tuple(pixels.T), number + 1)


def enough(box: Window, side: int, picture: Window,
           free: Optional[Tensor]) -> Window:
    """Return the :func:`square` around a box, or one so much larger that
    there are as many pixels to copy as the box has, or all that there are;
    (H, W), bool, of the picture may be copied."""
    window = square(box, side, picture)
    if free is None:
        return window
    least = min(int(free.sum()),
                (box.bottom - box.top) * (box.right - box.left))
    while int(window.cut(free).sum()) < least:
        side += side // 2
        window = square(box, side, picture)
    return window


def square(box: Window, side: int, picture: Window) -> Window:
    """Return a square around a box, moved into the picture, or cut where that
    is smaller."""
    top, left = (
        min(max((first + last - side) // 2, 0), max(end - side, 0))
        for first, last, end in ((box.top, box.bottom, picture.bottom),
                                 (box.left, box.right, picture.right)))
    return Window(top, min(top + side, picture.bottom), left,
                  min(left + side, picture.right))
