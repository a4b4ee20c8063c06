from typing import NamedTuple, Optional

import torch
from mmedit.registry import MODELS
from torch import Tensor, nn

from ...models.completion import Completion
from .perceptual import LatePerceptualLoss


class Objective(nn.Module):
    """What is asked of T-MAD: Eqs. (1), (6), (7), (8) and (9).

    Each method returns scalars by name, weighted; their plain sum is Eq. (10).
    A loss whose config is None is not asked for. The discriminators are given
    with each call: several processes train them in wrappers.

    Args:
        loss_coarse_hole, loss_coarse_valid (dict, optional): Of Eq. (1).
        loss_patch_l1, loss_patch_percep, loss_patch_dist (dict, optional): Of
            Eq. (8).
        loss_blending (dict, optional): Eq. (9).
        loss_coarse_pyramid (dict, optional): Of low frequencies, beside
            Eq. (1).
        loss_correspondence (dict, optional): Of the a of Eq. (3).
    """

    def __init__(self,
                 loss_coarse_hole: Optional[dict] = None,
                 loss_coarse_valid: Optional[dict] = None,
                 loss_patch_l1: Optional[dict] = None,
                 loss_patch_percep: Optional[dict] = None,
                 loss_patch_dist: Optional[dict] = None,
                 loss_blending: Optional[dict] = None,
                 loss_coarse_pyramid: Optional[dict] = None,
                 loss_correspondence: Optional[dict] = None) -> None:
        super().__init__()

        def build(cfg):
            return MODELS.build(cfg) if cfg else None

        self.coarse_hole = build(loss_coarse_hole)
        self.coarse_valid = build(loss_coarse_valid)
        self.patch_l1 = build(loss_patch_l1)
        self.patch_percep = LatePerceptualLoss(
            loss_patch_percep) if loss_patch_percep else None
        self.patch_dist = build(loss_patch_dist)
        self.blending = build(loss_blending)
        self.coarse_pyramid = build(loss_coarse_pyramid)
        self.correspondence = build(loss_correspondence)

    @property
    def judges_patches(self) -> bool:
        """Whether anything is asked of what comes after retrieval, or nothing
        at all."""
        parts = (self.patch_l1, self.patch_percep, self.patch_dist,
                 self.blending)
        return any(parts) or not self.correspondence

    def prepare(self, device: torch.device) -> None:
        """Build what is built at the first training step only.

        Raises:
            FileNotFoundError: If the weights of its VGG-19 are missing.
        """
        if self.patch_percep:
            self.patch_percep.prepare(device)

    def coarse(self, coarse: Tensor, gt_img: Tensor,
               mask: Tensor) -> dict[str, Tensor]:
        """Eq. (1), the reconstruction of I by I_c, (N, 3, H, W)."""
        losses = {}
        if self.coarse_hole:
            losses['loss_coarse_hole'] = self.coarse_hole(
                coarse, gt_img, weight=mask)
        if self.coarse_valid:
            losses['loss_coarse_valid'] = self.coarse_valid(
                coarse, gt_img, weight=1 - mask)
        if self.coarse_pyramid:
            losses['loss_coarse_pyramid'] = self.coarse_pyramid(
                coarse, gt_img, mask)
        return losses

    def match(self, correspondence: Optional[NamedTuple], gt_img: Tensor,
              mask: Tensor) -> dict[str, Tensor]:
        """Eq. (3), judged by the truth."""
        if not self.correspondence:
            return {}
        return dict(loss_correspondence=self.correspondence(
            correspondence, gt_img, mask))

    def patch(self, done: Completion, gt_patches: Tensor,
              patch_disc: Optional[nn.Module]) -> dict[str, Tensor]:
        """Eq. (8), with Eq. (7) in it.

        Args:
            done (Completion): With P patches.
            gt_patches (Tensor): The true ones, (P, 3, s, s).
            patch_disc (nn.Module, optional): C, frozen.
        """
        losses = {}
        if self.patch_l1:
            losses['loss_patch_l1'] = self.patch_l1(done.patches, gt_patches)
        if self.patch_percep:
            losses['loss_patch_percep'] = self.patch_percep(
                done.patches, gt_patches)
        if self.patch_dist:
            fake, = logits(patch_disc, done.patches)
            losses['loss_patch_dist'] = self.patch_dist.gen_loss(
                fake, *self._rivals(done, gt_patches, patch_disc))
        return losses

    @torch.no_grad()
    def _rivals(self, done: Completion, gt_patches: Tensor,
                patch_disc: nn.Module) -> tuple[Tensor, ...]:
        """C of all that Eq. (7) compares the patches with: the true ones, the
        textures, the memory's mean. The plain patch GAN compares nothing."""
        if not self.patch_dist.relativistic:
            return ()
        textures, rank = done.retrieval[:2]
        memory, image = done.memory.patches, done.cells.image
        # what is a window of the memory is judged with it
        stands_there = rank.shape == textures.shape[:2]
        others = textures[:0] if stands_there else textures
        real, texture, known = logits(patch_disc, gt_patches,
                                      others.flatten(0, 1),
                                      memory.flatten(0, 1))
        known = known.view(memory.shape[:2])
        texture = (
            known[image[:, None], rank]
            if stands_there else texture.view(textures.shape[:2]))
        return real, texture, known.mean(1)[image]

    def blend(self, done: Completion, mask: Tensor,
              image_disc: Optional[nn.Module]) -> dict[str, Tensor]:
        """Eq. (9), with the image discriminator frozen."""
        if not self.blending:
            return {}
        return dict(
            loss_blend_tv=self.blending.tv_loss(done.out, mask),
            loss_blend_gan=self.blending.gen_loss(image_disc(done.out)))

    def disc(self, done: Completion, gt_img: Tensor, gt_patches: Tensor,
             patch_disc: Optional[nn.Module],
             image_disc: Optional[nn.Module]) -> dict[str, Tensor]:
        """Eq. (6), and the image discriminator's side of Eq. (9)."""
        losses = {}
        if self.patch_dist:
            textures = done.retrieval.textures.detach()
            if not self.patch_dist.relativistic:
                textures = textures[:, :0]
            fake, real, texture = logits(patch_disc, done.patches.detach(),
                                         gt_patches, textures.flatten(0, 1))
            losses['loss_disc_patch'] = self.patch_dist.disc_loss(
                fake, real, texture.view(textures.shape[:2]))
        if self.blending:
            fake, real = image_disc(torch.cat([done.out.detach(),
                                               gt_img])).chunk(2)
            losses['loss_disc_image'] = self.blending.disc_loss(
                fake, real)
        return losses


def logits(patch_disc: nn.Module, *groups: Tensor) -> tuple[Tensor, ...]:
    """C of groups of patches, (P, 3, s, s) each, in one call: (P, ) each."""
    # MMEditing's discriminators flatten features by a view
    values = patch_disc(torch.cat(groups).contiguous()).flatten()
    return values.split([len(group) for group in groups])
