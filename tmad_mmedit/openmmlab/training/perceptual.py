from urllib.error import URLError

import torch
from torch import Tensor

from ..host import build


class LatePerceptualLoss:
    """The perceptual part of Eq. (8), built when training begins.

    Only training needs its VGG-19, and no checkpoint should carry it: this is
    no module, and what it holds no child of one.

    Args:
        cfg (dict): Config of MMEditing's ``PerceptualLoss``, which takes
            patches in [-1, 1].
    """

    def __init__(self, cfg: dict) -> None:
        self.cfg = cfg
        self.loss = None

    def prepare(self, device: torch.device) -> None:
        """Build it, unless it is there.

        Raises:
            FileNotFoundError: If the weights of its VGG-19 are missing.
        """
        if self.loss is not None:
            return
        try:
            self.loss = build(self.cfg).to(device)
        except OSError as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise FileNotFoundError(
                'the VGG-19 weights of loss_patch_percep are neither cached '
                f'nor downloadable ({reason}): put vgg19-dcbb9e9d.pth into '
                '$TORCH_HOME/hub/checkpoints (~/.cache/torch without '
                'TORCH_HOME), or set model.training.loss_patch_percep=None.'
            ) from None

    def __call__(self, patches: Tensor, gt_patches: Tensor) -> Tensor:
        """Of patches (P, 3, s, s) in [-1, 1]: a scalar, weighted."""
        return self.loss(patches, gt_patches)[0]
