"""The reassembly of CARAFE by batched matrix products, for all devices.

Each row is cut into tiles of T pixels, and per row of the kernel, one product
of a band matrix, whose diagonals hold the taps, with the T + k - 1 pixels that
a tile sees, gives the s x sT outputs of that tile, in all channels at once.
Channels come last, so that what is moved between maps and matrices is long.
"""
from typing import Any, Optional

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

# Pixels of the maps that share one product. On a CPU, enough for products that
# outweigh their launch, few enough for buffers that stay in its cache; on a
# GPU, as many as keep the buffers below a gigabyte or so.
CPU_PIXELS = 64 * 64
GPU_PIXELS = 512 * 512


def reassemble(features: Tensor, masks: Tensor, kernel_size: int,
               group_size: int, scale_factor: int) -> Tensor:
    """What :func:`carafe` defines, of tensors of one dtype.

    An infinite or NaN feature reaches all of a :func:`tile_width` of outputs,
    not only those whose window holds it.

    Args:
        features (Tensor): (N, C, H, W).
        masks (Tensor): (N, G k^2, sH, sW).
        kernel_size, group_size, scale_factor (int): k, G, s.

    Returns:
        Tensor: (N, C, sH, sW), with channels last in memory.
    """
    k, G, s = kernel_size, group_size, scale_factor
    N, C, H, W = features.shape
    T = tile_width(W)
    # a GPU adds half precision in single inside of a product; a CPU does where
    # the buffers are in it
    limit, dtype = GPU_PIXELS, features.dtype
    if not features.is_cuda:
        limit, dtype = CPU_PIXELS, torch.promote_types(dtype, torch.float32)
    pad = -W % T
    if pad:
        features, masks = F.pad(features, (0, pad)), F.pad(masks, (0, s * pad))
    maps = features.reshape(N * G, C // G, H, W + pad).permute(0, 2, 3, 1)
    out = _Reassemble.apply(
        maps, masks.reshape(N * G, k, k, H, s, (W + pad) // T, T, s),
        maps_at_once(N * G, H * W, limit), dtype)
    out = out.reshape(N, G, s * H, s * (W + pad), C // G)
    return out.permute(0, 1, 4, 2, 3).reshape(
        N, C, s * H, s * (W + pad))[..., :s * W]


def tile_width(width: int) -> int:
    """T, the divisor of a width that is nearest 8, or 8 if none is near: then
    the rows are padded.

    Narrower tiles make more and smaller products, wider ones multiply more of
    the band's zeros: from 4 to 17, the time varies by a factor of 1.7.
    """
    near = (t for t in range(4, 18) if width % t == 0)
    return min(near, key=lambda t: max(t / 8, 8 / t), default=8)


def maps_at_once(maps: int, pixels: int, limit: int) -> int:
    """M, how many maps of so many pixels share one product: what the limit
    holds, and one at least."""
    return max(min(maps, limit // pixels), 1)


class _Tiles:
    """Buffers for M maps (H, W, C) at a time, and views of them.

    A buffer's matrices are ordered by map, tile and row, with k - 1 rows more
    than the map has: so row i of the kernel joins output matrix n and input
    matrix n + i whatever n is, and its product takes slices, no copies.
    """

    def __init__(self, features: Tensor, taps: Tensor, M: int,
                 dtype: torch.dtype) -> None:
        self.M = M
        _, self.H, self.W, self.C = features.shape
        _, self.k, _, _, self.s, self.tiles, self.T, _ = taps.shape
        self.rows, self.span = self.H + self.k - 1, self.T + self.k - 1
        self.joined = self.M * self.tiles * self.rows - self.k + 1
        self.options: dict[str, Any] = dict(
            dtype=dtype, device=features.device)

    def zeros(self, *shape: int) -> Tensor:
        return torch.zeros(shape, **self.options)

    def outputs(self) -> tuple[Tensor, Tensor]:
        """Matrices (sTs, C), not yet filled, and their view as
        (M, H, s, W / T, T, s, C)."""
        C, s, T = self.C, self.s, self.T
        outputs = torch.empty(
            self.M, self.tiles, self.rows, s, T, s, C, **self.options)
        pixels = outputs[:, :, :self.H].permute(0, 2, 3, 1, 4, 5, 6)
        return outputs.view(-1, s * T * s, C)[:self.joined], pixels

    def bands(self) -> tuple[Tensor, Tensor]:
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

    def shifts(self, inputs: Tensor) -> list[Tensor]:
        """Per row of the kernel, the inputs that join the outputs."""
        return [inputs[i:i + self.joined] for i in range(self.k)]

    def padded(self) -> tuple[Tensor, Tensor]:
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
    (N, H, s, W / T, T, s, C), M maps at a time, in buffers of ``dtype``.

    All products write to ``out=``, which autocast leaves alone.
    """

    @staticmethod
    def forward(ctx: Any, features: Tensor, taps: Tensor, M: int,
                dtype: torch.dtype) -> Tensor:
        ctx.save_for_backward(features, taps)
        ctx.M, ctx.dtype = M, dtype
        tiles = _Tiles(features, taps, M, dtype)
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
    def backward(ctx: Any, grad: Tensor) -> tuple[Optional[Tensor], ...]:
        features, taps = ctx.saved_tensors
        tiles = _Tiles(features, taps, ctx.M, ctx.dtype)
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
        return grad_features, grad_taps, None, None
