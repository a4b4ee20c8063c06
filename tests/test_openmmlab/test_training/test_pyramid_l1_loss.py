import torch

from tmad_mmedit.openmmlab.training.pyramid_l1_loss import PyramidL1Loss


def test_means_that_cancel_cost_only_where_they_do_not():
    target = torch.zeros(1, 1, 8, 8)
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., :4, :4] = 1
    chess = (torch.arange(8)[:, None] + torch.arange(8)) % 2 * 2. - 1
    loss = PyramidL1Loss(sizes=(2, 4), loss_weight=1.)
    assert loss(chess.expand_as(target), target, mask) == 0
    # an even error of 1/2 costs that much at both sizes
    assert torch.isclose(
        loss(target + 0.5, target, mask), torch.tensor(1.))


def test_known_pixels_do_not_count():
    pred = torch.rand(2, 3, 8, 8)
    loss = PyramidL1Loss()
    assert loss(pred, torch.zeros_like(pred), torch.zeros(2, 1, 8, 8)) == 0
