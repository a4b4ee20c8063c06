"""CARAFE's reassembly (Wang et al., ICCV 2019) on every device.

mmcv has it on CUDA only. Ours is batched matrix products: each row is cut into
tiles of T pixels, and per row of the kernel, one product of a band matrix,
whose diagonals hold the taps, with the T + k - 1 pixels that a tile sees,
gives the s x sT outputs of that tile, in all channels at once. Channels come
last, so that what is moved between maps and matrices is long.
"""
from typing import List, Optional, Tuple

import mmcv.ops
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def carafe(features: Tensor, masks: Tensor, kernel_size: int, group_size: int,
           scale_factor: int) -> Tensor:
    """Upsample: every output pixel weights the k x k input pixels around it.

    ``out[n, c, y, x] = sum_ij masks[n, (g k + i) k + j, y, x]
    features[n, c, y // s + i - k // 2, x // s + j - k // 2]``, where pixels
    outside the map are zero and channel c belongs to group ``g = c // (C/G)``.

    This is the reassembly of CARAFE, Sec. 3.3, as :func:`mmcv.ops.carafe`
    computes it, which is also what runs on CUDA where mmcv was built for it.
    Elsewhere, an infinite or NaN feature reaches all of a :func:`tile_width`
    of outputs, not only those whose window holds it.

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
    N, C, H, W = features.shape
    T = tile_width(W)
    pad = -W % T
    if pad:
        features, masks = F.pad(features, (0, pad)), F.pad(masks, (0, s * pad))
    maps = features.reshape(N * G, C // G, H, W + pad).permute(0, 2, 3, 1)
    out = _Reassemble.apply(
        maps, masks.reshape(N * G, k, k, H, s, (W + pad) // T, T, s),
        maps_at_once(N * G, H * W))
    out = out.reshape(N, G, s * H, s * (W + pad), C // G)
    return out.permute(0, 1, 4, 2, 3).reshape(
        N, C, s * H, s * (W + pad))[..., :s * W]


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


def tile_width(width: int) -> int:
    """T, the divisor of a width that is nearest 8, or 8 if none is near: then
    the rows are padded.

    Narrower tiles make more and smaller products, wider ones multiply more of
    the band's zeros: from 4 to 17, the time varies by a factor of 1.7.
    """
    near = (t for t in range(4, 18) if width % t == 0)
    return min(near, key=lambda t: max(t / 8, 8 / t), default=8)


def maps_at_once(maps: int, pixels: int) -> int:
    """M, how many maps share one product.

    Up to 64 x 64 pixels: enough for products that outweigh their launch, few
    enough for buffers that stay in cache and do not grow with the batch.
    """
    return max(min(maps, 64 * 64 // pixels), 1)


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


class _Tiles:
    """Buffers for M maps (H, W, C) at a time, and views of them.

    A buffer's matrices are ordered by map, tile and row, with k - 1 rows more
    than the map has: so row i of the kernel joins output matrix n and input
    matrix n + i whatever n is, and its product takes slices, no copies.
    """

    def __init__(self, features: Tensor, taps: Tensor, M: int) -> None:
        self.M = M
        _, self.H, self.W, self.C = features.shape
        _, self.k, _, _, self.s, self.tiles, self.T, _ = taps.shape
        self.rows, self.span = self.H + self.k - 1, self.T + self.k - 1
        self.joined = self.M * self.tiles * self.rows - self.k + 1
        # half precision is accumulated in single
        self.options = dict(
            dtype=torch.promote_types(features.dtype, torch.float32),
            device=features.device)

    def zeros(self, *shape: int) -> Tensor:
        return torch.zeros(shape, **self.options)

    def outputs(self) -> Tuple[Tensor, Tensor]:
        """Matrices (sTs, C), not yet filled, and their view as
        (M, H, s, W / T, T, s, C)."""
        C, s, T = self.C, self.s, self.T
        outputs = torch.empty(
            self.M, self.tiles, self.rows, s, T, s, C, **self.options)
        pixels = outputs[:, :, :self.H].permute(0, 2, 3, 1, 4, 5, 6)
        return outputs.view(-1, s * T * s, C)[:self.joined], pixels

    def bands(self) -> Tuple[Tensor, Tensor]:
        """Per row of the kernel, matrices (sTs, T + k - 1), and the view of
        their diagonals as (M, k, k, H, s, W / T, T, s)."""
        M, k, s, T = self.M, self.k, self.s, self.T
        bands = self.zeros(k, M, self.tiles, self.rows, s, T, s, self.span)
        i, m, tile, y, a, t, b, x = bands.stride()
        # output pixel t of a tile meets input pixel t + j through tap j
        diagonals = bands.as_strided((M, k, k, self.H, s, self.tiles, T, s),
                                     (m, i, x, y, a, tile, t + x, b))
        bands = bands.view(k, -1, s * T * s, self.span)
        return bands[:, :self.joined], diagonals

    def inputs(self) -> Tensor:
        """Matrices (T + k - 1, C)."""
        return self.zeros(self.M * self.tiles * self.rows, self.span, self.C)

    def shifts(self, inputs: Tensor) -> List[Tensor]:
        """Per row of the kernel, the inputs that join the outputs."""
        return [inputs[i:i + self.joined] for i in range(self.k)]

    def padded(self) -> Tuple[Tensor, Tensor]:
        """Maps with a border of zeros, and the view inside the border."""
        r = self.k // 2
        maps = self.zeros(self.M, self.rows, self.W + self.k - 1, self.C)
        return maps, maps[:, r:r + self.H, r:r + self.W]

    def cut(self, x: Tensor) -> Tensor:
        """At most (M, H, W, C) to inputs; k - 1 columns are in two tiles or
        more."""
        maps, inside = self.padded()
        inside[:len(x)] = x
        tiles = maps.unfold(2, self.span, self.T).permute(0, 2, 1, 4, 3)
        return tiles.reshape(-1, self.span, self.C)

    def paste(self, inputs: Tensor) -> Tensor:
        """The adjoint of :meth:`cut`, which adds what is in several tiles."""
        maps, inside = self.padded()
        tiles = inputs.view(self.M, self.tiles, self.rows, self.span, self.C)
        # T columns at a time, for these do not overlap between tiles
        for x in range(0, self.span, self.T):
            part = tiles[..., x:x + self.T, :].permute(0, 2, 1, 4, 3)
            columns = maps[:, :, x:].unfold(2, part.shape[4], self.T)
            columns[:, :, :self.tiles] += part
        return inside


class _Reassemble(Function):
    """features (N, H, W, C) and taps (N, k, k, H, s, W / T, T, s) to
    (N, H, s, W / T, T, s, C), M maps at a time.

    All products write to ``out=``, which autocast leaves alone.
    """

    @staticmethod
    def forward(ctx, features: Tensor, taps: Tensor, M: int) -> Tensor:
        ctx.save_for_backward(features, taps)
        ctx.M = M
        tiles = _Tiles(features, taps, M)
        bands, diagonals = tiles.bands()
        outputs, pixels = tiles.outputs()
        result = features.new_empty(len(features), *pixels.shape[1:])
        for x, weights, y in zip(
                features.split(M), taps.split(M), result.split(M)):
            diagonals[:len(x)] = weights
            inputs = tiles.shifts(tiles.cut(x))
            torch.bmm(bands[0], inputs[0], out=outputs)
            for rows, band in zip(inputs[1:], bands[1:]):
                torch.baddbmm(outputs, band, rows, out=outputs)
            y.copy_(pixels[:len(x)])
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> Tuple[Optional[Tensor], ...]:
        features, taps = ctx.saved_tensors
        tiles = _Tiles(features, taps, ctx.M)
        outputs, pixels = tiles.outputs()
        outputs.zero_()  # also the rows between the maps
        bands, diagonals = tiles.bands()
        grad_bands, grad_diagonals = tiles.bands()
        grad_features, grad_taps = (
            torch.empty_like(x) if needed else None
            for x, needed in zip((features, taps), ctx.needs_input_grad))
        for start in range(0, len(grad), ctx.M):
            part = slice(start, start + ctx.M)
            m = len(grad[part])
            pixels[:m] = grad[part]
            if grad_features is not None:
                diagonals[:m] = taps[part]
                inputs = tiles.inputs()
                for rows, band in zip(tiles.shifts(inputs), bands):
                    torch.baddbmm(rows, band.mT, outputs, out=rows)
                grad_features[part] = tiles.paste(inputs)[:m]
            if grad_taps is not None:
                inputs = tiles.cut(features[part])
                for rows, band in zip(tiles.shifts(inputs), grad_bands):
                    torch.bmm(outputs, rows.mT, out=band)
                grad_taps[part] = grad_diagonals[:m]
        return grad_features, grad_taps, None
