"""What the method made on its way from a picture to its result."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..models.completion import Completion


@dataclass
class Steps:
    """All upright RGB uint8.

    Attributes:
        coarse (np.ndarray): I_comp, (H, W, 3).
        result (np.ndarray): I_out, (H, W, 3).
        cells (np.ndarray): Row and column of the first pixel of the P hole
            cells, (P, 2).
        patches (np.ndarray): Their synthesis, (P, s, s, 3).
        textures (np.ndarray): What was retrieved, best first,
            (P, K, s, s, 3).
        ranks (np.ndarray): Where the textures stand in the memory, (P, K), or
            (P, 0), if they are no windows of it.
        places (np.ndarray): Row and column of their first pixel in the
            image, (P, K, 2) or (P, 0, 2).
        memory (np.ndarray): (M, s, s, 3).
    """
    coarse: np.ndarray
    result: np.ndarray
    cells: np.ndarray
    patches: np.ndarray
    textures: np.ndarray
    ranks: np.ndarray
    places: np.ndarray
    memory: np.ndarray


def steps_of(image: np.ndarray, hole: np.ndarray, done: Completion) -> Steps:
    """What was made of one picture, as pictures.

    Args:
        image (np.ndarray): (H, W, 3) in [0, 255].
        hole (np.ndarray): (H, W) bool.
        done (Completion): Of a batch of this one.
    """

    def filled(x):
        return np.where(hole[..., None], unscaled(x[0]), image)

    textures = done.retrieval.textures
    # a memory of shifts has no windows of its own
    memory = getattr(done.memory, 'patches', textures[None, :0, 0])
    return Steps(
        coarse=filled(done.comp),
        result=filled(done.out),
        cells=torch.stack(done.cells[1:], -1).cpu().numpy(),
        patches=unscaled(done.patches),
        textures=unscaled(textures),
        ranks=done.retrieval.rank.cpu().numpy(),
        places=done.retrieval.place.cpu().numpy(),
        memory=unscaled(memory[0]))


def unscaled(x: Tensor) -> np.ndarray:
    """(..., 3, H, W) in [-1, 1] to (..., H, W, 3) uint8."""
    x = (x.float().movedim(-3, -1) * 127.5 + 127.5).cpu().numpy()
    return x.clip(0, 255).round().astype(np.uint8)
