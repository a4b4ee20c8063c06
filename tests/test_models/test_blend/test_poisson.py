import pytest
import torch
from torch.autograd import gradcheck

from tmad_mmedit.models.blend.poisson import Weights, solve


def matrix(unknown, weights, screening):
    """A of the docstring, for the unknown pixels in their order."""
    index = torch.full(unknown.shape, -1)
    pixels = unknown.nonzero()
    index[tuple(pixels.T)] = torch.arange(len(pixels))
    a = torch.eye(len(pixels), dtype=torch.double) * screening
    for (dy, dx), w in zip(((1, 0), (0, 1)), weights):
        for y, x in (w[0] > 0).nonzero().tolist():
            ends = index[y, x].item(), index[y + dy, x + dx].item()
            for i, j in (ends, ends[::-1]):
                if i >= 0:
                    a[i, i] += w[0, y, x]
                    if j >= 0:
                        a[i, j] -= w[0, y, x]
    return a


def weights_of(unknown, even):
    height, width = unknown.shape
    sizes = (1, height - 1, width), (1, height, width - 1)
    return Weights(*(
        torch.ones(size, dtype=torch.double) if even else
        torch.rand(size, dtype=torch.double) * 0.99 + 0.01
        for size in sizes))


def hole(name):
    unknown = torch.zeros(23, 34, dtype=torch.bool)
    if name == 'rectangle':
        unknown[3:20, 5:30] = True
    elif name == 'at the border':
        unknown[:, :20] = True
    else:
        unknown[2:21:5, 3:30] = True
        unknown[4:20, 7:30:6] = True
    return unknown


@pytest.mark.parametrize('even', [True, False])
@pytest.mark.parametrize('screening', [0., 0.05])
@pytest.mark.parametrize('name', ['rectangle', 'at the border', 'strokes'])
def test_the_equation_is_solved(name, screening, even):
    unknown = hole(name)
    weights = weights_of(unknown, even)
    right = torch.randn(2, *unknown.shape, dtype=torch.double) * unknown
    f = solve(right, unknown[None], weights, 30, screening)
    expected = torch.linalg.solve(
        matrix(unknown, weights, screening), right[:, unknown].T).T
    assert torch.allclose(f[:, unknown], expected, atol=1e-4)
    assert not f[:, ~unknown].any()


def test_nothing_to_solve_is_nothing():
    unknown = torch.zeros(9, 9, dtype=torch.bool)
    weights = weights_of(unknown, True)
    right = torch.zeros(3, 9, 9, dtype=torch.double)
    assert not solve(right, unknown[None], weights).any()


def test_gradients():
    unknown = torch.zeros(6, 7, dtype=torch.bool)
    unknown[1:5, 2:] = True
    weights = weights_of(unknown, False)
    right = torch.randn(1, 6, 7, dtype=torch.double, requires_grad=True)
    assert gradcheck(
        lambda r: solve(r * unknown, unknown[None], weights, 40), right)
