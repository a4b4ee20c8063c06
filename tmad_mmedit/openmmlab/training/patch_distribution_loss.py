from typing import Callable, Optional, Union

import torch.nn.functional as F
from mmengine.registry import MODELS
from torch import Tensor, nn


def non_saturating(x: Tensor) -> Tensor:
    """``-log sigmoid(x)``, the classical one of the paper."""
    return F.softplus(-x)


def least_squares(x: Tensor) -> Tensor:
    """``(x - 1) ** 2``."""
    return (x - 1).square()


def hinge(x: Tensor) -> Tensor:
    """``max(0, 1 - x)``."""
    return F.relu(1 - x)


FUNCTIONS = dict(
    non_saturating=non_saturating, least_squares=least_squares, hinge=hinge)


@MODELS.register_module()
class PatchDistributionLoss(nn.Module):
    """The relativistic adversarial loss on patches, Eqs. (6) and (7).

    The functions f judge how far the first logit lies above the second. All
    logits are the discriminator's raw output C(.).

    >>> import torch
    >>> loss = PatchDistributionLoss(relativistic=False, f_gen='hinge')
    >>> round(loss.gen_loss(torch.zeros(4)).item(), 2)
    0.02

    Args:
        loss_weight (float): Of the generator's side; as in MMEditing's
            ``GANLoss`` the discriminator's is 1. Defaults to 0.02.
        relativistic (bool): False drops the comparisons, for the ablation of
            Table VI: a plain patch GAN with the same f. Defaults to True.
        f_disc, f_gen (str or callable): ``non_saturating``, ``least_squares``,
            ``hinge`` or a function of a tensor, elementwise, that falls.

    Raises:
        ValueError: For the name of an unknown function.
    """

    def __init__(
        self,
        loss_weight: float = 0.02,
        relativistic: bool = True,
        f_disc: Union[str, Callable[[Tensor], Tensor]] = 'non_saturating',
        f_gen: Union[str, Callable[[Tensor], Tensor]] = 'non_saturating'
    ) -> None:
        super().__init__()
        for f in (f_disc, f_gen):
            if not callable(f) and f not in FUNCTIONS:
                raise ValueError(
                    f'function {f!r} is unknown to PatchDistributionLoss: use '
                    f'one of {", ".join(FUNCTIONS)}, or a callable.')
        self.loss_weight = loss_weight
        self.relativistic = relativistic
        self.f_disc = FUNCTIONS.get(f_disc, f_disc)
        self.f_gen = FUNCTIONS.get(f_gen, f_gen)

    def disc_loss(self, fake: Tensor, real: Tensor,
                  texture: Tensor) -> Tensor:
        """Eq. (6), the discriminator's loss.

        Args:
            fake (Tensor): C of the synthesised patches, (P, ).
            real (Tensor): C of the true patches of the same cells, (P, ).
            texture (Tensor): C of their retrieved textures, (P, K).

        Returns:
            Tensor: Scalar.
        """
        f = self.f_disc
        if not self.relativistic:
            return f(real).mean() + f(-fake).mean()
        return f(real - fake).mean() + f(texture - fake[:, None]).mean()

    def gen_loss(self,
                 fake: Tensor,
                 real: Optional[Tensor] = None,
                 texture: Optional[Tensor] = None,
                 memory: Optional[Tensor] = None) -> Tensor:
        """Eq. (7), the generator's loss, weighted; the last of its terms is
        the compensation against the memory's mean.

        Args:
            fake (Tensor): C of the synthesised patches, (P, ).
            real (Tensor): C of the true patches, (P, ).
            texture (Tensor): C of the retrieved textures, (P, K).
            memory (Tensor): Mean of C over the memory of each patch's image,
                (P, ). No gradient flows into these last three; the plain
                patch GAN needs none of them.

        Returns:
            Tensor: Scalar.
        """
        f = self.f_gen
        if not self.relativistic:
            return self.loss_weight * f(fake).mean()
        return self.loss_weight * (
            f(fake - real.detach()).mean() +
            f(fake[:, None] - texture.detach()).mean() +
            f(fake - memory.detach()).mean())
