"""Colours of a palette."""
from typing import Union

import numpy as np


def painted_indices(colours: np.ndarray, palette: np.ndarray,
                    transparency: Union[None, int, bytes]) -> np.ndarray:
    """The nearest colour of a palette, of those that can be seen.

    Args:
        colours (np.ndarray): (n, 3) float32 in [0, 255].
        palette (np.ndarray): (m, 3) uint8.
        transparency (int or bytes, optional): The transparent entry, or the
            alpha of the first ones, as Pillow gives it.

    Returns:
        np.ndarray: (n, ) uint8.
    """
    alpha = np.full(len(palette), 255, np.uint8)
    if isinstance(transparency, bytes):
        first = np.frombuffer(transparency, np.uint8)[:len(alpha)]
        alpha[:len(first)] = first
    elif transparency is not None and transparency < len(alpha):
        alpha[transparency] = 0
    seen, = np.nonzero(alpha == alpha.max())
    shown = palette[seen].astype(np.float32)
    index = np.empty(len(colours), np.uint8)
    for i in range(0, len(colours), 65536):  # 65536 x 256 distances
        distance = (shown**2).sum(1) - 2 * (colours[i:i + 65536] @ shown.T)
        index[i:i + 65536] = seen[distance.argmin(1)]
    return index
