from itertools import product

import pytest
import torch

from tmad_mmedit.models.ops.blur import gaussian_blur, known_blur
from tmad_mmedit.models.shifts.blocks import hole_blocks
from tmad_mmedit.models.shifts.costs import (
    FORBIDDEN,
    UNKNOWN,
    CostMaps,
    pairwise_costs,
    rim_of,
    unary_costs,
)

SIZE = 28


@pytest.fixture(params=[8, 4, 2])
def scene(request):
    """An image, a hole that ends within blocks and at the border, its blocks,
    and of each block candidates of its own."""
    draw = torch.Generator().manual_seed(0)
    mask = torch.zeros(1, SIZE, SIZE)
    mask[:, 9:20, 6:19] = 1
    mask[:, 22:, 24:] = 1
    img = torch.rand(3, SIZE, SIZE, generator=draw) * (1 - mask)
    comp = torch.rand(3, SIZE, SIZE, generator=draw)
    blocks = hole_blocks(mask, request.param)
    candidates = torch.randint(
        -SIZE + 1, SIZE, (len(blocks.place), 6, 2), generator=draw)
    maps = CostMaps.of(img, mask, comp, sigma=2.)
    return img, mask, comp, blocks, candidates, maps


def inside(y, x):
    return 0 <= y < SIZE and 0 <= x < SIZE


def seen(img, y, x):
    """A pixel; 0 outside."""
    return img[:, y, x] if inside(y, x) else torch.zeros(3)


def pixels(corner, margin, size):
    y, x = corner.tolist()
    span = range(-margin, size + margin)
    return [(y + i, x + j) for i, j in product(span, span)
            if inside(y + i, x + j)]


def test_what_is_hole_or_outside_is_forbidden(scene):
    _, mask, _, blocks, candidates, maps = scene
    costs = unary_costs(maps, candidates, blocks, 0., 0., 1)
    for corner, shifts, found in zip(
            blocks.first_pixel(), candidates.tolist(), costs):
        for (dy, dx), cost in zip(shifts, found):
            lost = any(
                not inside(y + dy, x + dx) or mask[0, y + dy, x + dx]
                for y, x in pixels(corner, 0, blocks.size) if mask[0, y, x])
            assert cost == (FORBIDDEN if lost else 0)


def test_the_rim_is_compared_pixel_by_pixel(scene):
    img, mask, _, blocks, candidates, maps = scene
    hole = mask[0].nonzero()
    found = unary_costs(maps, candidates, blocks, 0., 2., 3)
    for b, corner in enumerate(blocks.first_pixel()):
        for k, (dy, dx) in enumerate(candidates[b].tolist()):
            cost = 0.
            for y, x in pixels(corner, 3, blocks.size):
                near = (hole - hole.new_tensor([y, x])).abs().amax(1).min()
                if mask[0, y, x] or near > 3:
                    continue
                if not inside(y + dy, x + dx) or mask[0, y + dy, x + dx]:
                    cost += 2 * UNKNOWN
                    continue
                cost += 2 * (img[:, y + dy, x + dx] -
                             img[:, y, x]).square().sum().item()
            if found[b, k] < FORBIDDEN:
                assert found[b, k].item() == pytest.approx(cost, abs=1e-4)


def test_the_guess_is_compared_in_each_quarter(scene):
    img, mask, comp, blocks, candidates, maps = scene
    low = known_blur(img[None], 1 - mask[None], 2.)[0]
    guess = gaussian_blur(comp[None], 1.4)[0]
    found = unary_costs(maps, candidates, blocks, 1.5, 0., 1)
    step = blocks.size // 2
    for b, corner in enumerate(blocks.first_pixel()):
        for k, (dy, dx) in enumerate(candidates[b].tolist()):
            if found[b, k] == FORBIDDEN:
                continue
            cost = 0.
            for i, j in product(range(2), range(2)):
                y, x = (corner + torch.tensor([i, j]) * step).tolist()
                area = mask[0, y:y + step, x:x + step].sum()
                y, x = y + step // 2, x + step // 2
                cost += 1.5 * area * (
                    seen(low, y + dy, x + dx) - seen(guess, y, x)
                ).square().sum()
            assert found[b, k].item() == pytest.approx(float(cost), abs=1e-3)


def test_costs_do_not_depend_on_how_many_are_made_at_once(scene):
    _, _, _, blocks, candidates, maps = scene
    args = maps, candidates, blocks, 1., 2., 3
    assert torch.equal(unary_costs(*args), unary_costs(*args, at_once=1))


def test_a_seam_is_the_distance_along_two_lines(scene):
    img, _, _, blocks, candidates, maps = scene
    b, corners = blocks.size, blocks.first_pixel()
    down, across = pairwise_costs(maps, candidates, blocks)
    for edge, along in ((down, (0, 1)), (across, (1, 0))):
        assert len(edge.first)
        for e in range(len(edge.first)):
            one, other = edge.first[e], edge.second[e]
            y, x = corners[other].tolist()
            line = [(y + k * along[0] - i * along[1],
                     x + k * along[1] - i * along[0])
                    for k in range(b) for i in range(2)]
            d, f = candidates[one, 2].tolist(), candidates[other, 4].tolist()
            square = sum(
                (seen(img, y + d[0], x + d[1]) -
                 seen(img, y + f[0], x + f[1])).square().sum()
                for y, x in line)
            cost = 0 if d == f else (2 * b * square).sqrt()
            assert edge.cost[e, 2, 4].item() == pytest.approx(
                float(cost), abs=1e-3)


def test_going_on_with_a_shift_is_free(scene):
    _, _, _, blocks, candidates, maps = scene
    candidates[:, 5] = torch.tensor([3, -4])
    for edge in pairwise_costs(maps, candidates, blocks):
        assert not edge.cost[:, 5, 5].any()


def test_a_pixel_of_the_rim_is_near_each_block_around_it():
    mask = torch.zeros(1, 24, 24)
    mask[:, 8:16, 8:16] = 1
    rim, which = rim_of(mask, hole_blocks(mask, 4), 3)
    near = {(y, x): set() for y, x in rim.tolist()}
    for pixel, block in zip(rim.tolist(), which.tolist()):
        near[tuple(pixel)].add(block)
    assert len(near) == 14 * 14 - 8 * 8
    assert near[7, 9] == {0, 1} and near[7, 8] == {0}
    assert near[5, 5] == {0} and near[13, 18] == {1, 3}


def test_the_part_of_a_block_that_is_hole():
    mask = torch.zeros(1, 10, 10)
    mask[:, 2:9, 3:8] = 1
    img = torch.zeros(3, 10, 10)
    hole = CostMaps.of(img, mask, img, 2.).hole(hole_blocks(mask, 4))
    assert hole.mean(1).tolist() == [1., 0.25, 0.75, 0.1875]
    assert hole[1].view(4, 4).tolist() == [[1., 0., 0., 0.]] * 4
