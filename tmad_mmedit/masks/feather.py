"""The hole's edge, faded in."""
import warnings
from typing import Optional

import cv2
import numpy as np


def feathered(painted: np.ndarray, image: np.ndarray, hole: np.ndarray,
              width: int, hidden: Optional[np.ndarray] = None) -> np.ndarray:
    """Blend from the image to the painting over the outermost ``width``
    pixels of the hole; nothing outside of it changes.

    A hole that is too narrow fades in over half of its way to the middle
    instead, with a warning: else what is to be removed would shine through.

    Args:
        painted (np.ndarray): (H, W, 3).
        image (np.ndarray): (H, W, 3).
        hole (np.ndarray): (H, W) bool.
        width (int): Pixels.
        hidden (np.ndarray, optional): (H, W) bool, what of the image is not
            to shine through anywhere.
    """
    if not width:
        return painted
    binary = hole.astype(np.uint8)
    depth = cv2.distanceTransform(binary, cv2.DIST_L2, 5)
    count, labels = cv2.connectedComponents(binary)
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, labels[hole], depth[hole])
    widths = np.minimum(width, np.minimum(deepest / 2, deepest - 1)).clip(0)
    if (widths[1:] < width).any():
        warnings.warn(
            f'a feather of {width} pixels is too wide for '
            f'{(widths[1:] < width).sum()} of {count - 1} holes: there it '
            f'has {int(widths[1:].min())} to '
            f'{int(widths[1:][widths[1:] < width].max())}', stacklevel=2)
    weight = (depth / (widths[labels] + 1)).clip(max=1)[..., None]
    if hidden is not None:
        weight = np.where(hidden[..., None], 1, weight)
    return weight * painted + (1 - weight) * image
