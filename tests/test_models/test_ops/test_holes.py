import torch

from tmad_mmedit.models.ops.holes import dilated, touched


def test_it_grows_by_a_square_and_stops_at_the_border():
    mask = torch.zeros(1, 7, 9)
    mask[0, 1, 4] = 1
    wide = dilated(mask, 2)
    assert wide.shape == mask.shape
    assert wide[0, 0:4, 2:7].all() and wide.sum() == 4 * 5
    assert torch.equal(dilated(mask, 0), mask)


def test_cells_that_touch_a_hole_also_beyond_the_border():
    mask = torch.zeros(2, 1, 5, 6)
    mask[0, 0, 1, 1] = mask[1, 0, 4, 5] = 1
    assert touched(mask, 4).int().tolist() == [
        [[[1, 0], [0, 0]]], [[[0, 0], [0, 1]]]]
