import pytest
import torch

from tmad_mmedit.load import build_model
from tmad_mmedit.models.crops import (
    Crop,
    CropSettings,
    by_crops,
    connected,
    crops_of,
    wide,
)
from tmad_mmedit.models.ops.window import Window


def with_holes(*windows, size=(400, 300)):
    mask = torch.zeros(1, *size)
    for window in windows:
        window.cut(mask)[:] = 1
    return mask


@pytest.mark.parametrize('hole, window', [
    (Window(180, 200, 100, 140), Window(110, 270, 40, 200)),  # 4 x 40
    (Window(0, 20, 100, 140), Window(0, 160, 40, 200)),  # moved into it
    (Window(180, 200, 280, 300), Window(140, 240, 200, 300)),  # least
    (Window(100, 190, 100, 190), Window(0, 360, 0, 300)),  # cut
    (Window(180, 200, 20, 290), Window(0, 400, 0, 300)),
])
def test_a_hole_and_what_lies_around_it(hole, window):
    mask = with_holes(hole)
    (_, found, own, *_), = crops_of(
        mask, CropSettings(200, (4., 4.), piece=0))
    assert found == window
    assert own.shape == window_size(found) and own.sum() == mask.sum()


@pytest.mark.parametrize('hole, side', [
    (10, 128), (32, 128), (48, 192), (64, 256), (96, 256), (102, 256),
    (104, 260), (400, 1000)])
def test_how_much_around_a_hole(hole, side):
    assert wide(hole, CropSettings(256, (2.5, 4.))) == side


def window_size(window):
    return window.bottom - window.top, window.right - window.left


def test_what_is_small_enough_is_one_crop():
    mask = with_holes(Window(20, 30, 20, 30), Window(90, 99, 70, 76),
                      size=(100, 80))
    (_, window, own, *_), = crops_of(mask, CropSettings(256, (4., 4.)))
    assert window == Window(0, 100, 0, 80)
    assert torch.equal(own, mask[0].bool())


def test_without_a_hole_it_is_the_picture():
    crop, = crops_of(torch.zeros(1, 9, 8), CropSettings(8, (4., 4.)))
    assert isinstance(crop, Crop) and crop.window == Window(0, 9, 0, 8)
    assert not crop.own.any()


def test_holes_far_from_each_other_are_crops_of_their_own():
    first, second = Window(20, 50, 20, 50), Window(340, 380, 240, 290)
    mask = with_holes(first, second)
    found = crops_of(mask, CropSettings(200, (4., 4.)))
    assert [x.window.holds(hole) for x in found
            for hole in (first, second)] == [False, True, True, False]


def test_near_ones_of_like_size_share_a_crop_and_others_do_not():
    near = with_holes(Window(150, 190, 100, 140), Window(150, 180, 152, 182))
    assert len(crops_of(near, CropSettings(80, (4., 4.)))) == 1
    # a speck beside a large hole would be seen on too coarse a copy
    unlike = with_holes(Window(150, 190, 100, 140), Window(150, 157, 152, 159))
    large, small = crops_of(unlike, CropSettings(80, (4., 4.)))
    assert large.window.longer > 3 * small.window.longer
    assert small.own.sum() == 49 and large.own.sum() == 1600


def test_each_pixel_of_a_hole_belongs_to_one_crop():
    generator = torch.Generator().manual_seed(0)
    for _ in range(5):
        mask = torch.zeros(1, 500, 700)
        for _ in range(12):
            y, x, h, w = (
                int(torch.randint(n, (), generator=generator))
                for n in (490, 690, 60, 60))
            mask[:, y:y + 1 + h, x:x + 1 + w] = 1
        count = torch.zeros(500, 700)
        for _, window, own, *_ in crops_of(
                mask, CropSettings(128, (2.5, 4.))):
            window.cut(count)[:] += own
        assert torch.equal(count, mask[0])


def test_what_touches_is_connected_also_across_corners():
    touched = torch.tensor([[1, 0, 0, 0, 1],
                            [0, 1, 0, 0, 1],
                            [0, 0, 1, 0, 0],
                            [1, 0, 0, 1, 0]]).bool()
    number = connected(touched)
    assert torch.equal(number > 0, touched)
    assert len(set(number[[0, 1, 2, 3], [0, 1, 2, 3]].tolist())) == 1
    assert number[0, 4] == number[1, 4]
    assert len(number.unique()) == 4


def test_a_path_of_any_length_is_one():
    touched = torch.zeros(21, 21, dtype=torch.bool)
    touched[::2] = True
    touched[1::4, -1] = touched[3::4, 0] = True
    assert len(connected(touched).unique()) == 2


@pytest.mark.parametrize('changes, says', [
    (dict(times=(1, 4)), 'two numbers from 2 on'),
    (dict(times=(4, 3)), 'the smaller first'),
    (dict(times=(3, 3, 3)), 'two numbers'),
    (dict(pixels=0), 'pixels of 2 or more'),
    (dict(time=3), 'use times, which is the nearest'),
])
def test_settings_that_cannot_be_are_one_sentence(changes, says):
    for method in ('coherent', 'paper'):
        with pytest.raises(ValueError, match=says):
            build_model(dict(method=method, crops=changes))


def test_each_crop_is_made_by_itself_and_of_its_own_holes_alone():
    mask = torch.zeros(2, 1, 100, 80)
    mask[0, :, 5:11, 6:10] = mask[0, :, 80:90, 60:70] = 1
    mask[1, :, 40:44, 30:34] = 1
    img = torch.rand(2, 3, 100, 80) * (1 - mask)
    out, sizes = img.clone(), []

    def complete(masked_img, mask, wanted):
        sizes.append(mask.shape)
        return masked_img + len(sizes)

    for crop, made in by_crops(complete, img, mask, CropSettings(32)):
        cut = crop.window.cut
        assert torch.equal(
            made, cut(img[crop.n:crop.n + 1]) + len(sizes))
        crop.paste(out, made)
    assert sizes == [(1, 1, side, side) for side in (32, 24, 16)]
    assert torch.equal(out * (1 - mask), img)
    made, count = out[:, :1][mask == 1].unique(return_counts=True)
    assert made.tolist() == [1, 2, 3] and count.tolist() == [100, 24, 16]
