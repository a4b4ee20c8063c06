from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from tmad_mmedit import Inpainter
from tmad_mmedit.cli import main
from tmad_mmedit.models.hand import Hand
from tmad_mmedit.models.ops.window import Window
from tmad_mmedit.models.shifts.planes.entries import (
    cheapest,
    moved,
    plane_entries,
    resized,
    scaled,
)
from tmad_mmedit.models.shifts.planes.sight import Sight, shown
from tmad_mmedit.steering import Steer

# from a floor of 640 x 640, tiles of 40, to a picture of 256 x 256
FLOOR = cv2.getPerspectiveTransform(
    np.float32([[0, 0], [640, 0], [640, 640], [0, 640]]),
    np.float32([[60, -20], [190, -10], [420, 256], [-150, 270]]))


def floor(height=256, width=256):
    """A chequered floor in perspective, uint8."""
    y, x = np.mgrid[:2 * height, :2 * width]
    u, v, w = np.linalg.inv(np.diag([2, 2, 1]) @ FLOOR) @ np.stack(
        [x.ravel(), y.ravel(), np.ones(x.size)])
    u, v = (np.floor(t / w / 40) for t in (u, v))
    chequers = (u + v) % 2
    grain = np.random.default_rng(0).normal(0, 3, (height, width, 3))
    img = cv2.resize(chequers.reshape(y.shape) * 140 + 60, (width, height),
                     interpolation=cv2.INTER_AREA)
    return (img[..., None] + grain).clip(0, 255).astype(np.uint8)


def hole(height=256, width=256, size=80):
    mask = np.zeros((height, width), bool)
    top, left = height // 2 - size // 2 + 20, width // 2 - size // 2
    mask[top:top + size, left:left + size] = True
    return mask


def entries_of(img, mask, count=24, **kwargs):
    known = torch.from_numpy(img).permute(2, 0, 1).float() / 255
    mask = torch.from_numpy(mask)[None].float()
    return plane_entries(known * (1 - mask), mask, mask, count, **kwargs)


def test_entries_of_a_floor_show_what_is_hidden():
    img, mask = floor(), hole()
    entries = entries_of(img, mask)
    assert 1 <= len(entries) <= 24
    places = torch.from_numpy(mask).nonzero().flip(1).double()
    truth = torch.from_numpy(img).permute(2, 0, 1).float()
    errors = []
    for entry in entries:
        there = Sight.of(entry, places)
        x, y = there.there.round().long().unbind(1)
        known = there.shows(mask.shape)
        known[known.clone()] &= ~torch.from_numpy(mask)[
            y[known], x[known]]
        error = (shown(truth, entry, places) - truth[:, mask]).abs().mean(0)
        errors.append(error.where(known, error.new_tensor(255.)))
    best = torch.stack(errors).amin(0)
    assert (best < 255).float().mean() > 0.9  # somebody has something for it
    assert best.median() < 10


def test_the_best_of_all_ways_is_the_floor_s():
    img, mask = floor(), hole()
    inpainter = Inpainter()
    with_planes = inpainter(img, mask).astype(float)
    inpainter.model.shifts = replace(inpainter.model.shifts, planes=0)
    without = inpainter(img, mask).astype(float)
    error, before = (np.abs(x - img)[mask].mean()
                     for x in (with_planes, without))
    assert error < 0.6 * before


@pytest.mark.parametrize('name', ['noise', 'flat', 'seen from above',
                                  'thin', 'all', 'nothing to look for'])
def test_there_are_none(name):
    img, mask, count = floor(), hole(), 24
    if name == 'noise':
        img = np.random.default_rng(0).integers(0, 256, img.shape, np.uint8)
    elif name == 'flat':
        img[:] = 90
    elif name == 'seen from above':
        y, x = np.mgrid[:256, :256] // 20
        img[:] = ((y + x) % 2 * 150)[..., None]
    elif name == 'thin':
        mask[:] = False
        mask[120:160, 40:200] = True
    elif name == 'all':
        mask[:] = True
    else:
        count = 0
    assert entries_of(img, mask, count).shape == (0, 3, 3)


def test_nothing_is_looked_at_that_may_not_be_copied():
    img, mask = floor(), hole()
    barred = torch.from_numpy(mask)[None].float()
    barred[..., :128] = 1
    places = torch.from_numpy(mask).nonzero().flip(1).double()
    entries = entries_of(img, mask, barred=barred)
    assert len(entries)
    free = [(Sight.of(entry, places).there[:, 0] > 127).double().mean()
            for entry in entries]
    assert min(free) > 0.1


def test_the_cheapest_are_those_that_save_most_together():
    costs = torch.tensor([[0., 1, 1, 1], [1, 0, 0, 1], [1, 0, 0.1, 1],
                          [1, 1, 1, 0.2]])
    chosen, after = cheapest(costs, torch.ones(4), 2)
    assert chosen == [1, 0]
    assert after.tolist() == [0, 0, 0, 1]
    assert cheapest(costs, torch.ones(4), 9)[0] == [1, 0, 3]
    assert cheapest(costs, torch.zeros(4), 9)[0] == []


def test_an_entry_of_a_copy_shows_the_same_place():
    entry = torch.from_numpy(np.stack([moved(12., 4.)]))
    other, = resized(entry, (50, 100), (100, 300))
    assert torch.allclose(other, torch.from_numpy(moved(36., 8.)))
    middle = scaled(3, 2) @ [10, 20, 1]
    assert middle.tolist() == [31, 40.5, 1]


CORNERS = np.array([[120., 120, 1], [520, 120, 1], [520, 520, 1],
                    [120, 520, 1]]) @ FLOOR.T
CORNERS = (CORNERS / CORNERS[:, 2:])[:, :2]


def test_four_corners_are_a_plane_without_a_line_to_be_seen():
    """A floor of blotches has no segments; that it is one a person says."""
    blotches = np.random.default_rng(3).integers(40, 216, (16, 16, 3))
    blotches = np.tile(blotches, (4, 4, 1)).astype(np.uint8)
    blotches = cv2.GaussianBlur(cv2.resize(blotches, (640, 640)), (0, 0), 3)
    img = cv2.warpPerspective(blotches, FLOOR, (256, 256),
                              flags=cv2.INTER_AREA,
                              borderMode=cv2.BORDER_REFLECT)
    mask = hole()
    assert len(entries_of(img, mask)) == 0
    assert len(entries_of(img, mask, corners=torch.from_numpy(CORNERS)))
    inpainter = Inpainter()
    error, before = (np.abs(inpainter(img, mask, plane=plane).astype(int) -
                            img)[mask].mean() for plane in (CORNERS, None))
    assert error < 0.7 * before


@pytest.mark.parametrize('plane, says', [
    ([[1, 2], [3, 4], [5, 6]], 'four corners'),
    (['a', 'b', 'c', 'd'], 'four corners'),
    ([[0, 0], [9, 0], [np.nan, 9], [0, 9]], 'four corners'),
    ([[0, 0], [100, 100], [100, 0], [0, 100]], 'no rectangle'),
    ([[0, 0], [50, 0], [100, 0], [0, 100]], 'no rectangle'),
    ([[60, 170], [200, 170], [150, 120], [110, 120]], 'horizon'),
])
def test_four_corners_that_are_no_plane(plane, says):
    with pytest.raises(ValueError, match=says):
        Inpainter()(floor(), hole(), plane=plane)


def test_no_plane_is_looked_for_where_a_person_says_so():
    img, mask = floor(), hole()
    inpainter = Inpainter()
    level = inpainter(img, mask, way='level')
    assert not np.array_equal(level, inpainter(img, mask))
    inpainter.model.shifts = replace(inpainter.model.shifts, planes=0)
    assert np.array_equal(level, inpainter(img, mask))


def test_corners_at_the_terminal_are_those_of_python(tmp_path, capsys):
    img, mask = floor(), hole()
    Image.fromarray(img).save(tmp_path / 'a.png')
    Image.fromarray(mask).save(tmp_path / 'm.png')
    command = ['inpaint', *(str(tmp_path / x) for x in ('a.png', 'm.png')),
               '-o', str(tmp_path / 'out.png'), '--plane']
    given = CORNERS.round().tolist()
    given[0][0] = -5.  # what begins with a minus is no option
    assert main([*command, ' '.join(f'{x},{y}' for x, y in given)]) == 0
    assert np.array_equal(Image.open(tmp_path / 'out.png'),
                          Inpainter()(img, mask, plane=given))
    for text, said in (('1,2 3', 'four corners'), ('a,b c,d', 'no corners')):
        (tmp_path / 'out.png').unlink(missing_ok=True)
        with pytest.raises(SystemExit):
            raise SystemExit(main([*command, text]))
        assert said in capsys.readouterr().err
        assert not (tmp_path / 'out.png').exists()


def test_a_plane_and_a_way_that_follows_none_are_not_both():
    with pytest.raises(ValueError, match='leave out one'):
        Inpainter()(floor(), hole(), plane=CORNERS, way='level')


def test_corners_are_of_the_picture_wherever_it_is_cut():
    """Around the floor something else, and invisible things: the hole is
    painted from a part, and in crops."""
    img, mask = floor(), hole()
    at = slice(120, 376)
    large, far = np.full((512, 640, 3), 90, np.uint8), np.zeros(
        (512, 640), bool)
    large[at, at], far[at, at] = img, mask
    visible = np.full(far.shape, 255, np.uint8)
    visible[:60] = visible[:, :60] = 0
    for picture in (large, np.dstack([large, visible])):
        found, level = (
            Inpainter()(picture, far, **how)[at, at, :3]
            for how in (dict(plane=CORNERS + 120), dict(way='level')))
        errors = [np.abs(x.astype(int) - img)[mask].mean()
                  for x in (found, level)]
        assert errors[0] < 0.6 * errors[1]
    part = Steer(plane=CORNERS).cut((slice(30, 90), slice(10, 80)))
    assert np.array_equal(part.plane, CORNERS - [10, 30])
    hand = Hand(corners=torch.from_numpy(CORNERS)[None])
    assert torch.equal(hand.corners_in(0, Window(30, 90, 10, 80))[0],
                       torch.from_numpy(part.plane))
