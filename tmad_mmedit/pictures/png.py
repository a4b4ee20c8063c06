"""PNG chunks: colours, words and resolution around the samples."""
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from PIL.PngImagePlugin import iTXt

from .words import is_words

SIGNATURE = b'\x89PNG\r\n\x1a\n'
COLOURS = ('cICP', 'mDCV', 'cLLI', 'gAMA', 'cHRM', 'sRGB')
# Read and written anew; tIME is of the old file
TEXTS = ('tEXt', 'zTXt', 'iTXt')
KNOWN = {'IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'tIME', 'iCCP', 'eXIf',
         'pHYs', 'acTL', 'fcTL', 'fdAT', *TEXTS, *COLOURS}
XMP = 'XML:com.adobe.xmp'
RAW = 'Raw profile type '  # ImageMagick's, a file as hexadecimal numbers
LANGUAGE = re.compile('[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,4}')


def chunks(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and data of each, as long as they are whole."""
    at = len(SIGNATURE)
    while content.startswith(SIGNATURE) and at + 12 <= len(content):
        length, = struct.unpack_from('>I', content, at)
        name = content[at + 4:at + 8].decode('latin-1')
        yield name, content[at + 8:at + 8 + length]
        if name == 'IEND':
            return
        at += 12 + length


def colours_of(content: bytes) -> dict[str, bytes]:
    """Chunks that say how the numbers are meant, but for the profile."""
    return {name: data for name, data in chunks(content) if name in COLOURS}


def colours_of_info(info: dict[Any, Any]) -> dict[str, bytes]:
    """The same of what Pillow has read of them."""
    found = {}
    if isinstance(info.get('gamma'), float):
        found['gAMA'] = struct.pack('>I', round(info['gamma'] * 100000))
    if len(info.get('chromaticity') or ()) == 8:
        found['cHRM'] = struct.pack('>8I', *(
            round(x * 100000) for x in info['chromaticity']))
    if info.get('srgb') in (0, 1, 2, 3):
        found['sRGB'] = bytes([info['srgb']])
    return found


def is_srgb(colours: dict[str, bytes]) -> bool:
    """Whether they say what a file without them is taken for."""
    if 'cICP' in colours:
        return colours['cICP'][:2] == b'\1\x0d'
    if 'sRGB' in colours:
        return True
    primaries = colours.get('cHRM')
    return colours.get('gAMA', b'\0\0\xb1\x8f') == b'\0\0\xb1\x8f' and (
        primaries is None or primaries == struct.pack(
            '>8I', 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))


def words_of_text(text: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """What people and programs wrote, and the keys of what is data. Those
    that name a language, or their key in it, are Pillow's ``iTXt``."""
    kept: dict[str, str] = {}
    left_out: list[str] = []
    for key, value in text.items():
        if key.lower() in (XMP.lower(), RAW + 'exif', RAW + 'icc',
                           RAW + 'icm', RAW + 'xmp'):
            continue  # read elsewhere
        named = 0 < len(key) < 80 and key.isprintable()
        if named and not key.startswith(RAW) and is_words(str(value)):
            kept[key] = iTXt(str(value), *translation_of(value))
        else:
            left_out.append(f'text {key[:40]!r}')
    return kept, left_out


def translation_of(value: str) -> tuple[str, str]:
    """Return a text's language and its key in that, '' where there is none
    or it is data."""
    language = str(getattr(value, 'lang', None) or '')
    key = str(getattr(value, 'tkey', None) or '')
    return (language if LANGUAGE.fullmatch(language) else '',
            key if len(key) < 80 and key.isprintable() and is_words(key)
            else '')


def unknown_chunks(content: bytes) -> list[str]:
    """What of its chunks is not passed on: those of unknown names, and of
    several texts of one key all but the last."""
    found = list(chunks(content))
    keys = Counter(data.split(b'\0')[0].decode('latin-1')
                   for name, data in found if name in TEXTS)
    return [f'PNG chunk {name}' for name in dict.fromkeys(
        name for name, _ in found) if name not in KNOWN] + [
            f'all but the last text {key[:40]!r}'
            for key, count in keys.items() if count > 1]


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack('>I', len(data)) + name + data + struct.pack(
        '>I', zlib.crc32(name + data))


def text_chunk(key: str, value: str) -> bytes:
    """tEXt where Latin letters do and no language is named, else iTXt."""
    language, translated = translation_of(value)
    try:
        if language or translated:
            raise UnicodeError
        return png_chunk(b'tEXt', key.encode('latin-1') + b'\0' +
                         value.encode('latin-1'))
    except UnicodeError:
        return png_chunk(b'iTXt', b'\0'.join((
            key.encode('latin-1', 'replace'),
            b'\0\0' + language.encode(),  # \0\0: not compressed
            translated.encode(), value.encode())))


def with_chunks(content: bytes, info: dict[str, Any]) -> bytes:
    """A PNG with what a picture says of itself.

    Args:
        content (bytes): Of a PNG of samples, with none of these chunks.
        info (dict): See :func:`.metadata.metadata_of`.
    """
    added = b''
    for name, data in info.get('png_colours', {}).items():
        added += png_chunk(name.encode(), data)
    if 'icc_profile' in info:
        added += png_chunk(b'iCCP', b'ICC Profile\0\0' +
                           zlib.compress(info['icc_profile']))
    if 'exif' in info:
        added += png_chunk(b'eXIf', info['exif'][len(b'Exif\0\0'):])
    if 'dpi' in info:
        per_metre = [round(float(x) / .0254) for x in info['dpi']]
        added += png_chunk(b'pHYs', struct.pack('>IIB', *per_metre, 1))
    words = dict(info.get('text', {}))
    if 'comment' in info:
        words.setdefault('Comment', info['comment'])
    for key, value in words.items():
        added += text_chunk(key, value)
    if 'xmp' in info:
        added += png_chunk(b'iTXt', XMP.encode() + bytes(5) + info['xmp'])
    return content[:33] + added + content[33:]  # after IHDR
