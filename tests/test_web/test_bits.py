"""Masks as they travel."""
from io import BytesIO

import numpy as np
from PIL import Image

from tmad_mmedit.web.bits import Bits, bits_of, hole_of


def test_a_mask_travels_as_the_part_that_matters():
    hole = np.zeros((300, 400), bool)
    hole[50:80, 100:133] = np.random.default_rng(0).random((30, 33)) > .5
    hole[50, 100] = hole[79, 132] = True
    bits = bits_of(hole)
    assert (bits.left, bits.top) == (100, 50)
    with Image.open(BytesIO(bits.png)) as image:
        assert image.size == (33, 30)
        assert np.array_equal(np.array(image.convert('RGBA'))[..., 3] > 0,
                              hole[50:80, 100:133])
    assert np.array_equal(hole_of(bits, (300, 400)), hole)


def test_a_grey_png_is_a_mask_too():
    part = np.random.default_rng(0).random((5, 7)) > .5
    file = BytesIO()
    Image.fromarray(part).save(file, 'PNG')
    hole = hole_of(Bits(file.getvalue(), 3, 2), (20, 20))
    assert np.array_equal(hole[2:7, 3:10], part) and hole.sum() == part.sum()


def test_an_empty_mask_is_empty():
    bits = bits_of(np.zeros((9, 9), bool))
    assert not hole_of(bits, (9, 9)).any()


def test_a_mask_of_12_megapixels_is_small():
    rows, columns = np.mgrid[:3000, :4000]
    hole = np.hypot(rows - 1500, columns - 2000) < 900
    assert len(bits_of(hole).png) < 24_000
