from itertools import product
from typing import Optional, Tuple

import torch
from torch import Tensor, nn

from .patches import (Cells, extract, hole_cells, paste, reflect,
                      select_cells)
from .texture_retriever import Retrieval


class Painter:
    """Paints the patches of a batch of images (Sec. III-B and III-C): queries,
    textures, surroundings, PSNet. The texture memory is drawn once.

    Args:
        retriever (nn.Module): The texture retriever.
        psnet (nn.Module): The patch synthesis network.
        size (int): s.
        masked_img (Tensor): I_m, (N, 3, H, W), of which the memory is made.
        mask (Tensor): (N, 1, H, W), 1 = hole.
        generator (torch.Generator, optional): Of the memory's draw.
    """

    def __init__(self, retriever: nn.Module, psnet: nn.Module, size: int,
                 masked_img: Tensor, mask: Tensor,
                 generator: Optional[torch.Generator]) -> None:
        self.retriever = retriever
        self.psnet = psnet
        self.size = size
        self.known = masked_img, mask, generator
        self.memory = None

    def synthesise(self, comp: Tensor, mask: Tensor,
                   cells: Cells) -> Tuple[Tensor, Retrieval]:
        """Patches (P, 3, s, s) of cells, and their textures.

        Args:
            comp (Tensor): I_comp, (N, 3, H', W').
            mask (Tensor): (N, 1, H', W').
            cells (Cells): P cells of comp.
        """
        margin = self.size // 2
        context = torch.cat(
            [extract(x, cells, self.size, margin) for x in (comp, mask)], 1)
        query = context[:, :-1, margin:-margin, margin:-margin]
        retrieval = self.retriever(query, cells.image, *self.known,
                                   self.memory)
        self.memory = retrieval.memory
        return self.psnet(context, retrieval.textures), retrieval

    def paint(self, comp: Tensor, mask: Tensor, at_once: int) -> Tensor:
        """I_comp, (N, 3, H', W'), with all cells that touch the hole painted,
        ``at_once`` patches at a time."""
        cells = select_cells(hole_cells(mask, self.size))
        parts = zip(*(index.split(at_once) for index in cells))
        patches = [
            self.synthesise(comp, mask, Cells(*part))[0] for part in parts
        ]
        return paste(comp, torch.cat(patches), cells)

    def paint_overlapped(self, comp: Tensor, mask: Tensor,
                         at_once: int) -> Tensor:
        """As :meth:`paint`, with patches that overlap by half.

        The image is painted on four grids, half a patch apart. A pixel is
        their mean, weighted by how near it is to the middle of its patch on
        each, so that no seam is left.
        """
        height, width = comp.shape[-2:]
        place = torch.arange(self.size, device=comp.device) + 0.5
        hat = 1 - (2 * place / self.size - 1).abs()  # + its shift by s/2 = 1
        out = torch.zeros_like(comp)
        for top, left in product((0, self.size // 2), repeat=2):
            shifted = (reflect(x, left, 0, top, 0) for x in (comp, mask))
            painted = self.paint(*shifted, at_once)[..., top:, left:]
            rows = torch.arange(top, top + height, device=comp.device)
            columns = torch.arange(left, left + width, device=comp.device)
            weight = hat[rows % self.size, None] * hat[columns % self.size]
            out += weight * painted
        return out
