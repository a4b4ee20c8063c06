import numpy as np

from tmad_mmedit.masks.around import around

WHOLE = slice(None), slice(None)


def test_a_hole_is_painted_from_around_it_where_much_is_invisible():
    hole = np.zeros((1500, 2000), bool)
    hole[700:800, 1600:1700] = True
    assert around(hole, hole) == WHOLE
    unknown = hole.copy()
    unknown[:, 1650:] = True
    part = around(hole, unknown)
    assert part == (slice(500, 1000), slice(1400, 1900))
    assert hole[part].sum() == hole.sum() and not unknown[part].all()


def test_it_reaches_what_is_known():
    unknown = np.ones((600, 600), bool)
    unknown[0, 0] = False
    hole = np.zeros((600, 600), bool)
    hole[500:510, 500:510] = True
    assert around(hole, unknown) == WHOLE
