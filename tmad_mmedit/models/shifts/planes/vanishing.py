"""Vanishing points: where lines that are parallel in the world meet in the
picture."""
from collections.abc import Sequence

import numpy as np

from .segments import deviation

ANGLE = 2.  # degrees by which a segment may miss its point
DRAWS = 1000  # pairs of segments whose meeting points are tried
FEWEST = 4  # segments of a point


def vanishing_points(segments: np.ndarray, weight: np.ndarray,
                     size: Sequence[int], count: int = 4) -> np.ndarray:
    """Find the points (P, 3), homogeneous, in pixels, on which most segments
    agree, the best first; what agrees with one is not asked again.

    Args:
        segments (np.ndarray): (S, 4).
        weight (np.ndarray): (S, ), how much each counts.
        size (Sequence[int]): Height and width of the picture.
        count (int): P, at most.
    """
    random = np.random.default_rng(0)
    points: list[np.ndarray] = []
    half, unit = np.array([size[1] / 2, size[0] / 2]), max(size)
    ends = (segments - np.tile(half, 2)) / unit  # numbers of about 1
    back = np.array([[unit, 0, half[0]], [0, unit, half[1]], [0, 0, 1]])
    lines = np.cross(*(np.c_[x, np.ones(len(x))]
                       for x in (ends[:, :2], ends[:, 2:])))
    lines /= np.linalg.norm(lines[:, :2], axis=1, keepdims=True)
    left = np.arange(len(segments))
    while len(points) < count and len(left) >= 2 * FEWEST:
        drawn = random.choice(left, (2, DRAWS),
                              p=weight[left] / weight[left].sum())
        met = np.cross(*lines[drawn])
        norm = np.linalg.norm(met, axis=1)
        if not (norm > 1e-9).any():
            break
        met = met[norm > 1e-9] / norm[norm > 1e-9, None]
        miss = deviation(ends[left], met)
        votes = np.where(miss < ANGLE, 1 - miss / ANGLE / 2, 0) @ weight[left]
        point = _fitted(met[votes.argmax()], ends[left], lines[left],
                        weight[left])
        miss = deviation(ends[left], point)
        if (miss < ANGLE).sum() < FEWEST:
            break
        points.append(back @ point)
        left = left[miss > 1.5 * ANGLE]
    return np.reshape(points, (-1, 3))


def _fitted(point: np.ndarray, ends: np.ndarray, lines: np.ndarray,
            weight: np.ndarray) -> np.ndarray:
    """Move a point to where the lines that agree with it meet best, by least
    squares of angles."""
    for _ in range(4):
        good = deviation(ends, point) < ANGLE
        if good.sum() < 3:
            break
        middle = (ends[good, :2] + ends[good, 2:]) / 2
        reach = np.linalg.norm(point[:2] - point[2] * middle, axis=1) + 1e-6
        rows = lines[good] * (np.sqrt(weight[good]) / reach)[:, None]
        point = np.linalg.eigh(rows.T @ rows)[1][:, 0]
    return point
