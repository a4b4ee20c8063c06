"""What the method made on its way from a picture to its result."""
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Iterator, List, Tuple

import numpy as np
import torch
from torch import Tensor, nn

from ..models.patches import hole_cells
from ..models.texture_retriever import Retrieval


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
        ranks (np.ndarray): Where the textures stand in the memory, (P, K).
        places (np.ndarray): Row and column of their first pixel in the
            image, (P, K, 2).
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


@contextmanager
def recorded(model: nn.Module
             ) -> Iterator[Tuple[List[Retrieval], List[Tensor]]]:
    """What a T-MAD model's retriever and PSNet answer meanwhile."""
    retrievals, patches = [], []
    hooks = [
        part.register_forward_hook(lambda _, __, out, to=to: to.append(out))
        for part, to in ((model.retriever, retrievals),
                         (model.psnet, patches))
    ]
    try:
        yield retrievals, patches
    finally:
        for hook in hooks:
            hook.remove()


def steps_of(image: np.ndarray, hole: np.ndarray, coarse: np.ndarray,
             out: np.ndarray, retrievals: List[Retrieval],
             patches: List[Tensor]) -> Steps:
    """Join what was recorded of one picture.

    Args:
        image, coarse, out (np.ndarray): (H, W, 3) in [0, 255].
        hole (np.ndarray): (H, W) bool.
        retrievals, patches (list): As :func:`recorded` gives them.
    """
    memory = retrievals[0].memory
    ranks = torch.cat([x.rank for x in retrievals])
    patches = torch.cat(patches)
    mask = torch.from_numpy(hole)[None, None].float()
    cells = hole_cells(mask, patches.shape[-1])[0].nonzero()
    places = torch.stack([memory.top[0][ranks], memory.left[0][ranks]], -1)
    return Steps(
        coarse=to_bytes(np.where(hole[..., None], coarse, image)),
        result=to_bytes(np.where(hole[..., None], out, image)),
        cells=(cells * patches.shape[-1]).numpy(),
        patches=unscaled(patches),
        textures=unscaled(torch.cat([x.textures for x in retrievals])),
        ranks=ranks.cpu().numpy(),
        places=places.cpu().numpy(),
        memory=unscaled(memory.patches[0]))


def to_bytes(x: np.ndarray) -> np.ndarray:
    return x.clip(0, 255).round().astype(np.uint8)


def unscaled(x: Tensor) -> np.ndarray:
    """(..., 3, s, s) in [-1, 1] to (..., s, s, 3) uint8."""
    return to_bytes(((x.float().movedim(-3, -1) + 1) * 127.5).cpu().numpy())
