"""Colours of more than 8 bits, which Pillow cuts; OpenCV does not."""
import struct
from typing import Any

import cv2
import numpy as np

from .tiff import EXTRA_SAMPLES, number

# Pillow's names of what keeps every pixel, as libtiff numbers them
TIFF_COMPRESSIONS = {
    'raw': 1, 'tiff_lzw': 5, 'tiff_adobe_deflate': 8, 'tiff_deflate': 8,
    'packbits': 32773}


def full_scale(image: Any, content: bytes) -> int:
    """The largest value of the colours of a file that Pillow would cut to 8
    bits, else 0; to be asked before they are decoded.

    Args:
        image (PIL.Image): As opened.
        content (bytes): Of its file.
    """
    if image.mode not in ('LA', 'RGB', 'RGBA', 'CMYK'):
        return 0
    if image.format == 'JPEG2000':
        start = content.find(b'\xff\x4f\xff\x51')  # SOC, SIZ
        whole = 0 <= start < len(content) - 42
        depth = 1 + (content[start + 42] & 127) if whole else 8
        return 2**depth - 1 if depth > 8 else 0
    if image.format == 'PPM':
        limit = max((x for tile in image.tile for x in tile[3]
                     if isinstance(x, int)), default=0)
        return limit if limit > 255 else 0
    return 65535 if ';16' in str(image.tile) else 0


def decode_deep(content: bytes, full: int, name: str) -> np.ndarray:
    """RGB or RGBA, (H, W, 3 or 4) uint16, as it lies in the file.

    Args:
        content (bytes): Of the file.
        full (int): Its largest value, which becomes 65535.
        name (str): How to speak of it.

    Raises:
        ValueError: If they cannot be read.
    """
    try:
        colours = cv2.imdecode(
            np.frombuffer(unturned(content), np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        colours = None
    if colours is None or colours.ndim != 3 or colours.dtype != np.uint16 or (
            colours.shape[2] not in (3, 4)):
        raise ValueError(f'{name} has 16-bit colours that cannot be decoded: '
                         'save it as 16-bit RGB PNG.')
    if full != 65535:
        colours = (colours * (65535 / full)).round().astype(np.uint16)
    if colours.shape[2] == 4 and number(content, EXTRA_SAMPLES) == 1:
        colours = divided(colours)
    return cv2.cvtColor(
        colours, cv2.COLOR_BGR2RGB if colours.shape[2] == 3 else
        cv2.COLOR_BGRA2RGBA)


def divided(colours: np.ndarray) -> np.ndarray:
    """Colours that alpha was multiplied into, (H, W, 4) uint16, without."""
    alpha = np.maximum(colours[..., 3:], 1) / 65535
    plain = (colours[..., :3] / alpha).round().clip(0, 65535)
    return np.concatenate([plain.astype(np.uint16), colours[..., 3:]], 2)


def unturned(content: bytes) -> bytes:
    """A TIFF that says it lies upright, which OpenCV cannot turn; anything
    else as it is."""
    order = {b'II': '<', b'MM': '>'}.get(content[:2], '')
    try:
        if not order or struct.unpack_from(order + 'H', content, 2) != (42, ):
            return content
        start, = struct.unpack_from(order + 'I', content, 4)
        count, = struct.unpack_from(order + 'H', content, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            if struct.unpack_from(order + 'HH', content, entry) == (274, 3):
                value = struct.pack(order + 'H', 1)
                return content[:entry + 8] + value + content[entry + 10:]
    except struct.error:
        pass
    return content


def encode_deep(colours: np.ndarray, info: dict[str, Any], kind: str,
                name: str) -> bytes:
    """Write RGB or RGBA, (H, W, 3 or 4) uint16, as PNG or TIFF, without
    metadata.

    Raises:
        ValueError: For other kinds of file.
    """
    if kind not in ('PNG', 'TIFF'):
        raise ValueError(f'{name} cannot hold colours of 16 bits: use .png '
                         'or .tif.')
    code = cv2.COLOR_RGB2BGR if colours.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    options = [] if kind == 'PNG' else [
        cv2.IMWRITE_TIFF_COMPRESSION,
        TIFF_COMPRESSIONS.get(info.get('compression', ''), 5)]
    return cv2.imencode(f'.{kind.lower()}', cv2.cvtColor(
        np.ascontiguousarray(colours), code), options)[1].tobytes()
