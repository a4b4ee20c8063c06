import numpy as np
import pytest

from tmad_mmedit.masks.feather import feathered

IMAGE = np.zeros((60, 80, 3))
PAINTED = np.full((60, 80, 3), 100.)
HOLE = np.zeros((60, 80), bool)
HOLE[5:55, 10:70] = True  # 50 high


def test_it_fades_in_over_its_width_and_stays_inside():
    out = feathered(PAINTED, IMAGE, HOLE, 9)[..., 0]
    assert np.allclose(out[30, 10:20], np.arange(1, 11) * 10, atol=1)
    assert (out[~HOLE] == 0).all() and (out[20:40, 25:55] == 100).all()
    assert feathered(PAINTED, IMAGE, HOLE, 0) is PAINTED


@pytest.mark.parametrize('width', [24, 60, 10**6])
def test_what_is_wider_than_the_hole_is_limited_and_said(width):
    with pytest.warns(UserWarning, match='too wide for 1 of 1 holes: there '
                      'it has 12 to 12'):
        out = feathered(PAINTED, IMAGE, HOLE, width)[..., 0]
    assert (out[20:40, 25:55] == 100).all()  # nothing shines through


def test_each_hole_has_its_limit():
    holes = HOLE.copy()
    holes[2, 2] = holes[57:59, 76:78] = True
    with pytest.warns(UserWarning, match='2 of 3 holes: there it has 0 to'):
        out = feathered(PAINTED, IMAGE, holes, 6)[..., 0]
    assert out[2, 2] == 100 and out[30, 12] < 60


def test_what_is_invisible_does_not_shine_through():
    hidden = np.zeros_like(HOLE)
    hidden[5:8] = True
    out = feathered(PAINTED, IMAGE, HOLE, 9, hidden)[..., 0]
    assert (out[5:8, 10:70] == 100).all() and out[30, 10] < 50
