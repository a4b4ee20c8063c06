import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from tests.conftest import ROOT
from tmad_mmedit.masks.reading import read_mask

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


def layer(shape=(12, 16)):
    """Transparent, with an opaque block that is to be coloured."""
    rgba = np.zeros((*shape, 4), np.uint8)
    block = np.zeros(shape, bool)
    block[3:7, 4:9] = True
    rgba[block, 3] = 255
    return rgba, block


PHOTO = np.random.default_rng(0).integers(
    256, size=(12, 16, 3), dtype=np.uint8)


@pytest.mark.parametrize('colour', [
    (255, 255, 255), (0, 0, 0), (200, 20, 30), (90, 90, 90)])
def test_strokes_of_any_colour_on_transparent_are_the_hole(tmp_path, colour):
    rgba, block = layer()
    rgba[block, :3] = colour
    Image.fromarray(rgba).save(tmp_path / 'strokes.png')
    assert np.array_equal(read_mask(tmp_path / 'strokes.png'), block)
    assert np.array_equal(read_mask(rgba), block)
    assert np.array_equal(read_mask(rgba, invert=True), ~block)


def test_white_everywhere_has_its_shape_in_alpha(tmp_path):
    rgba, block = layer()
    rgba[..., :3] = 255
    image = Image.fromarray(rgba).convert('LA')
    assert np.array_equal(read_mask(image), block)


@pytest.mark.parametrize('rgb', [PHOTO, PHOTO * 0], ids=['photo', 'dark'])
def test_what_was_erased_is_the_hole(tmp_path, rgb):
    rgba, block = layer()
    rgba[..., :3], rgba[..., 3] = rgb, 255 - rgba[..., 3]
    Image.fromarray(rgba).save(tmp_path / 'erased.webp', lossless=True)
    assert np.array_equal(read_mask(tmp_path / 'erased.webp'), block)


def test_a_transparent_palette_entry_counts(tmp_path):
    rgba, block = layer()
    Image.fromarray(block.astype(np.uint8), 'P').save(
        tmp_path / 'p.png', transparency=0)
    assert np.array_equal(read_mask(tmp_path / 'p.png'), block)


def test_what_alpha_means_is_asked_where_it_cannot_be_told():
    white = layer()[0]
    white[..., :3], white[..., 3] = 255, 255 - white[..., 3]
    two = layer()[0]  # a mask's black and white, transparent around
    two[3:5, 4:9, :3] = 255
    scrap, block = layer()
    scrap[..., :3] = PHOTO
    for rgba in (white, two, scrap):
        with pytest.raises(ValueError, match='pass --mask-alpha opaque'):
            read_mask(rgba)
    assert np.array_equal(read_mask(scrap, alpha='opaque'), block)
    assert np.array_equal(read_mask(scrap, alpha='transparent'), ~block)
    assert read_mask(two, alpha='ignore').sum() == 10
    with pytest.raises(ValueError, match='transparent all over'):
        read_mask(np.zeros((4, 4, 4), np.uint8))


@pytest.mark.parametrize('mask', [
    SOFT[None], SOFT[..., None], np.stack([SOFT] * 3, -1)])
def test_a_mask_may_have_an_axis_more(mask):
    assert read_mask(mask).tolist() == HOLE
    assert read_mask(torch.from_numpy(np.moveaxis(
        mask.reshape(1, 5, -1), -1, 0).copy())).tolist() == HOLE


@pytest.mark.parametrize('name', ['astronaut', 'brick', 'chelsea', 'coffee'])
def test_a_photograph_is_no_mask(name):
    photo = ROOT / f'demo/photos/{name}.jpg'
    with pytest.raises(ValueError, match='looks like a photograph'):
        read_mask(photo)
    with Image.open(photo) as image, pytest.raises(ValueError):
        read_mask(np.asarray(image))
    image = Image.open(ROOT / f'demo/masks/{name}.png').convert('L')
    image = image.filter(ImageFilter.GaussianBlur(8))
    assert read_mask(image).any()  # as soft as one is painted
