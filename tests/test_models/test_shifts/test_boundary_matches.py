import pytest
import torch

from tmad_mmedit.models.ops.blur import gaussian_blur
from tmad_mmedit.models.shifts.blocks import hole_blocks
from tmad_mmedit.models.shifts.boundary_matches import boundary_matches
from tmad_mmedit.models.shifts.costs import CostMaps


def scene(img, box):
    mask = torch.zeros(1, *img.shape[1:])
    mask[:, box[0]:box[1], box[2]:box[3]] = 1
    return CostMaps.of(img * (1 - mask), mask, img, 2.), mask


@pytest.mark.parametrize('shift', [(20, 31), (21, 30), (-13, 25), (0, 29)])
@pytest.mark.parametrize('corner', [(20, 8), (21, 9)])
def test_where_the_surroundings_recur_is_found(shift, corner):
    """What lies around the hole lies, unlike anything else, elsewhere."""
    img = gaussian_blur(torch.rand(1, 3, 64, 72), 2.5)[0]
    (y, x), (dy, dx) = corner, shift
    around = img[:, y - 6:y + 14, x - 6:x + 14].clone()
    img[:, y + dy - 6:y + dy + 14, x + dx - 6:x + dx + 14] = around
    maps, mask = scene(img, (y, y + 8, x, x + 8))
    for size in 8, 4:
        found = boundary_matches(maps, hole_blocks(mask, size), 2, 4)
        assert (found[:, 0] == torch.tensor(shift)).all()


def test_each_of_the_best_comes_once():
    """A texture of 16 pixels' period has one shift for each repetition; of
    neighbours, which are nearly as good, only the better one comes."""
    angle = torch.arange(96) * 2 * torch.pi / 16
    img = ((angle.sin()[:, None] + angle.cos()) / 4 + .5).expand(3, 96, 96)
    maps, mask = scene(img, (40, 48, 40, 48))
    found, = boundary_matches(maps, hole_blocks(mask, 8), 8, 6)
    assert len(found.unique(dim=0)) == 8
    assert (found % 16 == 0).all()


def test_no_two_lie_side_by_side():
    """Of a smooth picture all places beside the best are nearly as good."""
    img = gaussian_blur(torch.rand(1, 3, 64, 64), 6.)[0]
    maps, mask = scene(img, (24, 40, 24, 40))
    found = boundary_matches(maps, hole_blocks(mask, 8), 4, 6)
    apart = (found[:, :, None] - found[:, None]).abs().amax(3)
    assert (apart >= 2).sum() == len(found) * 4 * 3


def test_what_is_unknown_there_is_no_likeness():
    """One place is slightly brighter, another the same but more
    than half unknown."""
    img = gaussian_blur(torch.randn(1, 3, 64, 72), 2.5)[0] * 2
    around = img[:, 14:34, 2:22].clone()  # of a hole at (20, 8)
    img[:, 14:34, 50:70] = around + .06
    img[:, 40:60, 26:46] = around
    known = torch.ones(1, 64, 72)
    known[:, 20:28, 8:16] = 0
    known[:, 36:46, 24:48] = known[:, 36:62, 24:32] = 0
    maps = CostMaps.of(img * known, 1 - known, img, 2.)
    blocks = hole_blocks(1 - known, 8)
    first, = (blocks.place == 0).all(1).nonzero()[:, 0].tolist()
    found = boundary_matches(maps, blocks, 2, 6)[first]
    assert found[0].tolist() == [0, 48]


def test_it_does_not_depend_on_how_many_are_compared_at_once():
    maps, mask = scene(torch.rand(3, 48, 48), (16, 40, 9, 30))
    blocks = hole_blocks(mask, 4)
    one, all_ = (boundary_matches(maps, blocks, 3, 3, at_once=n)
                 for n in (1, 2**22))
    assert torch.equal(one, all_)


def test_nothing_is_shown_that_is_hole_or_outside():
    img = torch.rand(3, 48, 40)
    maps, mask = scene(img, (10, 34, 0, 23))
    blocks = hole_blocks(mask, 8)
    found = boundary_matches(maps, blocks, 4, 6)
    rim = found.any(2).any(1)
    assert 0 < rim.sum() < len(rim)  # those inside have no surroundings
    hole = mask[0].nonzero()
    for block, shifts in zip(blocks.first_pixel()[rim], found[rim]):
        own = hole[((hole >= block) & (hole < block + 8)).all(1)]
        for y, x in (own[:, None] + shifts).flatten(0, 1).tolist():
            assert 0 <= y < 48 and 0 <= x < 40 and not mask[0, y, x]


def test_without_a_place_to_look_at_there_is_none():
    maps, mask = scene(torch.rand(3, 16, 16), (0, 16, 2, 16))
    blocks = hole_blocks(mask, 8)
    assert not boundary_matches(maps, blocks, 4, 6).any()
