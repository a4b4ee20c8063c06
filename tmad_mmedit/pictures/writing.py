"""A picture as the bytes of a file."""
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from .checked import check_written
from .deep_colours import encode_deep
from .holding import TURNED, held
from .jpeg import with_segments
from .metadata import with_orientation
from .orientation import laid_back
from .png import with_chunks
from .samples import with_own_alpha
from .tiff import with_tags

if TYPE_CHECKING:
    from .picture import Picture

WRITE: dict[str, dict[str, Any]] = dict(
    JPEG=dict(quality=95, subsampling=0),
    # of photographs, a third of the default's time for 1 % more bytes
    PNG=dict(compress_level=3),
    WEBP=dict(lossless=True, exact=True),
    # which Pillow cannot ask for losslessly: within 2 of 255 levels
    AVIF=dict(quality=100, subsampling='4:4:4'),
    HEIF=dict(quality=-1, chroma=444, matrix_coefficients=0),
    JPEG2000=dict(irreversible=False))
# what is put around the samples that Pillow or OpenCV wrote
AROUND = {'PNG': with_chunks, 'JPEG': with_segments, 'TIFF': with_tags}
PILLOWS = {'PNG': {'transparency'}, 'TIFF': {'compression'},
           'JPEG': {'exif', 'icc_profile', 'dpi'}, 'GIF': {
               'transparency', 'comment'}}
# TIFF compressions that keep every pixel, by mode; of others, deflate
KEEPS = {'raw', 'tiff_lzw', 'tiff_adobe_deflate', 'tiff_deflate', 'packbits',
         'lzma', 'zstd'}
KEEPS_BITS = KEEPS | {'group3', 'group4', 'tiff_ccitt'}


def encode(picture: 'Picture', kind: str, name: str) -> bytes:
    """Write samples and metadata as a file of Pillow's ``kind``.

    The samples lie as they came, with their EXIF orientation, where the kind
    can say so, else upright. What the kind cannot hold is lost, with one
    warning that names it.

    Args:
        picture (Picture): What to write.
        kind (str): Such as 'PNG'.
        name (str): How to speak of the file.

    Raises:
        ValueError: If the kind cannot hold this mode, or its transparency.
    """
    kind = 'JPEG' if kind == 'MPO' else kind  # a JPEG of several pictures
    picture = with_own_alpha(picture, kind)
    info, lost = held(picture.info, kind)
    turned = picture.orientation if kind in TURNED else 1
    try:
        content = laid_out(picture, kind, name, turned,
                           with_orientation(info, turned))
    except (MemoryError, Unfit):
        raise
    except Exception as error:  # of odd metadata, Pillow raises any
        content = laid_out(picture, kind, name, 1, {
            key: info[key] for key in ('transparency', 'compression')
            if key in info})
        lost = [f'the metadata that it cannot hold ({error})']
    if lost:
        warnings.warn(f'{name} was written without {", ".join(lost)}: '
                      f'{kind} holds none of that', stacklevel=2)
    check_written(content, picture, kind, name)
    return content


class Unfit(ValueError):
    """A picture that a kind of file cannot hold."""


def laid_out(picture: 'Picture', kind: str, name: str, turned: int,
             info: dict[str, Any]) -> bytes:
    stored = np.ascontiguousarray(laid_back(picture.stored, turned))
    around = AROUND.get(kind, lambda content, info: content)
    if stored.dtype == np.uint16 and stored.ndim == 3:
        try:
            content = encode_deep(stored, info, kind, name)
        except ValueError as error:
            raise Unfit(str(error)) from None
        return around(content, info)
    image = picture.pil(stored)
    image.info.clear()
    options = {key: value for key, value in info.items()
               if key in PILLOWS.get(kind, set(info))}
    if kind == 'TIFF':
        options['compression'] = lossless(info.get('compression'), image.mode)
    else:
        options.pop('compression', None)
    file = BytesIO()
    try:
        image.save(file, kind, **{**options, **WRITE.get(kind, {})})
    except (OSError, KeyError, ValueError) as error:
        if options.keys() - {'compression', 'transparency'}:
            raise  # it may be of the metadata
        better = '.tif' if picture.mode == 'CMYK' else '.png'
        raise Unfit(f'{name} cannot hold a picture of mode {picture.mode} '
                    f'({error}): use {better}.') from None
    return around(file.getvalue(), info)


def lossless(compression: Any, mode: str) -> str:
    """The TIFF compression it came with, or one that keeps every pixel."""
    if compression is None:
        return 'raw'
    keeps = KEEPS_BITS if mode == '1' else KEEPS
    return compression if compression in keeps else 'tiff_adobe_deflate'
