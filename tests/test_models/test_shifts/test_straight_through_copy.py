import pytest
import torch

from tmad_mmedit.models.blend.gradient_blend import (
    BlendSettings,
    gradient_blend,
)
from tmad_mmedit.models.shifts.blocks import hole_blocks
from tmad_mmedit.models.shifts.correspondence_net import CorrespondenceNet
from tmad_mmedit.models.shifts.costs import CostMaps
from tmad_mmedit.models.shifts.search import search_shifts
from tmad_mmedit.models.shifts.settings import ShiftSettings
from tmad_mmedit.models.shifts.straight_through_copy import (
    straight_through_copy,
)


def parts(**changes):
    torch.manual_seed(0)
    net = CorrespondenceNet(widths=(8, 8, 8), dilations=(1, 2),
                            embed_channels=8, max_pixels=64 * 64)
    return net, ShiftSettings(dominant=30, guided=30, **changes)


def two_textures():
    """Red above, green below, and a hole between them that is all green; the
    guess is grey."""
    torch.manual_seed(1)
    img = torch.rand(1, 3, 64, 64) * 0.4 - 0.8
    img[:, 0, :20] += 1
    img[:, 1, 20:] += 1
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 20:44, 20:44] = 1
    masked = img * (1 - mask)
    return img, masked, mask, masked


def test_it_is_zero_with_the_gradient_of_the_weighted_sum():
    img, masked, mask, comp = (x[0] for x in two_textures())
    maps = CostMaps.of(masked.double(), mask.double(), comp.double(), 4.)
    blocks = hole_blocks(mask, 8)
    candidates = torch.randint(-20, 20, (len(blocks.place), 3, 2))
    weights = torch.rand(
        len(blocks.place), 3, dtype=torch.double, requires_grad=True)
    wanted = torch.rand(3, 64, 64, dtype=torch.double)
    found = straight_through_copy(maps, candidates, weights, blocks)
    assert not found.any()
    grad, = torch.autograd.grad((found * wanted).sum(), weights)
    for b, corner in enumerate(blocks.first_pixel().tolist()):
        y, x = (slice(c, c + 8) for c in corner)
        for k, (dy, dx) in enumerate(candidates[b].tolist()):
            seen = masked[:, corner[0] + dy:, corner[1] + dx:][:, :8, :8]
            if min(corner[0] + dy, corner[1] + dx) < 0 or (
                    seen.shape[1:] != (8, 8)):
                continue
            assert grad[b, k].item() == pytest.approx(
                (seen * wanted[:, y, x]).sum().item())


def test_gradients_reach_both_networks_and_change_no_value():
    img, masked, mask, comp = two_textures()
    net, settings = parts()
    comp = (comp + 0.3 * mask).requires_grad_()
    field = search_shifts(masked, mask, comp, net(comp, mask), settings)
    assert field.soft.shape == masked.shape and not field.soft.any()
    (field.soft * img).sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad.isfinite().all() and parameter.grad.any(), name
    assert comp.grad.any()
    with torch.no_grad():
        plain = search_shifts(masked, mask, comp, net(comp, mask), settings)
    assert plain.soft is None
    assert torch.equal(plain.shift, field.shift)


def test_the_correspondence_is_trained_by_the_picture_alone():
    """What is blended is compared with the truth, and no loss says which
    entry is right."""
    img, masked, mask, comp = two_textures()
    net, settings = parts(guidance=0., rim=0.2, similarity=1.5)
    adam = torch.optim.Adam(net.parameters(), lr=3e-3)
    errors = []
    for _ in range(8):
        field = search_shifts(masked, mask, comp, net(comp, mask), settings)
        out = gradient_blend(comp, masked, mask, field, BlendSettings())
        loss = ((out + field.soft - img) * mask).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        errors.append(loss.item())
    assert max(errors[-3:]) < 0.5 * errors[0]
