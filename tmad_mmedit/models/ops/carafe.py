"""CARAFE's reassembly (Wang et al., ICCV 2019) on every device."""
import mmcv.ops
import torch
import torch.nn.functional as F
from torch import Tensor

from .carafe_tiles import reassemble


def carafe(features: Tensor, masks: Tensor, kernel_size: int, group_size: int,
           scale_factor: int) -> Tensor:
    """Upsample: every output pixel weights the k x k input pixels around it.

    ``out[n, c, y, x] = sum_ij masks[n, (g k + i) k + j, y, x]
    features[n, c, y // s + i - k // 2, x // s + j - k // 2]``, where pixels
    outside the map are zero and channel c belongs to group ``g = c // (C/G)``.

    This is the reassembly of CARAFE, Sec. 3.3, as :func:`mmcv.ops.carafe`
    computes it, which is also what runs on CUDA where mmcv was built for it.
    Elsewhere :func:`reassemble` does.

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
    # its kernels know neither bfloat16 nor empty batches
    if (features.is_cuda and dtype != torch.bfloat16 and features.numel()
            and mmcv.ops.get_compiling_cuda_version() != 'not available'):
        return mmcv.ops.carafe(features.contiguous(), masks.contiguous(), k, G,
                               s)
    return reassemble(features, masks, k, G, s)


class CARAFEPack(mmcv.ops.CARAFEPack):
    """:class:`mmcv.ops.CARAFEPack` on every device: (N, C, H, W) to
    (N, C, sH, sW), with the same arguments, parameters and names of them.
    """

    def kernel_normalizer(self, mask: Tensor) -> Tensor:
        """mmcv's softmax over the taps, also of an empty batch."""
        mask = F.pixel_shuffle(mask, self.scale_factor).permute(0, 2, 3, 1)
        mask = mask.unflatten(3, (self.up_group, self.up_kernel**2))
        # in its own dtype, which autocast would make single precision
        mask = mask.softmax(4, dtype=mask.dtype)
        return mask.flatten(3).permute(0, 3, 1, 2)

    def feature_reassemble(self, x: Tensor, mask: Tensor) -> Tensor:
        """:func:`carafe`, in place of mmcv's operator."""
        return carafe(x, mask, self.up_kernel, self.up_group,
                      self.scale_factor)


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
