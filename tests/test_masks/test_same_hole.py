"""One mask is the same hole in each kind of file."""
import warnings

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from tmad_mmedit.masks.reading import read_mask

ROWS, COLUMNS = np.mgrid[:60, :80]
SOFT = np.exp(-((ROWS - 30)**2 + (COLUMNS - 40)**2) / 500.)
EIGHT = (SOFT * 255).astype(np.uint8)
HOLE = EIGHT > 127
# a label map, and the colours of its labels, of which one alone is bright
LABELS = np.zeros((60, 80), np.uint8)
LABELS[5:20, 5:40], LABELS[30:50, 10:30], LABELS[30:50, 50:70] = 1, 2, 3
LABELS[5:20, 50:70] = 4
COLOURS = np.array([(0, 0, 0), (128, 0, 0), (0, 0, 255), (224, 224, 0),
                    (64, 64, 0)], np.uint8)


def files(folder):
    """The same soft mask, by the ending and what is in it."""
    grey = Image.fromarray(EIGHT)
    images = {
        'L.png': grey, 'RGB.png': grey.convert('RGB'), 'LA.png':
        grey.convert('LA'), 'P.png': grey.convert('P'),
        'L.tif': grey, 'F.tif': Image.fromarray(SOFT.astype(np.float32)),
        'F 255.tif': Image.fromarray(EIGHT.astype(np.float32)),
        'I;16.tif': Image.fromarray((SOFT * 65535).astype(np.uint16)),
        'I;16.png': Image.fromarray(EIGHT.astype(np.uint16) * 257),
        'I.tif': Image.fromarray((SOFT * 65535).astype(np.int32)),
        'I 255.tif': Image.fromarray(EIGHT.astype(np.int32)),
        'CMYK.tif': grey.convert('CMYK'), 'L.webp': grey, 'L.bmp': grey,
        'L.gif': grey, 'L.jp2': grey}
    for name, image in images.items():
        options = dict(lossless=True) if name.endswith('webp') else {}
        image.save(folder / name, **options)
        yield folder / name


def test_a_soft_mask_is_the_same_hole_in_each_kind_of_file(tmp_path):
    for path in files(tmp_path):
        assert np.array_equal(read_mask(path), HOLE), path.name
        assert np.array_equal(read_mask(Image.open(path)), HOLE), path.name
        assert np.array_equal(read_mask(path, threshold=.2), EIGHT > 51)
        assert np.array_equal(read_mask(path, invert=True), ~HOLE), path.name


@pytest.mark.parametrize('mask', [
    EIGHT, SOFT, SOFT.astype(np.float32), EIGHT.astype(int),
    EIGHT.astype(np.uint16) * 257, EIGHT.astype(float), EIGHT / 255,
    (EIGHT / 255).astype(np.float32), torch.from_numpy(EIGHT),
    torch.from_numpy(SOFT), np.dstack([EIGHT] * 3)])
def test_and_in_each_kind_of_array(mask):
    assert np.array_equal(read_mask(mask), HOLE)


def test_a_rounding_above_white_is_white():
    assert np.array_equal(read_mask(np.where(HOLE, 1.0000001, 0)), HOLE)
    assert np.array_equal(read_mask(np.where(HOLE, 255.0001, -1e-9)), HOLE)


@pytest.mark.parametrize('mask, says', [
    (np.where(HOLE, 7, 0).astype(np.uint16),
     'largest is 7 of 65535: a label map. Pass --mask-labels 7 '),
    (LABELS * 20, 'largest is 80 of 255: a label map. Pass --mask-labels 20'),
    (SOFT.astype(np.float32) * .4, 'largest is 0.4 of 1: paint'),
    (SOFT * 1e6, 'values from .* to .*expected 0 to 1, 255 or 65535'),
    (np.where(HOLE, np.nan, 0), 'values from nan to nan'),
    (SOFT - 1, 'values from -0.99')])
def test_what_is_not_black_is_not_called_black(tmp_path, mask, says):
    with pytest.raises(ValueError, match=says):
        read_mask(mask)
    if mask.dtype in (np.uint8, np.uint16, np.float32):
        Image.fromarray(mask).save(tmp_path / 'm.tif')
        with pytest.raises(ValueError, match=says):
            read_mask(tmp_path / 'm.tif')


def test_black_is_left_to_who_checks_it():
    assert not read_mask(np.zeros((4, 4), np.uint8)).any()


def coloured(folder, mode='RGB'):
    path = folder / 'm.png'
    if mode == 'RGB':
        Image.fromarray(COLOURS[LABELS]).save(path)
        return path
    image = Image.fromarray(LABELS, 'P')
    image.putpalette(COLOURS.tobytes())
    image.save(path)
    return path


@pytest.mark.parametrize('mode', ['RGB', 'P'])
def test_which_of_several_colours_is_hole_is_asked(tmp_path, mode):
    path = coloured(tmp_path, mode)
    with pytest.raises(ValueError, match="pass --mask-colour '#"):
        read_mask(path)
    assert np.array_equal(read_mask(path, colour=(128, 0, 0)), LABELS == 1)
    assert np.array_equal(read_mask(path, colour=(64, 64, 0)), LABELS == 4)
    assert np.array_equal(read_mask(path, colour=(0, 0, 240)), LABELS == 2)
    with pytest.raises(ValueError, match='nothing of the colour #ff00ff: its '
                       'colours are #000000, #'):
        read_mask(path, colour=(255, 0, 255))


@pytest.mark.parametrize('kind', ['L.png', 'P.png', 'I;16.png', 'I.tif'])
def test_labels_are_the_files_own_numbers(tmp_path, kind):
    path = tmp_path / kind
    if kind == 'P.png':
        path = coloured(tmp_path, 'P')
    else:
        Image.fromarray(LABELS.astype({
            'L.png': np.uint8, 'I;16.png': np.uint16, 'I.tif': np.int32}[
                kind])).save(path)
    assert np.array_equal(read_mask(path, labels=[1]), LABELS == 1)
    assert np.array_equal(read_mask(path, labels=[2, 3, 4]), LABELS > 1)
    with pytest.raises(ValueError, match='no label 9: its numbers are 0, 1, '):
        read_mask(path, labels=[9])
    assert np.array_equal(read_mask(LABELS.astype(int), labels=[3]),
                          LABELS == 3)


def stroke(colour, width, scale=4):
    """Smooth at its edges, as programs draw."""
    image = Image.new('RGB', (80 * scale, 60 * scale))
    ImageDraw.Draw(image).line(
        [(8 * scale, 10 * scale), (70 * scale, 48 * scale)], colour,
        width * scale)
    return np.asarray(image.resize((80, 60), Image.Resampling.LANCZOS))


@pytest.mark.parametrize('width', [1, 2, 5, 12])
@pytest.mark.parametrize('colour', [(0, 255, 0), (255, 255, 0), (0, 255, 255),
                                    (255, 255, 255), (255, 140, 0)])
def test_a_bright_stroke_of_one_colour_is_hole(colour, width):
    rgb = stroke(colour, width)
    grey = np.asarray(Image.fromarray(rgb).convert('L'))
    assert np.array_equal(read_mask(Image.fromarray(rgb)), grey > 127)


@pytest.mark.parametrize('colour', [(255, 0, 0), (0, 0, 255), (200, 0, 200)])
def test_a_dark_colour_is_asked_for_and_named(tmp_path, colour):
    rgb = stroke(colour, 6)
    Image.fromarray(rgb).save(tmp_path / 'm.png')
    said = '#' + ''.join(f'{x:02x}' for x in colour)
    with pytest.raises(ValueError, match=f"--mask-colour '{said}'"):
        read_mask(tmp_path / 'm.png')
    hole = read_mask(tmp_path / 'm.png', colour=colour)
    assert np.abs(hole.sum() - (rgb.max(2) > 127).sum()) < .1 * hole.sum()


def test_a_photographs_grey_mask_with_a_cast_is_not_asked_about(tmp_path):
    cast = np.dstack([EIGHT, EIGHT, (EIGHT * .9).astype(np.uint8)])
    Image.fromarray(cast).save(tmp_path / 'm.jpg', quality=60)
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        assert 500 < read_mask(tmp_path / 'm.jpg').sum() < 1500
