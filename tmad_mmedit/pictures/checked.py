"""What was written is read again, where a kind of file may not hold it."""
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from .samples import alpha_of, rgb_of

if TYPE_CHECKING:
    from .picture import Picture

# which keep every sample of what they take; JPEG's loss is known
TRUSTED = {'PNG', 'TIFF', 'JPEG'}
NEARLY = 2  # levels of 255, as AVIF keeps them at its best


def check_written(content: bytes, picture: 'Picture', kind: str,
                  name: str) -> None:
    """Compare a file with the picture that was to be written; it lies
    upright, or as EXIF says.

    Warns where colours changed by more than AVIF's rounding.

    Raises:
        ValueError: If its size, depth or transparency is another.
    """
    if kind in TRUSTED:
        return
    try:
        written = read_again(content)
    except Exception:  # of a kind that Pillow only writes
        warnings.warn(f'{name} cannot be read again: whether what is outside '
                      'the hole stayed is not known; .png keeps it',
                      stacklevel=3)
        return
    stored, mode, info, palette = written
    if stored.shape[:2] != picture.size:
        height, width = picture.size
        raise ValueError(
            f'{name} would have {stored.shape[1]} x {stored.shape[0]} pixels '
            f'instead of {width} x {height}, as {kind} has its own sizes: '
            'use .png.')
    if (mode == 'I;16') != (picture.mode == 'I;16'):
        raise ValueError(f'{name} cannot hold 16 bits: use .png or .tif.')
    came, left = (np.ones(picture.size, np.float32) if x is None else x
                  for x in (picture.alpha, alpha_of(
                      stored, mode, info.get('transparency'))))
    if np.abs(came - left).max(initial=0) > .02:
        raise ValueError(f'{name} cannot hold this transparency, and what is '
                         'invisible would be seen: use .png.')
    away = np.abs(picture.rgb.astype(np.float32) - rgb_of(
        stored, mode, palette))[came > 0].max(initial=0)
    if away > NEARLY:
        warnings.warn(
            f'{name} changes colours, also outside the hole, by up to '
            f'{away:.0f} of 255 levels, as {kind} does; .png keeps them',
            stacklevel=3)


def read_again(content: bytes) -> tuple:
    """Samples, mode, info and palette of a file, upright."""
    from .metadata import orientation_of
    from .orientation import upright
    from .samples import palette_of
    with Image.open(BytesIO(content)) as image:
        image.load()
        mode, stored = image.mode, np.array(image)
        if mode.startswith('I'):
            mode, stored = 'I;16', stored.astype(np.uint16)
        return (upright(stored, orientation_of(image)), mode,
                dict(image.info), palette_of(image))
