"""What OpenCV's and scikit-image's tests of inpainting try: a flat picture, a
hole at the border, six blocks and scratches on the astronaut."""
import cv2
import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit import Inpainter

pytestmark = pytest.mark.slow


@pytest.fixture(scope='module')
def inpainter():
    return Inpainter()


@pytest.fixture(scope='module')
def astronaut():
    image = Image.open(ROOT / 'demo/photos/astronaut.jpg').convert('RGB')
    return np.asarray(image.resize((160, 160)))


def boxes(*places, shape=(160, 160)):
    hole = np.zeros(shape, bool)
    for top, bottom, left, right in places:
        hole[top:bottom, left:right] = True
    return hole


def scratches():
    hole = np.zeros((160, 160), np.uint8)
    for i in range(8):
        cv2.line(hole, (5 + 17 * i, 3), (150 - 11 * i, 156), 1, 1 + i % 2)
    return hole > 0


HOLES = {
    'six blocks': boxes((20, 30, 0, 20), (40, 50, 100, 120),
                        (80, 95, 20, 30), (100, 112, 60, 75),
                        (130, 140, 130, 145), (145, 155, 30, 40)),
    'border': boxes((0, 20, 0, 160)), 'corner': boxes((130, 160, 125, 160)),
    'scratches': scratches()}


@pytest.mark.parametrize('name', HOLES)
def test_it_is_nearer_to_the_truth_than_the_mean_is(
        inpainter, astronaut, name):
    hole = HOLES[name]
    damaged = np.where(hole[..., None], 255, astronaut).astype(np.uint8)
    out = inpainter(damaged, hole)
    assert np.array_equal(out[~hole], astronaut[~hole])
    truth = astronaut[hole].astype(float)
    mean = astronaut[~hole].mean(0)
    assert ((out[hole] - truth)**2).mean() < ((mean - truth)**2).mean()


@pytest.mark.parametrize('grey', [0, 127, 255])
@pytest.mark.parametrize('name', ['six blocks', 'scratches'])
def test_flat_stays_nearly_flat(inpainter, name, grey):
    hole = HOLES[name]
    flat = np.full((160, 160), grey, np.uint8)
    out = inpainter(np.where(hole, 255 - grey, flat).astype(np.uint8), hole)
    assert np.abs(out.astype(int) - grey).max() <= 4
