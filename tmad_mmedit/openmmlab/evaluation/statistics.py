"""Means that say how sure they are."""
from collections.abc import Sequence
from typing import NamedTuple, Optional

import numpy as np
from scipy.stats import bootstrap

RESAMPLES = 2000
LEVEL = 0.95
BATCH = 10**7  # values drawn at once, 80 MB


class Estimate(NamedTuple):
    """A value, and the interval that holds it at :data:`LEVEL`; None where
    one picture, or an infinite value, lets nothing be said."""
    value: float
    low: Optional[float] = None
    high: Optional[float] = None


class Values(NamedTuple):
    """A metric's value of each picture. Where there are ``parts``, it is the
    ratio of the sum of the values to the sum of the parts, else the mean."""
    values: np.ndarray
    parts: Optional[np.ndarray] = None


def estimate(values: Values, which: Sequence[int], seed: int = 0,
             reference: Optional[Values] = None) -> Estimate:
    """The mean over some pictures, and its bootstrap interval.

    Pictures are drawn with replacement, the same ones for all methods;
    percentiles of the means of 2,000 draws, by SciPy.

    Args:
        values (Values): Of all pictures.
        which (Sequence[int]): The positions of those that count, 1 or more.
        seed (int): Of the draws. Defaults to 0.
        reference (Values, optional): Of another method; the estimate is then
            the paired difference, values minus reference.
    """
    both = [values] if reference is None else [values, reference]
    data = [x[which] for one in both for x in one if x is not None]

    def mean(*samples: np.ndarray, axis: int = -1) -> np.ndarray:
        means = [x.mean(axis) for x in samples]
        if values.parts is not None:
            means = [x / part for x, part in zip(means[::2], means[1::2])]
        return means[0] if reference is None else means[0] - means[1]

    with np.errstate(divide='ignore', invalid='ignore'):
        value = float(mean(*data))
        if len(which) < 2 or not np.isfinite(data).all():
            return Estimate(value)
        drawn = bootstrap(
            data, mean, n_resamples=RESAMPLES, paired=True, vectorized=True,
            batch=max(BATCH // len(which), 1), confidence_level=LEVEL,
            method='percentile', random_state=np.random.default_rng(seed))
    if not np.isfinite(drawn.bootstrap_distribution).all():
        return Estimate(value)
    low, high = drawn.confidence_interval
    return Estimate(value, float(low), float(high))
