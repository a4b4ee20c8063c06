import numpy as np
import pytest
import torch
from mmedit.registry import MODELS
from PIL import Image

from tests.conftest import ROOT, slim_config
from tmad_mmedit.apis import Inpainter, Picture, inpaint
from tmad_mmedit.masks.reading import check_hole, read_mask

PHOTO = ROOT / 'demo/photos/chelsea.jpg'


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / 'slim.pth'
    torch.save(
        dict(state_dict=MODELS.build(slim_config().model).state_dict()), path)
    return path


@pytest.fixture
def picture():
    image = np.array(Image.open(PHOTO))[:70, :90]
    mask = np.zeros((70, 90), np.uint8)
    mask[20:50, 30:70] = 255
    return image, mask


def test_pixels_outside_the_mask_leave_as_they_came(checkpoint, picture):
    image, mask = picture
    out = inpaint(image, mask, slim_config(), checkpoint)
    assert out.shape == image.shape and out.dtype == np.uint8
    assert np.array_equal(out[mask == 0], image[mask == 0])
    assert not np.array_equal(out[mask > 0], image[mask > 0])


def test_it_is_the_picture_that_predict_gives(checkpoint, picture):
    image, mask = picture
    inpainter = Inpainter(slim_config(), checkpoint)
    x = torch.from_numpy(image).permute(2, 0, 1)[None] / 127.5 - 1
    m = torch.from_numpy(mask)[None, None] / 255.
    from mmedit.structures import EditDataSample
    _, out = inpainter.model(x * (1 - m), EditDataSample(mask=m))
    expected = ((out[0] + 1) * 127.5).clamp(0, 255).round().byte()
    assert np.abs(inpainter(image, mask).astype(int) -
                  expected.permute(1, 2, 0).numpy()).max() <= 1


def test_the_seed_decides(checkpoint, picture):
    first = Inpainter(slim_config(), checkpoint)(*picture)
    torch.manual_seed(3)
    again = Inpainter(slim_config(), checkpoint)(*picture)
    other = Inpainter(slim_config(), checkpoint, seed=1)(*picture)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_overlapping_patches_are_another_picture_of_the_hole(
        checkpoint, picture):
    image, mask = picture
    plain = Inpainter(slim_config(), checkpoint)(image, mask)
    blended = inpaint(image, mask, slim_config(), checkpoint, overlap=True)
    assert np.array_equal(blended[mask == 0], image[mask == 0])
    assert not np.array_equal(blended, plain)


def test_a_jpeg_masks_grey_edges_do_not_grow_the_hole(checkpoint, picture):
    image, mask = picture
    soft = mask.copy()
    soft[19, 30:70] = 60
    inpainter = Inpainter(slim_config(), checkpoint)
    assert np.array_equal(inpainter(image, soft), inpainter(image, mask))


@pytest.mark.parametrize('image, mask, says', [
    (np.zeros((8, 8, 2), np.uint8), np.zeros((8, 8)), r'shape \(8, 8, 2\)'),
    (np.zeros((8, 8), np.uint8), np.zeros((8, 8)), 'black all over'),
    (np.full((8, 8, 3), 7.), np.zeros((8, 8)), 'float64 with values from 7'),
    (np.zeros((8, 8, 3), int), np.zeros((8, 8)), 'int64 of shape'),
    (torch.zeros(1, 3, 8, 8), np.zeros((8, 8)), r'shape \(1, 3, 8, 8\)'),
    (['a.png'], np.zeros((8, 8)), 'of type list: expected a path'),
    (np.zeros((8, 9, 3), np.uint8), np.zeros((8, 8)), 'mask has 8 x 8.*9 x 8'),
    (np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8, 2)), 'bools of shape'),
    (np.zeros((8, 8, 3), np.uint8), np.ones((8, 8)), 'covers the whole'),
])
def test_bad_pictures_are_one_sentence(image, mask, says):
    with pytest.raises(ValueError, match=says):
        check_hole(read_mask(mask), *Picture.of(image).size)
