import pytest
import torch

from tmad_mmedit.models.ops.components import components


def numbers(mask):
    """The mask with 1, 2, ... where its components are."""
    pixels, number = components(mask).pixels()
    return torch.zeros_like(mask, dtype=torch.long).index_put(
        tuple(pixels.T), number + 1)


def flooded(mask):
    """The same, by filling one after another, from the last pixel on."""
    number, count = torch.zeros_like(mask, dtype=torch.long), 0
    for start in mask.nonzero().flip(0).tolist():
        if not number[tuple(start)]:
            count, todo = count + 1, [start]
            while todo:
                y, x = todo.pop()
                if (0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and
                        mask[y, x] and not number[y, x]):
                    number[y, x] = count
                    todo += [[y + i, x + j] for i in (-1, 0, 1)
                             for j in (-1, 0, 1)]
    return (count + 1 - number) * mask


@pytest.mark.parametrize('share', [0.1, 0.3, 0.45, 0.6, 1.])
def test_what_touches_has_one_number(share):
    generator = torch.Generator().manual_seed(1)
    for size in ((1, 9), (9, 1), (12, 17), (25, 20)):
        mask = torch.rand(size, generator=generator) < share
        assert torch.equal(numbers(mask), flooded(mask))


def test_without_a_hole_there_is_none():
    found = components(torch.zeros(4, 5, dtype=torch.bool))
    assert found.total == 0 and not len(found.pixels()[0])
    assert found.corners()[0].shape == (0, 2)


def test_the_last_of_a_row_does_not_touch_the_first_of_the_next():
    mask = torch.zeros(4, 5, dtype=torch.bool)
    mask[0, 4] = mask[1, 0] = mask[2, 4] = True
    assert components(mask).total == 3


def test_corners_and_some_of_them():
    mask = torch.zeros(6, 9, dtype=torch.bool)
    mask[0, 1:3] = mask[1, 3] = mask[4, 0] = mask[3:6, 6:9] = True
    found = components(mask)
    first, last = found.corners()
    assert first.tolist() == [[0, 1], [4, 0], [3, 6]]
    assert last.tolist() == [[1, 3], [4, 0], [5, 8]]
    some = found.only(torch.tensor([True, False, True]))
    pixels, number = some.pixels()
    assert some.total == 2 and number.tolist() == 3 * [0] + 9 * [1]
    assert pixels[:3].tolist() == [[0, 1], [0, 2], [1, 3]]


def test_a_long_way_through_a_hole_takes_few_steps(monkeypatch):
    mask = torch.zeros(401, 401, dtype=torch.bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    steps, equal = [], torch.equal
    monkeypatch.setattr(
        torch, 'equal', lambda *x: steps.append(1) or equal(*x))
    assert components(mask).total == 1
    assert len(steps) < 60  # the way has 80,000 pixels
