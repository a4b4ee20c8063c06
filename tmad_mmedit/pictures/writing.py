"""A picture as the bytes of a file."""
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from .deep_colours import encode_deep
from .metadata import with_orientation
from .orientation import laid_back

if TYPE_CHECKING:
    from .picture import Picture

WRITE: dict[str, dict[str, Any]] = dict(
    JPEG=dict(quality=95, subsampling=0),
    # of photographs, a third of the default's time for 1 % more bytes
    PNG=dict(compress_level=3),
    WEBP=dict(lossless=True, exact=True))
# TIFF compressions that keep every pixel, by mode; of others, deflate
KEEPS = {'raw', 'tiff_lzw', 'tiff_adobe_deflate', 'tiff_deflate', 'packbits',
         'lzma', 'zstd'}
KEEPS_BITS = KEEPS | {'group3', 'group4', 'tiff_ccitt'}


def encode(picture: 'Picture', kind: str, name: str) -> bytes:
    """Samples and metadata as a file of Pillow's ``kind``.

    The samples lie as they came, with their EXIF orientation; in a TIFF,
    whose readers do not agree on it, upright.

    Args:
        picture (Picture): What to write.
        kind (str): Such as 'PNG'.
        name (str): How to speak of the file.

    Raises:
        ValueError: If the kind cannot hold this mode.
    """
    turned = 1 if kind == 'TIFF' else picture.orientation
    stored = np.ascontiguousarray(laid_back(picture.stored, turned))
    info = with_orientation(picture.info, turned)
    if stored.dtype == np.uint16 and stored.ndim == 3:
        return encode_deep(stored, info, kind, name)
    image = picture.pil(stored)
    image.info.clear()
    options = {**info, **WRITE.get(kind, {})}
    options.pop('compression', None)
    if kind == 'TIFF':
        options['compression'] = lossless(info.get('compression'), image.mode)
    failure = None
    # libtiff, which compresses, does not take all EXIF data
    for left_out in ((), ('compression', ), ('exif', ),
                     ('exif', 'icc_profile', 'dpi')):
        try:
            content = _save(image, kind, {
                key: x for key, x in options.items() if key not in left_out})
        except MemoryError:
            raise
        except Exception as error:  # of odd metadata, Pillow raises any
            failure = failure or error
            continue
        if 'exif' in left_out:
            warnings.warn(f'{name} was written without the metadata that it '
                          f'cannot hold ({failure})', stacklevel=2)
        return content
    better = '.tif' if picture.mode == 'CMYK' else '.png'
    raise ValueError(f'{name} cannot hold a picture of mode {picture.mode} '
                     f'({failure}): use {better}.') from None


def _save(image: Image.Image, kind: str, options: dict[str, Any]) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def lossless(compression: Any, mode: str) -> str:
    """The TIFF compression it came with, or one that keeps every pixel."""
    if compression is None:
        return 'raw'
    keeps = KEEPS_BITS if mode == '1' else KEEPS
    return compression if compression in keeps else 'tiff_adobe_deflate'
