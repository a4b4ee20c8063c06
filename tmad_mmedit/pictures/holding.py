"""What each kind of file can hold of what a picture says of itself."""
from typing import Any

from .jpeg import too_long
from .png import is_srgb

PIXELS_OWN = {'transparency', 'compression', 'dpi'}  # nothing of words
HOLDS: dict[str, set[str]] = {
    'PNG': {'exif', 'icc_profile', 'xmp', 'text', 'comment', 'png_colours'},
    'JPEG': {'exif', 'icc_profile', 'xmp', 'comment', 'iptc'},
    'TIFF': {'exif', 'icc_profile', 'xmp', 'iptc'},
    'WEBP': {'exif', 'icc_profile', 'xmp'},
    'AVIF': {'exif', 'icc_profile', 'xmp'},
    'HEIF': {'exif', 'icc_profile', 'xmp'},
    'GIF': {'comment'}}
# kinds that say how their samples lie; in a TIFF, whose readers do not agree
# on it, they lie upright
TURNED = {'PNG', 'JPEG', 'WEBP', 'AVIF'}
NAMES = {'exif': 'EXIF data', 'icc_profile': 'colour profile', 'xmp': 'XMP',
         'comment': 'comment', 'iptc': 'IPTC records'}


def held(info: dict[str, Any], kind: str) -> tuple[dict[str, Any], list[str]]:
    """Choose what a kind of file can hold.

    Args:
        info (dict): See :func:`.metadata.metadata_of`.
        kind (str): As Pillow calls it.

    Returns:
        tuple: That, and the names of the rest, which is lost.
    """
    holds = HOLDS.get(kind, set()) | PIXELS_OWN
    kept = {key: value for key, value in info.items() if key in holds}
    if kind == 'JPEG':
        for key in too_long(kept):
            del kept[key]
    return kept, [name for key in info if key not in kept
                  for name in names_of(key, info[key])]


def names_of(key: str, value: Any) -> list[str]:
    """How to speak of what is lost; [] if nothing is by it."""
    if key == 'png_colours':
        return [] if is_srgb(value) else [
            f'{" and ".join(value)} (its colours will look different)']
    if key == 'text':
        return [f'text ({", ".join(value)})']
    return [NAMES.get(key, key)]
