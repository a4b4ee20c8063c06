import pytest
import torch

from tmad_mmedit.models.crops import CropSettings, by_crops, crops_of
from tmad_mmedit.models.ops.window import hole_window
from tmad_mmedit.models.pieces import pieces, width
from tmad_mmedit.models.shifts.field import to_known


def wire(length=640, thick=10, slope=0.4):
    """A hole (1, H, W) from the left to the right."""
    mask = torch.zeros(1, 400, length)
    for x in range(length):
        y = int(40 + slope * x)
        mask[0, y:y + thick, x] = 1
    return mask


def boxed(mask):
    return hole_window(mask[None]).cut(mask)


@pytest.mark.parametrize('hole, expected', [
    (torch.ones(1, 50, 7), 8),  # the way to the edge is 4
    (torch.ones(1, 40, 60), 40),
    (torch.ones(1, 1, 9), 2),
    (torch.eye(9)[None], 2),
])
def test_width_is_that_of_the_widest_place(hole, expected):
    assert width(hole, 100) == expected


def test_what_is_wide_is_not_looked_through():
    assert width(torch.ones(1, 80, 80), 30) == 30


@pytest.mark.parametrize('hole', [
    torch.ones(1, 90, 12),  # no longer than a piece
    torch.ones(1, 300, 200),  # wide
    torch.ones(1, 300, 110),
])
def test_a_short_or_wide_hole_stays_whole(hole):
    found, = pieces(hole, 96)
    assert torch.equal(found, hole[0].bool())


def test_a_wire_is_cut_into_pieces_of_like_size():
    hole = boxed(wire())
    found = pieces(hole, 96)
    assert 5 <= len(found) <= 9
    assert torch.equal(sum(x.int() for x in found), hole[0].int())
    areas = [x.sum().item() for x in found]
    assert min(areas) > max(areas) / 4  # no scraps
    assert all(hole_window(x[None, None].float()).longer < 200 for x in found)


def test_pieces_of_a_broad_stroke_are_longer():
    assert len(pieces(torch.ones(1, 800, 100), 96)) < len(
        pieces(torch.ones(1, 800, 20), 96))


def test_each_piece_sees_its_own_surroundings_and_those_before_it():
    mask = wire()
    found = crops_of(mask, CropSettings())
    count = torch.zeros_like(mask[0])
    for crop in found:
        hole = crop.window.cut(mask[0]).bool()
        painted = crop.window.cut(count).bool()
        assert crop.window.longer < 400
        assert torch.equal(crop.hole, hole & ~painted)
        assert (crop.own <= crop.wanted).all()
        assert (crop.wanted <= crop.hole).all()
        crop.window.cut(count)[:] += crop.own
    assert torch.equal(count, mask[0])
    assert any(crop.wanted.sum() < crop.hole.sum() for crop in found)
    whole, = crops_of(mask, CropSettings(piece=0))
    assert torch.equal(whole.wanted, whole.window.cut(mask[0]).bool())


def test_in_a_small_picture_a_wire_stays_whole():
    assert len(crops_of(wire(380)[:, :380], CropSettings())) == 1
    assert len(crops_of(wire(400), CropSettings())) > 1


def test_a_hole_beside_a_wire_stays_unknown():
    mask = wire()
    mask[0, 40:100, 200:260] = 1  # it does not touch it
    for crop in crops_of(mask, CropSettings()):
        other = torch.zeros_like(mask[0], dtype=torch.bool)
        other[40:100, 200:260] = True
        other = crop.window.cut(other)
        if not (crop.own & other).any():
            assert crop.hole[other].all()


def test_a_piece_gets_what_was_pasted_before():
    mask = wire()[None]
    out, seen = torch.zeros(1, 3, *mask.shape[2:]), []

    def complete(img, hole, wanted):
        seen.append((img, hole))
        return torch.full_like(img, float(len(seen)))

    for crop, made in by_crops(complete, out, mask, CropSettings()):
        crop.paste(out, made)
    assert out[mask.expand_as(out) == 1].min() == 1
    assert len(out.unique()) == len(seen) + 1
    for number, (img, hole) in enumerate(seen):
        assert img.max() <= number and not img[hole.expand_as(img) == 1].any()
    assert seen[1][0].max() == 1


def test_shifts_lead_through_what_was_painted_to_what_is_known():
    hole = torch.tensor([[0, 1, 1, 1, 0, 1]]).bool()
    shift = torch.zeros(2, 1, 6, dtype=torch.long)
    shift[1, 0] = torch.tensor([0, -1, -1, -2, 0, 0])
    # the last has no entry, and stays without
    assert to_known(shift, hole)[1, 0].tolist() == [0, -1, -2, -3, 0, 0]
    shift[1, 0, 3] = 2  # to one without
    assert to_known(shift, hole)[1, 0].tolist() == [0, -1, -2, 0, 0, 0]
    shift[1, 0, 3] = 9  # outside of the window all is known
    assert to_known(shift, hole)[1, 0, 3] == 9
