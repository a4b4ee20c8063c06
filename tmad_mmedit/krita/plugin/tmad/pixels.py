"""Pixels as Krita has them, and as PNG has them.

Krita's are bytes, row by row, without gaps: blue, green, red, alpha or grey,
alpha, of 8 bits or of 16 in the machine's order.
"""
import struct
import sys
import zlib
from array import array

from .command import Refusal

CHANNELS = {'RGBA': 4, 'GRAYA': 2}
BYTES = {'U8': 1, 'U16': 2}
DEPTHS = {'F16': 'floats of 16 bits', 'F32': 'floats of 32 bits'}
MODELS = {'CMYKA': 'CMYK', 'LABA': 'Lab', 'XYZA': 'XYZ', 'YCbCrA': 'YCbCr',
          'A': 'alpha alone'}
CONVERT = ('convert it to RGB or grey of 8 or 16 bits, in Image > Convert '
           'Image Color Space.')


def check_kind(model, depth):
    """Raises Refusal if pixels are of a kind that is not painted.

    Args:
        model (str): As Krita calls it, ``'RGBA'``.
        depth (str): ``'U8'``.
    """
    if model not in CHANNELS:
        raise Refusal(f'The picture is {MODELS.get(model, model)}: '
                      f'{CONVERT}')
    if depth not in BYTES:
        raise Refusal(f'The picture has {DEPTHS.get(depth, depth)}: '
                      f'{CONVERT}')


def samples(data, depth):
    """Return bytes as an array of numbers."""
    return array('BH'[BYTES[depth] - 1], bytes(data))


def png(data, width, height, model, depth):
    """Return a PNG of Krita's pixels, as bytes.

    Args:
        data (bytes): Pixels.
        model (str): ``'RGBA'``, ``'GRAYA'``, or ``'A'`` for a selection.
        depth (str): ``'U8'`` or ``'U16'``.

    >>> png(bytes([3, 2, 1, 255]), 1, 1, 'RGBA', 'U8')[12:16]
    b'IHDR'
    """
    values = samples(data, depth)
    if model == 'RGBA':
        values[0::4], values[2::4] = values[2::4], values[0::4]
    if sys.byteorder == 'little' and depth == 'U16':
        values.byteswap()
    data = values.tobytes()
    row = len(data) // height
    rows = b''.join(b'\0' + data[i:i + row]
                    for i in range(0, len(data), row))  # \0: no filter
    kind = {'A': 0, 'GRAYA': 4, 'RGBA': 6}[model]
    head = struct.pack('>IIBBBBB', width, height, 8 * BYTES[depth], kind,
                       0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(
        b'IDAT', zlib.compress(rows, 1)) + chunk(b'IEND', b'')


def chunk(name, data):
    return struct.pack('>I', len(data)) + name + data + struct.pack(
        '>I', zlib.crc32(name + data))


def layer(data, model, depth):
    """Return Krita's pixels of a picture.

    Args:
        data (bytes): Red, green, blue, alpha, of this depth, in the machine's
            order.
        model (str): ``'RGBA'``, or ``'GRAYA'``, which takes red.
        depth (str): ``'U8'`` or ``'U16'``.

    >>> list(layer(bytes([1, 2, 3, 4]), 'RGBA', 'U8'))
    [3, 2, 1, 4]
    >>> list(layer(bytes([7, 7, 7, 4]), 'GRAYA', 'U8'))
    [7, 4]
    """
    values = samples(data, depth)
    if model == 'RGBA':
        values[0::4], values[2::4] = values[2::4], values[0::4]
        return values.tobytes()
    grey = values[0::2]
    grey[0::2], grey[1::2] = values[0::4], values[3::4]
    return grey.tobytes()
