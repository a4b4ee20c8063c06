import torch

from tmad_mmedit.models.shifts.blocks import Blocks
from tmad_mmedit.models.shifts.proposals import local_proposals

PLACE = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
SHIFTS = torch.tensor([[9, 0], [0, 9], [-9, 0], [5, 5]])


def grid(size, place=PLACE):
    return Blocks(size, 10, 20, *(place.amax(0) + 1).tolist(), place)


def rows(x):
    return [tuple(row) for row in x.tolist()]


def test_a_block_has_its_own_shift_its_neighbours_and_its_own_moved():
    found = local_proposals(SHIFTS, grid(8), grid(8), 1, (64, 64))
    assert found.shape == (4, 9 + 8, 2)
    # the first block has three neighbours; where there is none stands 0
    around = [(0, 0)] * 4 + [(9, 0), (0, 9), (0, 0), (-9, 0), (5, 5)]
    assert rows(found[0, :9]) == around
    moved = rows(found[0, 9:])
    assert (9, 0) not in moved and len(set(moved)) == 8
    assert set(moved) | {(9, 0)} == {
        (9 + dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)}


def test_moves_go_in_eight_directions_as_far_as_they_reach():
    found = local_proposals(SHIFTS, grid(8), grid(8), 3, (64, 64))
    own = torch.tensor([0, 9])
    far = (found[1, 9:] - own).abs()
    assert far.shape == (24, 2) and far.amax() == 3
    assert ((far[:, 0] == far[:, 1]) | (far == 0).any(1)).all()


def test_a_quarter_has_the_neighbours_that_it_lies_beside():
    finer = torch.cartesian_prod(torch.arange(4), torch.arange(4))
    found = local_proposals(SHIFTS, grid(8), grid(4, finer), 0, (64, 64))
    assert found.shape == (16, 4, 2)
    # the corner of the grid, and the quarter in its middle
    assert rows(found[0]) == [(9, 0), (0, 0), (0, 0), (0, 0)]
    assert rows(found[5]) == [(9, 0), (0, 9), (-9, 0), (5, 5)]
    assert rows(found[10]) == [(5, 5), (-9, 0), (0, 9), (9, 0)]


def test_a_moved_shift_stays_shorter_than_the_image():
    found = local_proposals(SHIFTS * 7, grid(8), grid(8), 2, (64, 64))
    assert found.abs().amax() == 63
