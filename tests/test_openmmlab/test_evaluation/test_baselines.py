import numpy as np
import pytest

from tests.conftest import ROOT
from tmad_mmedit.openmmlab.evaluation.baselines import BASELINES
from tmad_mmedit.openmmlab.evaluation.methods import parse_method
from tmad_mmedit.openmmlab.evaluation.samples import Sample, fitted, read_rgb


@pytest.fixture(params=BASELINES)
def paint(request):
    method = parse_method(request.param)
    if method.missing:
        pytest.skip(method.missing)
    return method.load()


def sample(image):
    hole = np.zeros(image.shape[:2], bool)
    hole[20:32, 18:36] = True
    return Sample('x', image, hole)


def test_a_flat_colour_is_continued(paint):
    image = np.full((64, 64, 3), (200, 90, 30), np.uint8)
    spoilt = sample(image.copy())
    spoilt.image[spoilt.hole] = 0
    filled, = paint(spoilt)
    assert np.abs(filled.astype(int) - image).max() <= 3


def test_a_photograph_is_filled_alike_twice_and_known_pixels_stay(paint):
    image = fitted(read_rgb(ROOT / 'demo/photos/coffee.jpg'), (64, 64), None)
    given = sample(image)
    given.image[given.hole] = 255
    first, = paint(given)
    second, = paint(given)
    assert np.array_equal(first, second)
    assert np.array_equal(first[~given.hole], image[~given.hole])
    assert first[given.hole].mean() < 250
