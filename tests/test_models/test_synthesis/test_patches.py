import torch

from tmad_mmedit.models.ops.cells import Cells
from tmad_mmedit.models.synthesis.patches import (
    extract,
    hole_cells,
    paste,
    sample_cells,
    select_cells,
)


def cells(*places, size=2):
    """By image, row and column in the grid."""
    image, row, column = torch.tensor(places).unbind(1)
    return Cells(image, row * size, column * size)


def test_hole_cells_are_those_that_touch_the_hole():
    mask = torch.zeros(1, 1, 5, 6)
    mask[0, 0, 1, 1] = 1
    mask[0, 0, 4, 5] = 1  # in the cell that reaches over the border
    assert hole_cells(mask, 2).int().tolist() == [[[1, 0, 0], [0, 0, 0],
                                                   [0, 0, 1]]]


def test_select_cells_takes_exactly_the_hole_cells():
    hole = torch.tensor([[[True, False], [False, True]],
                         [[False, True], [False, False]]])
    image, top, left = select_cells(hole, 8)
    assert list(zip(image.tolist(), top.tolist(),
                    left.tolist())) == [(0, 0, 0), (0, 8, 8), (1, 0, 8)]


def test_sample_cells_takes_hole_cells_first_and_complements_them():
    hole = torch.zeros(2, 3, 3, dtype=torch.bool)
    hole[0, 1, 1] = hole[0, 2, 0] = True
    hole[1] = True
    image, top, left = sample_cells(hole, 8, 4,
                                    torch.Generator().manual_seed(0))
    assert image.tolist() == [0] * 4 + [1] * 4
    first = set(zip(top[:4].tolist(), left[:4].tolist()))
    assert len(first) == 4 and {(8, 8), (16, 0)} <= first
    assert len(set(zip(top[4:].tolist(), left[4:].tolist()))) == 4


def test_sample_cells_draws_the_same_from_the_same_seed_only():
    hole = torch.zeros(1, 8, 8, dtype=torch.bool)

    def draw(seed):
        return sample_cells(hole, 8, 5, torch.Generator().manual_seed(seed))

    assert all(map(torch.equal, draw(0), draw(0)))
    assert not all(map(torch.equal, draw(0), draw(1)))


def test_extract_takes_the_cell_with_its_surroundings():
    x = torch.arange(16.).view(1, 1, 4, 4)
    patch = extract(x, cells((0, 1, 0)), 2)
    assert patch[0, 0].tolist() == [[8, 9], [12, 13]]
    window = extract(x, cells((0, 1, 1)), 2, margin=1)
    # reflected at the right and at the bottom
    assert window[0, 0].tolist() == [[5, 6, 7, 6], [9, 10, 11, 10],
                                     [13, 14, 15, 14], [9, 10, 11, 10]]


def test_paste_of_extract_is_the_identity_at_any_size():
    for size in ((8, 8), (7, 9), (3, 2)):
        x = torch.randn(2, 3, *size)
        every = select_cells(
            torch.ones_like(hole_cells(x[:, :1], 4)).bool(), 4)
        assert torch.equal(paste(x, extract(x, every, 4), every), x)
        assert torch.equal(
            paste(torch.zeros_like(x), extract(x, every, 4), every), x)


def test_paste_changes_its_cells_only():
    x = torch.zeros(2, 1, 4, 4)
    out = paste(x, torch.ones(1, 1, 2, 2), cells((1, 0, 1)))
    assert out[0].sum() == 0
    assert out[1, 0].tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [0] * 4, [0] * 4]
    assert x.sum() == 0


def test_gradients_pass_through_extract_and_paste():
    x = torch.randn(1, 1, 4, 6, dtype=torch.double, requires_grad=True)
    where = cells((0, 0, 1), (0, 1, 2))

    def through(x):
        return paste(x, extract(x, where, 2, margin=1)[..., 1:3, 1:3] * 2,
                     where)

    assert torch.autograd.gradcheck(through, x)


def test_extract_beyond_the_reflection_repeats_its_last_pixel():
    x = torch.tensor([[1., 2, 3]])[None, None]
    window = extract(x, cells((0, 0, 0)), 2, margin=5)
    assert window[0, 0, 0].tolist() == [1, 1, 2, 3, 2, 1, 2, 3, 2, 1, 1, 1]
