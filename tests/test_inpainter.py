import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, SLIM_PAPER, write_model
from tmad_mmedit import Inpainter, Picture, inpaint
from tmad_mmedit.load import build_model
from tmad_mmedit.masks.reading import check_hole, read_mask

PHOTO = ROOT / 'demo/photos/chelsea.jpg'


@pytest.fixture
def model():
    return build_model(SLIM_PAPER)


@pytest.fixture
def checkpoint(tmp_path, model):
    return write_model(tmp_path / 'slim.safetensors', SLIM_PAPER, model)


@pytest.fixture
def picture():
    image = np.array(Image.open(PHOTO))[:70, :90]
    mask = np.zeros((70, 90), np.uint8)
    mask[20:50, 30:70] = 255
    return image, mask


def test_pixels_outside_the_mask_leave_as_they_came(checkpoint, picture):
    image, mask = picture
    out = inpaint(image, mask, checkpoint=checkpoint)
    assert out.shape == image.shape and out.dtype == np.uint8
    assert np.array_equal(out[mask == 0], image[mask == 0])
    assert not np.array_equal(out[mask > 0], image[mask > 0])


@pytest.mark.parametrize('settings', [SLIM_PAPER, SLIM_COHERENT])
@torch.no_grad()
def test_it_is_the_picture_that_the_model_gives(picture, settings):
    image, mask = picture
    model = build_model(settings).eval()
    x = torch.from_numpy(image).permute(2, 0, 1)[None] / 127.5 - 1
    m = torch.from_numpy(mask)[None, None] / 255.
    out = model.inpaint(x * (1 - m), m).out
    expected = ((out[0] + 1) * 127.5).clamp(0, 255).round().byte()
    painted = Inpainter(model=model)(image, mask)
    assert np.abs(painted.astype(int) -
                  expected.permute(1, 2, 0).numpy()).max() <= 1


def test_the_seed_decides(checkpoint, picture):
    first = Inpainter(checkpoint=checkpoint)(*picture)
    torch.manual_seed(3)
    again = Inpainter(checkpoint=checkpoint)(*picture)
    other = Inpainter(checkpoint=checkpoint)(*picture, seed=1)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_overlapping_patches_are_another_picture_of_the_hole(
        checkpoint, picture):
    image, mask = picture
    plain = Inpainter(checkpoint=checkpoint)(image, mask)
    blended = inpaint(image, mask, checkpoint=checkpoint, overlap=True)
    assert np.array_equal(blended[mask == 0], image[mask == 0])
    assert not np.array_equal(blended, plain)


def test_a_call_that_says_nothing_is_as_the_model_has_it(
        tmp_path, model, picture):
    own = Inpainter(checkpoint=write_model(
        tmp_path / 'own.safetensors',
        dict(SLIM_PAPER, seed=7, overlap=True), model))
    plain = Inpainter(model=model)
    said = plain(*picture, seed=7, overlap=True)
    for other in (plain(*picture), plain(*picture, seed=7),
                  plain(*picture, overlap=True)):
        assert not np.array_equal(said, other)
    assert np.array_equal(own(*picture), said)
    assert np.array_equal(own.many([picture])[0], said)
    hole = read_mask(picture[1])
    filled, = own.fill([Picture.of(picture[0])], [hole])
    assert np.array_equal(np.asarray(filled.result.like(picture[0])), said)
    assert np.array_equal(own(*picture, seed=0, overlap=False),
                          plain(*picture))


def test_what_one_call_says_is_not_the_next_ones(model, picture):
    """Two inpainters over one model, and one of them twice."""
    first, second = Inpainter(model=model), Inpainter(model=model)
    plain = first(*picture)
    one = first(*picture, seed=1)
    assert not np.array_equal(one, plain)
    assert np.array_equal(second(*picture), plain)
    two = second(*picture, seed=2, overlap=True)
    assert np.array_equal(first(*picture, seed=1), one)
    assert np.array_equal(second(*picture, seed=2, overlap=True), two)
    assert np.array_equal(first(*picture), plain)
    assert (model.seed, model.overlap) == (0, False)


def test_every_way_to_call_takes_a_seed(model, picture):
    inpainter = Inpainter(model=model)
    one = inpainter(*picture, seed=1)
    assert np.array_equal(inpainter.many([picture], seed=1)[0], one)
    filled, = inpainter.fill(
        [Picture.of(picture[0])], [read_mask(picture[1])], seed=1)
    assert np.array_equal(filled.result.rgb, one)
    assert np.array_equal(inpaint(*picture, model=inpainter, seed=1), one)
    assert np.array_equal(inpaint(*picture, model=model, seed=1), one)
    steps = inpainter.steps(*picture, seed=1)
    assert np.array_equal(steps.result, one)
    assert not np.array_equal(inpainter.steps(*picture).result, one)


def test_steps_do_not_overlap_where_the_model_does(tmp_path, model, picture):
    """They are what one grid of patches shows."""
    own = Inpainter(checkpoint=write_model(
        tmp_path / 'own.safetensors', dict(SLIM_PAPER, overlap=True), model))
    steps = own.steps(*picture)
    assert np.array_equal(steps.result, own(*picture, overlap=False))
    assert len(steps.patches) == len(steps.cells) == len(steps.textures)


def test_a_method_that_draws_nothing_has_no_seed(picture):
    inpainter = Inpainter(model=build_model(SLIM_COHERENT))
    plain = inpainter(*picture)
    assert np.array_equal(inpainter(*picture, seed=3, overlap=True), plain)


def test_a_jpeg_masks_grey_edges_do_not_grow_the_hole(checkpoint, picture):
    image, mask = picture
    soft = mask.copy()
    soft[19, 30:70] = 60
    inpainter = Inpainter(checkpoint=checkpoint)
    assert np.array_equal(inpainter(image, soft), inpainter(image, mask))


def test_a_model_is_given_alone_and_is_one_of_ours(model, checkpoint):
    with pytest.raises(ValueError, match='together with a config or a check'):
        Inpainter(model=model, checkpoint=checkpoint)
    with pytest.raises(ValueError, match='the model is a Conv2d: expected a'):
        Inpainter(model=torch.nn.Conv2d(3, 3, 3))
    with pytest.raises(ValueError, match="device 'cuda:99' is not there"):
        Inpainter(checkpoint=checkpoint, device='cuda:99')
    assert not Inpainter(model=model.train()).model.training


@pytest.mark.parametrize('image, mask, says', [
    (np.zeros((8, 8, 2), np.uint8), np.zeros((8, 8)), r'shape \(8, 8, 2\)'),
    (np.zeros((8, 8), np.uint8), np.zeros((8, 8)), 'black all over'),
    (np.full((8, 8, 3), 7.), np.zeros((8, 8)), 'float64 with values from 7'),
    (np.zeros((8, 8, 3), int), np.zeros((8, 8)), 'int64 of shape'),
    (torch.zeros(1, 3, 8, 8), np.zeros((8, 8)), r'shape \(1, 3, 8, 8\)'),
    (['a.png'], np.zeros((8, 8)), 'of type list: expected a path'),
    (np.zeros((8, 9, 3), np.uint8), np.zeros((8, 8)), 'mask has 8 x 8.*9 x 8'),
    (np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8, 2)), 'bools of shape'),
    (np.zeros((8, 8, 3), np.uint8), np.ones((8, 8)), 'covers the whole'),
])
def test_bad_pictures_are_one_sentence(image, mask, says):
    with pytest.raises(ValueError, match=says):
        check_hole(read_mask(mask), *Picture.of(image).size)


FORKED = """
import multiprocessing, os, signal, sys
import numpy as np, torch
from PIL import Image
from tmad_mmedit import Inpainter
photo, path = sys.argv[1:]
inpainter = Inpainter(checkpoint=path)
image = np.array(Image.open(photo))[:150, :150]
hole = np.zeros(image.shape[:2], bool)
hole[40:90, 30:100] = True
assert torch.get_num_threads() == 2


def paint(*_):
    return inpainter(image, hole, feather=3)


before = paint()  # libgomp has its threads now
child = os.fork()
if not child:
    signal.alarm(60)
    same = np.array_equal(paint(), before)
    os._exit(0 if same else 3)
_, status = os.waitpid(child, 0)
assert status == 0, status
with multiprocessing.get_context('fork').Pool(2) as pool:
    for painted in pool.map_async(paint, range(2)).get(60):
        assert np.array_equal(painted, before)
assert torch.get_num_threads() == 2
assert np.array_equal(paint(), before)
print('painted')
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, 'fork'), reason='no fork here')
@pytest.mark.parametrize('settings', [SLIM_PAPER, SLIM_COHERENT],
                         ids=['paper', 'coherent'])
def test_a_child_forked_after_the_first_use_paints(tmp_path, settings):
    """libgomp's threads do not come along, and it would wait for them."""
    path = write_model(tmp_path / 'slim.safetensors', settings)
    done = subprocess.run(
        [sys.executable, '-c', FORKED, str(PHOTO), str(path)], cwd=ROOT,
        text=True, capture_output=True, timeout=180,
        env=dict(os.environ, OMP_NUM_THREADS='2'))
    assert (done.returncode, done.stdout) == (0, 'painted\n'), done.stderr
