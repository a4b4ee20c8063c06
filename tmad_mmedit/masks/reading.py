"""Masks: which pixels are to be painted."""
from typing import Optional, Union

import cv2
import numpy as np
from PIL import Image
from torch import Tensor

from ..pictures.arrays import numpy_of
from ..pictures.image_files import (
    Source,
    decode,
    named,
    open_picture,
    read_bytes,
)
from ..pictures.metadata import metadata_of
from ..pictures.orientation import upright
from .alpha import ALPHA, hole_of_alpha


def read_mask(mask: Source,
              threshold: float = 0.5,
              invert: bool = False,
              dilate: int = 0,
              alpha: str = 'auto') -> np.ndarray:
    """A file, an array, a tensor or a PIL image as (H, W) bool, True = hole.

    Args:
        mask: Bright = hole. A path, the bytes of a file or a binary stream; a
            PIL image; an array, (H, W), (1, H, W) or (H, W, C), or a tensor,
            (H, W) or (C, H, W), with C of 1, 3 (averaged) or 4 (with alpha).
        threshold (float): Above this part of its range a pixel is hole, so
            that a JPEG's grey edges do not grow the hole. Defaults to 0.5.
        invert (bool): Dark = hole. Defaults to False.
        dilate (int): Pixels by which the hole grows. Defaults to 0.
        alpha (str): What a mask that is transparent in places says by it; see
            :func:`hole_of_alpha`. 'ignore': nothing. Defaults to 'auto'.

    Raises:
        ValueError: For arrays of another shape, unreadable files, and masks
            whose transparent parts may mean one thing or another.
        FileNotFoundError: If the file is not there.
    """
    if alpha not in ALPHA:
        raise ValueError(f'alpha is {alpha!r}: expected one of '
                         f'{", ".join(ALPHA)}.')
    if isinstance(mask, (np.ndarray, Tensor)):
        values, rgba = _of_array(mask)
    else:
        values, rgba = _of_image(mask)
    hole = None
    if rgba is not None and alpha != 'ignore':
        opaque = rgba[..., 3] > threshold * 255
        if not opaque.any():
            raise ValueError('the mask is transparent all over: paint what '
                             'is to be filled white.')
        if not opaque.all():
            hole = hole_of_alpha(rgba[..., :3], opaque, alpha)
    if hole is None:
        hole = values > threshold * full_range(values)
    if invert:
        hole = ~hole
    if dilate:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE,
                                         (2 * dilate + 1, ) * 2)
        hole = cv2.dilate(hole.astype(np.uint8), disc).astype(bool)
    return hole


Read = tuple[np.ndarray, Optional[np.ndarray]]  # (H, W); (H, W, 4) uint8


def _of_image(mask: Source) -> Read:
    """Brightness, and what has alpha as RGBA."""
    if not isinstance(mask, Image.Image):
        name = named(mask, 'mask')
        mask = open_picture(read_bytes(mask, 'mask'), name)
    else:
        name = 'the mask'
    mask = decode(mask, name)
    turned = metadata_of(mask, name)[1]
    rgba = None
    if mask.mode in ('LA', 'PA', 'RGBA', 'La', 'RGBa') or (
            'transparency' in mask.info):
        rgba = upright(np.array(mask.convert('RGBA')), turned)
    # Pillow clips 16 bits to 8 instead of scaling them
    values = np.array(mask if mask.mode.startswith('I') else
                      mask.convert('RGB').convert('L'))
    if values.dtype != np.uint8:
        values = values.astype(np.uint16)
    return upright(values, turned), rgba


def _of_array(mask: Union[np.ndarray, Tensor]) -> Read:
    shape = tuple(mask.shape)
    array = numpy_of(mask) if isinstance(mask, Tensor) else mask
    rgba = None
    if array.ndim == 3 and array.shape[2] in (1, 3, 4):
        if array.shape[2] == 4:
            rgba = (array * (255 / full_range(array))).astype(np.uint8)
        array = array[..., :3].mean(2).astype(array.dtype)
    elif array.ndim == 3 and len(array) == 1:
        array = array[0]
    if array.ndim != 2 or array.dtype.kind not in 'buif' or np.isnan(
            array).any():
        raise ValueError(f'the mask is {mask.dtype} of shape {shape}: '
                         'expected numbers or bools of shape (H, W), '
                         '(1, H, W) or (H, W, 3).')
    return array, rgba


def full_range(values: np.ndarray) -> float:
    """What is white."""
    if values.dtype == bool or values.max(initial=0) <= 1:
        return 1
    return 65535 if values.dtype == np.uint16 else 255


def check_hole(hole: np.ndarray, height: int, width: int) -> None:
    """The hole must fit the picture, and leave something known.

    Raises:
        ValueError: If it does not.
    """
    if hole.shape != (height, width):
        raise ValueError(
            f'the mask has {hole.shape[1]} x {hole.shape[0]} pixels, the '
            f'image {width} x {height}: give a mask of the same size.')
    if not hole.any():
        raise ValueError('the mask is black all over: paint what is to be '
                         'filled white.')
    if hole.all():
        raise ValueError('the mask covers the whole image: T-MAD paints from '
                         'the known pixels; leave some.')


def feathered(painted: np.ndarray, image: np.ndarray, hole: np.ndarray,
              width: int) -> np.ndarray:
    """Blend from the image to the painting over the outermost ``width``
    pixels of the hole; nothing outside of it changes."""
    if not width:
        return painted
    depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5)
    weight = (depth / (width + 1)).clip(max=1)[..., None]
    return weight * painted + (1 - weight) * image
