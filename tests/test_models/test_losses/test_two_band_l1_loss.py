import pytest
import torch
from mmedit.registry import MODELS


def build(blur=3, **kwargs):
    return MODELS.build(dict(type='TwoBandL1Loss', blur=blur, **kwargs))


def test_each_band_has_its_weight_by_hand():
    pred = torch.tensor([0., 3, 0]).expand(1, 1, 3, 3)
    target = torch.zeros(1, 1, 3, 3)
    # the means of what is there: 1.5, 1, 1.5; what they leave: -1.5, 2, -1.5
    loss = build(shading_weight=2., texture_weight=.5)(pred, target)
    assert loss.item() == pytest.approx(2 * 4 / 3 + .5 * 5 / 3, rel=1e-5)


def test_shading_alone_leaves_texture_free():
    loss, target = build(), torch.rand(2, 3, 9, 9)
    stripes = torch.tensor([1., -2., 1.]).repeat(3)  # any three sum to 0
    textured = target + stripes
    plain = (textured - target).abs().mean()
    assert loss(textured, target) < plain / 4  # the borders see two of three
    assert loss(target + .5, target).item() == pytest.approx(.5, rel=1e-4)
    assert build(texture_weight=1.)(target + .5, target).item() == (
        pytest.approx(.5, rel=1e-4))


def test_its_gradient_is_the_losses():
    pred, target = (torch.rand(1, 2, 5, 5, dtype=torch.double)
                    for _ in range(2))
    assert torch.autograd.gradcheck(
        lambda x: build(texture_weight=.3)(x, target), pred.requires_grad_())


def test_an_even_blur_is_refused():
    image = torch.zeros(1, 3, 8, 8)
    with pytest.raises(ValueError, match='blur=4 is even'):
        build(blur=4)(image, image)
