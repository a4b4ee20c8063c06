"""EXIF and TIFF tags: those that are known to describe a picture, not to
depict it. Only they travel.

A TIFF keeps how its samples lie and what they say of the picture in one list
of tags, and Pillow hands all of it on as EXIF. A size, a compression or a
photometric interpretation of the old file makes the new one unreadable; a
thumbnail, a maker's note or a layer shows what was removed.
"""
from typing import Any

from PIL import Image, TiffTags

from .words import NUMBERS, describes

EXIF, GPS, INTEROPERABILITY = 34665, 34853, 40965
RESOURCES, IPTC, XMP, ICC, THUMBNAIL = 34377, 33723, 700, 34675, 1
# TIFF 6.0's names, makers, dates, resolution; Copyright, Windows' ratings and
# titles; GeoTIFF's and GDAL's places
FIRST = {269, 270, 271, 272, 282, 283, 285, 296, 305, 306, 315, 316,
         18246, 18249, 33432, *range(40091, 40096),
         33550, 33922, 34264, 34735, 34736, 34737, 42112, 42113}
# of RGB: white point and primaries, that many numbers
COLOURS = {318: 2, 319: 6}
PLACES = {33922: 3072, 34735: 1024, 34736: 1024}  # numbers at most
CAMERA = {33434, 33437, 34850, 34852, 34855, *range(34864, 34870), 36864,
          36867, 36868, 36880, 36881, 36882, 37121, 37122,
          *range(37377, 37387), 37396, 37510, 37520, 37521, 37522,
          *range(37888, 37894), *range(40960, 40965), 41483, 41486, 41487,
          41488, 41492, 41493, 41495, 41728, 41729, *range(41985, 41995),
          41996, 42016, *range(42032, 42038), 42080, 42081, 42240}
ALLOWED = {EXIF: CAMERA, GPS: set(range(32)),
           INTEROPERABILITY: {1, 2, 4096, 4097, 4098}}
# What says how samples lie in the old file, tells nothing that is lost
STRUCTURE = {*range(254, 269), 273, 274, *range(277, 282), 284,
             *range(286, 295), 297, 301, *range(317, 330), *range(331, 348),
             *range(512, 533), *range(32995, 32999), 33421, 33422,
             *range(34016, 34033), *range(34908, 34912), 59932}
NAMES = {330: 'other pictures', 37500: "the maker's note",
         34377: "Photoshop's resources", 37724: "Photoshop's layers",
         50838: "ImageJ's data", 50839: "ImageJ's data"}
# which travel by themselves
APART = {IPTC, XMP, ICC}


def descriptive(exif: Image.Exif) -> tuple[Image.Exif, list[str]]:
    """Copy what may travel; the orientation is told apart.

    Args:
        exif (PIL.Image.Exif): Of any file.

    Returns:
        tuple: The copy, and the names of what is left out because it may
        depict.
    """
    kept, left_out = Image.Exif(), []
    for tag in exif:
        value = exif[tag]
        if tag in (EXIF, GPS):
            inner, without = chosen(dict(exif.get_ifd(tag)), ALLOWED[tag])
            if tag == EXIF and INTEROPERABILITY in exif.get_ifd(tag):
                inner[INTEROPERABILITY] = chosen(
                    dict(exif.get_ifd(INTEROPERABILITY)),
                    ALLOWED[INTEROPERABILITY])[0]
            if inner:
                kept[tag] = inner
            left_out += without
        elif tag in FIRST and describes(value, PLACES.get(tag, NUMBERS)) or (
                tag in COLOURS and isinstance(value, tuple) and
                len(value) == COLOURS[tag]):
            kept[tag] = value
        elif tag not in STRUCTURE | APART or tag in (318, 319):
            left_out.append(name_of(tag))
    if has_thumbnail(exif):
        left_out.append('a thumbnail')
    return kept, left_out


def chosen(tags: dict[int, Any], allowed: set) -> tuple[dict, list[str]]:
    kept = {tag: value for tag, value in tags.items()
            if tag in allowed and describes(value)}
    return kept, [name_of(tag) for tag in tags
                  if tag not in kept and tag != INTEROPERABILITY]


def has_thumbnail(exif: Image.Exif) -> bool:
    try:
        return bool(exif.get_ifd(THUMBNAIL))
    except Exception:  # of what is broken, Pillow raises any of them
        return True


def name_of(tag: int) -> str:
    """How to speak of a tag."""
    name = NAMES.get(tag) or TiffTags.lookup(tag).name
    return f'{name} (tag {tag})' if name != 'unknown' else f'tag {tag}'
