"""Thin holes are refined: strokes, wires, scratches, lettering. A network that
sees both sides of one knows what is likely between them. Ours."""
from collections.abc import Iterator, Sequence

from torch import Tensor, nn

from ..ops.cells import reflect
from ..ops.holes import dilated, touched
from ..ops.window import Window, hole_window, size_of, whole
from .net import RefineNet

TILE = 192  # pixels along a side that are refined at once


class RefineThin(nn.Module):
    """Adds to filled holes what a network says, where they are thin.

    >>> import torch
    >>> thin = RefineThin(widths=(4, 6, 8), dilations=(1, 2), widest=5)
    >>> filled, mask = torch.rand(1, 3, 31, 17), torch.zeros(1, 1, 31, 17)
    >>> mask[..., 10:14, :] = 1
    >>> thin(filled, filled, mask).shape
    torch.Size([1, 3, 31, 17])

    Args:
        widths (Sequence[int]): Of the network: channels at full size, 1/2 and
            1/4.
        dilations (Sequence[int]): Of its residual blocks at 1/4, one each.
        widest (int): Where a hole is wider, in pixels, nothing is added; 1 or
            more.
        fade (int): In so many pixels beside such a place what is added grows
            to all of it; 0 or more.

    Raises:
        ValueError: For a value that is none of these.
    """

    def __init__(self,
                 widths: Sequence[int] = (32, 64, 112),
                 dilations: Sequence[int] = (1, 2, 4, 1),
                 widest: int = 30,
                 fade: int = 8) -> None:
        super().__init__()
        if widest < 1 or fade < 0:
            raise ValueError(
                f'thin holes of widest={widest}, fade={fade}: expected pixels,'
                ' 1 or more, and 0 or more.')
        self.net = RefineNet(widths, dilations)
        self.widest, self.fade = widest, fade

    def forward(self, filled: Tensor, guess: Tensor, mask: Tensor) -> Tensor:
        """Refine the thin holes of pictures.

        Args:
            filled (Tensor): I_out so far, (N, 3, H, W), RGB in [-1, 1].
            guess (Tensor): I_comp, as ``filled``.
            mask (Tensor): (N, 1, H, W), 1 = hole.

        Returns:
            Tensor: (N, 3, H, W), unbounded; known pixels, and those of wide
            holes, are those of ``filled``.
        """
        out = filled.clone()
        for n in range(len(mask)):
            weight = thinness(mask[n], self.widest, self.fade)
            for tile in tiles(weight, TILE):
                near = tile.grown(self.net.reach, whole(mask))
                seen = [near.cut(x[n:n + 1]) for x in (filled, guess, mask)]
                added = tile.seen_from(near).cut(self._added(*seen))[0]
                there = tile.cut(out[n])
                there.add_(added.to(there) * tile.cut(weight))
        return out.where(mask.bool(), filled)

    def _added(self, *seen: Tensor) -> Tensor:
        height, width = size_of(seen[0])
        below, right = -height % RefineNet.divisor, -width % RefineNet.divisor
        return self.net(*(reflect(x, 0, right, 0, below) for x in seen))[
            ..., :height, :width]


def thinness(mask: Tensor, widest: int, fade: int) -> Tensor:
    """Say how thin a hole is at each of its pixels.

    Args:
        mask (Tensor): (1, H, W), 1 = hole; what is beyond the picture counts
            as hole.
        widest (int): A square of more pixels along a side fits into a hole
            only where it is wide.
        fade (int): In pixels.

    Returns:
        Tensor: (1, H, W): 0 in such squares, from there on rising to 1 in
        ``fade`` pixels more, and 0 around holes.
    """
    weight = mask.clone()
    window = hole_window(mask[None]).grown(1, whole(mask))
    hole = window.cut(mask)
    half = (widest + 1) // 2
    near = 1 - dilated(1 - hole, half)  # the middles of such squares
    if near.any():
        near = dilated(near, half)
        thin = 1 - near
        for _ in range(fade):
            near = dilated(near, 1)
            thin = thin + 1 - near
        window.cut(weight).mul_(thin / (fade + 1))
    return weight


def tiles(weight: Tensor, side: int) -> Iterator[Window]:
    """Yield the cells of a grid of ``side`` pixels in which a map (1, H, W)
    is not 0, as far as the map goes."""
    picture = whole(weight)
    for row, column in touched(weight, side)[0].nonzero().tolist():
        yield Window(row, row + 1, column, column + 1).scaled(side).grown(
            0, picture)
