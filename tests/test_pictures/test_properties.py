"""Over random pictures, holes, depths and kinds of file.

``PROPERTY_CASES=5000`` runs as many; the suite runs fewer."""
import os
import warnings
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.test_pictures.leaks import exif as exif_with_previews
from tests.test_pictures.leaks import found_in, packet
from tmad_mmedit.masks.reading import read_mask
from tmad_mmedit.pictures.holding import HOLDS
from tmad_mmedit.pictures.orientation import upright
from tmad_mmedit.pictures.picture import Picture

pytest.importorskip('hypothesis')
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

CASES = int(os.environ.get('PROPERTY_CASES', 60))
MODES = ('1', 'L', 'LA', 'P', 'P transparent', 'RGB', 'RGB key', 'RGBA',
         'CMYK', 'I;16', 'RGB;16', 'RGBA;16')
LOSSLESS = 'PNG', 'TIFF', 'WEBP', 'BMP', 'TGA', 'PPM', 'JPEG2000', 'GIF'
LIME = 1, 254, 3  # what nobody can see is of it, and nothing else


def many(test):
    return settings(
        max_examples=CASES, deadline=None, derandomize=CASES < 1000,
        suppress_health_check=list(HealthCheck))(test)


@st.composite
def pictures(draw):
    """Samples as they could lie in a file, with their mode and info."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(2, 40))
    mode = draw(st.sampled_from(MODES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    hidden = rng.random((height, width)) < draw(st.sampled_from(
        [0., .1, .5, .95, 1.]))
    grey = rng.integers(5, 250, (height, width), np.uint8)
    rgb = rng.integers(5, 200, (height, width, 3), np.uint8)
    rgb[hidden] = LIME
    alpha = np.where(hidden, 0, rng.integers(1, 256, hidden.shape)).astype(
        np.uint8)
    info, palette = {}, None
    if mode == '1':
        stored = grey > 128
    elif mode in ('L', 'I;16'):
        stored = grey if mode == 'L' else rng.integers(
            65536, size=grey.shape, dtype=np.uint16)
        if draw(st.booleans()):
            info['transparency'] = int(stored[0, 0])
    elif mode == 'LA':
        stored = np.dstack([grey, alpha])
    elif mode.startswith('P'):
        palette = rng.integers(5, 200, (16, 3), np.uint8)
        palette[3] = LIME
        stored = np.where(hidden, 3, grey % 3).astype(np.uint8)
        if mode == 'P transparent':
            info['transparency'] = draw(st.sampled_from(
                [3, bytes([255, 255, 255, 0])]))
    elif mode == 'CMYK':
        stored = rng.integers(256, size=(height, width, 4), dtype=np.uint8)
    elif mode == 'RGB key':
        stored, info['transparency'] = rgb, LIME
    else:
        stored = np.dstack([rgb, alpha]) if 'A' in mode else rgb
        if '16' in mode:
            stored = stored.astype(np.uint16) * 257
    if draw(st.booleans()):
        info['exif'] = exif_with_previews()
    hole = rng.random((height, width)) < draw(st.sampled_from(
        [.02, .3, .8]))
    hole[0, 0], hole[0, 1] = True, False
    if draw(st.booleans()):  # one block, as people paint
        hole[:] = False
        top, left = rng.integers(height), rng.integers(width)
        hole[top:top + 1 + height // 3, left:left + 1 + width // 3] = True
        if hole.all():
            hole[0, 0] = False
    return Picture(stored, mode.split()[0].split(';16')[0] if (
        mode != 'I;16') else mode, info, palette,
        draw(st.integers(1, 8))), hole, rng


def saved(picture, kind):
    """The bytes of it, None if the kind says that it cannot hold it."""
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            picture.save(file, format='jp2' if kind == 'JPEG2000' else kind)
        except ValueError as error:
            assert 'cannot hold' in str(error) or 'instead of' in str(error)
            return None
    return file.getvalue()


def from_file(picture):
    """As it is read from a file, in which previews are."""
    content = saved(picture, 'TIFF' if picture.mode == 'CMYK' else 'PNG')
    assert found_in(content) == ('exif' in picture.info)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return Picture.of(content)


@many
@given(pictures(), st.sampled_from(LOSSLESS))
def test_what_is_known_stays_in_every_kind_of_file(given_picture, kind):
    made, hole, rng = given_picture
    came = from_file(made)
    assert np.array_equal(came.rgb, made.rgb)
    painted = rng.uniform(5, 200, (*came.size, 3))
    filled = came.filled(painted, hole)
    assert filled.size == came.size and filled.mode == came.mode
    assert filled.stored.dtype == came.stored.dtype
    assert np.array_equal(filled.stored[~hole], came.stored[~hole])
    content = saved(filled, kind)
    if content is None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        left = Picture.of(content)
    assert left.size == came.size
    seen = np.ones(hole.shape, bool) if filled.alpha is None else (
        filled.alpha > 0)
    if left.alpha is not None or filled.alpha is not None:
        opaque = np.ones(hole.shape, np.float32)
        assert np.abs((opaque if left.alpha is None else left.alpha) - (
            opaque if filled.alpha is None else filled.alpha)).max() < .003
    if kind != 'GIF' or came.mode in ('P', '1'):
        away = np.abs(left.rgb.astype(float) - filled.rgb)[seen]
        assert away.max(initial=0) <= 1e-3
    assert not found_in(content)
    unread = kind == 'JPEG2000' and came.mode == 'LA'  # by OpenCV
    if kind not in ('GIF', 'TGA', 'PPM') and came.mode != 'CMYK' and (
            not unread):
        read = cv2.imdecode(np.frombuffer(content, np.uint8),
                            cv2.IMREAD_UNCHANGED)
        assert read is not None and read.shape[:2] in (
            came.size, came.size[::-1])


@many
@given(pictures())
def test_what_is_invisible_is_never_texture_and_never_shown(given_picture):
    came, hole, rng = given_picture
    rgb, unknown = came.texture(hole)
    assert unknown[hole].all() and unknown.dtype == bool
    if came.alpha is None:
        assert np.array_equal(unknown, hole)
        return
    if np.array_equal(unknown, hole):
        assert not rgb.any() or (came.alpha[~hole] > 0).all()
    assert unknown[came.alpha == 0].all() or not rgb.any()
    # a model that copies what it was shown
    known = rgb[~unknown].reshape(-1, 3)
    painted = known[rng.integers(len(known), size=hole.shape)] if (
        len(known)) else np.zeros((*hole.shape, 3))
    filled = came.filled(painted, hole)
    shown = hole & (filled.alpha > 0)
    if came.mode in ('RGB', 'RGBA', 'P'):
        away = np.abs(filled.rgb[shown].astype(float) - LIME).max(-1)
        assert away.min(initial=255) > 1
    if came.mode in ('LA', 'RGBA'):
        assert not filled.stored[hole & ~shown][:, :-1].any()
    around = came.alpha[~hole]
    assert filled.alpha[hole].max() <= around.max() + .01
    assert filled.alpha[hole].min() >= around.min() - .01 or (
        came.mode == '1' or 'transparency' in came.info)
    opaque = came.filled(painted, hole, opaque=True)
    if came.mode not in ('P', '1'):
        assert opaque.alpha[hole].min() == 1


@many
@given(pictures(), st.sampled_from(sorted(set(HOLDS) - {'HEIF'})),
       st.booleans())
def test_no_preview_travels_and_every_file_opens(given_picture, kind, xmp):
    came, hole, rng = given_picture
    came.info['xmp' if xmp else 'comment'] = packet() if xmp else 'by Ann'
    content = saved(came, kind)
    if content is None:
        return
    with Image.open(BytesIO(content)) as image:
        image.load()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        again = Picture.of(content)
        once_more = saved(again, kind)
    assert once_more is None or not found_in(once_more)
    assert b'by Ann' in content or xmp or 'comment' not in HOLDS[kind]


@many
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1),
       st.integers(1, 8))
def test_a_mask_is_one_hole_in_every_kind(height, width, seed, turned):
    rng = np.random.default_rng(seed)
    eight = rng.integers(256, size=(height, width), dtype=np.uint8)
    eight[0, 0] = 255
    hole = upright(eight > 127, turned)
    exif = Image.Exif()
    exif[274] = turned
    for array in (eight, eight.astype(np.uint16) * 257,
                  eight.astype(np.float32), eight / np.float32(255),
                  eight.astype(np.int32) * 257):
        assert np.array_equal(read_mask(array), eight > 127)
        file = BytesIO()
        Image.fromarray(array).save(file, 'TIFF', tiffinfo={274: turned})
        assert np.array_equal(read_mask(file.getvalue()), hole)
    for mode in ('L', 'RGB', 'LA'):
        file = BytesIO()
        Image.fromarray(eight).convert(mode).save(file, 'PNG', exif=exif)
        assert np.array_equal(read_mask(file.getvalue()), hole)
