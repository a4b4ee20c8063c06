"""Image files: from a path, bytes or a stream to what Pillow reads."""
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Union

import numpy as np
from PIL import Image
from torch import Tensor

File = Union[str, Path, bytes, BinaryIO]
Source = Union[File, np.ndarray, Tensor, Image.Image]
# What Pillow only knows by name, or hands to another program
NO_PICTURES = {'BUFR', 'EPS', 'GRIB', 'HDF5', 'MPEG', 'WMF'}


def kind_named(name: str) -> str:
    """Pillow's kind of an ending, such as '.jpg', or of a format, such as
    'jpg'; '' if there is none."""
    name = name.lower()
    return Image.registered_extensions().get(
        name if name.startswith('.') else f'.{name}', '')


def writable_kind(path: Path) -> str:
    """What the ending of a file names, as Pillow calls it.

    Raises:
        ValueError: If it names no kind of picture.
    """
    kind = kind_named(path.suffix) if path.suffix else ''
    if kind not in Image.SAVE:
        raise ValueError(f'{path} has no ending that names a kind of picture '
                         'to write: use .png.')
    return kind


def is_picture(path: Path) -> bool:
    """Whether a file is meant as a picture: by its ending; one of another
    ending, if Pillow knows how it begins."""
    kind = kind_named(path.suffix) if path.suffix else ''
    if kind or path.suffix.lower() in ('.heic', '.heif', '.avif', '.jxl'):
        return kind not in NO_PICTURES and (
            not kind or kind in Image.OPEN)
    try:
        with Image.open(path) as image:
            return image.format not in NO_PICTURES
    except Exception:  # of what is no picture, Pillow raises any of them
        return False


def named(file: Any, what: str) -> str:
    """How to speak of a source in an error."""
    return f'{what} {file}' if isinstance(file, (str, Path)) else f'the {what}'


def read_bytes(file: File, what: str) -> bytes:
    """What is in a file, in bytes or in a stream.

    Raises:
        ValueError: If it is a folder, or nothing of the kind.
        FileNotFoundError: If it is not there.
    """
    if isinstance(file, bytes):
        return file
    if isinstance(file, (str, Path)):
        path = Path(file)
        if path.is_dir():
            raise ValueError(f'{what} {path} is a directory: give the path of '
                             'a file.')
        if not path.is_file():
            raise FileNotFoundError(
                f'{what} {path} is not there: give the path of a file.')
        return path.read_bytes()
    content = file.read() if hasattr(file, 'read') else None
    if not isinstance(content, bytes):
        raise ValueError(
            f'the {what} is of type {type(file).__name__}: expected a path, '
            'bytes, a binary stream, a PIL image, a NumPy array or a tensor.')
    return content


def open_picture(content: bytes, name: str) -> Image.Image:
    """A file of one picture, whose samples are not read yet.

    Args:
        content (bytes): Of the file.
        name (str): How to speak of it; see :func:`named`.

    Raises:
        ValueError: If it is none, or too large for Pillow's limit.
    """
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
        raise unreadable(name, error) from None
    if frames > 1 and image.format != 'MPO':  # a JPEG and its previews
        raise ValueError(f'{name} holds {frames} pictures: give one.')
    return image


def decode(image: Image.Image, name: str) -> Image.Image:
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


def unreadable(name: str, error: Exception) -> ValueError:
    reason = str(error) or type(error).__name__
    if isinstance(error, Image.UnidentifiedImageError):
        reason = 'it is of no known kind'
    return ValueError(f'{name} cannot be read ({reason}): give a picture that '
                      'opens elsewhere.')
