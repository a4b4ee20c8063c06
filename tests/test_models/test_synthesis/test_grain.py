import pytest
import torch

from tmad_mmedit.models import PSNet
from tmad_mmedit.models.synthesis.grain import GrainSkip

SLIM = dict(widths=(4, 6, 8), up_widths=(6, 4, 4), num_textures=2)


def grain_of(texture, strength=1.):
    """Of one texture, (3, s, s), and a flat second one."""
    skip = GrainSkip(5, 2, strength=strength)
    textures = torch.stack([texture, torch.ones_like(texture)])
    return skip(torch.randn(1, 5, *texture.shape[1:]), textures[None])[0]


def test_grain_by_hand():
    dot = torch.zeros(3, 5, 5)
    dot[:, 2, 2] = .9
    # a box of 3 takes .1 of it to each neighbour and leaves it .8
    around = -.1 / .11**.5
    expected = torch.zeros(5, 5)
    expected[1:4, 1:4] = around
    expected[2, 2] = .8 / .81**.5
    assert torch.allclose(grain_of(dot, .5), .5 * expected.expand(3, 5, 5))


def test_a_flat_texture_has_no_grain():
    assert grain_of(torch.full((3, 8, 8), .7)).abs().max() < 1e-3


def test_contrast_is_evened():
    fine = torch.randn(3, 32, 32)
    faint, strong = (grain_of(scale * fine).std() for scale in (.05, .45))
    assert 2.8 < strong / faint < 3.6  # three times, for nine times


def test_before_training_the_best_texture_is_laid_over():
    psnet = PSNet(**SLIM, grain=dict(strength=.3))
    context, textures = torch.randn(2, 4, 64, 64), torch.rand(2, 2, 3, 32, 32)
    laid = psnet(context, textures)
    skip, psnet.grain = psnet.grain, None
    expected = skip(torch.zeros(2, 4, 32, 32), textures)
    assert expected.std() > .05
    assert torch.allclose(laid - psnet(context, textures), expected, atol=1e-6)


def test_strengths_and_textures_learn():
    psnet = PSNet(**SLIM, grain=dict())
    textures = torch.rand(1, 2, 3, 32, 32, requires_grad=True)
    psnet(torch.randn(1, 4, 64, 64), textures).square().sum().backward()
    for weights in (*psnet.grain.parameters(), textures):
        assert weights.grad.isfinite().all() and weights.grad.abs().sum() > 0


def test_without_it_psnet_is_the_papers():
    assert not any('grain' in key for key in PSNet(**SLIM).state_dict())


def test_an_even_blur_is_refused():
    with pytest.raises(ValueError, match='blur=2 is even'):
        PSNet(**SLIM, grain=dict(blur=2))
