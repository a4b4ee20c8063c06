from typing import Optional

import torch
from mmengine.model import BaseModule
from torch import Tensor

from ...models.coarse.stage import estimate_reduced
from .hole_only import estimate_hole
from .inpaintor import build_inpaintor, channel_order_of, estimate
from .networks import margins
from .pretrained import pretrained


class InpaintorStage(BaseModule):
    """Any MMEditing inpaintor as T-MAD's coarse network (Sec. III-A: "one can
    adopt any existing deep inpainting network").

    The inpaintor gets what its own MMEditing pipeline would hand it: its
    channel order, its normalisation, a size it can halve. Its discriminators
    and losses, which T-MAD has no use for, are not built.

    Args:
        inpaintor (dict): Config of the inpaintor, unchanged.
        frozen (bool): No gradient, eval mode. Defaults to False.
        checkpoint (str, optional): The inpaintor's own, a file or a URL, in
            which its weights begin. If the stage is frozen they stay there:
            T-MAD's checkpoints hold none of this stage, and what those of
            another coarse stage hold is left aside. Defaults to None.
        channel_order (str, optional): 'RGB' or 'BGR' of the inpaintor's
            input. By default what its data preprocessor says, or, where that
            says nothing, 'BGR', as MMEditing loads images. To be given for
            those whose pipeline loads RGB (AOT-GAN).
        zero_value (float): The value of hole pixels, of 255, that the
            inpaintor's ``GetMaskedImage`` has. Defaults to 127.5.
        size_divisor (int, optional): The inpaintor sees images padded to
            multiples of it. Defaults to what MMEditing's inpaintors need, and
            8 for others.

    Raises:
        ValueError: If the config is no inpaintor's, or its parts or channel
            orders disagree.
    """

    def __init__(self,
                 inpaintor: dict,
                 frozen: bool = False,
                 checkpoint: Optional[str] = None,
                 channel_order: Optional[str] = None,
                 zero_value: float = 127.5,
                 size_divisor: Optional[int] = None) -> None:
        super().__init__()
        self.inpaintor = build_inpaintor(inpaintor)
        preprocessor = self.inpaintor.data_preprocessor
        # its normalisation, seen from [-1, 1]
        mean = getattr(preprocessor, 'mean', torch.zeros(1, 1, 1))
        std = getattr(preprocessor, 'std', torch.ones(1, 1, 1))
        self.register_buffer('mean', mean / 127.5 - 1, persistent=False)
        self.register_buffer('std', std / 127.5, persistent=False)
        self.reversed = channel_order_of(self.inpaintor,
                                         channel_order) == 'BGR'
        self.hole = zero_value / 127.5 - 1
        self.size_divisor = size_divisor
        self.checkpoint = checkpoint
        self.frozen = frozen
        self.train()
        if frozen:
            self.requires_grad_(False)
        self._register_load_state_dict_pre_hook(self._add_own_weights)
        self._register_state_dict_hook(_keep_own_weights)

    def train(self, mode: bool = True) -> 'InpaintorStage':
        return super().train(mode and not self.frozen)

    def init_weights(self) -> None:
        """Load the inpaintor's own checkpoint, or, without one, do as it does.

        Raises:
            ValueError: If the checkpoint does not fit.
            FileNotFoundError: If it is not there.
        """
        if self.checkpoint is None:
            super().init_weights()
        elif not self.is_init:
            self.inpaintor.load_state_dict(
                pretrained(self.inpaintor, self.checkpoint))
            self.is_init = True

    @property
    def keeps_weights(self) -> bool:
        """Whether the weights stay in their own checkpoint."""
        return self.frozen and self.checkpoint is not None

    def _add_own_weights(self, state_dict: dict[str, Tensor], prefix: str,
                         *_) -> None:
        """What a checkpoint of T-MAD does not hold of this stage comes from
        the inpaintor's own."""
        own = self.inpaintor.state_dict(prefix=f'{prefix}inpaintor.')
        missing = [key for key in own if key not in state_dict and
                   not key.endswith('num_batches_tracked')]
        if not (missing or self.keeps_weights):
            return
        if self.checkpoint is None:
            raise ValueError(
                f'the checkpoint lacks {missing[0]} of the coarse '
                f'{type(self.inpaintor).__name__}: it was saved without its '
                'coarse stage or with another; name the checkpoint of this '
                'one in model.coarse_cfg.checkpoint.')
        for key in [key for key in state_dict if key.startswith(prefix)]:
            del state_dict[key]
        self.init_weights()
        state_dict.update(own)

    def _flip(self, x: Tensor) -> Tensor:
        return x.flip(1) if self.reversed else x

    def forward(self,
                masked_img: Tensor,
                mask: Tensor,
                max_pixels: Optional[int] = None,
                hole_only: bool = False) -> Tensor:
        """Estimate the whole image; see :meth:`CoarseStage.forward`.

        Raises:
            ValueError: If the inpaintor makes no image of this size.
        """
        fill = estimate_hole if hole_only else estimate

        def see(masked_img, mask):
            x = (self._flip(masked_img + self.hole * mask) - self.mean) / (
                self.std)
            with torch.set_grad_enabled(torch.is_grad_enabled() and
                                        not self.frozen):
                x = fill(self.inpaintor, x, mask)
            return self._flip(x * self.std + self.mean)

        return estimate_reduced(
            see, masked_img, mask, max_pixels,
            lambda height, width: margins(
                self.inpaintor, (height, width), self.size_divisor))


def _keep_own_weights(stage: InpaintorStage, state_dict: dict[str, Tensor],
                      prefix: str, _: dict) -> None:
    """Out of T-MAD's checkpoints stay weights that have their own."""
    if stage.keeps_weights:
        for key in [key for key in state_dict if key.startswith(prefix)]:
            del state_dict[key]
