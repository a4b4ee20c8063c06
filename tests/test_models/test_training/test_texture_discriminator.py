import pytest
import torch
from mmedit.registry import MODELS


def test_it_is_blind_to_colour_and_sees_texture():
    disc = MODELS.build(
        dict(
            type='TextureDiscriminator',
            blur=5,
            gain=2,
            in_channels=3,
            max_channels=8,
            num_convs=2,
            fc_in_channels=8 * 4 * 4,
            fc_out_channels=1,
            out_act_cfg=None,
            with_spectral_norm=True)).eval()
    patches = torch.rand(2, 3, 16, 16)
    colours = torch.rand(2, 3, 1, 1)
    assert torch.allclose(disc(patches), disc(patches + colours), atol=1e-5)
    plain = torch.nn.functional.avg_pool2d(
        patches, 5, 1, 2, count_include_pad=False)
    assert torch.allclose(
        disc(patches),
        super(type(disc), disc).forward(2 * (patches - plain)))
    assert not torch.allclose(disc(patches), disc(plain), atol=1e-3)


def test_an_even_blur_is_refused():
    with pytest.raises(ValueError, match='blur=4 is even'):
        MODELS.build(
            dict(
                type='TextureDiscriminator',
                blur=4,
                in_channels=3,
                max_channels=8))
