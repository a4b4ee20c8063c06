"""What a picture says of itself beside its samples: of that travels what is
known to describe it. The rest may show what was removed, and is named."""
import math
import warnings
from typing import Any, Optional

from PIL import Image

from . import jpeg, orientation, png
from .exif import IPTC, RESOURCES, XMP, descriptive
from .iptc import RESOURCE, descriptive_iptc, iptc_bytes, iptc_of_resources
from .words import words_of
from .xmp import descriptive_xmp


def metadata_of(image: Image.Image, name: str,
                content: bytes = b'') -> tuple[dict[str, Any], int]:
    """Read what may travel to another file.

    What cannot be read is left out, with a warning: the samples are whole.
    What may depict is left out, with a warning that names it.

    Args:
        image (PIL.Image): Decoded.
        name (str): How to speak of it.
        content (bytes, optional): Of its file.

    Returns:
        tuple: The EXIF orientation, and before it those of these that there
        are: ``icc_profile``, ``dpi``, ``transparency``, ``compression`` and
        ``exif`` as Pillow's ``save`` takes them; ``xmp`` and ``iptc`` bytes;
        ``comment`` str; ``text``, of PNG, str by key; ``png_colours``, bytes
        by chunk.
    """
    info = {key: image.info[key] for key in ('icc_profile', 'dpi',
                                             'transparency', 'compression')
            if image.info.get(key) is not None}
    if image.format != 'TIFF':
        info.pop('compression', None)
    if 'dpi' in info and not is_resolution(info['dpi']):
        del info['dpi']
    if 'icc_profile' in info:
        info['icc_profile'] = profile_alone(info['icc_profile'])
    left_out: list[str] = []
    turned = 1
    try:
        exif = image.getexif()
        turned = exif.get(orientation.TAG, 1)
        raw = image.info.get('exif') or b''
        if not len(exif) and raw[6:8] not in (b'', b'II', b'MM'):
            raise ValueError('EXIF of no known order')  # Pillow was silent
        kept, without = descriptive(exif)
        left_out += without
        if len(kept):
            info['exif'] = kept.tobytes()
    except Exception as error:  # of malformed tags, Pillow raises any of them
        warnings.warn(f'{name} has broken metadata, which are left out '
                      f'({type(error).__name__}: {error})', stacklevel=2)
    words, without = words_beside(image, content)
    left_out += without
    if left_out:
        warnings.warn(
            f'{name} holds {", ".join(dict.fromkeys(left_out))}: left out, '
            'as it may show what is removed', stacklevel=2)
    return {**info, **words}, turned if turned in orientation.UPRIGHT else 1


def orientation_of(image: Image.Image) -> int:
    """EXIF's orientation, 1 if there is none."""
    try:
        turned = image.getexif().get(orientation.TAG, 1)
    except Exception:  # of malformed tags, Pillow raises any of them
        return 1
    return turned if turned in orientation.UPRIGHT else 1


def words_beside(image: Image.Image,
                 content: bytes) -> tuple[dict[str, Any], list[str]]:
    """What a file says outside of EXIF, and names of what is left out."""
    info: dict[str, Any] = {}
    left_out = jpeg.unknown_segments(content) + png.unknown_chunks(content)
    packet = packet_of(image)
    if packet:
        info['xmp'], without = descriptive_xmp(packet)
        left_out += without
    records, without = records_of(image)
    left_out += without
    if records:
        info['iptc'], without = descriptive_iptc(records)
        left_out += without
    comment = image.info.get('comment')
    if comment and image.format != 'JPEG2000':  # by the name of a library
        try:
            info['comment'] = words_of(
                comment if isinstance(comment, bytes) else comment.encode())
        except ValueError:
            left_out.append('a comment that is data')
    texts = getattr(image, 'text', None)
    if isinstance(texts, dict) and image.format == 'PNG':
        info['text'], without = png.words_of_text(texts)
        left_out += without
    if image.format == 'PNG':
        info['png_colours'] = png.colours_of(content) or (
            png.colours_of_info(image.info))
    return {key: value for key, value in info.items() if value}, left_out


def packet_of(image: Image.Image) -> Optional[bytes]:
    """The XMP of any kind of file."""
    packet = image.info.get('xmp') or image.info.get(png.XMP)
    if not packet and hasattr(image, 'tag_v2'):
        packet = image.tag_v2.get(XMP)
    if isinstance(packet, str):
        packet = packet.encode('utf-8', 'surrogateescape')
    return packet if isinstance(packet, bytes) else None


def records_of(image: Image.Image) -> tuple[bytes, list[str]]:
    """The IPTC records of a JPEG or TIFF, and names of what stands beside
    them."""
    if image.format in ('JPEG', 'MPO'):
        resources = image.info.get('photoshop') or {}
        found = resources.get(RESOURCE)
        return found if isinstance(found, bytes) else b'', (
            jpeg.other_resources(resources))
    tags = getattr(image, 'tag_v2', {})
    if IPTC in tags:
        order = '>' if getattr(tags, '_endian', '<') == '>' else '<'
        return iptc_bytes(tags[IPTC], order), []
    resources = tags.get(RESOURCES)
    return iptc_of_resources(resources) or b'' if isinstance(
        resources, bytes) else b'', []


def with_orientation(info: dict[str, Any], turned: int) -> dict[str, Any]:
    """The metadata of a file whose samples lie that way."""
    if turned == 1:
        return info
    exif = Image.Exif()
    exif.load(info.get('exif') or b'')
    exif[orientation.TAG] = turned
    return {**info, 'exif': exif.tobytes()}


def profile_alone(profile: bytes) -> bytes:
    """A colour profile without what follows its own length."""
    size = int.from_bytes(profile[:4], 'big')
    return profile[:size] if profile[36:40] == b'acsp' and size > 128 else (
        profile)


def is_resolution(dpi: Any) -> bool:
    try:
        return len(dpi) == 2 and all(
            math.isfinite(x) and 0 < x < 1e6 for x in map(float, dpi))
    except (TypeError, ValueError, ArithmeticError):
        return False
