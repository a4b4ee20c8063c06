import pytest
import torch

from tmad_mmedit.models.layers.blur import gaussian_blur
from tmad_mmedit.models.memory.block_costs import CostMaps
from tmad_mmedit.models.memory.blocks import hole_blocks
from tmad_mmedit.models.memory.continuing_shifts import continuing_shifts


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
        found = continuing_shifts(maps, hole_blocks(mask, size), 2, 4)
        assert (found[:, 0] == torch.tensor(shift)).all()


def test_each_of_the_best_comes_once():
    """A texture of 16 pixels' period has one shift for each repetition; of
    neighbours, which are nearly as good, only the better one comes."""
    angle = torch.arange(96) * 2 * torch.pi / 16
    img = ((angle.sin()[:, None] + angle.cos()) / 4 + .5).expand(3, 96, 96)
    maps, mask = scene(img, (40, 48, 40, 48))
    found, = continuing_shifts(maps, hole_blocks(mask, 8), 8, 6)
    assert len(found.unique(dim=0)) == 8
    assert (found % 16 == 0).all()


def test_it_does_not_depend_on_how_many_are_compared_at_once():
    maps, mask = scene(torch.rand(3, 48, 48), (16, 40, 9, 30))
    blocks = hole_blocks(mask, 4)
    one, all_ = (continuing_shifts(maps, blocks, 3, 3, at_once=n)
                 for n in (1, 2**20))
    assert torch.equal(one, all_)


def test_nothing_is_shown_that_is_hole_or_outside():
    img = torch.rand(3, 48, 40)
    maps, mask = scene(img, (10, 34, 0, 23))
    blocks = hole_blocks(mask, 8)
    found = continuing_shifts(maps, blocks, 4, 6)
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
    assert not continuing_shifts(maps, blocks, 4, 6).any()
