"""What OpenCV's and scikit-image's tests of inpainting try: a flat picture, a
hole at the border, six blocks and scratches on the astronaut; and pictures
that are nearly flat."""
import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

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
def test_flat_stays_flat(inpainter, name, grey):
    hole = HOLES[name]
    flat = np.full((160, 160), grey, np.uint8)
    out = inpainter(np.where(hole, 255 - grey, flat).astype(np.uint8), hole)
    assert np.array_equal(out, flat)


def uint8(image):
    return image.round().clip(0, 255).astype(np.uint8)


def nearly_flat():
    """Of each name a picture, its hole, and the picture without grain."""
    rng = np.random.default_rng(1)
    shape = 300, 400
    y, x = np.mgrid[:300, :400] / 300.
    ones = np.ones((*shape, 3))

    def grain(sigma, channels=3):
        return rng.normal(0, sigma, (*shape, channels))

    def box(*place):
        return boxes(place, shape=shape)

    sky = np.stack([90 + 60 * y, 130 + 50 * y, 200 + 30 * y], 2)
    page = Image.new('L', shape[::-1], 244)
    for i in range(14):
        ImageDraw.Draw(page).text((20, 12 + 20 * i), 'a quick fox ' * 4, 30)
    night = 8 + 6 * np.stack([y, y, 1.6 * y], 2)
    grey = np.full(shape, 128.)
    bowed = np.stack([180 - 50 * ((x - .6)**2 + (y - .5)**2)] * 3, 2)
    dusk = np.stack([30 + 80 * x, 40 + 40 * x, 90 + 0 * x], 2)
    small, deep = np.full((5, 5, 3), 200.), np.full((120, 160), 40000.)
    return {
        'sky': (uint8(sky + grain(1.5, 1)), box(80, 220, 120, 300), sky),
        "a page's margin": (np.asarray(page), box(30, 270, 330, 395),
                            np.full(shape, 244.)),
        'night': (uint8(night + grain(1.2)), box(60, 240, 90, 330), night),
        'white, the corner': (uint8(255 * ones), box(180, 300, 250, 400),
                              255 * ones),
        'black, the corner': (uint8(0 * ones), box(0, 120, 0, 160), 0 * ones),
        'grey with grain': (uint8(grey + grain(4, 1)[..., 0]),
                            box(70, 230, 100, 300), grey),
        'a vignette': (uint8(bowed + grain(1, 1)), box(90, 210, 0, 400),
                       bowed),
        'dusk, all across': (uint8(dusk + grain(.7)), box(120, 180, 10, 390),
                             dusk),
        'blue, nearly all': (uint8(ones * [17, 47, 197]),
                             box(10, 290, 10, 390), ones * [17, 47, 197]),
        '5 x 5': (uint8(small), boxes((1, 4, 1, 4), shape=(5, 5)), small),
        '16 bit': (deep.astype(np.uint16),
                   boxes((30, 90, 40, 120), shape=(120, 160)), deep)}


FLAT = nearly_flat()
UNIFORM = ("a page's margin", 'white, the corner', 'black, the corner',
           'blue, nearly all', '5 x 5', '16 bit')


@pytest.mark.parametrize('name', FLAT)
def test_what_is_nearly_flat_does_not_drift(inpainter, name):
    image, hole, clean = FLAT[name]
    damaged = image.copy()
    damaged[hole] = np.iinfo(image.dtype).max - image[hole]
    out = inpainter(damaged, hole)
    drift = np.abs((out[hole] - clean[hole]).mean(0)).max()
    assert drift <= np.iinfo(image.dtype).max / 255
    if name in UNIFORM:
        assert np.array_equal(out[hole], clean[hole])


def test_a_wide_hole_in_a_smooth_sky_has_no_streaks(inpainter):
    """It is painted piece by piece, and pieces copy from each other."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:400, :2400]
    sky = np.stack([20 + y * .075, 28 + y * .1 + x / 480, 60 + y * .125], 2)
    hole = boxes((110, 290, 700, 1700), shape=(400, 2400))
    grain = rng.normal(0, 1, (400, 2400, 1))
    out = inpainter(np.where(hole[..., None], 0, uint8(sky + grain)), hole)
    error = cv2.GaussianBlur(out - sky, (0, 0), 8)
    assert np.abs(error[hole]).max() <= 1.5
