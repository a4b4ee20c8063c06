import numpy as np
import pytest

from tmad_mmedit.openmmlab.evaluation.statistics import Values, estimate


def test_the_interval_is_that_of_a_mean():
    x = np.random.default_rng(1).normal(5, 2, 200)
    value, low, high = estimate(Values(x), range(200))
    assert value == pytest.approx(x.mean())
    half = 1.96 * x.std() / 200**0.5
    assert low == pytest.approx(value - half, rel=0.02)
    assert high == pytest.approx(value + half, rel=0.02)
    assert estimate(Values(x), range(200)) == (value, low, high)


def test_a_paired_difference_is_surer_than_both_means():
    x = np.random.default_rng(1).normal(5, 2, 50)
    assert estimate(Values(x + 1), range(50), reference=Values(x)) == (
        pytest.approx((1, 1, 1)))


def test_a_ratio_is_that_of_the_sums():
    values = Values(np.array([1., 1., 9.]), np.array([2., 0., 9.]))
    assert estimate(values, [0, 1]).value == pytest.approx(1)


def test_where_nothing_can_be_said_there_is_no_interval():
    x = Values(np.array([1., np.inf, 3.]))
    assert estimate(x, [0]) == (1, None, None)
    assert estimate(x, [0, 1, 2]) == (np.inf, None, None)
    assert estimate(x, [0, 2])[1:] == (1, 3)
