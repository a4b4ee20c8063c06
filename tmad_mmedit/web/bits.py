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
        ValueError: If it lies outside, or nothing is brushed.
    """
    with open_picture(bits.png, 'the mask') as image:
        width, height = image.size
        if (bits.left < 0 or bits.top < 0 or bits.left + width > size[1]
                or bits.top + height > size[0]):
            raise ValueError(
                f'the mask lies at {bits.left}, {bits.top} and has {width} x '
                f'{height} pixels, the picture {size[1]} x {size[0]}: it must '
                'lie inside.')
        part = np.asarray(image.convert('L')) > 127
    hole = np.zeros(size, bool)
    hole[bits.top:bits.top + height, bits.left:bits.left + width] = part
    return hole


def bits_of(hole: np.ndarray) -> Bits:
    """Return the part of a mask that has something in it, white on
    transparent."""
    rows, columns = (np.flatnonzero(hole.any(axis)) for axis in (1, 0))
    if not len(rows):
        return Bits(png_of(np.zeros((1, 1), bool)))
    top, left = int(rows[0]), int(columns[0])
    return Bits(png_of(hole[top:rows[-1] + 1, left:columns[-1] + 1]),
                left, top)


def png_of(hole: np.ndarray) -> bytes:
    image = Image.fromarray(hole.astype(np.uint8), 'P')
    image.putpalette([0, 0, 0, 255, 255, 255])
    file = BytesIO()
    image.save(file, 'PNG', bits=1, transparency=b'\x00\xff',
               compress_level=4)
    return file.getvalue()
