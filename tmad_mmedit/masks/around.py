"""The part of a picture around its hole."""
import numpy as np

Part = tuple[slice, slice]
TIMES, LEAST = 2, 128  # of the hole's longer side on each side, and pixels


def around(hole: np.ndarray, unknown: np.ndarray) -> Part:
    """Choose what a hole is painted from, where much else is unknown, too,
    as around a sticker: all unknown pixels that a model is given are painted.

    Args:
        hole (np.ndarray): (H, W) bool.
        unknown (np.ndarray): (H, W) bool, the hole and what is invisible.

    Returns:
        tuple: A part of the picture that holds the hole, and something known;
        the picture, where nothing else is unknown.
    """
    if unknown is hole:
        return slice(None), slice(None)
    rows, columns = (np.flatnonzero(hole.any(axis)) for axis in (1, 0))
    longer = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    margin = max(TIMES * longer, LEAST)
    part = tuple(slice(max(x[0] - margin, 0), x[-1] + 1 + margin)
                 for x in (rows, columns))
    if unknown[part].all():
        return slice(None), slice(None)
    return part[0], part[1]
