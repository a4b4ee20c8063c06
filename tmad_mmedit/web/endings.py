"""The files that a result can be had as."""
from pathlib import Path

from PIL import Image

from ..pictures.image_files import open_picture
from ..pictures.kinds import kind_named


def endings_of(content: bytes, name: Path, mode: str) -> list[str]:
    """Of a picture: one or two endings, such as '.png', '.jpg'.

    Args:
        content (bytes): Its file.
        name (Path): What the file is called.
        mode (str): See :class:`Picture`.

    Returns:
        list[str]: First that of a file which keeps every pixel, last that of
        the picture's own kind.
    """
    lossless = '.tif' if mode == 'CMYK' else '.png'
    return list(dict.fromkeys([lossless, own_ending(content, name)]))


def own_ending(content: bytes, name: Path) -> str:
    """The ending of a file's name, if it tells the truth, else the usual one
    of its kind; '.png' of a kind that Pillow does not write."""
    with open_picture(content, 'the picture') as image:
        kind = 'JPEG' if image.format == 'MPO' else image.format or ''
    usual = {'JPEG': '.jpg', 'TIFF': '.tif'}.get(kind, f'.{kind.lower()}')
    for ending in name.suffix.lower(), usual:
        if ending and kind_named(ending) == kind and kind in Image.SAVE:
            return ending
    return '.png'
