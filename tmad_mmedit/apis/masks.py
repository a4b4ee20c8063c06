"""Masks: which pixels are to be painted."""
import cv2
import numpy as np
from PIL import Image, ImageOps

from .image_files import Source, decode, open_file


def read_mask(mask: Source,
              threshold: float = 0.5,
              invert: bool = False,
              dilate: int = 0) -> np.ndarray:
    """A file, an array or a PIL image as (H, W) bool, True = hole.

    Args:
        mask (str or Path or np.ndarray or PIL.Image): Bright = hole. Arrays
            are (H, W) or (H, W, C), whose first three channels are averaged.
        threshold (float): Above this part of its range a pixel is hole, so
            that a JPEG's grey edges do not grow the hole. Defaults to 0.5.
        invert (bool): Dark = hole. Defaults to False.
        dilate (int): Pixels by which the hole grows. Defaults to 0.

    Raises:
        ValueError: For arrays of another shape, and unreadable files.
        FileNotFoundError: If the file is not there.
    """
    if not isinstance(mask, (np.ndarray, Image.Image)):
        mask = decode(open_file(mask, 'mask'), mask, 'mask')
    if isinstance(mask, Image.Image):
        mask = ImageOps.exif_transpose(mask)
        # Pillow clips 16 bits to 8 instead of scaling them
        mask = np.array(mask if mask.mode.startswith('I') else
                        mask.convert('RGB').convert('L'))
        if mask.dtype == np.int32:
            mask = mask.astype(np.uint16)
    elif mask.ndim == 3 and mask.shape[2] in (1, 3, 4):
        mask = mask[..., :3].mean(2).astype(mask.dtype)
    if mask.ndim != 2:
        raise ValueError(f'the mask has shape {mask.shape}: expected (H, W) '
                         'or (H, W, 3).')
    full = 1 if mask.dtype == bool or mask.max(initial=0) <= 1 else (
        65535 if mask.dtype == np.uint16 else 255)
    hole = (mask > threshold * full) != invert
    if dilate:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE,
                                         (2 * dilate + 1, ) * 2)
        hole = cv2.dilate(hole.astype(np.uint8), disc).astype(bool)
    return hole


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
