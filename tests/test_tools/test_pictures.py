import importlib.util

import numpy as np
import pytest

from tests.conftest import ROOT
from tmad_mmedit.masks.reading import check_hole, read_mask
from tmad_mmedit.openmmlab.evaluation.samples import read_rgb

SCRIPT = ROOT / 'tools' / 'pictures.py'
spec = importlib.util.spec_from_file_location('pictures', SCRIPT)
pictures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pictures)

CASES = [case for sheet in pictures.SHEETS.values() for case in sheet.cases]
WIDTH, HEIGHT = pictures.TILE


@pytest.mark.parametrize('photo, mask', CASES, ids=[x for _, x in CASES])
def test_the_masks_fit_their_photographs(photo, mask):
    image = read_rgb(ROOT / f'demo/photos/{photo}.jpg')
    check_hole(read_mask(ROOT / f'demo/masks/{mask}.png'), *image.shape[:2])


def tiles(sheet, count):
    left = range(0, count * (WIDTH + pictures.GAP), WIDTH + pictures.GAP)
    return [sheet[pictures.HEAD:pictures.HEAD + HEIGHT, x:x + WIDTH]
            for x in left]


@pytest.mark.parametrize('truth_known', [True, False])
def test_a_row_shows_the_hole_each_filling_and_the_truth(truth_known):
    case = 'coffee', 'coffee'  # a photograph of a tile's size
    image = read_rgb(ROOT / 'demo/photos/coffee.jpg')
    hole = read_mask(ROOT / 'demo/masks/coffee.png')
    sheet = pictures.drawn(
        pictures.Sheet((case, ), truth_known),
        dict(black=lambda image, hole: np.zeros_like(image)))
    shown, filled, *truth = tiles(sheet, 2 + truth_known)
    # only what was painted in the hole counts
    assert np.array_equal(filled, np.where(hole[..., None], 0, image))
    assert np.array_equal(shown[~hole], image[~hole])
    assert (shown[hole] == 255).all() == truth_known
    assert all(np.array_equal(tile, image) for tile in truth)
    assert len(truth) == truth_known
