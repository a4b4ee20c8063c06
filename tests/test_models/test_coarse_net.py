import pytest
import torch

from tmad_mmedit.models import TMADCoarseNet
from tmad_mmedit.models.blocks import DownBlock, ResBlock, UpBlock
from tmad_mmedit.models.window import Window


def test_block_counts_of_table_i():
    modules = list(TMADCoarseNet().modules())
    for kind, blocks in ((DownBlock, 3), (ResBlock, 8), (UpBlock, 3)):
        assert sum(isinstance(module, kind) for module in modules) == blocks
    assert not [m for m in modules if 'Norm' in type(m).__name__]


def test_keeps_the_size_and_names_what_it_cannot_halve():
    net = TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, 2))
    assert net(torch.randn(1, 4, 16, 24)).shape == (1, 3, 16, 24)
    with pytest.raises(ValueError, match=r'\(16, 20\).*multiple of 8'):
        net(torch.randn(1, 4, 16, 20))


def test_the_output_is_linear():
    net = TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, ))
    with torch.no_grad():
        net.conv_out.bias.fill_(-7)
    assert net(torch.zeros(1, 4, 8, 8)).mean() < -6


@pytest.mark.parametrize('rows, columns', [
    ((40, 60), (36, 52)),  # inside
    ((0, 3), (121, 128)),  # at a corner
    ((0, 96), (0, 128)),  # everywhere
])
def test_eval_mode_estimates_the_window_around_the_hole(rows, columns):
    net = TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, ))
    x = torch.randn(2, 4, 96, 128)
    x[:, 3] = 0
    hole = (..., slice(*rows), slice(*columns))
    x[(0, 3) + hole[1:]] = 1
    estimate = net.eval()(x)
    assert torch.allclose(
        estimate[hole], net.train()(x)[hole], atol=1e-6)
    estimate[hole] = x[:, :3][hole]
    assert torch.equal(estimate, x[:, :3])


def test_eval_mode_looks_at_all_a_hole_pixel_depends_on():
    """Gradients show it, where all weights are positive."""
    net = TMADCoarseNet(widths=(1, 1, 1, 1), dilations=(2, 1)).eval()
    for parameter in net.parameters():
        torch.nn.init.constant_(parameter, 1e-2)
    x = torch.zeros(1, 4, 256, 256, requires_grad=True)
    with torch.no_grad():
        x[:, 3, 128, 128] = 1
    gradients = []
    for mode in (True, False):
        out = net.train(mode)(x)[:, :, 128, 128].sum()
        gradients.append(torch.autograd.grad(out, x)[0] != 0)
    trained, evaluated = gradients
    assert torch.equal(trained, evaluated)
    assert 0 < trained.sum() < trained.numel()


def test_no_hole_is_estimated_like_any_other():
    x = torch.zeros(1, 4, 16, 16)
    net = TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, )).eval()
    assert net(x).shape == (1, 3, 16, 16)


def test_a_window_of_an_up_block_is_cut_from_all_of_it():
    block = UpBlock(3, 2)
    x = torch.randn(1, 3, 20, 24)
    for window in (Window(13, 18, 21, 22), Window(0, 4, 45, 48)):
        assert torch.allclose(
            block(x, window), window.cut(block(x)), atol=1e-6)


def test_halving_by_stride_is_nearest_neighbour_halving():
    block = DownBlock(3, 5)
    x = torch.randn(1, 3, 8, 8)
    first, second = block
    second.conv.stride = (1, 1)
    full = second(first(x))
    second.conv.stride = (2, 2)
    assert torch.allclose(block(x), torch.nn.functional.interpolate(
        full, scale_factor=0.5, mode='nearest'), atol=1e-6)
