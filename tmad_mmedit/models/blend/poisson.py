"""The screened Poisson equation on the pixels of a hole, 0 around it.

``(A f)(x) = screening f(x) + sum over the neighbours y of x in the image of
w_xy (f(x) - f(y))``, with f = 0 on known pixels. Conjugate gradients,
preconditioned by a multigrid cycle: a few iterations for holes of any size, in
dense tensors.
"""
from typing import Any, NamedTuple, Union

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

# Smoothing steps before and after each correction, their damping, and the
# steps on the smallest grid
STEPS, DAMPING, LAST_STEPS = 2, 0.8, 12
CUT = 1e-6  # the part that is left of a weight: none may be 0


class Weights(NamedTuple):
    """w of the pairs of neighbours, above 0: down (1, h - 1, w) and across
    (1, h, w - 1)."""
    down: Tensor
    across: Tensor

    def without(self, lost: Tensor) -> 'Weights':
        """Cut pixels, (1, h, w), bool, off from the others, all but."""
        return Weights(
            self.down.where(lost[:, 1:] == lost[:, :-1], CUT * self.down),
            self.across.where(lost[..., 1:] == lost[..., :-1],
                              CUT * self.across))

    def halved(self) -> 'Weights':
        """Halve to a grid twice as wide: the mean of the pairs that its pairs
        stand for."""
        down = F.avg_pool2d(self.down[:, 1::2], (1, 2), ceil_mode=True)
        across = F.avg_pool2d(
            self.across[:, :, 1::2], (2, 1), ceil_mode=True)
        return Weights(down, across)

    def neighbours(self, f: Tensor) -> Tensor:
        """Return the weighted sum of each pixel's neighbours, (C, h, w)."""
        return (F.pad(self.down * f[:, 1:], (0, 0, 0, 1)) +
                F.pad(self.down * f[:, :-1], (0, 0, 1, 0)) +
                F.pad(self.across * f[:, :, 1:], (0, 1)) +
                F.pad(self.across * f[:, :, :-1], (1, 0)))


class Grid(NamedTuple):
    """Where the equation holds, (1, h, w), 0 or 1; the weights; their sum at
    each pixel, plus the screening."""
    unknown: Tensor
    weights: Weights
    degree: Tensor


def solve(right: Tensor, unknown: Tensor, weights: Weights,
          iterations: int = 12,
          screening: Union[float, Tensor] = 0.) -> Tensor:
    """Solve ``A f = right``; differentiable with respect to ``right``.

    Args:
        right (Tensor): (C, h, w), 0 on known pixels.
        unknown (Tensor): (1, h, w), bool. The borders of these maps are the
            image's, or known.
        weights (Weights): See above.
        iterations (int): Twelve leave less than a thousandth of the error.
        screening (float or Tensor): See above; of each pixel, (1, h, w), or
            of all. Defaults to 0.

    Returns:
        Tensor: f, (C, h, w), 0 on known pixels.
    """
    screening = torch.as_tensor(screening).to(right).expand_as(right[:1])
    return _Solve.apply(right, unknown, *weights, iterations, screening)


class _Solve(Function):

    @staticmethod
    def forward(ctx: Any, right: Tensor, unknown: Tensor, down: Tensor,
                across: Tensor, iterations: int,
                screening: Tensor) -> Tensor:
        ctx.save_for_backward(unknown, down, across, screening)
        ctx.iterations = iterations
        levels = grids(unknown.to(right), Weights(down, across), screening)
        return conjugate_gradients(right, levels, iterations)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple:
        # A is symmetric, and so is its inverse
        unknown, *weights, screening = ctx.saved_tensors
        levels = grids(unknown.to(grad), Weights(*weights), screening)
        return (conjugate_gradients(grad * unknown, levels, ctx.iterations),
                None, None, None, None, None)


def grids(unknown: Tensor, weights: Weights, screening: Tensor) -> list[Grid]:
    """Make the equation's grids: its pixels, and these halved until they are
    few."""
    levels = []
    while True:
        degree = weights.neighbours(torch.ones_like(unknown)) + screening
        levels.append(Grid(unknown, weights, degree))
        if min(unknown.shape[-2:]) <= 2 or max(unknown.shape[-2:]) <= 4:
            return levels
        part = F.avg_pool2d(unknown[None], 2, ceil_mode=True)[0]
        unknown = (part >= 0.5).to(unknown)
        weights = weights.halved()
        # of a pixel four times as large
        screening = 4 * F.avg_pool2d(screening, 2, ceil_mode=True)


def laplacian(f: Tensor, grid: Grid) -> Tensor:
    """Return A f, for f that is 0 on known pixels."""
    return (grid.degree * f - grid.weights.neighbours(f)) * grid.unknown


def v_cycle(right: Tensor, levels: list[Grid]) -> Tensor:
    """Run one V-cycle from 0: linear, symmetric, an approximate solution."""
    grid, coarser = levels[0], levels[1:]
    relax = DAMPING * grid.unknown / grid.degree
    f = relax * right
    steps = STEPS if coarser else LAST_STEPS
    for _ in range(steps - 1):
        f = f + relax * (right - laplacian(f, grid))
    if not coarser:
        return f
    left = right - laplacian(f, grid)
    height, width = left.shape[-2:]
    left = F.pad(left, (0, width % 2, 0, height % 2))
    # unscaled differences of a grid twice as wide are four times as large
    total = F.avg_pool2d(left[None], 2, divisor_override=1)[0]
    change = v_cycle(total * coarser[0].unknown, coarser)
    change = F.interpolate(change[None], scale_factor=2)[0]
    f = f + change[:, :height, :width] * grid.unknown
    for _ in range(steps):
        f = f + relax * (right - laplacian(f, grid))
    return f


def conjugate_gradients(right: Tensor, levels: list[Grid],
                        iterations: int) -> Tensor:
    """Solve by preconditioned conjugate gradients, each channel for itself."""

    def product(a, b):
        return (a * b).sum((1, 2), keepdim=True)

    grid = levels[0]
    f = torch.zeros_like(right)
    left = right
    direction = preconditioned = v_cycle(left, levels)
    energy = product(left, preconditioned)
    tiny = torch.finfo(right.dtype).tiny
    for _ in range(iterations):
        image = laplacian(direction, grid)
        step = energy / product(direction, image).clamp(min=tiny)
        f = f + step * direction
        left = left - step * image
        preconditioned = v_cycle(left, levels)
        before, energy = energy, product(left, preconditioned)
        direction = preconditioned + energy / before.clamp(
            min=tiny) * direction
    return f
