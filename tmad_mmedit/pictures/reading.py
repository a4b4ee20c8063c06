"""Any picture file as samples and what it says of itself."""
from typing import Any, NamedTuple, Optional

import numpy as np
from PIL import Image

from .deep_colours import decode_deep, full_scale
from .image_files import File, decode, named, open_picture, read_bytes
from .metadata import metadata_of
from .orientation import upright
from .samples import palette_of

MODES = ('1', 'L', 'LA', 'P', 'RGB', 'RGBA', 'CMYK', 'I;16')
# modes that Pillow brings into one of these without loss
PLAIN = {'RGBa': 'RGBA', 'La': 'LA', 'PA': 'RGBA', 'RGBX': 'RGB'}


class Read(NamedTuple):
    """See :class:`.picture.Picture`."""
    stored: np.ndarray
    mode: str
    info: dict[str, Any]
    palette: Optional[np.ndarray] = None
    orientation: int = 1


def read_file(file: File, what: str) -> Read:
    """Read a path, bytes or a stream.

    Raises:
        ValueError: If it is no picture of one of :data:`MODES`.
        FileNotFoundError: If it is not there.
    """
    name, content = named(file, what), read_bytes(file, what)
    image = open_picture(content, name)
    full = full_scale(image, content)
    if not full:
        return read_opened(decode(image, name), name, content)
    if image.format == 'PNG':
        decode(image, name)  # words may follow the samples
    info, turned = metadata_of(image, name, content)
    # decoded as RGBA, they hold what was declared transparent
    info.pop('transparency', None)
    stored = upright(decode_deep(content, full, name), turned)
    return Read(stored, 'RGBA' if stored.shape[2] == 4 else 'RGB', info,
                orientation=turned)


def read_pil(image: Image.Image, name: str) -> Read:
    """Read a PIL image, which leaves upright."""
    return read_opened(decode(image, name), name)._replace(orientation=1)


def read_opened(image: Image.Image, name: str, content: bytes = b'') -> Read:
    info, turned = metadata_of(image, name, content)
    if image.mode in PLAIN:
        image = image.convert(PLAIN[image.mode])
        info.pop('transparency', None)
    mode, stored = image.mode, np.array(image)
    if mode.startswith('I'):
        if stored.min(initial=0) < 0 or stored.max(initial=0) > 65535:
            raise ValueError(f'{name} has values outside 16 bits: '
                             'expected 0 to 65535; scale it.')
        mode, stored = 'I;16', stored.astype(np.uint16)
    if mode not in MODES:
        raise ValueError(f'{name} is of mode {mode}: expected one of '
                         f'{", ".join(MODES)}; convert it.')
    return Read(upright(stored, turned), mode, info, palette_of(image), turned)
