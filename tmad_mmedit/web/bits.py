"""Masks as they travel: PNGs of one bit a pixel, of the part that matters."""
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

from ..pictures.image_files import open_picture


class Bits(NamedTuple):
    """Part of a mask.

    Attributes:
        png (bytes): The file; white, or what is not transparent, is hole.
        left, top (int): Where its corner lies in the picture.
    """
    png: bytes
    left: int = 0
    top: int = 0


def hole_of(bits: Bits, size: tuple[int, int]) -> np.ndarray:
    """Return a mask of the picture's size, (H, W) bool.

    Raises:
        ValueError: If it lies outside.
    """
    return placed(bits, size, 'L') > 127


def hint_of(bits: Bits, size: tuple[int, int]) -> np.ndarray:
    """Return colours of the picture's size, (H, W, 4) uint8; raises as
    :func:`hole_of`."""
    return placed(bits, size, 'RGBA')


def placed(bits: Bits, size: tuple[int, int], mode: str) -> np.ndarray:
    """Return a part in its place; around it there are zeros."""
    what = 'hint' if mode == 'RGBA' else 'mask'
    with open_picture(bits.png, f'the {what}') as image:
        width, height = image.size
        if (bits.left < 0 or bits.top < 0 or bits.left + width > size[1]
                or bits.top + height > size[0]):
            raise ValueError(
                f'the {what} lies at {bits.left}, {bits.top} and has {width} '
                f'x {height} pixels, the picture {size[1]} x {size[0]}: it '
                'must lie inside.')
        part = np.asarray(image.convert(mode))
    whole = np.zeros((*size, *part.shape[2:]), np.uint8)
    whole[bits.top:bits.top + height, bits.left:bits.left + width] = part
    return whole


def bits_of_hint(hint: np.ndarray) -> Bits:
    """Return the part of colours that has some, (H, W, 4): in [0, 255], and
    1 where there is one, else 0."""
    top, bottom, left, right = extent(hint[..., 3] > 0)
    part = hint[top:bottom, left:right] * (1, 1, 1, 255)
    file = BytesIO()
    Image.fromarray(part.round().astype(np.uint8)).save(
        file, 'PNG', compress_level=4)
    return Bits(file.getvalue(), left, top)


def bits_of(hole: np.ndarray) -> Bits:
    """Return the part of a mask that has something in it, white on
    transparent."""
    if not hole.any():
        return Bits(png_of(np.zeros((1, 1), bool)))
    top, bottom, left, right = extent(hole)
    return Bits(png_of(hole[top:bottom, left:right]), left, top)


def extent(some: np.ndarray) -> tuple[int, int, int, int]:
    """Return the rows and columns in which something is: the first, and the
    one after the last."""
    rows, columns = (np.flatnonzero(some.any(axis)) for axis in (1, 0))
    return (int(rows[0]), int(rows[-1]) + 1,
            int(columns[0]), int(columns[-1]) + 1)


def png_of(hole: np.ndarray) -> bytes:
    image = Image.fromarray(hole.astype(np.uint8), 'P')
    image.putpalette([0, 0, 0, 255, 255, 255])
    file = BytesIO()
    image.save(file, 'PNG', bits=1, transparency=b'\x00\xff',
               compress_level=4)
    return file.getvalue()
