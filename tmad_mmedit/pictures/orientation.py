"""How a picture lies in its file, by EXIF's tag 274, and upright."""
from typing import Callable

import numpy as np

TAG = 274
# from stored to upright, as views
UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda x: np.rot90(x, 2),
    4: np.flipud,
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: np.rot90(x, 2).swapaxes(0, 1),
    8: np.rot90
}


def upright(stored: np.ndarray, orientation: int) -> np.ndarray:
    """A view, (H, W) or (H, W, C); what is no orientation changes nothing."""
    return UPRIGHT.get(orientation, np.asarray)(stored)


def laid_back(array: np.ndarray, orientation: int) -> np.ndarray:
    """The inverse of :func:`upright`; only quarter turns are not their own."""
    return upright(array, {6: 8, 8: 6}.get(orientation, orientation))
