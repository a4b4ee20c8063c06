from typing import NamedTuple, Optional

from torch import Tensor

from .ops.cells import Cells
from .windows.texture_memory import TextureMemory
from .windows.texture_retriever import Retrieval


class Completion(NamedTuple):
    """One pass of T-MAD and all it made on its way.

    Attributes:
        coarse (Tensor): I_c, (N, 3, H, W), or I_comp, where of the coarse
            result only the hole was wanted.
        comp (Tensor): I_comp, (N, 3, H, W): I_c in the hole, I_m around it.
        memory (TextureMemory): What was searched for textures.
        cells (Cells): The P cells that were synthesised; of patches that
            overlap those of all four grids, also beyond the border.
        patches (Tensor): PSNet's result, (P, 3, s, s).
        retrieval (Retrieval, optional): Their textures, if they were kept.
        out (Tensor): I_out, (N, 3, H, W).
    """
    coarse: Tensor
    comp: Tensor
    memory: TextureMemory
    cells: Cells
    patches: Tensor
    retrieval: Optional[Retrieval]
    out: Tensor
