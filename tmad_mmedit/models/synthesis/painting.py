"""From a picture with a coarse hole to a painted one (Sec. III-C): queries,
textures, surroundings, PSNet, paste."""
from collections.abc import Sequence
from itertools import product
from typing import Any, Callable, NamedTuple, Optional, TypeVar

import torch
from torch import Tensor, nn

from ..ops.cells import Cells, reflect
from ..windows.texture_retriever import Retrieval
from .patches import extract, hole_cells, paste, select_cells

# Queries (P, 3, s, s) and their cells, to their textures
Retrieve = Callable[[Tensor, Cells], Retrieval]
Parts = TypeVar('Parts', bound=tuple)


class Painting(NamedTuple):
    """A painted picture and what it was made of.

    Attributes:
        picture (Tensor): (N, 3, H, W).
        cells (Cells): The P cells that were painted.
        patches (Tensor): What was painted there, (P, 3, s, s).
        retrieval (Retrieval, optional): What was retrieved for them.
    """
    picture: Tensor
    cells: Cells
    patches: Tensor
    retrieval: Optional[Retrieval]


def paint(comp: Tensor,
          mask: Tensor,
          size: int,
          psnet: nn.Module,
          retrieve: Retrieve,
          cells: Optional[Cells] = None,
          at_once: Optional[int] = None,
          keep_retrieval: bool = True) -> Painting:
    """Paint cells of a picture.

    Args:
        comp (Tensor): I_comp, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        size (int): s.
        psnet (nn.Module): Windows and textures to patches, see :class:`PSNet`.
        retrieve (Callable): Queries and their cells to a retrieval.
        cells (Cells, optional): Of the s-grid; by default all that touch the
            hole.
        at_once (int, optional): Patches at a time, which bounds the memory.
            Defaults to None: all.
        keep_retrieval (bool): The textures of a large hole weigh K times what
            its patches do. Defaults to True.
    """
    if cells is None:
        cells = select_cells(hole_cells(mask, size), size)
    margin = size // 2
    at_once = at_once or max(len(cells.image), 1)
    made, retrievals = [], []
    for part in map(Cells, *(index.split(at_once) for index in cells)):
        context = torch.cat(
            [extract(x, part, size, margin) for x in (comp, mask)], 1)
        query = context[:, :-1, margin:-margin, margin:-margin]
        found = retrieve(query, part)
        made.append(psnet(context, found.textures))
        if keep_retrieval:
            retrievals.append(found)
    patches = torch.cat(made) if len(made) > 1 else made[0]
    return Painting(paste(comp, patches, cells), cells, patches,
                    joined(retrievals) if retrievals else None)


def paint_overlapped(comp: Tensor,
                     mask: Tensor,
                     size: int,
                     psnet: nn.Module,
                     retrieve: Retrieve,
                     at_once: Optional[int] = None,
                     keep_retrieval: bool = True) -> Painting:
    """Paint as :func:`paint`, with patches that overlap by half.

    The picture is painted on four grids, half a patch apart. A pixel is their
    mean, weighted by how near it is to the middle of its patch on each, so
    that no seam is left.
    """
    height, width = comp.shape[-2:]
    place = torch.arange(size, device=comp.device) + 0.5
    hat = 1 - (2 * place / size - 1).abs()  # + its shift by s/2 = 1
    out = torch.zeros_like(comp)
    cells, patches, retrievals = [], [], []
    for top, left in product((0, size // 2), repeat=2):

        def retrieve_here(query, cells, top=top, left=left):
            return retrieve(query, cells.moved(-top, -left))

        painting = paint(
            reflect(comp, left, 0, top, 0), reflect(mask, left, 0, top, 0),
            size, psnet, retrieve_here, None, at_once, keep_retrieval)
        rows = torch.arange(top, top + height, device=comp.device)
        columns = torch.arange(left, left + width, device=comp.device)
        weight = hat[rows % size, None] * hat[columns % size]
        out += weight * painting.picture[..., top:, left:]
        cells.append(painting.cells.moved(-top, -left))
        patches.append(painting.patches)
        if painting.retrieval:
            retrievals.append(painting.retrieval)
    return Painting(out, joined(cells), torch.cat(patches),
                    joined(retrievals) if retrievals else None)


def joined(parts: Sequence[Parts]) -> Parts:
    """Join one or more tuples of tensors, all of one kind, end to end."""
    if len(parts) == 1:
        return parts[0]
    whole: list[Any] = [
        None if x[0] is None else torch.cat(x) for x in zip(*parts)]
    return type(parts[0])(*whole)
