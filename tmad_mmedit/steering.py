"""A person's hand: what the hole should look like, and where not to copy
from, read and checked."""
from collections.abc import Sequence
from typing import NamedTuple, Optional

import cv2
import numpy as np
import torch

from .masks.reading import read_mask
from .models.hand import NO_HAND, Hand, hinted
from .models.shifts.planes.frames import plane_of
from .pictures.picture import Picture, Source

ROOM = 16  # pixels: the side of the smallest square that is worth copying


class Steer(NamedTuple):
    """What is said of one picture, upright.

    Attributes:
        hint (np.ndarray, optional): (H, W, 4), float32: colours in [0, 255],
            and 1 where there is a stroke in the hole, else 0.
        barred (np.ndarray, optional): (H, W) bool, what is not to be copied.
        plane (np.ndarray, optional): (4, 2), x and y of the corners, in turn,
            of a rectangle on a plane of the world.
    """
    hint: Optional[np.ndarray] = None
    barred: Optional[np.ndarray] = None
    plane: Optional[np.ndarray] = None

    def __bool__(self) -> bool:
        return any(x is not None for x in self)

    def cut(self, part: tuple[slice, slice]) -> 'Steer':
        hint, barred = (None if x is None else x[part] for x in self[:2])
        first = [side.start or 0 for side in part[::-1]]
        return Steer(hint, barred,
                     None if self.plane is None else self.plane - first)


NOTHING = Steer()


def steer(hole: np.ndarray,
          hint: Optional[Source] = None,
          not_from: Optional[Source] = None,
          only_from: Optional[Source] = None,
          plane: Optional[Sequence[Sequence[float]]] = None,
          picture: Optional[Picture] = None) -> Steer:
    """Read what a person says of a hole.

    >>> hole = np.zeros((64, 64), bool)
    >>> hole[20:30, 20:30] = True
    >>> left = np.zeros((64, 64), np.uint8)
    >>> left[:, :32] = 255
    >>> int(steer(hole, only_from=left).barred.sum())
    2048

    Args:
        hole (np.ndarray): (H, W) bool.
        hint: Colours on transparent, of the picture's size: where it is at
            least half opaque, the hole should look like it. A path, bytes or
            stream, an array (H, W, 4), a tensor or a PIL image.
        not_from, only_from: Masks of the picture's size, see
            :func:`read_mask`: bright is what is not copied, or what alone is.
        plane: x and y of four corners, in turn: of what is a rectangle on a
            floor, a wall or a facade. Copies follow its perspective.
        picture (Picture, optional): What is invisible in it is not copied
            anyway. Defaults to one that is visible all over.

    Raises:
        ValueError: If one has another size, says nothing, or leaves too
            little to copy from.
    """
    if all(x is None for x in (hint, not_from, only_from, plane)):
        return NOTHING
    barred = None
    if not_from is not None or only_from is not None:
        barred = np.zeros_like(hole)
        if not_from is not None:
            barred |= read_area(not_from, hole, 'not_from')
        if only_from is not None:
            barred |= ~read_area(only_from, hole, 'only_from')
        unknown = picture.texture(hole)[1] if picture else hole
        check_room(~barred & ~unknown)
    return Steer(None if hint is None else read_hint(hint, hole), barred,
                 None if plane is None else read_plane(plane, hole))


def read_hint(hint: Source, hole: np.ndarray) -> np.ndarray:
    """(H, W, 4); see :class:`Steer`."""
    picture = Picture.of(hint)
    check_size('hint', picture.size, hole)
    alpha = picture.alpha
    if alpha is None:
        raise ValueError(
            'the hint has no transparency: give colours on transparent, of '
            "the picture's size, such as a PNG; the hole is to look like what "
            'is opaque in it.')
    stroke = alpha >= 0.5
    if not stroke.any():
        raise ValueError('the hint is transparent all over: paint colours '
                         'into the hole.')
    stroke &= hole
    if not stroke.any():
        raise ValueError('the hint has no colour in the hole: paint at least '
                         'one stroke where the mask is white.')
    return np.concatenate([picture.rgb * stroke[..., None],
                           stroke[..., None]], 2).astype(np.float32)


def read_area(area: Source, hole: np.ndarray, name: str) -> np.ndarray:
    """(H, W) bool, what is bright in it."""
    try:
        found = read_mask(area)
    except ValueError as error:
        raise ValueError(f'{name}: {error}') from None
    check_size(name, found.shape, hole)
    if not found.any():
        raise ValueError(f'{name} is black all over: paint the area white, '
                         'or leave it out.')
    return found


def read_plane(plane: Sequence[Sequence[float]],
               hole: np.ndarray) -> np.ndarray:
    """(4, 2), double; see :class:`Steer`."""
    expected = ('give x and y of four corners, in turn, of what is a '
                'rectangle on a floor, a wall or a facade.')
    try:
        corners = np.array(plane, float)
    except (TypeError, ValueError):
        corners = np.zeros(0)
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise ValueError(f'plane is {plane!r}: {expected}')
    sides = np.roll(corners, -1, 0) - corners
    after = np.roll(sides, -1, 0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    if np.abs(turns).min() < 1 or np.ptp(np.sign(turns)):
        raise ValueError('the corners of the plane are no rectangle that is '
                         f'seen from somewhere: {expected}')
    if not plane_of(corners, hole):
        raise ValueError('the plane ends in the hole, or beside it, at its '
                         'horizon: mark the parts that lie on it alone.')
    return corners


def check_size(name: str, size: Sequence[int], hole: np.ndarray) -> None:
    height, width = hole.shape
    if tuple(size) != hole.shape:
        raise ValueError(
            f'{name} has {size[1]} x {size[0]} pixels, the picture '
            f'{width} x {height}: give one of the same size.')


def check_room(free: np.ndarray) -> None:
    """Raises ValueError if nothing that may be copied, (H, W) bool, is large
    enough."""
    height, width = free.shape
    side = min(ROOM, height // 2, width // 2)
    if side > 1 and not cv2.erode(
            np.pad(free, side).astype(np.uint8),
            np.ones((side, side), np.uint8)).any():
        raise ValueError(
            'not_from and only_from leave too little to copy from: '
            f'{int(free.sum())} pixels, and no square of {side} x {side} '
            'among them; leave at least one, better an area as large as the '
            'hole.')


def hand_of(masked_img: torch.Tensor, mask: torch.Tensor,
            steers: Sequence[Steer]) -> Hand:
    """Return what is said of N pictures as a model takes it.

    Args:
        masked_img (Tensor): I_m, (N, 3, H, W) in [-1, 1].
        mask (Tensor): (N, 1, H, W), 1 = hole.
        steers (Sequence[Steer]): N of them.
    """
    if not any(steers):
        return NO_HAND
    size = mask.shape[-2:]
    guess = guessed = barred = None
    if any(x.hint is not None for x in steers):
        none = np.zeros((*size, 4), np.float32)
        hints = torch.from_numpy(np.stack([
            none if x.hint is None else x.hint for x in steers])).to(mask)
        colours, stroke = hints.permute(0, 3, 1, 2).split([3, 1], 1)
        guess, guessed = hinted(masked_img, mask, torch.cat(
            [colours / 127.5 - 1, stroke], 1))
    if any(x.barred is not None for x in steers):
        nowhere = np.zeros(size, bool)
        areas = torch.from_numpy(np.stack([
            nowhere if x.barred is None else x.barred for x in steers]))
        barred = torch.maximum(areas[:, None].to(mask), mask)
    corners = None
    if any(x.plane is not None for x in steers):
        none = np.full((4, 2), np.nan)
        corners = torch.from_numpy(np.stack([
            none if x.plane is None else x.plane for x in steers]))
    return Hand(guess, guessed, guessed, barred, corners)
