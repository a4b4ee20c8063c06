"""Pictures in and out: files and arrays, nothing of models."""
import os
from pathlib import Path
from typing import Union

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

Picture = Union[str, Path, np.ndarray]


def _open(path: Union[str, Path], what: str) -> Image.Image:
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f'{what} {path} is not there: give the path of a file.')
    try:
        image = Image.open(path)
        image.load()
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError(f'{what} {path} cannot be read ({error}): give a '
                         'picture that opens elsewhere.') from None
    return ImageOps.exif_transpose(image)


def read_image(image: Picture) -> np.ndarray:
    """A file or an array as RGB, (H, W, 3) uint8.

    Raises:
        ValueError: For arrays of another shape or type, and unreadable files.
        FileNotFoundError: If the file is not there.
    """
    if not isinstance(image, np.ndarray):
        return np.array(_open(image, 'image').convert('RGB'))
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(
            f'the image is {image.dtype} of shape {image.shape}: expected '
            'uint8 of shape (H, W, 3), RGB.')
    return image


def read_mask(mask: Picture) -> np.ndarray:
    """A file or an array as (H, W) bool, True = hole.

    Above half of its range a pixel is hole: a JPEG's grey edges do not grow
    the hole.

    Raises:
        ValueError: For arrays of another shape, and unreadable files.
        FileNotFoundError: If the file is not there.
    """
    if not isinstance(mask, np.ndarray):
        return np.array(_open(mask, 'mask').convert('L')) > 127
    if mask.ndim != 2:
        raise ValueError(f'the mask has shape {mask.shape}: expected (H, W).')
    if mask.dtype == bool or mask.max(initial=0) <= 1:
        return mask > 0.5
    return mask > 127


def write_image(image: np.ndarray, path: Union[str, Path]) -> None:
    """Write RGB, (H, W, 3) uint8, whole or not at all.

    Raises:
        ValueError: If the ending names no kind of picture.
        OSError: If it cannot be written there.
    """
    path = Path(path)
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise ValueError(f'{path} has no ending that names a kind of picture '
                         'to write: use .png.')
    unfinished = path.with_name(f'.{path.name}.part')
    try:
        Image.fromarray(image).save(unfinished, kind)
        os.replace(unfinished, path)
    except OSError as error:
        raise OSError(f'{path} cannot be written ({error.strerror}): give a '
                      'folder that exists and is writable.') from None
    finally:
        unfinished.unlink(missing_ok=True)
