import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.apis.files import read_image, read_mask, write_image

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
    turned = read_image(tmp_path / 'turned.png')
    assert turned.shape == (3, 2, 3) and turned[0, 1].tolist() == [255] * 3


def test_a_picture_is_written_whole_or_not_at_all(tmp_path):
    image = np.random.randint(
        256, size=(4, 5, 3), dtype=np.uint8)
    write_image(image, tmp_path / 'out.png')
    assert np.array_equal(read_image(tmp_path / 'out.png'), image)
    with pytest.raises(OSError, match='cannot be written'):
        write_image(image, tmp_path / 'nowhere' / 'out.png')
    assert [path.name for path in tmp_path.iterdir()] == ['out.png']
