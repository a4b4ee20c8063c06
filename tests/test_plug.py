"""The library without OpenMMLab, in a process that has none."""
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.slim import SLIM_COHERENT, SLIM_PAPER, write_model
from tmad_mmedit import plug
from tmad_mmedit.cli.main import OF_PLUG

WITHOUT = """
import contextlib, io, json, sys

BLOCKED = {'mmcv', 'mmedit', 'mmagic', 'mmengine', 'mim'}


class Without:

    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in BLOCKED:
            raise ModuleNotFoundError(f'No module named {name!r}', name=name)


sys.meta_path.insert(0, Without())
from tmad_mmedit.cli import main

said = []
for command in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(command)
        except SystemExit as end:
            code = end.code
    said.append([code, out.getvalue(), err.getvalue()])
from tmad_mmedit import Inpainter
try:
    Inpainter('tmad_places')
except ImportError as error:
    said.append([type(error).__name__, '', str(error)])
try:
    import tmad_mmedit.openmmlab
except ImportError as error:
    said.append([type(error).__name__, '', str(error)])
assert not BLOCKED & {name.split('.')[0] for name in sys.modules}
print(json.dumps(said))
"""
INSTALL = "`pip install 'tmad_mmedit[openmmlab]'`"


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp('without')
    photo = Image.open(ROOT / 'demo/photos/coffee.jpg').crop((0, 0, 90, 70))
    photo.save(folder / 'photo.png')
    mask = np.zeros((70, 90), np.uint8)
    mask[20:50, 30:70] = 255
    Image.fromarray(mask).save(folder / 'mask.png')
    write_model(folder / 'paper.safetensors', SLIM_PAPER)
    write_model(folder / 'coherent.safetensors', SLIM_COHERENT)
    return folder


PAINT = [['inpaint', 'photo.png', 'mask.png', '-o', f'{name}.png',
          '--checkpoint', f'{name}.safetensors']
         for name in ('paper', 'coherent')]
SHOW = ['show', 'photo.png', 'mask.png', '-o', 'steps.png', '--checkpoint',
        'paper.safetensors']
PLUGGED = [[name, 'x', '-o', 'y'] for name in OF_PLUG] + [
    [name, '--help'] for name in OF_PLUG]


@pytest.fixture(scope='module')
def said(folder):
    """Exit code, output and errors of each command; then errors of Python."""
    commands = [*PAINT, SHOW, [*PAINT[0], '--config', 'tmad_places'],
                ['--help'], *PLUGGED]
    done = subprocess.run(
        [sys.executable, '-c', WITHOUT, json.dumps(commands)], cwd=folder,
        text=True, capture_output=True)
    assert not done.returncode, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_it_paints_and_draws(said, folder):
    assert [code for code, *_ in said[:3]] == [0, 0, 0], said[:3]
    photo, hole = (np.array(Image.open(folder / name))
                   for name in ('photo.png', 'mask.png'))
    for name in ('paper.png', 'coherent.png'):
        out = np.array(Image.open(folder / name))
        assert np.array_equal(out[hole == 0], photo[hole == 0])
        assert not np.array_equal(out, photo)
    assert Image.open(folder / 'steps.png').width == 3 * 90


def test_a_config_says_what_to_install(said):
    code, _, error = said[3]
    assert code == 1
    assert error == f'tmad: --config needs {INSTALL} (mmengine is missing ' \
        'here).\n'


def test_help_lists_the_commands_of_the_plug(said):
    code, out, _ = said[4]
    assert not code
    for name, text in OF_PLUG.items():
        assert name in out and text.split(',')[0] in out


def test_a_command_of_the_plug_says_what_to_install(said):
    for (name, *_), (code, out, error) in zip(PLUGGED, said[5:-2]):
        assert code == 1 and not out
        assert error == f'tmad: `tmad {name}` needs {INSTALL} (mmengine is ' \
            'missing here).\n'


def test_python_says_what_to_install(said):
    kind, _, error = said[-2]
    assert kind == 'ImportError'
    assert error == f'a config needs {INSTALL} (mmengine is missing here).'
    kind, _, error = said[-1]
    assert 'mmengine is not installed' in error and '\n' not in error


def test_a_package_without_the_entry_point_says_what_to_install(monkeypatch):
    monkeypatch.setattr(plug, 'entry_points', lambda: [])
    with pytest.raises(ImportError, match=r'a config needs `pip install '
                       r"'tmad_mmedit\[openmmlab\]'`\.$"):
        plug.plugged('build', 'a config')


def test_a_fault_of_ours_is_not_taken_for_a_package_that_is_missing(
        monkeypatch):

    class Point:
        name = 'build'

        def load(self):
            raise ModuleNotFoundError('no x', name='tmad_mmedit.openmmlab.x')

    monkeypatch.setattr(plug, 'entry_points', lambda: [Point()])
    with pytest.raises(ModuleNotFoundError, match='no x'):
        plug.plugged('build', 'a config')


def test_all_that_is_asked_of_the_plug_has_an_entry_point():
    names = {point.name for point in plug.entry_points()}
    assert names == {*OF_PLUG, 'build', 'read_config'}
