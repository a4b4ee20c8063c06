from typing import Optional

import torch
from mmedit.registry import MODELS
from mmedit.structures import EditDataSample
from mmengine.model import BaseModule
from torch import Tensor

from .patches import reflect_to_multiple
from .reduction import enlarge, reduce


class CoarseStage(BaseModule):
    """Any MMEditing inpaintor as T-MAD's coarse network (Sec. III-A: "one can
    adopt any existing deep inpainting network").

    The inpaintor gets what its own MMEditing pipeline would hand it: its
    channel order, its normalisation, a size it can halve. Its discriminators
    and losses, which T-MAD has no use for, are not built.

    Args:
        inpaintor (dict): Config of the inpaintor, unchanged.
        frozen (bool): No gradient, eval mode. Defaults to False.
        channel_order (str, optional): 'RGB' or 'BGR' of the inpaintor's
            input. By default what its data preprocessor says, or, where that
            says nothing, 'BGR', as MMEditing loads images. To be given for
            those whose pipeline loads RGB (AOT-GAN).
        size_divisor (int): The inpaintor sees images padded to multiples of
            it. Defaults to 8.

    Raises:
        ValueError: If the config is no inpaintor's.
    """

    def __init__(self,
                 inpaintor: dict,
                 frozen: bool = False,
                 channel_order: Optional[str] = None,
                 size_divisor: int = 8) -> None:
        super().__init__()
        self.inpaintor = MODELS.build({
            key: value
            for key, value in inpaintor.items()
            if key not in ('disc', 'train_cfg') and
            not key.startswith('loss_')
        })
        if not hasattr(self.inpaintor, 'forward_tensor'):
            raise ValueError(
                f"coarse={inpaintor.get('type')!r} is no MMEditing inpaintor: "
                'it has no forward_tensor(inputs, data_samples). Give the '
                'config of one, such as OneStageInpaintor.')
        preprocessor = self.inpaintor.data_preprocessor
        # its normalisation, seen from [-1, 1]
        mean = getattr(preprocessor, 'mean', torch.zeros(1, 1, 1))
        std = getattr(preprocessor, 'std', torch.ones(1, 1, 1))
        self.register_buffer('mean', mean / 127.5 - 1, persistent=False)
        self.register_buffer('std', std / 127.5, persistent=False)
        order = channel_order or preprocessor.output_channel_order or 'BGR'
        self.reversed = order.upper() == 'BGR'
        self.size_divisor = size_divisor
        self.frozen = frozen
        if frozen:
            self.requires_grad_(False)

    def train(self, mode: bool = True) -> 'CoarseStage':
        return super().train(mode and not self.frozen)

    def _flip(self, x: Tensor) -> Tensor:
        return x.flip(1) if self.reversed else x

    def forward(self,
                masked_img: Tensor,
                mask: Tensor,
                max_pixels: Optional[int] = None) -> Tensor:
        """Estimate the whole image.

        Args:
            masked_img (Tensor): I_m, (N, 3, H, W), RGB in [-1, 1], 0 in the
                hole.
            mask (Tensor): (N, 1, H, W), 1 = hole.
            max_pixels (int, optional): Of a larger image the inpaintor sees
                a copy reduced to so many. Defaults to None: it never does.

        Returns:
            Tensor: I_c, (N, 3, H, W), RGB. Of a reduced copy it is enlarged,
            and the copy's known pixels in it are as the image shows them.
        """
        size = mask.shape[-2:]
        masked_img, mask = reduce(masked_img, mask, max_pixels)
        height, width = mask.shape[-2:]
        x = reflect_to_multiple(masked_img, self.size_divisor)
        mask = reflect_to_multiple(mask, self.size_divisor)
        x = (self._flip(x) - self.mean) / self.std
        with torch.set_grad_enabled(torch.is_grad_enabled() and
                                    not self.frozen):
            x, _ = self.inpaintor(x, EditDataSample(mask=mask), mode='tensor')
        x = self._flip(x * self.std + self.mean)[..., :height, :width]
        if x.shape[-2:] == size:
            return x
        known = mask[..., :height, :width] == 0
        return enlarge(masked_img.where(known, x), size)
