"""What was painted, alone: a layer that lies over the original."""
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .kinds import writable_kind
from .samples import quantised

if TYPE_CHECKING:
    from .picture import Picture

KINDS = {'PNG', 'TIFF', 'WEBP'}  # which hold alpha, and each pixel


def patch_of(picture: 'Picture', hole: np.ndarray) -> 'Picture':
    """Cut out what was painted; laid over the original, in any editor, it
    gives the result to the bit.

    Grey and black-and-white become grey with alpha, all else RGBA, of the
    picture's size, depth and profile; 16-bit grey becomes RGBA of 16 bits.

    Args:
        picture (Picture): A result.
        hole (np.ndarray): (H, W) bool, upright, what was painted in it.

    Raises:
        ValueError: For CMYK, which knows no transparency.
    """
    from .picture import Picture
    if picture.mode == 'CMYK':
        raise ValueError('a CMYK picture has no patch, as CMYK knows no '
                         'transparency: make it RGB first.')
    stored, alpha = picture.stored, picture.alpha
    if picture.mode == 'I;16':  # which has no mode of grey and alpha
        stored = np.repeat(stored[..., None], 3, 2)
    elif picture.mode in ('RGB', 'RGBA'):
        stored = stored[..., :3]
    elif picture.mode == 'P':
        stored = picture.rgb
    else:
        stored = (stored * np.uint8(255) if stored.dtype == bool else
                  stored[..., 0] if stored.ndim == 3 else stored)[..., None]
    opaque = np.ones(hole.shape, np.float32) if alpha is None else alpha
    last = quantised(255 * opaque, stored)[..., None]
    layer = np.concatenate([stored, last], 2) * hole[..., None].astype(
        stored.dtype)
    info = {key: value for key, value in picture.info.items()
            if key != 'transparency'}
    return Picture(layer, 'LA' if stored.shape[2] == 1 else 'RGBA', info,
                   orientation=picture.orientation)


def check_patch(path: Path) -> None:
    """Raises ValueError if the kind of file cannot hold a patch."""
    if writable_kind(path) not in KINDS:
        raise ValueError(f'{path} cannot hold a patch, which is transparent '
                         'but for the hole: use .png, .tif or .webp.')
