"""Samples of any mode: as colours, as alpha, and back."""
from typing import TYPE_CHECKING, Any, Optional

import numpy as np
from PIL import Image

from .palettes import alpha_of_entries

if TYPE_CHECKING:
    from .picture import Picture

GREY = np.array([.299, .587, .114], np.float32)
# kinds that can declare one colour, or entries of a palette, transparent
DECLARES = {'PNG': ('1', 'L', 'RGB', 'I;16', 'P'), 'GIF': ('P', )}


def scale_of(stored: np.ndarray) -> float:
    """What one of 255 levels is in the samples."""
    if stored.dtype.kind == 'f':
        return 1 / 255
    return 257 if stored.dtype == np.uint16 else 1


def palette_of(image: Image.Image) -> Optional[np.ndarray]:
    """(n, 3) uint8, of mode P."""
    if image.mode != 'P':
        return None
    return np.array(image.getpalette('RGB'), np.uint8).reshape(-1, 3)


def rgb_of(stored: np.ndarray, mode: str,
           palette: Optional[np.ndarray] = None) -> np.ndarray:
    """Convert samples of a mode, (H, W) or (H, W, C), to colours, (H, W, 3)
    uint8, or, of other depths, float32 in [0, 255]."""
    if palette is not None:
        return palette[np.minimum(stored, len(palette) - 1)]
    if mode == 'CMYK':
        return np.array(Image.fromarray(
            np.ascontiguousarray(stored), 'CMYK').convert('RGB'))
    if mode == '1':
        stored = stored * np.uint8(255)
    elif stored.dtype != np.uint8:
        scale = np.float32(scale_of(stored))
        stored = (stored.astype(np.float32) / scale).clip(0, 255)
    if mode in ('RGB', 'RGBA'):
        return stored[..., :3]
    return np.repeat(stored[..., None] if stored.ndim == 2 else
                     stored[..., :1], 3, 2)


def alpha_of(stored: np.ndarray, mode: str,
             transparency: Any = None) -> Optional[np.ndarray]:
    """Tell how opaque each pixel is.

    Args:
        stored (np.ndarray): (H, W) or (H, W, C).
        mode (str): Pillow's.
        transparency (optional): What Pillow gives as such: an entry of the
            palette or a colour, or the alpha of the palette's first entries.

    Returns:
        np.ndarray: (H, W) float32 in [0, 1]; None if all is opaque, whatever
        the samples.
    """
    if mode in ('LA', 'RGBA'):
        full = 255 * scale_of(stored)
        return (stored[..., -1].astype(np.float32) / np.float32(full)).clip(
            0, 1)
    if transparency is None:
        return None
    if mode == 'P':
        return alpha_of_entries(256, transparency)[stored]
    if mode == '1':
        return (stored != bool(transparency)).astype(np.float32)
    if mode in ('L', 'RGB', 'I;16'):
        same = np.asarray(stored == np.asarray(transparency))
        hidden = same if stored.ndim == 2 else same.all(-1)
        return (~hidden).astype(np.float32)
    return None


def quantised(x: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Bring [0, 255] into the depth of ``like``."""
    x = x.clip(0, 255) * scale_of(like)
    return x if like.dtype.kind == 'f' else x.round().astype(like.dtype)


def with_own_alpha(picture: 'Picture', kind: str) -> 'Picture':
    """Give a picture that declares a colour transparent an alpha of its own,
    for kinds of file that cannot declare one."""
    alpha = picture.alpha
    if alpha is None or picture.mode in ('LA', 'RGBA') or (
            picture.mode in DECLARES.get(kind, ())):
        return picture
    from .picture import Picture
    deep = picture.stored.dtype == np.uint16
    if picture.mode == 'RGB':
        colours = picture.stored
    elif deep:  # which has no mode of grey and alpha
        colours = np.repeat(picture.stored[..., None], 3, 2)
    else:
        colours = picture.rgb
    last = quantised(255 * alpha, colours)[..., None]
    info = {key: value for key, value in picture.info.items()
            if key != 'transparency'}
    return Picture(np.concatenate([colours, last], 2), 'RGBA', info,
                   orientation=picture.orientation)
