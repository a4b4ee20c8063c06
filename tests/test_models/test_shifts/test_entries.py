import torch

from tmad_mmedit.models.shifts.correspondence_net import Correspondence
from tmad_mmedit.models.shifts.entries import (
    distinct,
    dominant_shifts,
    guided_shifts,
)


def test_the_period_of_a_texture_is_its_dominant_shift():
    tile = torch.rand(3, 24, 24)
    img = tile.repeat(1, 4, 4)
    mask = torch.zeros(1, 96, 96)
    mask[:, 40:56, 40:56] = 1
    shifts = dominant_shifts(img * (1 - mask), mask, 8)
    assert len(shifts) and (shifts % 24 == 0).all()


def test_the_coarse_result_leads_to_what_looks_like_it():
    img = torch.zeros(3, 96, 96)
    img[0, :, 60:] = 1  # red at the right
    mask = torch.zeros(1, 96, 96)
    mask[:, 40:56, 10:26] = 1
    comp = img.clone()
    comp[0, 30:66, :36] = 1  # and it says: the hole is red
    shifts = guided_shifts(img * (1 - mask), mask, comp, 500, reach=4)
    landed = shifts[:, 1] + 18  # of the hole's middle column
    assert len(shifts) and (landed > 52).float().mean() > 0.9


def unit_maps(channels, height, width):
    return torch.nn.functional.normalize(
        torch.randn(1, channels, height, width))


def test_log_weights_are_those_of_eq_3():
    phi, theta = unit_maps(8, 6, 6), unit_maps(8, 6, 6)
    found = Correspondence(theta, phi, torch.tensor(7.), (4., 4.))
    y, x = torch.tensor([9.5]), torch.tensor([13.5])  # middle of (2, 3)
    shifts = torch.tensor([[0, 4], [4, -8], [-4, 0]])
    places = [(2, 4), (3, 1), (1, 3)]
    cosine = torch.stack(
        [(theta[0, :, 2, 3] * phi[0, :, i, j]).sum() for i, j in places])
    assert torch.allclose(
        found.log_weights(0, y, x, shifts)[0],
        (7 * cosine).log_softmax(0), atol=1e-5)


def test_a_shift_is_listed_once_and_none_stays():
    a = torch.tensor([[0, 0], [1, 2]])
    assert distinct([a, a + 0]).tolist() == [[1, 2]]


def test_where_nothing_is_known_there_are_no_shifts():
    img, mask = torch.rand(3, 40, 40), torch.ones(1, 40, 40)
    mask[:, 0, 0] = 0
    assert len(dominant_shifts(img, mask, 9)) == 0
    assert len(guided_shifts(img, mask, img, 9)) == 0
