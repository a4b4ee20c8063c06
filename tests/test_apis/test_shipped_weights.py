import hashlib
import re
import subprocess
import sys

import numpy as np
import pytest
from mmengine.config import Config
from PIL import Image
from safetensors.torch import load_file

from tests.conftest import ROOT, slim_config
from tmad_mmedit.apis import Inpainter, inpaint
from tmad_mmedit.apis.configs import DEFAULT, read_config, shipped_weights
from tmad_mmedit.cli import main

PHOTO, MASK = ROOT / 'demo/photos/coffee.jpg', ROOT / 'demo/masks/coffee.png'
WEIGHTS = shipped_weights(read_config(DEFAULT))


def test_they_are_small_and_hold_no_code_and_no_more_than_inference_needs():
    assert WEIGHTS.stat().st_size <= 16 * 2**20
    weights = load_file(WEIGHTS)
    assert {key.split('.')[0] for key in weights} == {
        'coarse', 'correspondence'}
    assert all(x.isfinite().all() for x in weights.values())


def test_the_model_card_names_these_bytes():
    card = (WEIGHTS.parent / 'README.md').read_text()
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() in card


def test_they_are_taken_where_nothing_else_is_named(tmp_path):
    out = tmp_path / 'out.png'
    command = [sys.executable, '-m', 'tmad_mmedit', 'inpaint', PHOTO, MASK,
               '-o', out]
    done = subprocess.run(
        command, cwd=ROOT, check=True, stderr=subprocess.PIPE)
    assert b'Warning' not in done.stderr
    named = Inpainter(DEFAULT, WEIGHTS)(PHOTO, MASK)
    expected = tmp_path / 'named.png'
    named.save(expected)
    assert np.array_equal(np.array(Image.open(out)),
                          np.array(Image.open(expected)))
    image = np.array(Image.open(PHOTO).convert('RGB'))
    mask = np.array(Image.open(MASK))
    assert np.array_equal(inpaint(image, mask), np.array(Image.open(out)))


def test_a_config_without_shipped_weights_is_one_sentence(tmp_path, capsys):
    for config in (Config(dict(model=slim_config().model)), 'tmad_places'):
        with pytest.raises(FileNotFoundError, match=f'no weights.*{DEFAULT}'):
            Inpainter(config)
    assert main(['inpaint', str(PHOTO), str(MASK), '-o',
                 str(tmp_path / 'out.png'), '--config', 'tmad_places']) == 1
    error = capsys.readouterr().err
    assert re.search('no weights are shipped for config tmad_places', error)
    assert not list(tmp_path.iterdir())


def test_they_paint_a_photograph_better_than_its_surroundings_mean():
    image = np.array(Image.open(ROOT / 'demo/photos/chelsea.jpg'))
    mask = np.zeros(image.shape[:2], np.uint8)
    mask[96:160, 160:224] = 255
    hole = mask > 0
    painted = inpaint(image, mask)[hole].astype(float)

    def error(x):
        return np.square(x - image[hole]).mean()

    assert error(painted) < error(image[~hole].mean(0))
