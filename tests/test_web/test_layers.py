"""Pieces of a round, and where they were copied from."""
import numpy as np

from tmad_mmedit.web.layers import source_of


def test_a_piece_is_what_was_shifted_alike_and_hangs_together():
    hole = np.zeros((60, 80), bool)
    hole[30:40, 20:60] = True
    sources = np.indices(hole.shape)
    sources[0, 30:40, 20:40] -= 20  # a piece
    sources[0, 30:40, 30:40] += 3  # which slides a little
    sources[0, 30:40, 40:60] += 12  # and another
    first = source_of(sources, hole, 35, 25)
    expected = np.zeros_like(hole)
    expected[6:24, 16:34] = expected[9:27, 26:44] = True
    assert np.array_equal(first, expected)
    second = source_of(sources, hole, 35, 50)
    assert second[42:52, 40:60].all() and not (second & first).any()
    assert not (second & hole).any()
