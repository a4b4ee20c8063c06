"""TIFF tags beside those of the samples."""
import struct
from typing import Any

from PIL import Image, TiffTags
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from .exif import ICC, IPTC, XMP

ORDERS = {b'II': '<', b'MM': '>'}
REDUCED, PHOTOMETRIC, SAMPLES, EXTRA_SAMPLES = 254, 262, 277, 338
RGB = 2  # photometric interpretation
RESOLUTION = 282, 283, 296


def entries(content: bytes) -> tuple[str, dict[int, bytes]]:
    """Byte order and raw entries, 12 bytes each, of the first picture.

    Raises:
        struct.error: If it is no TIFF of less than 4 GB.
    """
    order = ORDERS.get(content[:2], '')
    if not order or struct.unpack_from(order + 'H', content, 2) != (42, ):
        raise struct.error('no TIFF')
    start, = struct.unpack_from(order + 'I', content, 4)
    return order, table(content, order, start)


def table(content: bytes, order: str, start: int) -> dict[int, bytes]:
    count, = struct.unpack_from(order + 'H', content, start)
    found = {}
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, = struct.unpack_from(order + 'H', content, at)
        found[tag] = content[at:at + 12]
    return found


def number(content: bytes, tag: int) -> int:
    """The single number of a tag of the first picture; 0 without one."""
    try:
        order, found = entries(content)
        kind, count = struct.unpack_from(order + 'HI', found[tag], 2)
        letter = {1: 'B', 3: 'H', 4: 'I'}[kind]
        if count != 1:
            return 0
        return struct.unpack_from(order + letter, found[tag], 8)[0]
    except (struct.error, KeyError):
        return 0


def with_tags(content: bytes, info: dict[str, Any]) -> bytes:
    """A TIFF with what a picture says of itself, in a list of tags at its
    end.

    Args:
        content (bytes): Of a TIFF of one picture, with none of these tags.
        info (dict): See :func:`.metadata.metadata_of`.
    """
    added = directory(info, content[:2])
    order, old = entries(content)
    if number(content, SAMPLES) == 4 and number(
            content, PHOTOMETRIC) == RGB and EXTRA_SAMPLES not in old:
        added[EXTRA_SAMPLES] = 2  # alpha, which OpenCV does not say
    if not len(added):
        return content
    content += b'\0' * (len(content) % 2)
    start = len(content)
    content += added.tobytes(start)  # a whole list, whose values are wanted
    merged = {**old, **table(content, order, start)}
    content += b'\0' * (len(content) % 2)
    end = len(content)
    content += struct.pack(order + 'H', len(merged)) + b''.join(
        merged[tag] for tag in sorted(merged)) + bytes(4)
    return content[:4] + struct.pack(order + 'I', end) + content[8:]


def directory(info: dict[str, Any], prefix: bytes) -> ImageFileDirectory_v2:
    """The tags to add."""
    added = ImageFileDirectory_v2(prefix=prefix)
    exif = Image.Exif()
    exif.load(info.get('exif') or b'')
    for tag in exif:
        inner = exif.get_ifd(tag) if tag in (34665, 34853) else None
        added[tag] = exif[tag] if inner is None else inner
    if 'dpi' in info:
        for tag, value in zip(RESOLUTION, (*info['dpi'], 2)):
            added[tag] = value
    for tag, key, kind in ((ICC, 'icc_profile', TiffTags.UNDEFINED),
                           (XMP, 'xmp', TiffTags.BYTE),
                           (IPTC, 'iptc', TiffTags.UNDEFINED)):
        if key in info:
            added.tagtype[tag] = kind
            added[tag] = info[key]
    return added
