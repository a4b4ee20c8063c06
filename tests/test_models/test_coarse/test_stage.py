import pytest
import torch

from tmad_mmedit.models import CoarseStage, TMADCoarseNet


def stage():
    return CoarseStage(
        TMADCoarseNet(widths=(4, 4, 4, 4), dilations=(1, ))).eval()


@pytest.mark.parametrize('size', [(15, 17), (1, 1), (8, 3)])
def test_any_size(size):
    x, mask = torch.zeros(1, 3, *size), torch.zeros(1, 1, *size)
    assert stage()(x, mask).shape == x.shape


def test_the_network_sees_the_masked_picture_and_the_mask():
    coarse, img = stage(), torch.rand(2, 3, 24, 16) * 2 - 1
    mask = torch.zeros(2, 1, 24, 16)
    mask[..., 5:12, 3:9] = 1
    masked = img * (1 - mask)
    assert torch.equal(coarse(masked, mask),
                       coarse.net(torch.cat([masked, mask], 1)))


def test_known_pixels_of_a_reduced_copy_are_what_the_image_shows():
    """A line is hole in the image, and nowhere in a copy of a quarter."""
    coarse, mask = stage(), torch.zeros(1, 1, 64, 64)
    mask[..., 30, :] = 1
    img = torch.full((1, 3, 64, 64), 0.3) * (1 - mask)
    made = coarse(img, mask, max_pixels=16 * 16)
    assert torch.allclose(made, torch.full_like(made, 0.3), atol=1e-6)
    assert not torch.allclose(coarse(img, mask)[..., 30, :],
                              made[..., 30, :], atol=1e-2)


def test_of_a_large_picture_it_sees_a_copy_and_of_others_themselves():
    coarse, sizes = stage(), []
    coarse.net.register_forward_pre_hook(
        lambda net, inputs: sizes.append(tuple(inputs[0].shape[-2:])))
    mask = torch.zeros(1, 1, 64, 128)
    mask[..., 20:50, 30:70] = 1
    img = torch.rand(1, 3, 64, 128) * (1 - mask)
    for max_pixels in (None, 64 * 128, 32 * 64):
        assert coarse(img, mask, max_pixels).shape == img.shape
    assert sizes == [(64, 128), (64, 128), (32, 64)]


@pytest.mark.parametrize('training', [True, False])
def test_the_hole_alone_is_the_hole_of_the_whole(training):
    coarse = stage().train(training)
    img, mask = torch.rand(2, 3, 45, 70) * 2 - 1, torch.zeros(2, 1, 45, 70)
    mask[0, :, 5:20, 40:52] = mask[1, :, 9:12, 60:70] = 1
    img, hole = img * (1 - mask), mask.bool().expand_as(img)
    for max_pixels in (None, 20 * 30):
        whole = coarse(img, mask, max_pixels)
        alone = coarse(img, mask, max_pixels, hole_only=True)
        assert torch.allclose(alone[hole], whole[hole], atol=1e-5)
    # and what is no hole is an estimate of it
    assert not torch.allclose(coarse(img, mask)[~hole], img[~hole], atol=1e-2)
