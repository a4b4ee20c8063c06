"""The terms of the objective, Eqs. (1), (7), (8) and (9): what each loss of a
config looks at."""
from typing import Callable, NamedTuple, Optional, Union

import torch
from torch import Tensor, nn

from ...models.ops.cells import Cells
from ...models.synthesis.patches import extract


class Judged(NamedTuple):
    """What there is to be judged.

    Attributes:
        done (NamedTuple): A method's trace, see :class:`TMADTrace`.
        gt_img (Tensor): I, (N, 3, H, W).
        mask (Tensor): (N, 1, H, W), 1 = hole.
        patch_disc (nn.Module, optional): C of single patches, frozen.
        image_disc (nn.Module, optional): Of whole images, frozen.
    """
    done: NamedTuple
    gt_img: Tensor
    mask: Tensor
    patch_disc: Optional[nn.Module] = None
    image_disc: Optional[nn.Module] = None

    @property
    def gt_patches(self) -> Tensor:
        """The true patches, (P, 3, s, s)."""
        done = self.done
        return extract(self.gt_img, done.cells, done.patches.shape[-1])


Value = Union[Tensor, dict[str, Tensor]]


class Term(NamedTuple):
    """What a loss looks at: the coarse result, the correspondence, or all."""
    judge: Callable[[nn.Module, Judged], Value]
    of: str


def coarse_hole(loss: nn.Module, x: Judged) -> Tensor:
    """Eq. (1), in the hole."""
    return loss(x.done.coarse, x.gt_img, weight=x.mask)


def coarse_valid(loss: nn.Module, x: Judged) -> Tensor:
    """Eq. (1), around it."""
    return loss(x.done.coarse, x.gt_img, weight=1 - x.mask)


def coarse_pyramid(loss: nn.Module, x: Judged) -> Tensor:
    """Ours: low frequencies, beside Eq. (1)."""
    return loss(x.done.coarse, x.gt_img, x.mask)


def correspondence(loss: nn.Module, x: Judged) -> Tensor:
    """Ours: the a of Eq. (3), judged by the truth."""
    return loss(x.done.correspondence, x.gt_img, x.mask)


def patches(loss: nn.Module, x: Judged) -> Tensor:
    """Eq. (8), but for its last term."""
    return loss(x.done.patches, x.gt_patches)


def patch_dist(loss: nn.Module, x: Judged) -> Tensor:
    """Eq. (7)."""
    fake, = logits(x.patch_disc, x.done.patches)
    return loss.gen_loss(fake, *_rivals(loss, x))


@torch.no_grad()
def _rivals(loss: nn.Module, x: Judged) -> tuple[Tensor, ...]:
    """Return C of all that Eq. (7) compares the patches with: the true ones,
    the textures, the memory's mean. The plain patch GAN compares nothing."""
    if not loss.relativistic:
        return ()
    textures, rank = x.done.retrieval[:2]
    memory, image = x.done.memory.patches, x.done.cells.image
    # what is a window of the memory is judged with it
    stands_there = rank.shape == textures.shape[:2]
    others = textures[:0] if stands_there else textures
    real, texture, known = logits(x.patch_disc, x.gt_patches,
                                  others.flatten(0, 1), memory.flatten(0, 1))
    known = known.view(memory.shape[:2])
    texture = (
        known[image[:, None], rank]
        if stands_there else texture.view(textures.shape[:2]))
    return real, texture, known.mean(1)[image]


def retrieval(loss: nn.Module, x: Judged) -> Tensor:
    """Ours: the a of Eq. (3) of a memory of windows, judged by the truth."""
    memory, cells = x.done.memory.patches, x.done.cells
    true, hole = (extract(y, cells, memory.shape[-1])
                  for y in (x.gt_img, x.mask))
    return loss(x.done.retrieval.weights, memory, true, hole, cells.image)


def out_percep(loss: nn.Module, x: Judged) -> Tensor:
    """Ours: I_out around the hole, in place of ``loss_patch_percep``, for a
    network whose maps of a single patch would be little but padding."""
    cells, size = around_holes(x.mask)
    return loss(*(extract(y, cells, size)
                  for y in (x.done.out, x.gt_img, x.mask)))[0]


def around_holes(mask: Tensor, margin: int = 16) -> tuple[Cells, int]:
    """Find a square window of each image, all of one size, around its hole.

    Args:
        mask (Tensor): (N, 1, H, W), 1 = hole.
        margin (int): Known pixels around the largest hole, at least. Defaults
            to 16. Windows end where the image does, if it is large enough.

    Returns:
        tuple[Cells, int]: N windows and their size, a multiple of 32.
    """
    starts, sizes = [], []
    for axis in (2, 3):
        hole = mask.amax((1, 5 - axis))  # (N, length)
        first = hole.argmax(1)
        last = hole.shape[1] - hole.flip(1).argmax(1)
        starts.append((first + last) // 2)
        sizes.append((last - first).max().item())
    size = -(-(max(sizes) + 2 * margin) // 32) * 32
    top, left = (
        (centre - size // 2).clamp(max=length - size).clamp(min=0)
        for centre, length in zip(starts, mask.shape[2:]))
    return Cells(torch.arange(len(mask), device=mask.device), top, left), size


def blending(loss: nn.Module, x: Judged) -> dict[str, Tensor]:
    """Eq. (9)."""
    return dict(
        loss_blend_tv=loss.tv_loss(x.done.out, x.mask),
        loss_blend_gan=loss.gen_loss(x.image_disc(x.done.out)))


def logits(patch_disc: nn.Module, *groups: Tensor) -> tuple[Tensor, ...]:
    """Return C of groups of patches, (P, 3, s, s) each, in one call: (P, )
    each."""
    # MMEditing's discriminators flatten features by a view
    values = patch_disc(torch.cat(groups).contiguous()).flatten()
    return values.split([len(group) for group in groups])


TERMS = dict(
    loss_coarse_hole=Term(coarse_hole, 'coarse'),
    loss_coarse_valid=Term(coarse_valid, 'coarse'),
    loss_coarse_pyramid=Term(coarse_pyramid, 'coarse'),
    loss_correspondence=Term(correspondence, 'match'),
    loss_retrieval=Term(retrieval, 'match'),
    loss_patch_l1=Term(patches, 'result'),
    loss_patch_percep=Term(patches, 'result'),
    loss_patch_dist=Term(patch_dist, 'result'),
    loss_out_percep=Term(out_percep, 'result'),
    loss_blending=Term(blending, 'result'))
