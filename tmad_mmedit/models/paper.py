"""Texture Memory-Augmented Deep Patch-Based Image Inpainting, as published."""
from functools import partial
from typing import NamedTuple, Optional

import torch
from torch import Tensor, nn

from .crops import Crop, CropSettings, by_crops
from .ops.cells import Cells
from .synthesis.painting import joined, paint, paint_overlapped
from .synthesis.psnet import PSNet
from .windows.texture_memory import TextureMemory
from .windows.texture_retriever import Retrieval, TextureMemoryRetriever


class TMADTrace(NamedTuple):
    """What was made on the way from N pictures to their results.

    Attributes:
        coarse (Tensor): I_c, (N, 3, H, W), or I_comp, where of the coarse
            result only the hole was wanted.
        comp (Tensor): I_comp, (N, 3, H, W), the guess: I_c in the hole, I_m
            around it.
        memory (TextureMemory): What was searched for textures, of each
            picture, or of each hole that was completed by itself.
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


class TMAD(nn.Module):
    """Completes holes patch by patch, each from its surroundings and the most
    similar textures of the same picture.

    Images are RGB in [-1, 1], masks 1 = hole, and the hole of a masked image
    is 0.

    >>> from tmad_mmedit.load import build_model
    >>> model = build_model(dict(method='paper'))
    >>> mask = torch.zeros(1, 1, 64, 64)
    >>> mask[..., 20:30, 20:30] = 1
    >>> with torch.no_grad():
    ...     done = model(torch.rand(1, 3, 64, 64) * (1 - mask), mask)
    >>> done.patches.shape  # of the one cell that the hole touches
    torch.Size([1, 3, 32, 32])

    Args:
        coarse (nn.Module): The coarse stage: see :class:`CoarseStage`.
        retriever (TextureMemoryRetriever): Sec. III-B.
        psnet (PSNet): Sec. III-C.
        crops (CropSettings, optional): From how much around it a hole is
            painted; None: from all of the picture, as in the paper.
        coarse_pixels (int, optional): Of a larger picture or crop the coarse
            stage sees a copy reduced to so many; None: it never does.
        patches_at_once (int): What bounds the memory. Defaults to 64.
        seed (int), overlap (bool): Of a call that does not say them; see
            :meth:`inpaint`. Default to 0 and False.

    Raises:
        ValueError: If retriever and PSNet do not go together.
    """

    paints_patches = True  # drawn from a seed, and overlapped if asked for

    def __init__(self,
                 coarse: nn.Module,
                 retriever: TextureMemoryRetriever,
                 psnet: PSNet,
                 crops: Optional[CropSettings] = None,
                 coarse_pixels: Optional[int] = 1024 * 1024,
                 patches_at_once: int = 64,
                 seed: int = 0,
                 overlap: bool = False) -> None:
        super().__init__()
        self.coarse = coarse
        self.retriever = retriever
        self.psnet = psnet
        self.patch_size = retriever.patch_size
        self.crops = crops
        self.coarse_pixels = coarse_pixels
        self.patches_at_once = patches_at_once
        self.seed = seed
        self.overlap = overlap
        check_textures(retriever, psnet)

    def complete(self,
                 masked_img: Tensor,
                 mask: Tensor,
                 cells: Optional[Cells] = None,
                 generator: Optional[torch.Generator] = None,
                 coarse_pixels: Optional[int] = None,
                 hole_only: bool = False,
                 shared_draw: bool = False,
                 overlap: bool = False,
                 at_once: Optional[int] = None,
                 keep_retrieval: bool = True) -> TMADTrace:
        """Take the steps of the method, in their order.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            cells (Cells, optional): Which cells to synthesise. Defaults to
                all that touch the hole.
            generator (torch.Generator, optional): Of the memory's draw.
            coarse_pixels (int, optional): See the class.
            hole_only (bool): Of the coarse result only the hole is wanted.
            shared_draw (bool): One draw for all images, so that the result
                does not depend on the batch.
            overlap (bool): Patches overlap by half, on four grids of their
                own.
            at_once (int, optional): Patches at a time. Defaults to all.
            keep_retrieval (bool): Whether the textures of all patches are
                kept.

        Returns:
            TMADTrace: Hole pixels outside the cells keep the coarse result;
            known pixels are the input's.
        """
        hole = mask.bool()
        coarse = self.coarse(masked_img, mask, coarse_pixels, hole_only)
        comp = coarse.where(hole, masked_img)
        # in a wrapper for several processes only calls reach a child; its call
        # below has the gradients of phi exchanged as well
        remember = getattr(self.retriever, 'module', self.retriever).remember
        memory = remember(masked_img, mask, generator, shared_draw)

        def retrieve(query, cells):
            return self.retriever(query, memory, cells)

        painted = paint_overlapped if overlap else partial(paint, cells=cells)
        made = painted(
            comp,
            mask,
            self.patch_size,
            self.psnet,
            retrieve,
            at_once=at_once,
            keep_retrieval=keep_retrieval)
        return TMADTrace(comp if hole_only else coarse, comp, memory,
                         made.cells, made.patches, made.retrieval,
                         made.picture.where(hole, masked_img))

    def inpaint(self,
                masked_img: Tensor,
                mask: Tensor,
                seed: Optional[int] = None,
                overlap: Optional[bool] = None,
                keep_retrieval: bool = False) -> TMADTrace:
        """Complete the pictures, each the same alone and in a batch.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W).
            mask (Tensor): (N, 1, H, W), 1 = hole.
            seed (int, optional): Of the memory's draw.
            overlap (bool, optional): Patches overlap by half and are blended,
                against seams, for four times the work.
            keep_retrieval (bool): See :meth:`complete`. Defaults to False.
        """
        seed = self.seed if seed is None else seed
        overlap = self.overlap if overlap is None else overlap

        def complete(masked_img, mask, wanted=None):
            return self.complete(
                masked_img,
                mask,
                generator=draw_generator(seed),
                coarse_pixels=self.coarse_pixels,
                hole_only=True,
                shared_draw=True,
                overlap=overlap,
                at_once=self.patches_at_once,
                keep_retrieval=keep_retrieval)

        if self.crops is None:
            return complete(masked_img, mask)
        comp, out = masked_img.clone(), masked_img.clone()
        made: list[TMADTrace] = []
        for crop, done in by_crops(complete, out, mask, self.crops):
            crop.paste(comp, done.comp)
            crop.paste(out, done.out)
            made.append(done_in(crop, done, len(made)))
        retrievals = [done.retrieval for done in made if done.retrieval]
        return TMADTrace(
            comp, comp, joined([done.memory for done in made]),
            joined([done.cells for done in made]),
            torch.cat([done.patches for done in made]),
            joined(retrievals) if retrievals else None, out)

    forward = inpaint


def check_textures(retriever: nn.Module, psnet: nn.Module) -> None:
    """Raises ValueError if PSNet takes another number of textures than the
    retriever gives."""
    given, taken = (getattr(part, 'num_textures', None)
                    for part in (retriever, psnet))
    if None not in (given, taken) and given != taken:
        raise ValueError(
            f'the retriever gives {given} textures and psnet takes {taken}: '
            f'set model.psnet.num_textures={given}.')


def draw_generator(seed: int, step: int = 0) -> torch.Generator:
    """Return the generator of a draw, by the seed and the training's step."""
    return torch.Generator().manual_seed(seed * 1_000_003 + step)


def done_in(crop: Crop, done: TMADTrace, before: int) -> TMADTrace:
    """Say where things lie in the batch, and not in a crop of it.

    Args:
        crop (Crop): Of a picture of the batch.
        done (TMADTrace): Of the crop.
        before (int): Crops whose memories precede this one's, end to end.
    """
    top, left, memory = crop.window.top, crop.window.left, done.memory
    retrieval = done.retrieval and done.retrieval._replace(
        rank=done.retrieval.rank + before * memory.top.shape[1],
        place=done.retrieval.place + done.retrieval.place.new_tensor(
            [top, left]))
    cells = done.cells.moved(top, left)
    return done._replace(
        memory=memory._replace(top=memory.top + top, left=memory.left + left),
        cells=cells._replace(image=cells.image + crop.n),
        retrieval=retrieval)
