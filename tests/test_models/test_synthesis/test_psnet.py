import pytest
import torch

from tmad_mmedit.models import PSNet
from tmad_mmedit.models.ops.blocks import DownBlock, ResBlock, UpBlock
from tmad_mmedit.models.ops.blur import gaussian_blur

SLIM = dict(widths=(4, 6, 8), up_widths=(6, 4, 4), num_textures=2)


def count(network, kind):
    return sum(isinstance(module, kind) for module in network.modules())


def test_block_counts_of_table_i():
    psnet = PSNet()
    assert count(psnet.down, DownBlock) == 2
    assert count(psnet.res, ResBlock) == 5
    assert count(psnet, UpBlock) == 3
    encoder = torch.nn.ModuleList([psnet.texture_half, psnet.texture_quarter])
    assert count(encoder, DownBlock) == 2
    assert count(encoder, ResBlock) == 2
    dilations = {
        module.dilation
        for module in psnet.res.modules() if hasattr(module, 'dilation')
    }
    assert dilations == {(1, 1)}


@pytest.mark.parametrize('size', [8, 16, 32])
def test_patches_of_any_size_the_blocks_can_halve(size):
    psnet = PSNet(**SLIM)
    patches = psnet(
        torch.randn(3, 4, 2 * size, 2 * size),
        torch.randn(3, 2, 3, size, size))
    assert patches.shape == (3, 3, size, size) and patches.isfinite().all()


def test_no_patch_is_a_batch_like_any_other():
    patches = PSNet(**SLIM)(torch.randn(0, 4, 64, 64),
                            torch.randn(0, 2, 3, 32, 32))
    assert patches.shape == (0, 3, 32, 32)


def test_what_is_cut_away_early_does_not_change_the_centre():
    psnet = PSNet(**SLIM)
    context, textures = torch.randn(2, 4, 64, 64), torch.randn(2, 2, 3, 32, 32)
    half = psnet.texture_half(textures.flatten(1, 2))
    x = psnet.res(psnet.down(psnet.conv_in(context)))
    x = psnet.up1(torch.cat([x, psnet.texture_quarter(half)], 1))
    x = psnet.conv_out(psnet.up3(psnet.up2(torch.cat([x, half], 1))))
    assert torch.allclose(
        psnet(context, textures), x[..., 16:48, 16:48], atol=1e-6)


def test_both_inputs_matter():
    psnet = PSNet(**SLIM)
    context = torch.randn(1, 4, 64, 64, requires_grad=True)
    textures = torch.randn(1, 2, 3, 32, 32, requires_grad=True)
    psnet(context, textures).sum().backward()
    assert context.grad.abs().sum() > 0 and textures.grad.abs().sum() > 0


@pytest.mark.parametrize('context, textures, says', [
    ((1, 4, 20, 20), (1, 2, 3, 10, 10), 'multiple of 4'),
    ((1, 4, 32, 32), (1, 2, 3, 32, 32), 'windows of 32'),
    ((1, 4, 64, 64), (1, 3, 3, 32, 32), 'num_textures=2 and got 3'),
])
def test_what_does_not_fit_is_named(context, textures, says):
    with pytest.raises(ValueError, match=says):
        PSNet(**SLIM)(torch.randn(context), torch.randn(textures))


def test_on_detail_it_begins_at_the_best_textures_detail_in_the_hole():
    psnet = PSNet(**SLIM, detail=2.)
    context = torch.rand(2, 4, 64, 64)
    context[:, 3] = 0
    context[:, 3, :, :32] = 1  # the left half is hole
    flat = torch.full((2, 2, 3, 32, 32), 0.3)
    known = context[:, :3, 16:48, 16:48]
    assert torch.allclose(psnet(context, flat), known, atol=1e-6)
    textures = torch.rand(2, 2, 3, 32, 32)
    best = textures[:, 0]
    fine = psnet(context, textures) - known
    assert (fine[..., 16:] == 0).all()
    detail = (best - gaussian_blur(best, 2.))[..., :16]
    assert (fine[..., :16] - detail).abs().mean() < 0.1 * detail.abs().mean()


def test_on_detail_all_textures_can_be_chosen():
    psnet = PSNet(**SLIM, detail=2.)
    textures = torch.randn(1, 2, 3, 32, 32)
    with torch.no_grad():
        psnet.conv_out.bias[3:] = torch.tensor([-20., 20.])
    context = torch.ones(1, 4, 64, 64)
    second = textures[:, 1]
    assert torch.allclose(psnet(context, textures),
                          1 + second - gaussian_blur(second, 2.), atol=1e-5)
