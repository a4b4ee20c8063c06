from difflib import get_close_matches
from typing import NamedTuple, Optional

import torch
from torch import Tensor, nn

from ..host import build
from .perceptual import LatePerceptualLoss
from .terms import TERMS, Judged, Term, logits


class Objective(nn.Module):
    """What is asked of a method: the sum of named terms, Eq. (10), each a loss
    of the config, weighted.

    Args:
        losses (dict[str, dict]): Configs of losses. What those of
            ``terms.TERMS`` look at stands there. One of another name has a
            method ``judge(judged)``, a :class:`Judged` to a scalar.

    Raises:
        ValueError: For a name that is none of these.
    """

    def __init__(self, losses: dict[str, dict]) -> None:
        super().__init__()
        self.losses: dict = {}
        self.terms: dict[str, Term] = {}
        for name, config in losses.items():
            loss = (LatePerceptualLoss(config) if name == 'loss_patch_percep'
                    else build(config))
            if name not in TERMS and not hasattr(loss, 'judge'):
                raise unknown(name)
            self.losses[name] = loss
            self.terms[name] = TERMS.get(name) or Term(
                lambda loss, judged: loss.judge(judged), 'result')
            if isinstance(loss, nn.Module):
                self.add_module(name, loss)

    @property
    def judges_result(self) -> bool:
        """Whether anything is asked of what comes after the guess and its
        correspondence, or nothing of that."""
        asked = {term.of for term in self.terms.values()}
        return 'result' in asked or 'match' not in asked

    @property
    def judges_known(self) -> bool:
        """Whether anything is asked of the guess at known pixels."""
        return 'loss_coarse_valid' in self.losses

    def prepare(self, device: torch.device) -> None:
        """Build what is built at the first training step only.

        Raises:
            FileNotFoundError: If the weights of its VGG-19 are missing.
        """
        if 'loss_patch_percep' in self.losses:
            self.losses['loss_patch_percep'].prepare(device)

    def forward(self, done: NamedTuple, gt_img: Tensor, mask: Tensor,
                patch_disc: Optional[nn.Module] = None,
                image_disc: Optional[nn.Module] = None) -> dict[str, Tensor]:
        """Return the generator's losses by name; their plain sum is Eq. (10).
        The discriminators are given with each call: several processes train
        them in wrappers."""
        judged = Judged(done, gt_img, mask, patch_disc, image_disc)
        return self._judge(judged, ('coarse', 'match', 'result'))

    def coarse(self, coarse: Tensor, gt_img: Tensor,
               mask: Tensor) -> dict[str, Tensor]:
        """Return Eq. (1), the reconstruction of I by I_c, (N, 3, H, W)."""
        return self._judge(Judged(_Guess(coarse), gt_img, mask), ('coarse', ))

    def _judge(self, judged: Judged,
               asked: tuple[str, ...]) -> dict[str, Tensor]:
        values: dict[str, Tensor] = {}
        for name, term in self.terms.items():
            if term.of in asked:
                value = term.judge(self.losses[name], judged)
                values.update(
                    value if isinstance(value, dict) else {name: value})
        return values

    def disc(self, done: NamedTuple, gt_img: Tensor,
             patch_disc: Optional[nn.Module],
             image_disc: Optional[nn.Module]) -> dict[str, Tensor]:
        """Return Eq. (6), and the image discriminator's side of Eq. (9)."""
        losses = {}
        dist = self.losses.get('loss_patch_dist')
        if dist is not None:
            fake_patches = done.patches.detach()
            textures = (done.retrieval.textures.detach() if dist.relativistic
                        else fake_patches[:, None][:, :0])
            fake, real, texture = logits(
                patch_disc, fake_patches,
                Judged(done, gt_img, None).gt_patches,
                textures.flatten(0, 1))
            losses['loss_disc_patch'] = dist.disc_loss(
                fake, real, texture.view(textures.shape[:2]))
        blending = self.losses.get('loss_blending')
        if blending is not None:
            fake, real = image_disc(torch.cat([done.out.detach(),
                                               gt_img])).chunk(2)
            losses['loss_disc_image'] = blending.disc_loss(fake, real)
        return losses


class _Guess(NamedTuple):
    """The trace of a coarse stage that is trained alone."""
    coarse: Tensor


def unknown(name: str) -> ValueError:
    """Return what is wrong with the name of a loss."""
    nearest, = get_close_matches(name, TERMS, 1, 0)
    return ValueError(
        f'model.training has {name}, which is no loss of ours and has no '
        f'method judge(judged): use {nearest}, which is the nearest, or '
        f'another of {", ".join(TERMS)}.')
