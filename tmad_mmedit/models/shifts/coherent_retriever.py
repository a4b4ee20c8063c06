from collections.abc import Sequence
from typing import Optional

import torch
import torch.nn.functional as F
from mmedit.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor

from ..ops.cells import Cells
from ..ops.precision import in_full_precision
from ..ops.window import hole_window
from ..windows.texture_retriever import Retrieval
from .choice import ShiftChoice
from .correspondence_net import Correspondence
from .full_size import at_full_size, reduced_known
from .shift_memory import ShiftMemory


@MODELS.register_module()
class CoherentRetriever(BaseModule):
    """Retrieval in which neighbours agree; not the paper's.

    An entry of its texture memory is a shift, and neighbours of one shift
    continue each other without a seam. A block of the hole chooses by the
    learned similarity of Eq. (3), the coarse result's low frequencies, the
    known surroundings, and the seams to its neighbours; all choose together,
    by belief propagation. Then they choose again, among their own shift,
    moved by a few pixels, and those of their neighbours: whole blocks,
    their quarters, and the quarters of these.

    Args:
        patch_size (int): s, of the queries. Defaults to 32.
        top_k (int): K, textures a query. Defaults to 4.
        block_size (int): b, in pixels of the copy on which labels are chosen,
            half of it in thin holes. Defaults to 8.
        dominant, guided (int): Shifts of each kind, at most; see
            ``shifts.py``.
        continuing (int): Shifts of its own that a block at the rim has
            beside these; see ``continuing_shifts.py``. Defaults to 4.
        labels_per_block (int): L, how many of all shifts a block chooses
            from. Defaults to 32.
        similarity (float): Weight of ``-log a``, for a whole block of hole.
        guidance (float): Weight of the coarse result's low frequencies.
        rim (float): Weight of the known surroundings.
        rim_width (int): How near they are, in pixels. Defaults to 6.
        sigma (float): Of the low frequencies, in pixels. Defaults to 4.
        rounds (int): Of belief propagation. Defaults to 12.
        temperature (float): Of the soft minimum, and of the softmax of the
            beliefs, in the backward pass. Defaults to 1.
        moves (Sequence[int]): By how many pixels a block may move its shift
            when it chooses again, for blocks of b, b/2, b/4, ... pixels,
            down to 2. Defaults to (4, 1, 0).
        max_pixels (int): Of a larger image labels are chosen on a copy
            reduced to so many. Defaults to 512 x 512.

    Raises:
        ValueError: For a block size that is no power of two or below 4,
            counts of shifts that leave none, ``labels_per_block`` below
            ``top_k``, a temperature that is not above 0, or moves below 0.
    """

    of_shifts = True  # what its memory holds

    def __init__(self,
                 patch_size: int = 32,
                 top_k: int = 4,
                 block_size: int = 8,
                 dominant: int = 60,
                 guided: int = 60,
                 continuing: int = 4,
                 labels_per_block: int = 32,
                 similarity: float = 4.,
                 guidance: float = 1.,
                 rim: float = 2.,
                 rim_width: int = 6,
                 sigma: float = 4.,
                 rounds: int = 12,
                 temperature: float = 1.,
                 moves: Sequence[int] = (4, 1, 0),
                 max_pixels: int = 512 * 512) -> None:
        super().__init__()
        if block_size < 4 or block_size & block_size - 1:
            raise ValueError(f'block_size={block_size}: expected a power of '
                             'two, 4 or more: blocks are halved.')
        counts = dominant, guided, continuing
        if min(counts) < 0 or not any(counts):
            raise ValueError(
                f'dominant={dominant}, guided={guided}, '
                f'continuing={continuing} leave no shift to choose from: '
                'expected numbers from 0 on, one of them above.')
        if not 1 <= top_k <= labels_per_block:
            raise ValueError(
                f'top_k={top_k} textures, and a block chooses from '
                f'labels_per_block={labels_per_block} entries: expected 1 <= '
                'top_k <= labels_per_block.')
        if temperature <= 0 or any(reach < 0 for reach in moves):
            raise ValueError(
                f'temperature={temperature}, moves={tuple(moves)}: expected '
                'a temperature above 0, and pixels, 0 or more.')
        self.patch_size = patch_size
        self.num_textures = top_k
        self.choose = ShiftChoice(
            count=top_k,
            block_size=block_size,
            dominant=dominant,
            guided=guided,
            continuing=continuing,
            labels_per_block=labels_per_block,
            similarity=similarity,
            guidance=guidance,
            rim=rim,
            rim_width=rim_width,
            sigma=sigma,
            rounds=rounds,
            temperature=temperature,
            moves=tuple(moves))
        self.max_pixels = max_pixels

    @in_full_precision
    def remember(self,
                 masked_img: Tensor,
                 mask: Tensor,
                 comp: Tensor,
                 correspondence: Correspondence,
                 generator: Optional[torch.Generator] = None,
                 shared_draw: bool = False) -> ShiftMemory:
        """Choose a shift for each pixel of the holes.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W) in [-1, 1].
            mask (Tensor): (N, 1, H, W), 1 = hole.
            comp (Tensor): I_comp, (N, 3, H, W).
            correspondence (Correspondence): Of these images.
            generator, shared_draw: Of the paper's memory. Nothing is drawn
                here: each image's result is the same alone and in a batch.
        """
        window = hole_window(mask)
        small, small_mask = reduced_known(masked_img, mask, self.max_pixels)
        guess = F.adaptive_avg_pool2d(comp, small.shape[-2:])
        guess = guess.where(small_mask.bool(), small)
        there = correspondence.seen_on(mask.shape[-2:], small.shape[-2:])
        shifts, softs = [], []
        for image in range(len(mask)):
            # costs are of images in [0, 1]
            field, soft = self.choose(
                (small[image] + 1) / 2, small_mask[image],
                (guess[image] + 1) / 2, there, image)
            shifts.append(
                at_full_size(field, masked_img[image], mask[image], window))
            softs.append(soft)
        soft = None
        if any(x is not None for x in softs):
            zero = torch.zeros_like(small[0])
            soft = torch.stack([zero if x is None else 2 * x for x in softs])
            soft = F.interpolate(soft, mask.shape[-2:]) * mask
        return ShiftMemory(masked_img, mask, window, torch.stack(shifts),
                           correspondence, soft)

    def forward(self, query: Tensor, memory: ShiftMemory,
                cells: Cells) -> Retrieval:
        """The K textures of each query: what its pixels' shifts show, the
        coherent choice first.

        Args:
            query (Tensor): (P, C, s, s); only its size matters: where it lies
                has been searched already.
            memory (ShiftMemory): From :meth:`remember`.
            cells (Cells): Where the queries lie, P of them.
        """
        (top, _, left, _), s = memory.window, query.shape[-1]
        height, width = memory.mask.shape[-2:]
        span = torch.arange(s, device=query.device)
        at_y = (cells.top[:, None] + span)[:, None, :, None]
        at_x = (cells.left[:, None] + span)[:, None, None, :]
        image = cells.image[:, None, None, None]
        k = torch.arange(self.num_textures, device=query.device)
        k = k[:, None, None]
        # of pixels beyond the window of the holes: as at its border
        h, w = memory.shift.shape[-2:]
        dy, dx = memory.shift[image, k, :, (at_y - top).clamp(0, h - 1),
                              (at_x - left).clamp(0, w - 1)].unbind(-1)
        y = (at_y + dy).clamp(0, height - 1)
        x = (at_x + dx).clamp(0, width - 1)
        textures = memory.masked_img.permute(0, 2, 3, 1)[image, y, x]
        if memory.soft is not None:
            textures = textures + memory.soft.permute(0, 2, 3, 1)[
                image, at_y.clamp(0, height - 1), at_x.clamp(0, width - 1)]
        middle = s // 2
        place = torch.stack([y, x], -1)[:, :, middle, middle] - middle
        none = cells.image.new_empty(len(cells.image), 0)
        return Retrieval(
            textures.movedim(-1, 2), none, place, none.to(textures))
