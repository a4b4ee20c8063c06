"""Masks: which pixels are to be painted."""
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional

import cv2
import numpy as np
from PIL import Image

from ..pictures.arrays import is_tensor, numpy_of
from ..pictures.image_files import (
    Source,
    decode,
    named,
    open_picture,
    read_bytes,
)
from ..pictures.metadata import orientation_of
from ..pictures.orientation import upright
from .alpha import ALPHA, hole_of_alpha
from .choosing import check_colours, of_colour, of_labels
from .levels import check_no_photograph, eight_bits, nothing_bright


class Read(NamedTuple):
    """A mask as it came.

    Attributes:
        values (np.ndarray): Its brightness, (H, W).
        rgb (np.ndarray, optional): (H, W, 3) uint8, if it has colours.
        rgba (np.ndarray, optional): (H, W, 4) uint8, if it has alpha.
        labels (np.ndarray): (H, W), its numbers: entries of a palette, else
            brightness.
    """
    values: np.ndarray
    rgb: Optional[np.ndarray]
    rgba: Optional[np.ndarray]
    labels: np.ndarray


def read_mask(mask: Source,
              threshold: float = 0.5,
              invert: bool = False,
              dilate: int = 0,
              alpha: str = 'auto',
              labels: Optional[Sequence[int]] = None,
              colour: Optional[Sequence[int]] = None) -> np.ndarray:
    """Read a file, an array, a tensor or a PIL image as (H, W) bool, True =
    hole.

    Deeper masks are brought to 8 bits first, so that one mask is the same
    hole in each kind of file.

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
        labels (Sequence[int], optional): The numbers of a label map that are
            hole, in place of what is bright.
        colour (Sequence[int], optional): The colour, RGB in [0, 255], that is
            hole, and what is near it, in place of what is bright.

    Raises:
        ValueError: For arrays of another shape, unreadable files, masks whose
            transparent parts or colours may mean one thing or another,
            photographs, and those that hold something, but nothing bright.
        FileNotFoundError: If the file is not there.
    """
    if alpha not in ALPHA:
        raise ValueError(f'alpha is {alpha!r}: expected one of '
                         f'{", ".join(ALPHA)}.')
    read = _of_array(mask) if isinstance(
        mask, np.ndarray) or is_tensor(mask) else _of_image(mask)
    if labels is not None:
        hole = of_labels(read.labels, labels)
    elif colour is not None:
        hole = of_colour(read.labels if read.rgb is None else read.rgb,
                         colour)
    else:
        hole = _bright(read, threshold, alpha)
    if invert:
        hole = ~hole
    if dilate:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE,
                                         (2 * dilate + 1, ) * 2)
        hole = cv2.dilate(hole.astype(np.uint8), disc).astype(bool)
    return hole


def _bright(read: Read, threshold: float, alpha: str) -> np.ndarray:
    """The hole of a mask whose labels and colours nobody named."""
    if read.rgba is not None and alpha != 'ignore':
        opaque = read.rgba[..., 3] > threshold * 255
        if not opaque.any():
            raise ValueError('the mask is transparent all over: paint what '
                             'is to be filled white.')
        if not opaque.all():
            return hole_of_alpha(read.rgba[..., :3], opaque, alpha)
    levels = eight_bits(read.values)
    hole = levels > threshold * 255
    if read.rgb is not None:
        check_colours(read.rgb, hole, threshold)
    check_no_photograph(levels)
    if not hole.any() and read.values.max(initial=0) > 0:
        raise ValueError(nothing_bright(read.values, threshold))
    return hole


def _of_image(mask: Any) -> Read:
    if not isinstance(mask, Image.Image):
        name = named(mask, 'mask')
        mask = open_picture(read_bytes(mask, 'mask'), name)
    else:
        name = 'the mask'
    mask = decode(mask, name)
    turned = orientation_of(mask)
    rgb = rgba = None
    if mask.mode in ('LA', 'PA', 'RGBA', 'La', 'RGBa') or (
            'transparency' in mask.info):
        rgba = upright(np.array(mask.convert('RGBA')), turned)
    # Pillow clips more than 8 bits instead of scaling them
    deep = mask.mode == 'F' or mask.mode.startswith('I')
    values = np.array(mask if deep else mask.convert('RGB').convert('L'))
    if mask.mode not in ('1', 'L', 'LA', 'La') and not deep:
        rgb = upright(np.array(mask.convert('RGB')), turned)
    if mask.mode.startswith('I;16'):
        values = values.astype(np.uint16)
    check_numbers(values, name)
    values = upright(values, turned)
    labels = upright(np.array(mask), turned) if (
        mask.mode == 'P') else values
    return Read(values, rgb, rgba, labels)


def _of_array(mask: Any) -> Read:
    shape = tuple(mask.shape)
    array = numpy_of(mask) if is_tensor(mask) else mask
    rgb = rgba = None
    if array.ndim == 3 and array.shape[2] in (1, 3, 4):
        if array.shape[2] > 1 and array.dtype.kind in 'buif':
            rgb = eight_bits(array).astype(np.uint8)
        if array.shape[2] == 4:
            rgba = eight_bits(array).astype(np.uint8)
            rgb = rgba[..., :3]
        array = array[..., :3].mean(2).astype(array.dtype)
    elif array.ndim == 3 and len(array) == 1:
        array = array[0]
    if array.ndim != 2 or array.dtype.kind not in 'buif':
        raise ValueError(f'the mask is {mask.dtype} of shape {shape}: '
                         'expected numbers or bools of shape (H, W), '
                         '(1, H, W) or (H, W, 3).')
    check_numbers(array, 'the mask')
    return Read(array, rgb, rgba, array)


def check_numbers(values: np.ndarray, name: str) -> None:
    """Raises ValueError for numbers of which it is not known what is white.
    """
    if values.dtype == bool:
        return
    least, most = values.min(initial=0), values.max(initial=0)
    if not (least >= -1e-3 and most <= 65535):  # false for NaN, too
        raise ValueError(
            f'{name} has values from {np.min(values):.6g} to '
            f'{np.max(values):.6g}: expected 0 to 1, 255 or 65535, bright = '
            'hole; scale it, or name its labels by --mask-labels.')


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
