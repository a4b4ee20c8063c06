"""Image files: from a path, bytes or a stream to what Pillow reads."""
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Union

import numpy as np
from PIL import Image

from .kinds import has_heic
from .raw_files import is_raw

File = Union[str, Path, bytes, BinaryIO]
Source = Union[File, np.ndarray, Image.Image, Any]  # the last, a tensor
HEIC = (b'heic', b'heix', b'heim', b'heis', b'hevc', b'hevx', b'mif1',
        b'msf1')
# Beginnings of what no version of Pillow reads, and what they are
FOREIGN = {
    b'\xff\x0a': 'a JPEG XL', b'\0\0\0\x0cJXL ': 'a JPEG XL',
    b'\x76\x2f\x31\x01': 'an HDR picture (OpenEXR)',
    b'#?RADIANCE': 'an HDR picture (Radiance)',
    b'#?RGBE': 'an HDR picture (Radiance)', b'%PDF': 'a PDF',
    b'<?xml': 'XML, perhaps an SVG', b'<svg': 'an SVG'}


def named(file: Any, what: str) -> str:
    """How to speak of a source in an error."""
    if isinstance(file, (str, Path)):
        return f'the {what} from standard input' if str(file) == '-' else (
            f'{what} {file}')
    return f'the {what}'


def read_bytes(file: File, what: str) -> bytes:
    """Read what is in a file, a pipe, bytes or a stream.

    Raises:
        ValueError: If it is a folder, or nothing of the kind.
        FileNotFoundError: If it is not there.
    """
    if isinstance(file, bytes):
        return file
    if isinstance(file, (str, Path)):
        return read_path(Path(file), named(file, what))
    content = file.read() if hasattr(file, 'read') else None
    if not isinstance(content, bytes):
        raise ValueError(
            f'the {what} is of type {type(file).__name__}: expected a path, '
            'bytes, a binary stream, a PIL image, a NumPy array or a tensor.')
    return content


def read_path(path: Path, name: str) -> bytes:
    if str(path) == '-':
        return sys.stdin.buffer.read()
    if path.is_dir():
        raise ValueError(f'{name} is a directory: give the path of a file.')
    if not path.exists():
        to_nothing = path.is_symlink()
        raise FileNotFoundError(
            f'{name} is a link to what is not there: give the path of a file.'
            if to_nothing else
            f'{name} is not there: give the path of a file.')
    return path.read_bytes()


def open_picture(content: bytes, name: str) -> Image.Image:
    """Open a file of one picture, whose samples are not read yet.

    Args:
        content (bytes): Of the file.
        name (str): How to speak of it; see :func:`named`.

    Raises:
        ValueError: If it is none, a camera's raw file, several pictures, or
            too large for Pillow's limit.
    """
    if not content:
        raise ValueError(f'{name} is empty: give a picture.')
    if is_raw(name, content):
        raise ValueError(
            f'{name} is the raw file of a camera, or begins with a preview: '
            'develop it and give the photograph as TIFF, PNG or JPEG.')
    if content[4:8] == b'ftyp' and is_heic(content) and not has_heic():
        raise ValueError(f"{name} is a HEIC picture: pip install "
                         "'tmad_mmedit[heif]', or save it as PNG.")
    check_not_hdr(content, name)
    try:
        image = Image.open(BytesIO(content))
        frames = getattr(image, 'n_frames', 1)
    except Image.DecompressionBombError as error:
        raise ValueError(
            f'{name} is too large ({error}): if you trust it, pass '
            '--max-megapixels (in Python set PIL.Image.MAX_IMAGE_PIXELS); it '
            'needs about 70 bytes a pixel.') from None
    except MemoryError:
        raise
    except Exception as error:  # of a broken file, Pillow raises any of them
        raise unreadable(name, error, content) from None
    if frames > 1 and image.format != 'MPO':  # a JPEG and its previews
        kind = {'TIFF': ' as pages', 'PSD': ' as layers'}.get(
            image.format or '', ' as an animation'
            if getattr(image, 'is_animated', False) else '')
        raise ValueError(f'{name} holds {frames} pictures{kind}: give one.')
    return image


def is_heic(content: bytes) -> bool:
    """Whether a file of ISO's boxes names HEVC among its brands, and not
    AV1."""
    size = min(int.from_bytes(content[:4], 'big'), 256)
    brands = {content[8:12], *(content[i:i + 4] for i in range(16, size, 4))}
    return bool(brands & set(HEIC)) and not brands & {b'avif', b'avis'}


def check_not_hdr(content: bytes, name: str) -> None:
    """Raises ValueError for HEIC and AVIF whose numbers are brightness beyond
    a screen's white: as 8 bits they would look grey."""
    at = content.find(b'colrnclx', 0, 65536)
    if content[4:8] == b'ftyp' and at >= 0 and int.from_bytes(
            content[at + 10:at + 12], 'big') in (16, 18):
        raise ValueError(f'{name} is an HDR picture (PQ or HLG): save it for '
                         'a common screen, as PNG or JPEG.')


def decode(image: Any, name: str) -> Any:
    """Read the samples; what Pillow raises for broken ones is one error."""
    # Pillow 13 maps uncompressed TIFFs by name, with their upright size
    # instead of that of the file
    filename = getattr(image, 'filename', '')
    try:
        if filename:
            image.filename = ''
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise unreadable(name, error) from None
    finally:
        if filename:
            image.filename = filename
    return image


def unreadable(name: str, error: Exception,
               content: bytes = b'') -> ValueError:
    reason = str(error) or type(error).__name__
    if isinstance(error, Image.UnidentifiedImageError):
        reason = 'it is ' + next(
            (what for begin, what in FOREIGN.items()
             if content.startswith(begin)), 'of no known kind')
    return ValueError(f'{name} cannot be read ({reason}): give a picture that '
                      'opens elsewhere.')
