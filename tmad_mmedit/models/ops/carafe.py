"""CARAFE (Wang et al., ICCV 2019) on every device."""
from typing import Callable, Optional

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .carafe_tiles import reassemble

# A compiled kernel for CUDA, as mmcv.ops.carafe takes its arguments; the plug
# puts it here where mmcv was built for CUDA. It knows neither bfloat16 nor
# empty batches.
cuda_kernel: Optional[Callable[..., Tensor]] = None


def carafe(features: Tensor, masks: Tensor, kernel_size: int, group_size: int,
           scale_factor: int) -> Tensor:
    """Upsample: every output pixel weights the k x k input pixels around it.

    ``out[n, c, y, x] = sum_ij masks[n, (g k + i) k + j, y, x]
    features[n, c, y // s + i - k // 2, x // s + j - k // 2]``, where pixels
    outside the map are zero and channel c belongs to group ``g = c // (C/G)``.

    This is the reassembly of CARAFE, Sec. 3.3, as ``mmcv.ops.carafe``
    computes it. :func:`reassemble` does it, and on CUDA ``cuda_kernel``, where
    there is one.

    Args:
        features (Tensor): (N, C, H, W), any floating dtype.
        masks (Tensor): (N, G k^2, sH, sW), of which the k^2 weights of each
            group and pixel usually sum to one.
        kernel_size (int): k, odd, in input pixels.
        group_size (int): G, the number of groups; it divides C.
        scale_factor (int): s >= 1.

    Returns:
        Tensor: (N, C, sH, sW), in the wider of the two dtypes; from ours,
        with channels last in memory.

    Raises:
        ValueError: If a size does not fit the others.
    """
    k, G, s = kernel_size, group_size, scale_factor
    _check_sizes(features, masks, k, G, s)
    dtype = torch.promote_types(features.dtype, masks.dtype)
    features, masks = features.to(dtype), masks.to(dtype)
    if (cuda_kernel and features.is_cuda and dtype != torch.bfloat16
            and features.numel()):
        return cuda_kernel(features.contiguous(), masks.contiguous(), k, G, s)
    return reassemble(features, masks, k, G, s)


class CARAFEPack(nn.Module):
    """Upsample by CARAFE: (N, C, H, W) to (N, C, sH, sW).

    Arguments, initialisation and checkpoint keys are those of mmcv's module
    of the name.

    Args:
        channels (int): C.
        scale_factor (int): s.
        up_kernel (int): k, of the reassembly. Defaults to 5.
        up_group (int): G. Defaults to 1.
        encoder_kernel, encoder_dilation (int): Of the conv that predicts the
            kernels. Default to 3 and 1.
        compressed_channels (int): Which it sees. Defaults to 64.
    """

    def __init__(self,
                 channels: int,
                 scale_factor: int,
                 up_kernel: int = 5,
                 up_group: int = 1,
                 encoder_kernel: int = 3,
                 encoder_dilation: int = 1,
                 compressed_channels: int = 64) -> None:
        super().__init__()
        self.scale_factor = scale_factor
        self.up_kernel = up_kernel
        self.up_group = up_group
        self.channel_compressor = nn.Conv2d(channels, compressed_channels, 1)
        self.content_encoder = nn.Conv2d(
            compressed_channels,
            up_kernel**2 * up_group * scale_factor**2,
            encoder_kernel,
            padding=(encoder_kernel - 1) * encoder_dilation // 2,
            dilation=encoder_dilation)
        # the draws are mmcv's, one of which another draw replaces
        for conv in (self.channel_compressor, self.content_encoder):
            nn.init.xavier_uniform_(conv.weight)
        nn.init.normal_(self.content_encoder.weight, std=0.001)
        for conv in (self.channel_compressor, self.content_encoder):
            zero_bias(conv)

    def forward(self, x: Tensor) -> Tensor:
        masks = self.content_encoder(self.channel_compressor(x))
        return carafe(x, self.normalised(masks), self.up_kernel, self.up_group,
                      self.scale_factor)

    def normalised(self, masks: Tensor) -> Tensor:
        """Softmax over the taps, also of an empty batch: (N, G k^2 s^2, H, W)
        to (N, G k^2, sH, sW)."""
        masks = F.pixel_shuffle(masks, self.scale_factor).permute(0, 2, 3, 1)
        masks = masks.unflatten(3, (self.up_group, self.up_kernel**2))
        # in its own dtype, which autocast would make single precision
        masks = masks.softmax(4, dtype=masks.dtype)
        return masks.flatten(3).permute(0, 3, 1, 2)


def zero_bias(conv: nn.Conv2d) -> None:
    """Set the bias to 0, if there is one."""
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)


def _check_sizes(features: Tensor, masks: Tensor, k: int, G: int,
                 s: int) -> None:
    if features.ndim != 4:
        raise ValueError(f'the features have shape {tuple(features.shape)}: '
                         'expected (N, C, H, W).')
    if k < 1 or k % 2 == 0:
        raise ValueError(f'the kernel size is {k}: expected an odd number, '
                         'the kernel has a central pixel.')
    if not isinstance(s, int) or s < 1:
        raise ValueError(f'the scale factor is {s}: expected a whole number, '
                         '1 or more.')
    N, C, H, W = features.shape
    if G < 1 or C % G:
        raise ValueError(f'{C} channels come in {G} groups: expected a number '
                         'of groups that divides them.')
    expected = (N, G * k * k, s * H, s * W)
    if masks.shape != expected:
        raise ValueError(
            f'the masks have shape {tuple(masks.shape)}: expected {expected} '
            f'for features {tuple(features.shape)}, {G} group(s), a kernel of '
            f'{k} x {k} and a scale of {s}.')
