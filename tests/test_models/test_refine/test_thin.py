import pytest
import torch

from tests.slim import SLIM_COHERENT, write_model
from tmad_mmedit.load import build_model, full_settings, load_model
from tmad_mmedit.models.refine import thin as module
from tmad_mmedit.models.refine.net import RefineNet
from tmad_mmedit.models.refine.thin import RefineThin, thinness, tiles

SMALL = dict(widths=(4, 6, 8), dilations=(1, 2))


def spoken(module):
    """Let a network that would change nothing say something."""
    torch.manual_seed(1)
    for x in module.parameters():
        torch.nn.init.normal_(x, std=.2)
    return module.eval()


def case(height=70, width=110):
    generator = torch.Generator().manual_seed(3)
    filled, guess = (
        torch.rand(1, 3, height, width, generator=generator) - .5
        for _ in range(2))
    mask = torch.zeros(1, 1, height, width)
    mask[..., 5:9, 3:-3] = 1  # a wire
    mask[..., 30:60, 40:70] = 1  # and a square
    return filled, guess.where(mask > 0, filled), mask


def test_it_is_thin_where_no_larger_square_fits():
    mask = torch.zeros(1, 20, 30)
    mask[:, 8:13, 2:28] = 1  # 5 wide
    assert torch.equal(thinness(mask, 6, 2), mask)
    mask[:, 3:18, 10:17] = 1  # 7 x 15, where both cross
    weight = thinness(mask, 5, 2)
    assert not weight[:, 3:18, 10:17].any()
    row = torch.tensor([1., 1., 2 / 3, 1 / 3])
    assert torch.allclose(weight[0, 10, 6:10], row)
    assert torch.allclose(weight[0, 10, 17:21], row.flip(0))
    assert torch.equal(weight > 0, (weight > 0) & (mask > 0))
    # a hole at a picture's edge goes on beyond it
    mask = torch.zeros(1, 20, 30)
    mask[:, :, :4] = 1
    assert not thinness(mask, 5, 2).any()


def test_untrained_it_changes_nothing():
    filled, guess, mask = case()
    assert torch.equal(RefineThin(**SMALL)(filled, guess, mask), filled)


@torch.no_grad()
def test_thin_holes_get_what_the_network_says_and_no_other_pixel_changes():
    filled, guess, mask = case()
    thin = spoken(RefineThin(**SMALL, widest=6, fade=0))
    out = thin(filled, guess, mask)
    wire = torch.zeros_like(mask)
    wire[..., 5:9, 3:-3] = 1
    assert torch.equal((out != filled).any(1, keepdim=True), wire > 0)
    assert torch.equal(thin(filled, guess, 0 * mask), filled)


@torch.no_grad()
def test_where_tiles_end_is_not_seen(monkeypatch):
    filled, guess, mask = (x.double() for x in case(200, 304))
    thin = spoken(RefineThin(**SMALL, widest=40, fade=3)).double()
    assert thin.net.reach < 60  # less than the picture, or it says nothing
    whole = filled + thin.net(filled, guess, mask)
    for side in (304, 64, 20):
        monkeypatch.setattr(module, 'TILE', side)
        out = thin(filled, guess, mask)
        assert torch.allclose(out, whole, atol=1e-5), side
    assert len(list(tiles(mask[0], 64))) == 5


@pytest.mark.parametrize('size', [(1, 1), (3, 50), (9, 6), (37, 41)])
def test_it_takes_any_size(size):
    mask = torch.ones(1, 1, *size)
    filled = torch.rand(1, 3, *size)
    assert spoken(RefineThin(**SMALL))(filled, filled, mask).shape == (
        1, 3, *size)


def test_it_reaches_no_farther_than_it_says():
    torch.manual_seed(0)
    net = spoken(RefineNet(**SMALL)).double()
    side = 4 * (net.reach // 2 + 1)
    x = torch.zeros(1, 3, side, side, dtype=torch.double, requires_grad=True)
    out = net(x, x.detach(), torch.ones_like(x[:, :1]))
    out[0, :, side // 2, side // 2].sum().backward()
    seen = x.grad[0].abs().sum(0).amax(0).nonzero().flatten() - side // 2
    assert net.reach - 8 <= seen.abs().max() <= net.reach


@torch.no_grad()
def test_a_model_has_it_if_its_file_says_so(tmp_path):
    settings = dict(SLIM_COHERENT, specks=dict(longest=0))
    assert 'thin' not in full_settings(settings)
    torch.manual_seed(0)
    model = build_model(dict(settings, thin=dict(SMALL, widest=12))).eval()
    spoken(model.thin)
    path = write_model(tmp_path / 'model.safetensors',
                       dict(settings, thin=dict(SMALL, widest=12)), model)
    again = load_model(path).eval()
    assert again.thin.widest == 12
    _, _, mask = case()
    img = torch.rand(1, 3, 70, 110) * (1 - mask)
    refined = again.inpaint(img, mask).out
    again.thin = None
    plain = again.inpaint(img, mask)
    assert torch.equal(refined, model.thin(plain.out, plain.comp, mask))
    assert not torch.equal(refined, plain.out)


def test_widths_that_are_none_are_refused():
    for wrong in (dict(widest=0), dict(fade=-1)):
        with pytest.raises(ValueError, match='1 or more, and 0 or more'):
            RefineThin(**wrong)
