import pytest
import torch

from tmad_mmedit.models import TMADCoarseNet
from tmad_mmedit.models.ops.blocks import DownBlock, ResBlock, UpBlock
from tmad_mmedit.models.ops.window import Window


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
    ((0, 1), (0, 1)),
])
@pytest.mark.parametrize('training', [True, False])
def test_a_window_of_the_estimate_is_cut_from_all_of_it(
        rows, columns, training):
    net = TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, )).train(training)
    x, window = torch.randn(2, 4, 96, 128), Window(*rows, *columns)
    assert torch.allclose(net(x, window), window.cut(net(x)), atol=1e-6)


def test_train_and_eval_mean_the_same():
    net = TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, ))
    x = torch.randn(2, 4, 32, 64)
    assert torch.equal(net.train()(x), net.eval()(x))


def test_a_window_sees_all_that_it_depends_on():
    """Gradients show it, where all weights are positive."""
    net = TMADCoarseNet(widths=(1, 1, 1, 1), dilations=(2, 1))
    for parameter in net.parameters():
        torch.nn.init.constant_(parameter, 1e-2)
    x = torch.zeros(1, 4, 256, 256, requires_grad=True)
    pixel = Window(128, 129, 128, 129)
    whole, windowed = (
        torch.autograd.grad(out.sum(), x)[0] != 0
        for out in (pixel.cut(net(x)), net(x, pixel)))
    assert torch.equal(whole, windowed)
    assert 0 < whole.sum() < whole.numel()


def test_halving_by_stride_is_nearest_neighbour_halving():
    block = DownBlock(3, 5)
    x = torch.randn(1, 3, 8, 8)
    first, second = block
    second.conv.stride = (1, 1)
    full = second(first(x))
    second.conv.stride = (2, 2)
    assert torch.allclose(block(x), torch.nn.functional.interpolate(
        full, scale_factor=0.5, mode='nearest'), atol=1e-6)
