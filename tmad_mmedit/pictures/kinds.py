"""Kinds of picture files, by their names and by how they begin."""
import stat
from pathlib import Path

from PIL import Image

from .raw_files import is_raw_file

# What Pillow only knows by name, or hands to another program
NO_PICTURES = {'BUFR', 'EPS', 'GRIB', 'HDF5', 'MPEG', 'WMF'}
HEIC = {'.heic', '.heif', '.hif', '.heics', '.heifs'}
OTHERS = {*HEIC, '.avif', '.jxl'}  # which not every Pillow knows


def has_heic() -> bool:
    """Whether pillow-heif is there, of the extra ``heif``; it is put into
    Pillow."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    if 'HEIF' not in Image.OPEN:
        register_heif_opener()
    return True


def kind_named(name: str) -> str:
    """Return Pillow's kind of an ending, such as '.jpg', or of a format, such
    as 'jpg'; '' if there is none."""
    name = name.lower()
    name = name if name.startswith('.') else f'.{name}'
    if name in HEIC:
        has_heic()
    return Image.registered_extensions().get(name, '')


def writable_kind(path: Path) -> str:
    """Return what the ending of a file names, as Pillow calls it; PNG for
    standard output, pipes and devices that have no ending.

    Raises:
        ValueError: If it names no kind of picture.
    """
    kind = kind_named(path.suffix) if path.suffix else ''
    if not path.suffix and is_stream(path):
        return 'PNG'
    if kind not in Image.SAVE and path.suffix.lower() in HEIC:
        raise ValueError(f"{path} is to be HEIC: pip install 'tmad_mmedit"
                         "[heif]', or use .png.")
    if kind not in Image.SAVE:
        raise ValueError(f'{path} has no ending that names a kind of picture '
                         'to write: use .png.')
    return kind


def is_stream(path: Path) -> bool:
    """Whether it is '-', a pipe or a device: read and written once, as a
    stream, and without a place beside it."""
    if str(path) == '-':
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def is_picture(path: Path) -> bool:
    """Whether a file is meant as a picture: by its ending; one of another
    ending, if Pillow knows how it begins. A raw file of a camera, and a TIFF
    that begins with a preview, is none; a pipe is not looked into."""
    if is_stream(path) or is_raw_file(path):
        return False
    kind = kind_named(path.suffix) if path.suffix else ''
    if kind or path.suffix.lower() in OTHERS:
        return kind not in NO_PICTURES and (
            not kind or kind in Image.OPEN)
    try:
        with Image.open(path) as image:
            return image.format not in NO_PICTURES
    except Exception:  # of what is no picture, Pillow raises any of them
        return False
