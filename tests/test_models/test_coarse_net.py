import pytest
import torch

from tmad_mmedit.models import TMADCoarseNet
from tmad_mmedit.models.blocks import DownBlock, ResBlock, UpBlock


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


def test_halving_by_stride_is_nearest_neighbour_halving():
    block = DownBlock(3, 5)
    x = torch.randn(1, 3, 8, 8)
    first, second = block
    second.conv.stride = (1, 1)
    full = second(first(x))
    second.conv.stride = (2, 2)
    assert torch.allclose(block(x), torch.nn.functional.interpolate(
        full, scale_factor=0.5, mode='nearest'), atol=1e-6)
