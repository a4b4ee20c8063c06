"""What is invisible is not known, and does not become visible."""
import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.pictures.alpha import continued, harmonic, worth_copying
from tmad_mmedit.pictures.picture import Picture

SIZE = 40, 48
LIME, RED = (0, 255, 0), (200, 30, 20)
DISC = np.hypot(*np.ogrid[-20:20, -24:24]) < 16
HOLE = np.zeros(SIZE, bool)
HOLE[16:24, 30:46] = True  # from the disc's inside to where nothing is


def sticker(mode):
    """A red disc on an invisible lime, in each mode that can say so."""
    rgb = np.where(DISC[..., None], RED, LIME).astype(np.uint8)
    alpha = (DISC * 255).astype(np.uint8)
    if mode == 'RGBA':
        return Picture(np.dstack([rgb, alpha]), mode)
    if mode == 'RGBA, 16 bits':
        return Picture(np.dstack([rgb, alpha]).astype(np.uint16) * 257,
                       'RGBA')
    if mode == 'RGBA, float':
        return Picture(np.dstack([rgb, alpha]) / np.float32(255), 'RGBA')
    if mode == 'LA':
        return Picture(np.dstack([rgb[..., 1], alpha]), mode)
    if mode == 'P':
        return Picture((~DISC).astype(np.uint8), mode, dict(transparency=1),
                       np.array([RED, LIME, (9, 9, 9)], np.uint8))
    if mode == 'P, bytes':
        return Picture((~DISC).astype(np.uint8), 'P', dict(
            transparency=bytes([255, 0])), np.array([RED, LIME], np.uint8))
    if mode == 'RGB':
        return Picture(rgb, mode, dict(transparency=LIME))
    if mode == 'L':
        return Picture(np.where(DISC, 30, 255).astype(np.uint8), mode,
                       dict(transparency=255))
    if mode == 'I;16':
        return Picture(np.where(DISC, 7710, 65535).astype(np.uint16), mode,
                       dict(transparency=65535))
    return Picture(~DISC, '1', dict(transparency=255))


MODES = ('RGBA', 'RGBA, 16 bits', 'RGBA, float', 'LA', 'P', 'P, bytes', 'RGB',
         'L', 'I;16', '1')


@pytest.mark.parametrize('mode', MODES)
def test_a_stickers_surroundings_are_no_texture_and_stay_transparent(mode):
    picture = sticker(mode)
    rgb, unknown = picture.texture(HOLE)
    assert np.array_equal(unknown, HOLE | ~DISC)
    painted = np.full((*SIZE, 3), 90.)
    out = picture.filled(painted, HOLE)
    alpha = out.alpha
    assert alpha[HOLE & (np.hypot(*np.ogrid[-20:20, -24:24]) < 12)].min() == 1
    assert alpha[18:22, 44:46].max() == 0
    assert np.array_equal(out.stored[~HOLE], picture.stored[~HOLE])
    assert out.stored.dtype == picture.stored.dtype
    if out.stored.ndim == 3 and out.mode != 'RGB':
        assert (out.stored[HOLE & (alpha == 0)] == 0).all()  # nothing hidden


@pytest.mark.parametrize('mode', MODES)
def test_it_becomes_opaque_where_that_is_asked_for(mode):
    picture = sticker(mode)
    out = picture.filled(np.full((*SIZE, 3), 90.), HOLE, opaque=True)
    assert out.alpha[HOLE].min() == 1
    assert np.array_equal(picture.texture(HOLE, opaque=True)[1],
                          HOLE | ~DISC)


def test_what_is_nearly_invisible_is_no_texture_of_what_is_opaque():
    picture = sticker('RGBA')
    picture.stored[..., 3] = np.where(DISC, 255, 20)
    assert np.array_equal(picture.texture(HOLE)[1], HOLE | ~DISC)
    picture.stored[..., 3] = np.where(DISC, 40, 20)  # of glass, both are
    assert np.array_equal(picture.texture(HOLE)[1], HOLE)


def test_a_picture_of_nothing_stays_one():
    picture = Picture(np.full((*SIZE, 4), (0, 255, 0, 0), np.uint8), 'RGBA')
    rgb, unknown = picture.texture(HOLE)
    assert np.array_equal(unknown, HOLE) and not rgb.any()
    out = picture.filled(np.full((*SIZE, 3), 255.), HOLE)
    assert not out.stored[HOLE].any()


def test_an_opaque_picture_is_as_it_was():
    picture = Picture(np.zeros((*SIZE, 3), np.uint8), 'RGB')
    assert picture.alpha is None and picture.hidden is None
    assert picture.texture(HOLE)[1] is HOLE


def test_alpha_is_flat_between_flat_smooth_between_soft():
    alpha = np.full(SIZE, .3, np.float32)
    alpha[HOLE] = 1
    assert (continued(alpha, HOLE) == np.float32(.3)).all()
    ramp = np.tile(np.linspace(0, 1, SIZE[1], dtype=np.float32), (SIZE[0], 1))
    holed = np.where(HOLE, 0, ramp)
    holed[:, 46:], ramp[:, 46:] = 1, 1
    assert np.abs(continued(holed, HOLE) - ramp).max() < .05


def test_an_edge_goes_on_sharply():
    alpha = np.zeros(SIZE, np.float32)
    alpha[:20] = 1
    hole = np.zeros(SIZE, bool)
    hole[12:28, 12:30] = True
    got = continued(np.where(hole, .5, alpha), hole)
    assert np.abs(got - alpha)[[*range(18), *range(22, 40)]].max() == 0


def test_laplace_keeps_to_its_bounds():
    values = np.random.default_rng(0).random(SIZE).astype(np.float32)
    unknown = np.random.default_rng(1).random(SIZE) < .9
    got = harmonic(values, unknown)
    assert np.array_equal(got[~unknown], values[~unknown])
    assert got.min() >= values[~unknown].min() - 1e-6
    assert got.max() <= values[~unknown].max() + 1e-6


def test_texture_is_half_as_opaque_at_least():
    alpha = np.float32([[0, .2, .4, .6, 1]])
    hole = np.array([[False, False, False, False, True]])
    assert worth_copying(alpha, hole, np.full((1, 5), .8)).tolist() == [
        [False, False, True, True, True]]
    assert worth_copying(alpha, hole, np.zeros((1, 5))).tolist() == [
        [False, True, True, True, True]]


@pytest.mark.parametrize('kind', ['TIFF', 'WEBP', 'PNG'])
@pytest.mark.parametrize('mode', ['P', 'RGB', 'L', 'I;16', '1'])
def test_a_declared_colour_stays_invisible_in_every_kind(
        tmp_path, mode, kind):
    picture = sticker(mode)
    if kind == 'WEBP' and mode == 'I;16':
        with pytest.raises(ValueError, match='16 bits'):
            picture.save(tmp_path / 'out.webp')
        return
    path = tmp_path / f'out.{kind.lower()}'
    picture.save(path)
    alpha = np.array(Image.open(path).convert('RGBA'))[..., 3] if (
        mode != 'I;16') else Picture.of(path).alpha * 255
    assert np.array_equal(alpha > 0, DISC)


@pytest.mark.parametrize('suffix', ['jpg', 'bmp', 'ppm'])
@pytest.mark.parametrize('mode', ['RGBA', 'RGB', 'P', 'LA'])
def test_a_kind_without_transparency_is_refused(tmp_path, mode, suffix):
    with pytest.raises(ValueError, match='cannot hold'):
        sticker(mode).save(tmp_path / f'out.{suffix}')
    assert not list(tmp_path.iterdir())
