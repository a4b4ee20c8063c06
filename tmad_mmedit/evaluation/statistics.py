"""Means that say how sure they are."""
from typing import NamedTuple, Optional, Sequence

import numpy as np

RESAMPLES = 2000
LEVEL = 0.95


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

    def at(self, index: np.ndarray) -> np.ndarray:
        """Of the pictures in each row of ``index``, (B, n)."""
        over = 1 if self.parts is None else self.parts[index].mean(-1)
        with np.errstate(divide='ignore', invalid='ignore'):
            return self.values[index].mean(-1) / over


def estimate(values: Values, which: Sequence[int], seed: int = 0,
             reference: Optional[Values] = None) -> Estimate:
    """The mean over some pictures, and its bootstrap interval.

    Pictures are drawn with replacement, the same ones for all methods;
    percentiles of the means of 2,000 draws.

    Args:
        values (Values): Of all pictures.
        which (Sequence[int]): The positions of those that count, 1 or more.
        seed (int): Of the draws. Defaults to 0.
        reference (Values, optional): Of another method; the estimate is then
            the paired difference, values minus reference.
    """
    which = np.asarray(which)
    draws = np.random.default_rng(seed).integers(
        len(which), size=(RESAMPLES, len(which)))
    index = np.concatenate([np.arange(len(which))[None], draws])
    means = values.at(which[index])
    if reference is not None:
        with np.errstate(invalid='ignore'):
            means = means - reference.at(which[index])
    value, means = float(means[0]), means[1:]
    if len(which) < 2 or not np.isfinite(means).all():
        return Estimate(value)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))
