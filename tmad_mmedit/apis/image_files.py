"""Image files: what Pillow does not tell, and what it cannot do."""
import struct
import zlib
from pathlib import Path
from typing import Any, Union

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

Source = Union[str, Path, np.ndarray, Image.Image]


def writable_kind(path: Path) -> str:
    """What the ending of a file names, as Pillow calls it.

    Raises:
        ValueError: If it names no kind of picture.
    """
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise ValueError(f'{path} has no ending that names a kind of picture '
                         'to write: use .png.')
    return kind


def open_file(path: Union[str, Path], what: str) -> Image.Image:
    """A file of one picture, whose samples are not read yet.

    Raises:
        ValueError: If it is none.
        FileNotFoundError: If it is not there.
    """
    path = Path(path)
    if path.is_dir():
        raise ValueError(f'{what} {path} is a directory: give the path of a '
                         'file.')
    if not path.is_file():
        raise FileNotFoundError(
            f'{what} {path} is not there: give the path of a file.')
    try:
        image = Image.open(path)
        frames = getattr(image, 'n_frames', 1)
    except (UnidentifiedImageError, OSError, SyntaxError,
            Image.DecompressionBombError) as error:
        raise unreadable(path, what, error) from None
    if frames > 1 and image.format != 'MPO':  # a JPEG and its previews
        raise ValueError(f'{what} {path} holds {frames} pictures: give one.')
    return image


def decode(image: Image.Image, path: Union[str, Path],
           what: str) -> Image.Image:
    """Read the samples; what Pillow raises for broken ones is one error."""
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise unreadable(path, what, error) from None
    return image


def unreadable(path: Union[str, Path], what: str,
               error: Exception) -> ValueError:
    return ValueError(f'{what} {path} cannot be read ({error}): give a '
                      'picture that opens elsewhere.')


def is_cut_to_8_bits(image: Image.Image) -> bool:
    """Whether Pillow reads 16-bit colours of a file as 8; to be asked before
    they are decoded."""
    return image.mode in ('LA', 'RGB', 'RGBA') and ';16' in str(image.tile)


def colours_of_16_bits(path: Union[str, Path]) -> np.ndarray:
    """RGB or RGBA, (H, W, 3 or 4) uint16, as it lies in the file.

    Raises:
        ValueError: If they cannot be read.
    """
    colours = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if colours is None or colours.ndim != 3:
        raise ValueError(f'image {path} has 16-bit colours that cannot be '
                         'decoded: save it as PNG.')
    return cv2.cvtColor(
        colours, cv2.COLOR_BGR2RGB if colours.shape[2] == 3 else
        cv2.COLOR_BGRA2RGBA)


def encode_16_bits(colours: np.ndarray, info: dict[str, Any], kind: str,
                   path: Path) -> bytes:
    """A PNG or TIFF of RGB or RGBA, (H, W, 3 or 4) uint16.

    Raises:
        ValueError: For other kinds of file.
    """
    if kind not in ('PNG', 'TIFF'):
        raise ValueError(f'{path} cannot hold colours of 16 bits: use .png '
                         'or .tif.')
    code = cv2.COLOR_RGB2BGR if colours.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    encoded = cv2.imencode(f'.{kind.lower()}', cv2.cvtColor(
        np.ascontiguousarray(colours), code))[1].tobytes()
    if kind == 'TIFF':
        return encoded
    chunks = b''  # OpenCV writes no colour profile, no EXIF, no resolution
    if 'icc_profile' in info:
        chunks += png_chunk(b'iCCP', b'ICC Profile\0\0' +
                            zlib.compress(info['icc_profile']))
    if 'exif' in info:
        chunks += png_chunk(b'eXIf', info['exif'][len(b'Exif\0\0'):])
    if 'dpi' in info:
        per_metre = [round(x / .0254) for x in info['dpi']]
        chunks += png_chunk(b'pHYs', struct.pack('>IIB', *per_metre, 1))
    return encoded[:33] + chunks + encoded[33:]  # after IHDR


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack('>I', len(data)) + name + data + struct.pack(
        '>I', zlib.crc32(name + data))
