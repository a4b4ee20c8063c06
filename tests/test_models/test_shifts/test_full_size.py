import torch

from tmad_mmedit.models.ops.window import Window, hole_window
from tmad_mmedit.models.shifts.full_size import (
    reduced_known,
    refine_shifts,
    upsample_shifts,
)


def waves():
    """Across, with a period of 11 pixels."""
    angle = torch.arange(96) * 2 * torch.pi / 11
    return angle.sin().expand(3, 96, 96) * 0.8


def holed(img, top, bottom, left, right):
    mask = torch.zeros(1, *img.shape[1:])
    mask[:, top:bottom, left:right] = 1
    return img * (1 - mask), mask


def test_a_scaled_shift_is_moved_to_where_it_fits():
    """16 pixels of the copy are 24 of the picture, and its period is 11."""
    masked, mask = holed(waves(), 40, 52, 40, 52)
    shift = torch.zeros(2, 64, 64, dtype=torch.long)
    shift[1] = 16
    shift = upsample_shifts(shift, masked, mask, hole_window(mask[None]))
    assert (shift[1] == 22).all() and (shift[0] == 0).all()


def test_shifts_of_a_copy_of_the_same_size_stay():
    masked, mask = holed(waves(), 40, 52, 30, 52)
    shift, window = torch.randint(-9, 9, (2, 96, 96)), Window(40, 52, 30, 52)
    assert torch.equal(upsample_shifts(shift, masked, mask, window),
                       window.cut(shift))


def test_a_shift_that_fits_is_not_moved_and_one_that_does_not_reaches_it():
    masked, mask = holed(waves(), 40, 52, 40, 52)
    window = hole_window(mask[None])
    for across, moved in ((22, 0), (24, -2), (21, 1)):
        shift = torch.zeros(2, 12, 12, dtype=torch.long)
        shift[1] = across
        found = refine_shifts(shift, masked, mask, window, 2)
        assert (found[1] == moved).all() and not found[0].any()


def test_a_pixel_of_the_copy_is_hole_where_any_that_it_stands_for_is():
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 30, 7] = mask[..., 10:20, 40:52] = 1
    img = torch.rand(1, 3, 64, 64) * (1 - mask)
    small, hole = reduced_known(img, mask, 16 * 16)
    assert hole.shape == (1, 1, 16, 16)
    cells = mask.view(16, 4, 16, 4).amax((1, 3))
    assert torch.equal(hole[0, 0], cells)
    assert not small[(hole == 1).expand_as(small)].any()
