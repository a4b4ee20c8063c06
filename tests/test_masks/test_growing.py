"""Masks that are mended."""
import numpy as np
import pytest

from tmad_mmedit.masks.growing import grown, pixels_of, snapped
from tmad_mmedit.masks.reading import read_mask


def ring(height=60, width=80):
    """A thick ring with a gap of 4 pixels on its right."""
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot(rows - 30, columns - 40)
    mask = (away < 22) & (away > 14)
    mask[28:32, 40:] = False
    return mask


def test_nothing_asked_is_nothing_changed():
    mask = ring()
    assert np.array_equal(grown(mask), mask)
    assert grown(mask) is not mask
    assert not grown(np.zeros((4, 4), bool), 2, dilate=3).any()


def test_gaps_up_to_the_width_are_closed():
    mask = np.zeros((30, 40), bool)
    mask[8:22, 5:15] = mask[8:22, 18:30] = True  # a gap of 3
    closed = grown(mask, close=3)
    assert closed[10:20, 5:30].all()  # but for the notches at its ends
    assert not grown(mask, close=2)[15, 16]
    assert not closed[:8].any() and not closed[:, :5].any()


def test_small_islands_are_filled_and_large_ones_are_not():
    mask = np.zeros((40, 60), bool)
    mask[5:35, 5:55] = True
    mask[10:15, 10:15] = mask[20:32, 30:42] = False
    filled = grown(mask, fill=25)
    assert filled[10:15, 10:15].all() and not filled[20:32, 30:42].any()
    assert grown(mask, fill=144)[5:35, 5:55].all()
    assert grown(mask, close=2)[10:15, 10:15].all()  # (4 * 2)² pixels
    assert not grown(mask, close=0)[12, 12]


def test_a_gap_is_closed_before_the_island_is_filled():
    mask = ring()
    assert not grown(mask, fill=10_000)[30, 40]  # the gap leads out of it
    assert grown(mask, close=5, fill=10_000)[30, 40]


def test_what_touches_the_border_is_no_island():
    mask = np.ones((20, 20), bool)
    mask[:4, :4] = False
    assert np.array_equal(grown(mask, fill=400), mask)


def test_growing_is_dilation_as_at_the_terminal():
    mask = np.random.default_rng(0).random((50, 60)) > .97
    mask[0, 0] = mask[-1, 30] = True  # also at the border
    for by in 1, 5, 12:
        assert np.array_equal(grown(mask, dilate=by),
                              read_mask(mask, dilate=by))


def test_auto_is_a_part_of_the_longer_side():
    assert pixels_of('auto', (3000, 4000)) == 16
    assert pixels_of('auto', (20, 20)) == 1
    mask = np.zeros((50, 750), bool)
    mask[25, 300] = True
    assert grown(mask, dilate='auto').any(0).sum() == 7


@pytest.mark.parametrize('mask, amount, said', [
    (np.zeros((4, 4)), 1, 'float64'), (np.zeros((4, 4, 3), bool), 1, 'shape'),
    (np.zeros((4, 4), bool), -1, '-1 is no number'),
    (np.zeros((4, 4), bool), 'much', "'much' is no number"),
    (np.zeros((4, 4), bool), 1.5, '1.5 is no number')])
def test_what_makes_no_sense_is_said(mask, amount, said):
    with pytest.raises(ValueError, match=said):
        grown(mask, close=amount)


def scene(seed=0):
    """A bright blob on dark noise."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:200, :300]
    thing = np.hypot((rows - 100) / 1.4, columns - 150) < 40
    pixels = random.integers(60, 90, (200, 300, 3))
    pixels[thing] = random.integers(180, 220, (int(thing.sum()), 3))
    return pixels.astype(np.uint8), thing


def test_strokes_snap_to_the_thing_below_them():
    pixels, thing = scene()
    strokes = np.zeros(thing.shape, bool)
    strokes[70:130, 140:165] = True
    found = snapped(pixels, strokes)
    assert (found != thing).mean() < .01
    assert np.array_equal(found, snapped(pixels, strokes))  # again
    strokes[40:160, 100:200] = True  # beyond its edge
    assert (snapped(pixels, strokes) != thing).mean() < .01


def test_another_thing_that_no_stroke_touches_is_left():
    pixels, thing = scene()
    pixels[90:110, 240:260] = 200
    strokes = np.zeros(thing.shape, bool)
    strokes[70:130, 140:165] = True
    assert not snapped(pixels, strokes)[90:110, 240:260].any()


def test_where_colours_tell_nothing_the_strokes_stay():
    flat = np.full((40, 60, 3), 7, np.uint8)
    strokes = np.zeros((40, 60), bool)
    strokes[10:20, 10:30] = True
    found = snapped(flat, strokes)
    assert found[12:18, 12:28].all()
    everything = np.ones((40, 60), bool)
    assert snapped(flat, everything).all()


def test_snapping_says_what_is_missing():
    with pytest.raises(ValueError, match='nothing is brushed'):
        snapped(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), bool))
    with pytest.raises(ValueError, match='expected one size'):
        snapped(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), bool))
