from math import exp, log

import pytest
import torch

from tmad_mmedit.openmmlab.training import PatchDistributionLoss


def softplus(x):
    return log(1 + exp(x))


FAKE = torch.tensor([0.5, -1.])
REAL = torch.tensor([2., 1.])
TEXTURE = torch.tensor([[1., 3.], [0., -2.]])
MEMORY = torch.tensor([0.25, 0.75])


def test_eq_6_by_hand():
    loss = PatchDistributionLoss().disc_loss(FAKE, REAL, TEXTURE)
    to_real = (softplus(-1.5) + softplus(-2)) / 2
    to_texture = (softplus(-0.5) + softplus(-2.5) + softplus(-1) +
                  softplus(1)) / 4
    assert loss.item() == pytest.approx(to_real + to_texture, rel=1e-5)


def test_eq_7_by_hand():
    loss = PatchDistributionLoss(loss_weight=0.1).gen_loss(
        FAKE, REAL, TEXTURE, MEMORY)
    to_real = (softplus(1.5) + softplus(2)) / 2
    to_texture = (softplus(0.5) + softplus(2.5) + softplus(1) +
                  softplus(-1)) / 4
    compensation = (softplus(-0.25) + softplus(1.75)) / 2
    assert loss.item() == pytest.approx(
        0.1 * (to_real + to_texture + compensation), rel=1e-5)


def test_no_generator_gradient_through_the_real_side():
    logits = [x.clone().requires_grad_()
              for x in (FAKE, REAL, TEXTURE, MEMORY)]
    PatchDistributionLoss().gen_loss(*logits).backward()
    assert (logits[0].grad < 0).all()
    assert all(x.grad is None for x in logits[1:])


def test_the_discriminator_learns_from_all_sides():
    logits = [x.clone().requires_grad_() for x in (FAKE, REAL, TEXTURE)]
    PatchDistributionLoss().disc_loss(*logits).backward()
    assert (logits[0].grad > 0).all()
    assert (logits[1].grad < 0).all() and (logits[2].grad < 0).all()


def test_plain_variant_of_table_vi_by_hand():
    loss = PatchDistributionLoss(loss_weight=0.1, relativistic=False)
    assert loss.disc_loss(FAKE, REAL, TEXTURE).item() == pytest.approx(
        (softplus(-2) + softplus(-1)) / 2 + (softplus(0.5) + softplus(-1)) / 2,
        rel=1e-5)
    assert loss.gen_loss(FAKE, REAL, TEXTURE, MEMORY).item() == pytest.approx(
        0.1 * (softplus(-0.5) + softplus(1)) / 2, rel=1e-5)
    assert torch.equal(
        loss.gen_loss(FAKE), loss.gen_loss(FAKE, REAL, TEXTURE, MEMORY))


def test_functions_are_pluggable():
    loss = PatchDistributionLoss(
        loss_weight=1, f_disc='hinge', f_gen=lambda x: -x)
    assert loss.disc_loss(FAKE, REAL, TEXTURE).item() == pytest.approx(
        0 + (0.5 + 0 + 0 + 2) / 4)
    assert loss.gen_loss(FAKE, REAL, TEXTURE, MEMORY).item() == pytest.approx(
        1.75 + 0.75 + 0.75)
    squares = PatchDistributionLoss(f_disc='least_squares')
    assert squares.disc_loss(FAKE, REAL, FAKE[:, None]).item() == (
        pytest.approx((0.25 + 1) / 2 + 1))


def test_an_unknown_function_is_named():
    with pytest.raises(ValueError, match="'wgan' is unknown.*non_saturating"):
        PatchDistributionLoss(f_gen='wgan')
