"""Colours of a palette."""
from typing import Union

import numpy as np

Transparency = Union[None, int, bytes]


def alpha_of_entries(count: int, transparency: Transparency) -> np.ndarray:
    """Tell how opaque the first entries of a palette are.

    Args:
        count (int): Of entries.
        transparency (int or bytes, optional): The transparent entry, or the
            alpha of the first ones, as Pillow gives it.

    Returns:
        np.ndarray: (count, ) float32 in [0, 1].
    """
    alpha = np.ones(count, np.float32)
    if isinstance(transparency, bytes):
        first = np.frombuffer(transparency, np.uint8)[:count]
        alpha[:len(first)] = first / np.float32(255)
    elif isinstance(transparency, int) and 0 <= transparency < count:
        alpha[transparency] = 0
    return alpha


def painted_indices(colours: np.ndarray, palette: np.ndarray,
                    transparency: Transparency = None,
                    alpha: Union[None, np.ndarray] = None) -> np.ndarray:
    """Choose the nearest colour of a palette, of those that are as opaque as
    they are to be.

    Args:
        colours (np.ndarray): (n, 3) float32 in [0, 255].
        palette (np.ndarray): (m, 3) uint8.
        transparency (int or bytes, optional): See :func:`alpha_of_entries`.
        alpha (np.ndarray, optional): (n, ), what is wanted, in [0, 1];
            opaque by default.

    Returns:
        np.ndarray: (n, ) uint8.
    """
    entries = alpha_of_entries(len(palette), transparency)
    levels = np.unique(entries)
    wanted = np.ones(len(colours)) if alpha is None else alpha
    level = levels[np.abs(wanted[:, None] - levels).argmin(1)]
    index = np.empty(len(colours), np.uint8)
    for shade in np.unique(level):
        there = level == shade
        fitting, = np.nonzero(entries == shade)
        index[there] = fitting[nearest(
            colours[there], palette[fitting].astype(np.float32))]
    return index


def nearest(colours: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Index of the nearest of (m, 3) for each of (n, 3) float32."""
    index = np.empty(len(colours), np.intp)
    for i in range(0, len(colours), 65536):  # 65536 x 256 distances
        distance = (palette**2).sum(1) - 2 * (
            colours[i:i + 65536] @ palette.T)
        index[i:i + 65536] = distance.argmin(1)
    return index
