import pytest
import torch

from tmad_mmedit.openmmlab.training import BlendingLoss

TV = dict(type='MaskedTVLoss', loss_weight=1.)
GAN = dict(type='GANLoss', gan_type='vanilla', loss_weight=0.5)


def test_tv_sees_the_seam_and_nothing_far_from_it():
    loss = BlendingLoss(TV, GAN)
    img, mask = torch.zeros(1, 3, 8, 8), torch.zeros(1, 1, 8, 8)
    mask[..., 2:4, 2:4] = 1
    assert loss.tv_loss(img, mask) == 0
    far = img.clone()
    far[..., 6:, 6:] = 1
    assert loss.tv_loss(far, mask) == 0
    above = img.clone()
    above[..., :2, :] = 1  # the step lies between a known and a hole pixel
    assert loss.tv_loss(above, mask) > 0


def test_tv_by_hand():
    img, mask = torch.zeros(1, 1, 1, 4), torch.zeros(1, 1, 1, 4)
    img[..., 2] = 3
    mask[..., 1] = 1  # grown by one: the differences 0, 3 and 3
    tv = BlendingLoss(TV, GAN).tv_loss(img, mask)
    assert tv.item() == pytest.approx((0 + 3 + 3) / 3)


def test_no_hole_no_tv():
    img = torch.rand(1, 3, 4, 4)
    assert BlendingLoss(TV, GAN).tv_loss(img, torch.zeros(1, 1, 4, 4)) == 0


def test_gan_sides():
    loss = BlendingLoss(TV, GAN)
    good, bad = torch.full((2, 1, 3, 3), 9.), torch.full((2, 1, 3, 3), -9.)
    assert loss.disc_loss(fake=bad, real=good) < 1e-3
    assert loss.disc_loss(fake=good, real=bad) > 10
    # the weight is the generator's alone
    assert loss.gen_loss(bad).item() == pytest.approx(0.5 * 9, abs=1e-3)
    assert loss.gen_loss(good) < 1e-3
