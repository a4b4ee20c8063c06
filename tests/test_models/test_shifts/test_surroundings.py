import torch

from tmad_mmedit.models.shifts.blocks import hole_blocks
from tmad_mmedit.models.shifts.costs import UNKNOWN, CostMaps
from tmad_mmedit.models.shifts.surroundings import Surroundings


def maps(img, mask):
    return CostMaps.of(img * (1 - mask), mask, img, 2.)


def test_what_recurs_around_a_hole_costs_nothing_and_what_does_not_does():
    stripes = (torch.arange(64) // 4 % 2).float().expand(3, 64, 64)
    mask = torch.zeros(1, 64, 64)
    mask[:, 24:40, 24:40] = 1
    blocks = hole_blocks(mask, 8)
    shifts = torch.tensor([[0, 24], [0, 20]]).expand(4, -1, -1)
    found = Surroundings.of(mask, mask).costs(maps(stripes, mask), shifts,
                                              blocks, 10**6)
    known = Surroundings.of(mask, mask).pixels
    there = known + torch.tensor([0, 24])
    lost = ((there >= 64).any(1) | (mask[0][tuple(
        there.clamp(max=63).T)] > 0)).float().mean()
    assert torch.allclose(found[:, 0], lost * UNKNOWN)
    assert (found[:, 1] > 0.2).all()


def test_each_block_asks_what_is_nearest_to_it():
    img = torch.zeros(3, 64, 64)
    img[..., 32:] = torch.rand(32, generator=torch.manual_seed(0))
    mask = torch.zeros(1, 64, 64)
    mask[:, 16:48, 16:48] = 1
    blocks = hole_blocks(mask, 16)
    shift = torch.tensor([[-17, 0]]).expand(4, -1, -1) + torch.tensor([0, 1])
    found = Surroundings.of(mask, mask).costs(maps(img, mask), shift, blocks,
                                              24)[:, 0].view(2, 2)
    assert (found[:, 0] < found[:, 1]).all()


def test_without_anything_known_nothing_is_said():
    mask = torch.ones(1, 16, 16)
    blocks = hole_blocks(mask, 8)
    shifts = torch.zeros(len(blocks.place), 2, 2, dtype=torch.long)
    found = Surroundings.of(mask, mask).costs(
        maps(torch.rand(3, 16, 16), mask), shifts, blocks, 8)
    assert not found.any()
