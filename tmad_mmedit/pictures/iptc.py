"""IPTC's records of words, as newspapers write them into TIFF and JPEG."""
import struct
from collections.abc import Iterator
from typing import Any, Optional

from .words import words_of

RESOURCE = 0x0404  # of Photoshop's, the one that holds IPTC's records
CAPTION_AS_PICTURE, LAST = 125, 135  # from 200 on: previews
CHARSET = 1, 90


def descriptive_iptc(raw: bytes) -> tuple[bytes, list[str]]:
    """Keep the records that are words: no preview, no picture of a caption.

    Returns:
        tuple: The records, b'' if none is left, and names of what is left
        out.
    """
    kept, left_out = b'', []
    for record, number, value in datasets(raw):
        words = record == 2 and number <= LAST and (
            number != CAPTION_AS_PICTURE)
        if (record, number) == CHARSET and len(value) <= 8 or (
                (record, number) in ((1, 0), (2, 0)) and len(value) == 2) or (
                words and number and readable(value)):
            kept += struct.pack('>BBBH', 0x1c, record, number,
                                len(value)) + value
        elif record != 1:
            left_out.append(f'IPTC record {record}:{number}')
    return kept, left_out


def readable(value: bytes) -> bool:
    try:
        words_of(value)
        return True
    except ValueError:
        return False


def datasets(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Record, number and value of each, as long as they are whole."""
    at = 0
    while at + 5 <= len(raw) and raw[at] == 0x1c:
        record, number, length = struct.unpack_from('>BBH', raw, at + 1)
        if length & 0x8000:  # longer than words are
            return
        yield record, number, raw[at + 5:at + 5 + length]
        at += 5 + length


def iptc_bytes(value: Any, order: str) -> bytes:
    """The records of a TIFF tag, which some write as numbers of 32 bits."""
    if isinstance(value, bytes):
        return value
    try:
        return struct.pack(f'{order}{len(value)}I', *value)
    except (struct.error, TypeError):
        return b''


def iptc_of_resources(raw: bytes) -> Optional[bytes]:
    """The records among Photoshop's image resources."""
    at = 0
    while raw[at:at + 4] == b'8BIM' and at + 12 <= len(raw):
        code, name = struct.unpack_from('>HB', raw, at + 4)
        at += 6 + (name + 2) // 2 * 2
        length, = struct.unpack_from('>I', raw.ljust(at + 4, b'\0'), at)
        if code == RESOURCE:
            return raw[at + 4:at + 4 + length]
        at += 4 + (length + 1) // 2 * 2
    return None


def as_resources(records: bytes) -> bytes:
    """Photoshop's image resources that hold these records."""
    return (b'8BIM' + struct.pack('>HHI', RESOURCE, 0, len(records)) +
            records + b'\0' * (len(records) % 2))
