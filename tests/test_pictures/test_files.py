"""What a file says beside its samples, and where that may travel."""
import warnings

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.apis import Picture
from tmad_mmedit.masks.reading import read_mask
from tmad_mmedit.pictures.orientation import upright

RGB = np.array(Image.open(ROOT / 'demo/photos/coffee.jpg'))[:40, :56]
HOLE = np.zeros(RGB.shape[:2], bool)
HOLE[8:20, 10:30] = True
# Of the TIFF specification: what says how samples lie
STRUCTURAL = [254, 255, *range(256, 267), 273, *range(277, 282), 284,
              *range(288, 294), 301, *range(317, 348), *range(512, 533), 32997]
MODES = '1', 'L', 'LA', 'P', 'RGB', 'RGBA', 'CMYK', 'I;16'


def image_of(mode):
    image = Image.fromarray(RGB)
    if mode == 'I;16':
        return Image.fromarray(RGB[..., 0].astype(np.uint16) * 257)
    return image.convert('RGBA').convert('LA') if mode == 'LA' else (
        image.convert(mode))


def passed_on(source, out):
    """Filled, saved and read again."""
    came = Picture.of(source)
    painted = np.full((*came.size, 3), 120.)
    hole = np.zeros(came.size, bool)
    hole[8:20, 10:30] = True
    came.filled(painted, hole).save(out)
    left = Picture.of(out)
    assert left.size == came.size
    return came, left, hole


@pytest.mark.parametrize('out', ['tif', 'png', 'jpg', 'webp'])
def test_no_tag_of_structure_travels(tmp_path, out):
    path = tmp_path / f'out.{out}'
    for tag in STRUCTURAL:
        exif = Image.Exif()
        exif[tag], exif[271] = 7, 'A maker'
        Image.fromarray(RGB).save(tmp_path / 'in.png', exif=exif)
        came, left, hole = passed_on(tmp_path / 'in.png', path)
        away = np.abs(left.rgb.astype(int) - came.rgb)[~hole]
        assert away.max() == 0 if out != 'jpg' else away.mean() < 4, tag
        there = Image.open(path).getexif()
        assert there[271] == 'A maker', tag
        assert out == 'tif' or tag not in there


@pytest.mark.parametrize('compression', ['raw', 'tiff_lzw'])
@pytest.mark.parametrize('mode', MODES)
def test_a_turned_tiff_is_upright_in_and_out(tmp_path, mode, compression):
    for orientation in range(2, 9):
        turned_tiff(tmp_path, mode, orientation, compression)


def turned_tiff(tmp_path, mode, orientation, compression):
    flat = image_of(mode)
    flat.save(tmp_path / 'in.tif', tiffinfo={274: orientation},
              compression=compression)
    truth = upright(np.array(flat), orientation)
    came, left, hole = passed_on(tmp_path / 'in.tif', tmp_path / 'out.tif')
    assert np.array_equal(came.stored, truth)
    assert np.array_equal(left.stored[~hole], truth[~hole])
    image = Image.open(tmp_path / 'in.tif')  # as a PIL image
    assert np.array_equal(np.array(Picture.of(image).pil()), truth)
    if mode == 'L':
        mask = read_mask(tmp_path / 'in.tif', threshold=.2)
        assert np.array_equal(mask, truth > 51)


@pytest.mark.parametrize('mode, compression', [
    ('RGB', 'tiff_lzw'), ('RGB', 'tiff_adobe_deflate'), ('RGB', 'packbits'),
    ('L', 'raw'), ('1', 'group4'), ('RGB', 'jpeg')])
def test_a_tiff_stays_as_small_as_it_was(tmp_path, mode, compression):
    image_of(mode).save(tmp_path / 'in.tif', compression=compression)
    came, left, hole = passed_on(tmp_path / 'in.tif', tmp_path / 'out.tif')
    assert np.array_equal(left.stored[~hole], came.stored[~hole])
    kept = 'tiff_adobe_deflate' if compression == 'jpeg' else compression
    assert Image.open(tmp_path / 'out.tif').info['compression'] == kept


@pytest.mark.parametrize('compression', ['raw', 'tiff_lzw'])
def test_a_tiff_keeps_when_it_was_taken(tmp_path, compression):
    exif = Image.Exif()
    exif[34665] = {36867: '2020:01:01 00:00:00'}
    Picture(RGB, 'RGB', dict(exif=exif.tobytes(), compression=compression)
            ).save(tmp_path / 'in.tif')
    passed_on(tmp_path / 'in.tif', tmp_path / 'out.tif')
    there = Image.open(tmp_path / 'out.tif').getexif().get_ifd(34665)
    assert there[36867] == '2020:01:01 00:00:00'


@pytest.mark.parametrize('suffix', ['png', 'jpg', 'webp', 'tif'])
def test_a_pil_image_comes_back_upright_and_says_so(tmp_path, suffix):
    exif = Image.Exif()
    exif[274] = 6
    path = tmp_path / f'in.{suffix}'
    Image.fromarray(RGB).save(path, exif=exif)
    image = Image.open(path)
    out = Picture.of(image).pil()
    assert np.array_equal(np.array(out), Picture.of(path).rgb)
    assert out.getexif().get(274, 1) == 1
    assert image.getexif().get(274) == (
        None if suffix == 'tif' else 6)  # the user's is untouched


@pytest.mark.parametrize('exif', [
    b'Exif\0\0nothing', b'Exif\0\0', b'Exif\0\0II*\0\xff\xff\xff\xff',
    b'Exif\0\0MM\0*\0\0\0\x08\xff\xff' + bytes(30)])
@pytest.mark.parametrize('suffix', ['png', 'jpg', 'webp'])
def test_pixels_survive_broken_metadata(tmp_path, suffix, exif):
    path = tmp_path / f'in.{suffix}'
    Image.fromarray(RGB).save(path, exif=exif)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter('always')
        came, left, hole = passed_on(path, tmp_path / 'out.png')
    assert np.array_equal(left.stored[~hole], came.stored[~hole])
    if exif.endswith(b'nothing'):
        assert any(str(path) in str(x.message) for x in said)


def test_odd_metadata_do_not_keep_a_picture_from_being_written(tmp_path):
    picture = Picture(RGB, 'RGB', dict(exif='no bytes', dpi='none'))
    with pytest.warns(UserWarning, match='out.png was written without'):
        picture.save(tmp_path / 'out.png')
    assert np.array_equal(Picture.of(tmp_path / 'out.png').stored, RGB)


def seen(path):
    return np.array(Image.open(path).convert('RGBA'))


@pytest.mark.parametrize('mode, key', [
    ('L', 120), ('RGB', (120, 120, 120)), ('P', bytes(100)), ('1', 255)])
def test_a_hole_that_is_to_be_opaque_has_no_declared_colour(
        tmp_path, mode, key):
    image_of(mode).save(tmp_path / 'in.png', transparency=key)
    came = Picture.of(tmp_path / 'in.png')
    came.filled(np.full((*came.size, 3), 120.), HOLE, opaque=True).save(
        tmp_path / 'out.png')
    assert (seen(tmp_path / 'out.png')[HOLE, 3] == 255).all()
    assert np.array_equal(seen(tmp_path / 'out.png')[~HOLE],
                          seen(tmp_path / 'in.png')[~HOLE])


def test_an_image_comes_upright_as_rgb(tmp_path):
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[0, 0] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.fromarray(pixels).save(tmp_path / 'turned.png', exif=exif)
    turned = Picture.of(tmp_path / 'turned.png').rgb
    assert turned.shape == (3, 2, 3) and turned[0, 1].tolist() == [255] * 3


def test_a_picture_is_written_whole_or_not_at_all(tmp_path):
    Picture(RGB, 'RGB').save(tmp_path / 'out.png')
    assert np.array_equal(Picture.of(tmp_path / 'out.png').stored, RGB)
    with pytest.raises(OSError, match='cannot be written'):
        Picture(RGB, 'RGB').save(tmp_path / 'nowhere' / 'out.png')
    assert [path.name for path in tmp_path.iterdir()] == ['out.png']


def test_a_long_name_can_be_written(tmp_path):
    Picture(RGB, 'RGB').save(tmp_path / ('x' * 250 + '.png'))


def test_pillows_limit_is_named_with_the_way_round(tmp_path, monkeypatch):
    Image.fromarray(RGB).save(tmp_path / 'in.png')
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 1000)
    with pytest.raises(ValueError, match='--max-megapixels'):
        Picture.of(tmp_path / 'in.png')
