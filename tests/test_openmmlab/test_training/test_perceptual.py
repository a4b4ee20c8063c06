import torch
from torchvision.models import vgg

from tmad_mmedit.openmmlab.training.perceptual import LatePerceptualLoss


def loss_with(monkeypatch, features):
    """The base config's loss, with other layers for VGG-19's."""

    class VGG:

        def __init__(self):
            self.features = features

    monkeypatch.setattr(vgg, 'vgg19', lambda pretrained: VGG())
    loss = LatePerceptualLoss(
        dict(
            type='PerceptualLoss',
            layer_weights={'0': 1.},
            perceptual_weight=0.05,
            style_weight=0))
    loss.prepare(torch.device('cpu'))
    return loss


def test_patches_reach_vgg_as_imagenet_s_photographs(monkeypatch):
    """-1 is black and 1 is white there, less the mean, over the deviation."""
    seen = []
    first = torch.nn.Identity()
    first.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    loss = loss_with(monkeypatch, torch.nn.Sequential(first))
    black, white = (torch.full((1, 3, 4, 4), x) for x in (-1., 1.))
    value = loss(black, white)
    as_black, as_white = (x[0, :, 0, 0] for x in seen)
    assert torch.allclose(
        as_black, torch.tensor([-2.1179, -2.0357, -1.8044]), atol=1e-4)
    assert torch.allclose(
        as_white, torch.tensor([2.2489, 2.4286, 2.64]), atol=1e-4)
    # 0.05 of the mean absolute difference of features
    assert torch.allclose(value, 0.05 * (as_white - as_black).abs().mean())


def test_its_gradient_reaches_the_patches(monkeypatch):
    loss = loss_with(
        monkeypatch, torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3)))
    patches = torch.zeros(2, 3, 8, 8, requires_grad=True)
    loss(patches, torch.ones(2, 3, 8, 8)).backward()
    assert patches.grad.abs().sum() > 0
