"""The plug-in in Krita itself, on a screen that nobody sees."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT
from tmad_mmedit.krita.installing import install

RUNNER, SCREEN = map(shutil.which, ('kritarunner', 'xvfb-run'))
pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    not (RUNNER and SCREEN), reason='no Krita, or no Xvfb')]
KINDS = {'rgb8': ('RGBA', 'U8'), 'rgb16': ('RGBA', 'U16'),
         'grey8': ('GRAYA', 'U8'), 'grey16': ('GRAYA', 'U16')}
X, Y, WIDTH, HEIGHT = 100, 60, 40, 30  # the hole of in_krita.py


@pytest.fixture(scope='module')
def ran(tmp_path_factory):
    """The folder in which in_krita.py has run."""
    folder = tmp_path_factory.mktemp('krita')
    cv2.imwrite(str(folder / 'photo.png'),
                cv2.imread(str(ROOT / 'demo/photos/coffee.jpg'))[:160, :240])
    installed = install(folder / 'data/krita')
    # the plug-in keeps PYTHONPATH from the command, as it is Krita's
    tmad = folder / 'tmad.sh'
    tmad.write_text(f'#!/bin/sh\nexport PYTHONPATH={ROOT}\n'
                    f'exec {sys.executable} -m tmad_mmedit "$@"\n')
    tmad.chmod(0o755)
    (installed / 'command.json').write_text(json.dumps([str(tmad)]))
    run(folder, installed.parent, RUNNER, '-s', 'in_krita', '-f', 'main',
        str(folder))
    return folder


def run(folder, plugins, *command):
    # OpenCV's Python points to a Qt of its own
    there = {name: x for name, x in os.environ.items() if name[:3] != 'QT_'}
    done = subprocess.run(
        [SCREEN, '-a', *command], capture_output=True, text=True, timeout=300,
        env=dict(there, HOME=str(folder), LC_ALL='C.UTF-8',
                 PATH='/usr/bin:/bin',  # whose Python is Krita's
                 XDG_DATA_HOME=str(folder / 'data'),
                 PYTHONPATH=f'{plugins}:{Path(__file__).parent}'))
    assert (folder / 'said.json').is_file(), done.stdout + done.stderr


def said(ran):
    return json.loads((ran / 'said.json').read_text())


def read(path):
    """RGBA of 8 or 16 bits."""
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    return picture if picture.ndim == 3 else cv2.cvtColor(
        picture, cv2.COLOR_GRAY2BGRA)


INSIDE = np.zeros((160, 240), bool)
INSIDE[Y:Y + HEIGHT, X:X + WIDTH] = True


@pytest.mark.parametrize('name', KINDS)
def test_the_result_is_a_layer_of_its_own(ran, name):
    assert said(ran)[name] == [*KINDS[name], ['Background', 'Removed'],
                               [X, Y, WIDTH, HEIGHT]]
    before, after, patch = (read(ran / f'{name}{x}.png')
                            for x in ('', '_out', '_patch'))
    assert {x.dtype for x in (before, after, patch)} == {
        np.dtype('uint16' if '16' in name else 'uint8')}
    assert np.array_equal(patch[..., -1] > 0, INSIDE)
    assert np.array_equal(after[~INSIDE], before[~INSIDE])
    assert not np.array_equal(after[INSIDE], before[INSIDE])


@pytest.mark.parametrize('name', KINDS)
def test_it_is_what_the_command_paints(ran, name, tmp_path):
    cv2.imwrite(str(tmp_path / 'mask.png'), INSIDE * 255.)
    subprocess.run([ran / 'tmad.sh', 'inpaint', ran / f'{name}.png',
                    tmp_path / 'mask.png', '-o', tmp_path / 'out.png'],
                   check=True, capture_output=True)
    assert np.array_equal(read(ran / f'{name}_out.png'),
                          read(tmp_path / 'out.png'))


@pytest.mark.parametrize('what, words', [
    ('no document', 'No picture is open'),
    ('no selection', 'Nothing is selected'), ('outside', 'Nothing is select'),
    ('everything', 'ask'), ('CMYKAU8', 'is CMYK'),
    ('RGBAF32', 'floats of 32 bits'), ('no command', 'run: tmad krita')])
def test_what_cannot_be_done_is_one_sentence(ran, what, words):
    assert words in said(ran)['refused'][what]


def test_a_cancelled_one_leaves_no_layer(ran):
    assert said(ran)['cancelled'] == [None, ['Background']]
