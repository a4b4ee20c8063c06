"""JPEG segments: XMP, IPTC and comments around the samples."""
import struct
from collections.abc import Iterator
from typing import Any

from .iptc import RESOURCE, as_resources

XMP, EXTENDED_XMP = (b'http://ns.adobe.com/xap/1.0/\0',
                     b'http://ns.adobe.com/xmp/extension/\0')
PHOTOSHOP = b'Photoshop 3.0\0'
LONGEST = 65533
APP0, APP1, APP13, COMMENT = 0xe0, 0xe1, 0xed, 0xfe
# Beginnings of what is read, and written anew
KNOWN = {(APP0, b'JFIF\0'), (APP1, b'Exif\0'), (APP1, XMP),
         (APP1 + 1, b'ICC_PROFILE\0'), (APP13 + 1, b'Adobe')}
NAMES = {b'MPF\0': 'other pictures (MPF)', b'JFXX\0': 'a thumbnail (JFXX)',
         EXTENDED_XMP: 'extended XMP'}


def segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, data and end of each segment before the samples."""
    at = 2
    while content[:2] == b'\xff\xd8' and content[at:at + 1] == b'\xff' and (
            at + 4 <= len(content)):
        marker = content[at + 1]
        if marker == 0xff:  # fill
            at += 1
            continue
        if marker == 0xda:  # the samples
            return
        length, = struct.unpack_from('>H', content, at + 2)
        yield marker, content[at + 4:at + 2 + length], at + 2 + length
        at += 2 + max(length, 2)


def unknown_segments(content: bytes) -> list[str]:
    """Names of what applications wrote and is not passed on."""
    found = []
    for marker, data, _ in segments(content):
        if not APP0 <= marker <= APP0 + 15 or any(
                marker == known and data.startswith(begin)
                for known, begin in KNOWN):
            continue
        if marker == APP13 and data.startswith(PHOTOSHOP):
            continue  # its resources are named one by one
        name = next((NAMES[x] for x in NAMES if data.startswith(x)), '')
        found.append(name or f'segment APP{marker - APP0}')
    return list(dict.fromkeys(found))


def other_resources(resources: dict[int, Any]) -> list[str]:
    """Names of Photoshop's resources that are not passed on."""
    return ["Photoshop's resources"] if set(resources) - {RESOURCE} else []


def with_segments(content: bytes, info: dict[str, Any]) -> bytes:
    """A JPEG with its XMP, IPTC and comment.

    Args:
        content (bytes): Of a JPEG that has none of them.
        info (dict): See :func:`.metadata.metadata_of`.
    """
    added, at = b'', 2
    for marker, data in (
            (APP1, XMP + info['xmp'] if 'xmp' in info else b''),
            (APP13, PHOTOSHOP + as_resources(info['iptc'])
             if 'iptc' in info else b''),
            (COMMENT, info.get('comment', '').encode())):
        if data:
            added += struct.pack('>BBH', 255, marker, len(data) + 2) + data
    for marker, _, end in segments(content):
        if marker not in (APP0, APP1):
            break
        at = end
    return content[:at] + added + content[at:]


def too_long(info: dict[str, Any]) -> list[str]:
    """Keys of what no segment holds."""
    frames = {'xmp': len(XMP), 'iptc': len(PHOTOSHOP) + 14, 'comment': 0,
              'exif': 0}
    return [key for key, frame in frames.items()
            if len(info.get(key, b'')) * (
                4 if key == 'comment' else 1) + frame > LONGEST]
