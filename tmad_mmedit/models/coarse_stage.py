import logging
from typing import Dict, Optional

import torch
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmengine.logging import print_log
from mmengine.model import BaseModule
from torch import Tensor

from .patches import reflect
from .published_weights import published_weights


class CoarseStage(BaseModule):
    """Any MMEditing inpaintor as T-MAD's coarse network (Sec. III-A: "one can
    adopt any existing deep inpainting network").

    The inpaintor gets what its own MMEditing pipeline would hand it: its
    channel order, its normalisation, a size it can halve. Its discriminators
    and losses, which T-MAD has no use for, are not built.

    Args:
        inpaintor (dict): Config of the inpaintor, unchanged.
        frozen (bool): No gradient, eval mode. Defaults to False.
        checkpoint (str, optional): Path or URL of its published weights. Read
            when training starts, and when a T-MAD checkpoint without a coarse
            stage is loaded; any other T-MAD checkpoint needs it no more.
        save (bool): Whether T-MAD's checkpoints carry the coarse stage. False
            is for a frozen one, which ``checkpoint`` brings back. Defaults to
            True.
        channel_order (str, optional): 'RGB' or 'BGR' of the inpaintor's
            input. By default what its data preprocessor says, or, where that
            says nothing, 'BGR', as MMEditing loads images. To be given for
            those whose pipeline loads RGB (AOT-GAN).
        size_divisor (int): The inpaintor sees images padded to multiples of
            it, 2 to the power of its halvings. Defaults to 8.
        min_size (int): Height and width below which the inpaintor fails, such
            as by reflection padding wider than its features; smaller images
            are padded. Defaults to 1.

    Raises:
        ValueError: If the config is no inpaintor's, or arguments contradict
            each other.
    """

    def __init__(self,
                 inpaintor: dict,
                 frozen: bool = False,
                 checkpoint: Optional[str] = None,
                 save: bool = True,
                 channel_order: Optional[str] = None,
                 size_divisor: int = 8,
                 min_size: int = 1) -> None:
        super().__init__()
        self.name = inpaintor.get('type')
        if not isinstance(self.name, (str, type)):
            raise ValueError(
                f'coarse={dict(inpaintor)} is no MMEditing inpaintor: its '
                "config has a type, such as 'OneStageInpaintor'.")
        self.inpaintor = MODELS.build({
            key: value
            for key, value in inpaintor.items()
            if key not in ('disc', 'train_cfg') and
            not key.startswith('loss_')
        })
        if not hasattr(self.inpaintor, 'forward_tensor'):
            raise ValueError(
                f'coarse={self.name!r} is no MMEditing inpaintor: '
                'it has no forward_tensor(inputs, data_samples). Give the '
                'config of one, such as OneStageInpaintor.')
        if not save and not (frozen and checkpoint):
            raise ValueError(
                f'coarse_cfg has save=False with frozen={frozen} and '
                f'checkpoint={checkpoint!r}: only a frozen coarse stage can '
                'be left out of checkpoints, and only coarse_cfg.checkpoint '
                'brings it back.')
        preprocessor = self.inpaintor.data_preprocessor
        # its normalisation, seen from [-1, 1]
        mean = getattr(preprocessor, 'mean', torch.zeros(1, 1, 1))
        std = getattr(preprocessor, 'std', torch.ones(1, 1, 1))
        self.register_buffer('mean', mean / 127.5 - 1, persistent=False)
        self.register_buffer('std', std / 127.5, persistent=False)
        self.reversed = self._channel_order(channel_order) == 'BGR'
        self.size_divisor = size_divisor
        self.min_size = min_size
        self.checkpoint = checkpoint
        self.frozen = frozen
        if frozen:
            self.requires_grad_(False)
        if not save:
            self._register_state_dict_hook(self._leave_out)
        self._register_load_state_dict_pre_hook(
            self._bring_back, with_module=True)

    def _channel_order(self, given: Optional[str]) -> str:
        own = getattr(self.inpaintor.data_preprocessor,
                      'output_channel_order', None)
        if given not in ('RGB', 'BGR', None) or (own and given not in
                                                 (own, None)):
            raise ValueError(
                f'coarse_cfg.channel_order={given!r}, but the '
                f'data_preprocessor of coarse={self.name!r} has '
                f'output_channel_order={own!r}: give the order that this '
                "inpaintor was trained in, 'RGB' or 'BGR', or leave "
                'channel_order out.')
        return given or own or 'BGR'

    def init_weights(self) -> None:
        """Random ones, or, where ``checkpoint`` names them, the published."""
        super().init_weights()
        if self.checkpoint:
            self.inpaintor.load_state_dict(
                published_weights(self.checkpoint, self.inpaintor))
        elif self.frozen and not self.inpaintor.init_cfg:
            print_log(
                f'The coarse stage {self.name} is frozen, and its weights '
                'are random unless load_from brings some: name its '
                'checkpoint in model.coarse_cfg.checkpoint.', 'current',
                logging.WARNING)

    @staticmethod
    def _leave_out(stage: 'CoarseStage', state_dict: Dict[str, Tensor],
                   prefix: str, *_) -> None:
        for key in list(state_dict):
            if key.startswith(f'{prefix}inpaintor.'):
                del state_dict[key]

    @staticmethod
    def _bring_back(stage: 'CoarseStage', state_dict: Dict[str, Tensor],
                    prefix: str, *_) -> None:
        """A checkpoint without a coarse stage gets the published one."""
        prefix += 'inpaintor.'
        if any(key.startswith(prefix) for key in state_dict):
            return
        if stage.checkpoint:
            weights = published_weights(stage.checkpoint, stage.inpaintor)
            state_dict.update({prefix + k: v for k, v in weights.items()})
        elif stage.frozen and not stage.is_init:
            raise ValueError(
                'the checkpoint holds no coarse stage, and the config names '
                f'no weights for its frozen {stage.name}: name them in '
                'model.coarse_cfg.checkpoint.')

    def train(self, mode: bool = True) -> 'CoarseStage':
        return super().train(mode and not self.frozen)

    def _flip(self, x: Tensor) -> Tensor:
        return x.flip(1) if self.reversed else x

    def _pad(self, x: Tensor) -> Tensor:
        """Reflect at the right and bottom to a size the inpaintor takes."""
        bottom, right = (
            max(size, self.min_size) - size for size in x.shape[-2:])
        bottom += -(x.shape[-2] + bottom) % self.size_divisor
        right += -(x.shape[-1] + right) % self.size_divisor
        return reflect(x, 0, right, 0, bottom)

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """Estimate the whole image.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W), RGB in [-1, 1], 0 in the
                hole.
            mask (Tensor): (N, 1, H, W), 1 = hole.

        Returns:
            Tensor: I_c, (N, 3, H, W), RGB.

        Raises:
            ValueError: If the inpaintor's answer is none.
        """
        height, width = mask.shape[-2:]
        x, mask = self._pad(masked_img), self._pad(mask)
        x = (self._flip(x) - self.mean) / self.std
        with torch.set_grad_enabled(torch.is_grad_enabled() and
                                    not self.frozen):
            answer = self.inpaintor(
                x, EditDataSample(mask=mask), mode='tensor')
        if not isinstance(answer, tuple) or answer[0].shape != x.shape:
            raise ValueError(
                f'coarse={self.name!r} answered {type(answer).__name__} to '
                f'images {tuple(x.shape)}: an MMEditing inpaintor answers '
                '(fake_res, fake_img), both of that shape. Give the config of '
                'one, with the coarse_cfg.size_divisor it needs.')
        x = self._flip(answer[0] * self.std + self.mean)
        return x[..., :height, :width]
