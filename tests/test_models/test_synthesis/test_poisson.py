import pytest
import torch
from torch.autograd import gradcheck

from tmad_mmedit.models.synthesis.poisson import solve


def matrix(unknown, pull):
    """A of the docstring, for the unknown pixels in their order."""
    height, width = unknown.shape
    index = torch.full(unknown.shape, -1)
    pixels = unknown.nonzero()
    index[tuple(pixels.T)] = torch.arange(len(pixels))
    a = torch.eye(len(pixels), dtype=torch.double) * pull
    for i, (y, x) in enumerate(pixels.tolist()):
        for q in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
            if 0 <= q[0] < height and 0 <= q[1] < width:
                a[i, i] += 1
                if index[q] >= 0:
                    a[i, index[q]] -= 1
    return a


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


@pytest.mark.parametrize('pull', [0., 0.05])
@pytest.mark.parametrize('name', ['rectangle', 'at the border', 'strokes'])
def test_the_equation_is_solved(name, pull):
    unknown = hole(name)
    right = torch.randn(2, *unknown.shape, dtype=torch.double) * unknown
    f = solve(right, unknown[None], 20, pull)
    expected = torch.linalg.solve(matrix(unknown, pull), right[:, unknown].T).T
    assert torch.allclose(f[:, unknown], expected, atol=1e-5)
    assert not f[:, ~unknown].any()


def test_nothing_to_solve_is_nothing():
    unknown = torch.zeros(1, 9, 9, dtype=torch.bool)
    assert not solve(torch.zeros(3, 9, 9), unknown).any()


def test_gradients():
    unknown = torch.zeros(1, 6, 7, dtype=torch.bool)
    unknown[:, 1:5, 2:] = True
    right = torch.randn(1, 6, 7, dtype=torch.double, requires_grad=True)
    assert gradcheck(lambda r: solve(r * unknown, unknown, 30), right)
