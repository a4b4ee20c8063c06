"""What a picture says of itself beside its samples.

A TIFF keeps how its samples lie and what they say of the picture in one list
of tags, and Pillow hands all of it on as EXIF. Only what describes may travel
to another file: a size, a compression or a photometric interpretation of the
old file makes the new one unreadable.
"""
import math
import re
import warnings
from typing import Any

from PIL import Image

from . import orientation

# Below 700 TIFF 6.0 names structure, but for these: names, makers, dates,
# resolution
DESCRIBES = {269, 270, 271, 272, 282, 283, 285, 296, 305, 306, 315, 316}
# From 700 on all describes, but for samples, tiles, colour filters, and the
# colour profile, which travels by itself
STRUCTURE = {*range(32995, 32999), 33421, 33422, 34675,
             *range(34016, 34033), *range(34908, 34912)}
XMP, EXIF, GPS, INTEROPERABILITY = 700, 34665, 34853, 40965


def describes(tag: int) -> bool:
    """Whether a tag may travel to another file."""
    return tag in DESCRIBES if tag < 700 else tag not in STRUCTURE


def metadata_of(image: Image.Image, name: str) -> tuple[dict[str, Any], int]:
    """What Pillow's ``save`` is to be given, and the EXIF orientation.

    What cannot be read is left out, with a warning: the samples are whole.

    Args:
        image (PIL.Image): Decoded.
        name (str): How to speak of it.
    """
    info = {key: image.info[key] for key in (
        'icc_profile', 'dpi', 'transparency', 'compression')
        if image.info.get(key) is not None}
    if image.format != 'TIFF':
        info.pop('compression', None)
    if 'dpi' in info and not is_resolution(info['dpi']):
        del info['dpi']
    turned = 1
    try:
        exif = image.getexif()
        turned = exif.get(orientation.TAG, 1)
        raw = image.info.get('exif') or b''
        if not len(exif) and raw[6:8] not in (b'', b'II', b'MM'):
            raise ValueError('EXIF of no known order')  # Pillow was silent
        kept = descriptive(exif)
        if len(kept):
            info['exif'] = kept.tobytes()
    except Exception as error:  # of malformed tags, Pillow raises any of them
        warnings.warn(f'{name} has broken metadata, which are left out '
                      f'({type(error).__name__}: {error})', stacklevel=2)
    return info, turned if turned in orientation.UPRIGHT else 1


def descriptive(exif: Image.Exif) -> Image.Exif:
    """A copy of what may travel; the orientation is told apart."""
    kept = Image.Exif()
    for tag in filter(describes, exif):
        value = exif[tag]
        if tag in (EXIF, GPS):
            value = dict(exif.get_ifd(tag))
            if INTEROPERABILITY in value:
                value[INTEROPERABILITY] = exif.get_ifd(INTEROPERABILITY)
        elif tag == XMP and isinstance(value, bytes):
            value = re.sub(rb'(tiff:Orientation(?:="|>))[2-8]', rb'\g<1>1',
                           value)
        kept[tag] = value
    return kept


def with_orientation(info: dict[str, Any], turned: int) -> dict[str, Any]:
    """The metadata of a file whose samples lie that way."""
    if turned == 1:
        return info
    exif = Image.Exif()
    exif.load(info.get('exif') or b'')
    exif[orientation.TAG] = turned
    return {**info, 'exif': exif.tobytes()}


def is_resolution(dpi: Any) -> bool:
    try:
        return all(math.isfinite(x) and 0 < x < 1e6 for x in map(float, dpi))
    except (TypeError, ValueError, ArithmeticError):
        return False
