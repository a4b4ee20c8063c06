import numpy as np
import pytest
import torch

from tmad_mmedit.openmmlab.evaluation.views import (
    KnownPatches,
    judged,
    psnr,
    total_variation,
    view_around,
)


def box(top, bottom, left, right, size=(400, 600)):
    hole = np.zeros(size, bool)
    hole[top:bottom, left:right] = True
    return hole


def wall(size=(96, 120), seed=0):
    """A texture that repeats every 24 pixels."""
    tile = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), np.uint8)
    rows, columns = (-(-n // 24) for n in size)
    return np.tile(tile, (rows, columns, 1))[:size[0], :size[1]]


@pytest.mark.parametrize('hole, rows, columns, size', [
    (box(100, 140, 200, 240), (70, 170), (170, 270), (100, 100)),
    (box(0, 40, 580, 600), (0, 70), (550, 600), (70, 50)),  # at the border
    (box(100, 140, 0, 600), (0, 400), (0, 600), (341, 512)),  # reduced
])
def test_a_view_is_what_is_around_a_hole(hole, rows, columns, size):
    view = view_around(hole)
    assert (view.rows.start, view.rows.stop) == rows
    assert (view.columns.start, view.columns.stop) == columns
    assert view.size == size
    assert view.of(np.zeros((400, 600, 3), np.uint8)).shape[:2] == size
    assert view.of_hole(hole).any() and view.of_hole(hole).shape == size


def test_no_hole_pixel_is_lost_in_a_reduced_view():
    hole = box(10, 11, 10, 11) | box(390, 391, 590, 591)
    seen = view_around(hole).of_hole(hole)
    assert seen[9 * 341 // 400:12].any() and seen[-20:, -20:].any()


def test_copies_are_coherent_and_what_is_torn_is_not():
    image, hole = wall(), box(36, 60, 40, 70, (96, 120))
    patches = KnownPatches(image, hole)
    assert patches.distance(image) < 0.1
    torn = image.copy()
    torn[36:60, 40:55] = torn[41:65, 40:55]  # its left half moved
    assert patches.distance(torn) > 5
    noise = image.copy()
    noise[hole] = np.random.default_rng(1).integers(0, 256, (720, 3))
    assert patches.distance(noise) > patches.distance(torn)


def test_without_a_known_patch_there_is_no_distance():
    hole = box(2, 30, 2, 30, (32, 32))
    assert np.isnan(KnownPatches(wall((32, 32)), hole).distance(
        wall((32, 32))))


def test_total_variation_is_that_of_pairs_that_touch_the_hole():
    image = np.zeros((5, 6, 3), np.uint8)
    image[:, 3:] = 12  # five steps, of which the hole has one
    hole = np.zeros((5, 6), bool)
    hole[2, 3] = True
    assert total_variation(image, hole) == 12 / 4
    assert total_variation(image, ~hole) == 5 * 12 / (5 * 5 + 4 * 6)


def test_the_truth_is_the_best_there_is():
    image, hole = wall(), box(36, 60, 40, 70, (96, 120))
    blurred = image.copy()
    blurred[hole] = image.mean((0, 1))

    def features(x):
        return [x, torch.nn.functional.avg_pool2d(x, 4)]

    best, flat = judged(image, hole, [image, blurred], features)
    assert best == dict(perceptual=0, psnr=pytest.approx(78.13, abs=0.01),
                        tv=1, coherence=1)
    assert flat['perceptual'] > 0.01 and flat['tv'] < 0.5
    assert flat['psnr'] == psnr(blurred, image, hole) < 15
