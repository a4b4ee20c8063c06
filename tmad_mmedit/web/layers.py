"""What a person says of a hole on the page; see :mod:`..steering`."""
from typing import NamedTuple, Optional

import cv2
import numpy as np

from ..pictures.picture import Picture
from ..steering import Steer, read_area, read_hint, steer
from .bits import Bits, bits_of, bits_of_hint, hint_of, hole_of

KINDS = 'hint', 'not_from', 'only_from'
ALIKE = 8  # pixels: what was shifted by so much less or more is one piece
BESIDE = 4  # pixels beside a piece that are not copied again either


class Layers(NamedTuple):
    """As they travel, each a part of the picture.

    Attributes:
        hint (Bits, optional): Colours on transparent.
        not_from, only_from (Bits, optional): Masks.
    """
    hint: Optional[Bits] = None
    not_from: Optional[Bits] = None
    only_from: Optional[Bits] = None

    def said(self, hole: np.ndarray, picture: Picture) -> Steer:
        """Read them; raises ValueError as :func:`steer` does."""
        height, width = hole.shape
        readers = hint_of, hole_of, hole_of
        hint, not_from, only_from = (
            read(bits, (height, width)) if bits else None
            for bits, read in zip(self, readers))
        return steer(hole, hint, not_from, only_from, picture=picture)


NO_LAYERS = Layers()


def read_layer(kind: str, content: bytes, size: tuple[int, int]) -> Bits:
    """Read a file of any kind, for the page to show.

    Args:
        kind (str): One of ``KINDS``.
        content (bytes): The file.
        size (tuple[int, int]): Of the picture.

    Raises:
        ValueError: If it is none, of another size, or says nothing.
    """
    everywhere = np.ones(size, bool)
    if kind == 'hint':
        return bits_of_hint(read_hint(content, everywhere))
    return bits_of(read_area(content, everywhere, kind))


def source_of(sources: np.ndarray, hole: np.ndarray, row: int, column: int
              ) -> np.ndarray:
    """Return from where the piece of a hole was copied that has a pixel.

    >>> sources = np.indices((9, 9))
    >>> hole = np.zeros((9, 9), bool)
    >>> hole[3:5, 3:5] = True
    >>> sources[1][hole] -= 3
    >>> np.argwhere(source_of(sources, hole, 3, 4) & ~hole).min(0)
    array([0, 0])

    Args:
        sources (np.ndarray): Row and column of where each pixel was copied
            from, (2, H, W).
        hole (np.ndarray): (H, W) bool.
        row, column (int): Of the pixel.

    Returns:
        np.ndarray: (H, W) bool, with a little beside it.

    Raises:
        ValueError: If the pixel was not painted.
    """
    height, width = hole.shape
    if not (0 <= row < height and 0 <= column < width and hole[row, column]):
        raise ValueError('nothing was painted there: press on what was.')
    shift = np.concatenate([sources - np.indices(hole.shape), ~hole[None]])
    shift[2] *= height + width  # known pixels are no piece
    piece = np.zeros((height + 2, width + 2), np.uint8)
    cv2.floodFill(np.ascontiguousarray(np.moveaxis(shift, 0, 2), np.float32),
                  piece, (column, row), (0, ) * 3, (ALIKE, ) * 3,
                  (ALIKE, ) * 3, 8 | cv2.FLOODFILL_MASK_ONLY)
    y, x = sources[:, piece[1:-1, 1:-1].astype(bool)]
    source = np.zeros(hole.shape, np.uint8)
    source[y, x] = 1
    return cv2.dilate(source, np.ones((2 * BESIDE + 1, ) * 2)).astype(
        bool) & ~hole
