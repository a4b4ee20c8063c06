import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.apis.masks import read_mask
from tmad_mmedit.apis.picture import Picture

SOFT = np.array([[0, 60, 127, 128, 255]], np.uint8)
HOLE = [[False, False, False, True, True]]


@pytest.mark.parametrize('mode', ['L', 'RGB', 'RGBA'])
def test_a_mask_file_is_thresholded_at_half_its_range(tmp_path, mode):
    Image.fromarray(SOFT).convert(mode).save(tmp_path / 'mask.png')
    assert read_mask(tmp_path / 'mask.png').tolist() == HOLE


@pytest.mark.parametrize('mask', [
    SOFT, SOFT > 127, (SOFT > 127).astype(np.float32)])
def test_a_mask_array_may_be_bool_unit_or_byte(mask):
    assert read_mask(mask).tolist() == HOLE


def test_an_image_comes_upright_as_rgb(tmp_path):
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[0, 0] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.fromarray(pixels).save(tmp_path / 'turned.png', exif=exif)
    turned = Picture.of(tmp_path / 'turned.png').rgb
    assert turned.shape == (3, 2, 3) and turned[0, 1].tolist() == [255] * 3


def test_a_picture_is_written_whole_or_not_at_all(tmp_path):
    image = np.random.randint(
        256, size=(4, 5, 3), dtype=np.uint8)
    Picture(image, 'RGB').save(tmp_path / 'out.png')
    assert np.array_equal(Picture.of(tmp_path / 'out.png').stored, image)
    with pytest.raises(OSError, match='cannot be written'):
        Picture(image, 'RGB').save(tmp_path / 'nowhere' / 'out.png')
    assert [path.name for path in tmp_path.iterdir()] == ['out.png']
