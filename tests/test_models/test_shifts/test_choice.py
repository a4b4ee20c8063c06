import pytest
import torch

from tests.test_models.test_shifts.test_search import filled, holed
from tmad_mmedit.models.ops.once import Once
from tmad_mmedit.models.shifts import choice
from tmad_mmedit.models.shifts.blocks import Blocks, hole_blocks
from tmad_mmedit.models.shifts.choice import choose_shifts
from tmad_mmedit.models.shifts.correspondence_net import Correspondence
from tmad_mmedit.models.shifts.costs import FORBIDDEN, CostMaps
from tmad_mmedit.models.shifts.settings import ShiftSettings


@pytest.mark.parametrize('size, width, moves', [(4, 6, ()), (2, 3, (0, 0))])
def test_blocks_and_their_quarters_are_continued(
        monkeypatch, size, width, moves):
    """Of all that is known only one piece is what the hole should show."""
    img = torch.rand(3, 64, 64) * 2 - 1
    img[:, 35:59, 11:35] = img[:, 4:28, 33:57]  # with the hole's rim
    masked, mask = holed(img, 8, 24, 37, 53)

    def only(maps, blocks, count, its_width):
        found = blocks.place.new_zeros(len(blocks.place), count, 2)
        if (blocks.size, its_width) == (size, width):
            found[:, -1] = found.new_tensor([31, -22])
        return found

    monkeypatch.setattr(choice, 'boundary_matches', only)
    out, _ = filled(masked, mask, img[None], moves=moves)
    assert torch.allclose(out[0], img, atol=1e-3)


class Unlike(Correspondence):
    """Says that each shift is as unlike as the pixels that it goes down."""

    def log_weights(self, image, y, x, shifts):
        return -shifts[..., 0].abs().float()


UNLIKE = Unlike(None, None, None, None)


def similarity_of(mask, size, first_size, shift):
    """What the learned similarity alone adds to the costs of each block."""
    img = torch.rand(3, *mask.shape[1:]) * (1 - mask)
    settings = ShiftSettings(
        guidance=0., rim=0., similarity=4., labels_per_block=1)
    maps = CostMaps.of(img, mask, img, 4.)
    one = choice._Choice(
        maps, maps, UNLIKE, 0, first_size, settings,
        Once())
    blocks = hole_blocks(mask, size)
    candidates = torch.tensor([shift]).expand(len(blocks.place), 1, 2)
    costs = one.costs(blocks, candidates).unary[:, 0]
    assert (costs < FORBIDDEN).all()
    return blocks, costs


@pytest.mark.parametrize('size, each', [(8, 4.), (4, 1.), (2, 0.25)])
def test_the_similarity_weighs_by_the_area_of_a_block(size, each):
    """So that a block's pieces together say what the block does."""
    mask = torch.zeros(1, 48, 48)
    mask[:, 24:40, 16:32] = 1
    _, costs = similarity_of(mask, size, 8, [-20, 0])
    assert len(costs) == (16 // size)**2
    assert torch.allclose(costs, torch.tensor(each * 20))
    assert costs.sum().item() == pytest.approx(4 * 4. * 20)


def test_the_similarity_weighs_by_how_much_of_a_block_is_hole():
    mask = torch.zeros(1, 48, 48)
    mask[:, 24:34, 16:30] = 1
    blocks, costs = similarity_of(mask, 8, 8, [-20, 0])
    assert isinstance(blocks, Blocks) and blocks.place.tolist() == [
        [0, 0], [0, 1], [1, 0], [1, 1]]
    part = torch.tensor([1., 6 / 8, 2 / 8, 2 * 6 / 64])
    assert torch.allclose(costs, 4. * 20 * part)


def test_of_equals_the_likelier_is_chosen():
    """Nothing but the learned similarity tells repetitions apart."""
    img = torch.rand(3, 8, 8).repeat(1, 8, 8)
    mask = torch.zeros(1, 64, 64)
    mask[:, 32:48, 16:32] = 1
    shift, soft = choose_shifts(img * (1 - mask), mask, img, UNLIKE, 0,
                                ShiftSettings(guidance=0.))
    down, across = shift[:, mask[0] == 1]
    assert soft is None
    assert not down.any() and across.all() and not (across % 8).any()
    assert not shift[:, mask[0] == 0].any()


def test_without_a_hole_there_is_nothing_to_choose():
    img, mask = torch.rand(3, 20, 24), torch.zeros(1, 20, 24)
    shift, soft = choose_shifts(img, mask, img, UNLIKE, 0, ShiftSettings())
    assert shift.shape == (2, 20, 24) and not shift.any() and soft is None
