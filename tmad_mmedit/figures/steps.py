"""What a method made on its way from a picture to its result."""
from dataclasses import dataclass
from typing import Optional, Union

import numpy as np
import torch
from torch import Tensor

from ..models.coherent import CoherentTrace
from ..models.paper import TMADTrace

CELL = 32  # pixels: of the cells in which copies are shown


@dataclass
class Steps:
    """What was made of one picture; all upright RGB uint8.

    Attributes:
        coarse (np.ndarray): I_comp, (H, W, 3).
        result (np.ndarray): I_out, (H, W, 3).
        cells (np.ndarray): Row and column of the first pixel of P cells that
            touch the hole, (P, 2).
        patches (np.ndarray): What was made of them, (P, s, s, 3).
        textures (np.ndarray): What was retrieved, best first,
            (P, K, s, s, 3); of copied pixels what they show, K = 1.
        ranks (np.ndarray): Where the textures stand in the memory, (P, K), or
            (P, 0), if they are no windows of it.
        places (np.ndarray): Row and column of their first pixel in the
            image, (P, K, 2), of copied pixels that of the cell's middle less
            s/2; or (P, 0, 2).
        memory (np.ndarray): (M, s, s, 3); none where pixels are copied.
        sources (np.ndarray, optional): Row and column of where each pixel was
            copied from, (2, H, W), of known ones their own; None where no
            pixels are copied.
    """
    coarse: np.ndarray
    result: np.ndarray
    cells: np.ndarray
    patches: np.ndarray
    textures: np.ndarray
    ranks: np.ndarray
    places: np.ndarray
    memory: np.ndarray
    sources: Optional[np.ndarray] = None


def steps_of(image: np.ndarray, hole: np.ndarray,
             done: Union[CoherentTrace, TMADTrace]) -> Steps:
    """Return what was made of one picture, as pictures.

    Args:
        image (np.ndarray): (H, W, 3) in [0, 255].
        hole (np.ndarray): (H, W) bool.
        done: The trace of a batch of this one.
    """

    def filled(x):
        return np.where(hole[..., None], unscaled(x[0]), image)

    coarse, result = filled(done.comp), filled(done.out)
    if isinstance(done, CoherentTrace):
        return Steps(coarse, result, *copies(image, hole, result, done))
    return Steps(
        coarse=coarse,
        result=result,
        cells=torch.stack(done.cells[1:], -1).cpu().numpy(),
        patches=unscaled(done.patches),
        textures=unscaled(done.retrieval.textures),
        ranks=done.retrieval.rank.cpu().numpy(),
        places=done.retrieval.place.cpu().numpy(),
        memory=unscaled(done.memory.patches.flatten(0, 1)))


def copies(image: np.ndarray, hole: np.ndarray, result: np.ndarray,
           done: CoherentTrace) -> tuple[np.ndarray, ...]:
    """Cut what copied pixels show, and what became of them, into cells.

    Args:
        image, result (np.ndarray): (H, W, 3).
        hole (np.ndarray): (H, W) bool.
        done (CoherentTrace): With the shifts of the hole's pixels.

    Returns:
        tuple[np.ndarray]: Cells, patches, textures, ranks, places, memory and
        sources of :class:`Steps`.
    """
    height, width = hole.shape
    place = np.indices((height, width))
    (top, bottom, left, right), shift = done.field[:2]
    there = place.copy()
    there[:, top:bottom, left:right] += shift[0].cpu().numpy()
    there = sources = np.where(hole, there, place)
    shown = image.round().astype(np.uint8)[there[0], there[1]]

    below, beside = -height % CELL, -width % CELL
    shown, result, there, padded = (
        np.pad(x, [*more, (0, below), (0, beside), *channels], 'edge')
        for x, more, channels in ((shown, (), [(0, 0)]),
                                  (result, (), [(0, 0)]),
                                  (there, [(0, 0)], ()), (hole, (), ())))
    grid = padded.reshape(-(-height // CELL), CELL, -1, CELL).any((1, 3))
    cells = np.argwhere(grid) * CELL
    rows = cells[:, 0, None, None] + np.arange(CELL)[:, None]
    columns = cells[:, 1, None, None] + np.arange(CELL)
    middle = cells + CELL // 2
    places = there[:, middle[:, 0], middle[:, 1]].T - CELL // 2
    return (cells, result[rows, columns], shown[rows, columns][:, None],
            np.empty((len(cells), 0), int), places[:, None],
            np.empty((0, CELL, CELL, 3), np.uint8), sources)


def unscaled(x: Tensor) -> np.ndarray:
    """Return (..., 3, H, W) in [-1, 1] as (..., H, W, 3) uint8."""
    pixels = (x.float().movedim(-3, -1) * 127.5 + 127.5).cpu().numpy()
    return pixels.clip(0, 255).round().astype(np.uint8)
