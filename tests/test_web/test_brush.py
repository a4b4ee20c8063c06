import numpy as np
import pytest

from tmad_mmedit.pictures.picture import Picture
from tmad_mmedit.web.brush import (
    OPACITY,
    hole_of,
    layer_of,
    left_of,
    preview_of,
)


def stroke(height, width, rows, columns):
    layer = np.zeros((height, width, 4), np.uint8)
    layer[rows, columns, 3] = round(OPACITY * 255)
    return layer


def test_on_a_copy_of_full_size_each_pixel_is_its_own():
    layer = stroke(20, 30, slice(3, 7), slice(5, 21))
    hole = hole_of([layer], (20, 30))
    assert np.array_equal(hole, layer[..., 3] > 0) and hole.sum() == 4 * 16


def test_strokes_are_enlarged_to_the_picture():
    hole = hole_of([stroke(20, 30, slice(4, 8), slice(5, 20))], (200, 300))
    expected = np.zeros((200, 300), bool)
    expected[40:80, 50:200] = True
    assert hole.shape == (200, 300)
    assert (hole != expected).mean() < .01


def test_a_faint_edge_is_no_hole():
    layer = stroke(20, 30, slice(3, 7), slice(5, 21))
    layer[10, 10, 3] = 20
    assert not hole_of([layer], (20, 30))[10, 10]


def test_strokes_of_all_layers_count_and_none_is_an_empty_hole():
    layers = [stroke(8, 8, 1, 1), stroke(8, 8, 6, 6)]
    assert hole_of(layers, (8, 8)).sum() == 2
    assert not hole_of([], (8, 8)).any()


def test_a_mask_as_strokes_is_that_mask():
    hole = np.random.default_rng(0).random((20, 30)) > .5
    assert np.array_equal(hole_of([np.array(layer_of(hole, (30, 20)))],
                                  (20, 30)), hole)


def test_of_strokes_that_are_painted_not_even_their_edge_is_left():
    layer = stroke(20, 30, slice(3, 7), slice(5, 21))
    layer[7, 5:21, 3] = 20
    hole = hole_of([layer], (200, 300))
    assert left_of([layer], hole) is None and left_of([], hole) is None
    more = layer.copy()
    more[15, 20, 3] = round(OPACITY * 255)
    left = np.array(left_of([more], hole))[..., 3]
    assert left[15, 20] == round(OPACITY * 255) and (left > 0).sum() == 1


@pytest.mark.parametrize('array', [
    np.zeros((50, 80), np.uint8), np.zeros((50, 80), np.uint16),
    np.zeros((50, 80, 3), np.uint16), np.zeros((50, 80, 4), np.uint8)],
    ids=['grey', 'grey16', 'rgb16', 'rgba'])
def test_copies_are_of_8_bits_and_not_too_large(array):
    copy = preview_of(Picture.of(array), side=40)
    assert copy.size == (40, 25)
    assert copy.mode == ('RGBA' if array.shape[2:] == (4, ) else 'RGB')
