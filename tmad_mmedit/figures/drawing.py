"""The steps of the method in one figure (the paper's Figures 6 and 7)."""
from collections.abc import Sequence
from typing import Optional

import cv2
import numpy as np

from .steps import Steps

COLOURS = ((230, 60, 50), (50, 140, 230), (60, 180, 75), (240, 180, 30))


def draw(image: np.ndarray, hole: np.ndarray, steps: Steps, count: int,
         side: Optional[int] = None) -> np.ndarray:
    """Masked input with lines from hole patches to where their textures came
    from, coarse result, result; below, each patch's coarse query, textures
    and synthesis, then the memory.

    Args:
        image (np.ndarray): (H, W, 3) in [0, 255].
        hole (np.ndarray): (H, W) bool.
        steps (Steps): Of the two.
        count (int): Hole patches to follow.
        side (int, optional): What neither side of the three pictures
            exceeds; larger ones are reduced, patches never. Defaults to none.

    Returns:
        np.ndarray: (h, w, 3) uint8, RGB.
    """
    s = steps.patches.shape[1]
    scale = min(1, side / max(hole.shape)) if side else 1
    masked = np.where(hole[..., None], 127.5, image).round().astype(np.uint8)
    masked = reduced(np.ascontiguousarray(masked), scale)
    chosen = np.linspace(0, len(steps.cells) - 1, count).round().astype(int)
    rows, gap = [], 4

    def corners(place: Sequence[int], to: float) -> tuple[int, int]:
        """x and y of a point of a patch in the reduced picture."""
        y, x = place
        return round((x + to) * scale), round((y + to) * scale)

    padded = np.pad(steps.coarse, [(0, s), (0, s), (0, 0)], 'edge')
    for n, i in enumerate(dict.fromkeys(chosen.tolist())):
        colour = COLOURS[n % len(COLOURS)]
        cell = steps.cells[i].tolist()
        for place in steps.places[i].tolist():
            cv2.rectangle(masked, corners(place, 0), corners(place, s), colour)
            cv2.line(masked, corners(cell, s // 2), corners(place, s // 2),
                     colour)
        cv2.rectangle(masked, corners(cell, 0), corners(cell, s), colour, 2)
        top, left = cell
        tiles = [padded[top:top + s, left:left + s], *steps.textures[i],
                 steps.patches[i]]
        tiles = [cv2.copyMakeBorder(np.ascontiguousarray(x), 2, 2, 2, 2,
                                    cv2.BORDER_CONSTANT, value=colour)
                 for x in tiles]
        rows.append(np.concatenate(tiles, 1))
    top_row = np.concatenate([masked, reduced(steps.coarse, scale),
                              reduced(steps.result, scale)], 1)
    across = max(top_row.shape[1] // s, 1)
    memory = list(steps.memory)  # empty, where it holds shifts
    blank = np.full((s, s, 3), 255, np.uint8)
    memory += [blank] * (-len(memory) % across)
    rows += [np.concatenate(memory[i:i + across], 1)
             for i in range(0, len(memory), across)]
    return stack([top_row, *rows], gap)


def reduced(image: np.ndarray, scale: float) -> np.ndarray:
    """Both sides by a factor of at most 1."""
    if scale == 1:
        return image
    height, width = (max(round(x * scale), 1) for x in image.shape[:2])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def stack(rows: Sequence[np.ndarray], gap: int) -> np.ndarray:
    """Rows of any widths below each other, on white."""
    width = max(row.shape[1] for row in rows)
    return np.concatenate([
        np.pad(row, [(0, gap), (0, width - row.shape[1]), (0, 0)],
               constant_values=255) for row in rows])
