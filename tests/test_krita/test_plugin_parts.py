"""The parts of Krita's plug-in that know nothing of Krita."""
import doctest
import io
import json
import os
import sys

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.cli import main
from tmad_mmedit.krita.installing import PLUGIN, install
from tmad_mmedit.krita.plugin.tmad import command, pixels
from tmad_mmedit.krita.plugin.tmad.command import MISSING, Refusal, Run

NUMBERS = np.random.default_rng(0).integers(0, 65536, (5, 7, 4))


def of_krita(rgba, model, depth):
    """Pixels as Krita has them, from (H, W, 4)."""
    channels = [2, 1, 0, 3] if model == 'RGBA' else [0, 3]
    kind = np.uint8 if depth == 'U8' else np.uint16
    return np.ascontiguousarray(rgba[..., channels].astype(kind)).tobytes()


@pytest.mark.parametrize('module', [command, pixels])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize('model, depth', [
    ('RGBA', 'U8'), ('RGBA', 'U16'), ('GRAYA', 'U8'), ('GRAYA', 'U16')])
def test_a_png_holds_kritas_pixels(tmp_path, model, depth):
    import cv2
    given = NUMBERS % (256 if depth == 'U8' else 65536)
    (tmp_path / 'a.png').write_bytes(pixels.png(
        of_krita(given, model, depth), 7, 5, model, depth))
    read = cv2.imread(str(tmp_path / 'a.png'), cv2.IMREAD_UNCHANGED)
    order = [2, 1, 0, 3] if model == 'RGBA' else [0, 0, 0, 3]
    assert np.array_equal(read, given[..., order])


def test_a_selection_is_a_mask():
    mask = np.arange(35, dtype=np.uint8).reshape(5, 7) * 7
    read = Image.open(io.BytesIO(pixels.png(mask.tobytes(), 7, 5, 'A', 'U8')))
    assert read.mode == 'L' and np.array_equal(np.array(read), mask)


@pytest.mark.parametrize('model, depth', [
    ('RGBA', 'U8'), ('RGBA', 'U16'), ('GRAYA', 'U8'), ('GRAYA', 'U16')])
def test_a_layer_is_as_krita_has_it(model, depth):
    kind = np.uint8 if depth == 'U8' else np.uint16
    patch = (NUMBERS % (np.iinfo(kind).max + 1)).astype(kind)
    assert pixels.layer(patch.tobytes(), model, depth) == of_krita(
        patch, model, depth)


@pytest.mark.parametrize('model, depth, what', [
    ('CMYKA', 'U8', 'is CMYK'), ('LABA', 'U16', 'is Lab'),
    ('RGBA', 'F32', 'floats of 32 bits'), ('GRAYA', 'F16', 'floats of 16')])
def test_other_kinds_are_one_sentence(model, depth, what):
    with pytest.raises(Refusal, match=what) as said:
        pixels.check_kind(model, depth)
    assert 'Convert Image Color Space' in str(said.value)


def test_the_command_says_which_python_has_tmad(tmp_path, capsys):
    assert main(['krita', '--folder', str(tmp_path / 'krita')]) == 0
    target = tmp_path / 'krita/pykrita/tmad'
    assert str(target) in capsys.readouterr().out
    assert (target.parent / 'tmad.desktop').is_file()
    assert {x.name for x in target.iterdir()} == {
        'command.json', *(x.name for x in (PLUGIN / 'tmad').iterdir()
                          if x.suffix in ('.py', '.html'))}
    assert command.find(target / 'command.json') == [
        sys.executable, '-m', 'tmad_mmedit']
    (target / 'old.py').touch()
    install(tmp_path / 'krita')  # what an earlier one left goes
    assert not (target / 'old.py').exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    (tmp_path / 'file').touch()
    assert main(['krita', '--folder', str(tmp_path / 'file')]) == 1
    error = capsys.readouterr().err
    assert 'cannot be written' in error and error.count('\n') == 1


def test_no_command_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(Refusal, match='not found'):
        command.find(tmp_path / 'none.json')
    (tmp_path / 'there.json').write_text(json.dumps(['/nowhere/python']))
    with pytest.raises(Refusal, match='not found'):
        command.find(tmp_path / 'there.json')
    with pytest.raises(Refusal, match='not found'):
        Run(tmp_path, ['/nowhere/python'])


def script(folder, text):
    """A command that does what some Python says."""
    (folder / 'tmad.py').write_text(text)
    return [sys.executable, str(folder / 'tmad.py')]


def test_what_the_command_says_is_passed_on(tmp_path):
    run = Run(tmp_path, script(tmp_path, '''
import sys
sys.exit('tmad: photo.png: warning: x\\ntmad: the mask is black all over.')
'''))
    with pytest.raises(Refusal, match='^The mask is black all over.$'):
        run.check()


def test_a_command_that_breaks_says_its_last_line(tmp_path):
    run = Run(tmp_path, script(tmp_path, 'raise SystemError("odd")'))
    with pytest.raises(Refusal, match='ended with 1 .*SystemError: odd'):
        run.check()
    run = Run(tmp_path, script(tmp_path, ''))  # 0, but nothing written
    with pytest.raises(Refusal, match='ended with 0 before'):
        run.check()


def test_a_python_without_tmad_is_one_that_is_not_there(tmp_path):
    run = Run(tmp_path, [sys.executable, '-S', '-E', '-m', 'tmad_mmedit'])
    with pytest.raises(Refusal) as said:
        run.check()
    assert str(said.value) == MISSING


def test_a_run_is_stopped(tmp_path):
    run = Run(tmp_path, script(tmp_path, 'import time; time.sleep(60)'))
    assert not run.done()
    run.stop()
    assert run.done()


def test_kritas_libraries_stay_kritas(monkeypatch):
    given = dict(PYTHONHOME='a', PYTHONPATH='b', LD_LIBRARY_PATH='c', HOME='d')
    assert command.environment(given) == dict(LD_LIBRARY_PATH='c', HOME='d')
    assert command.environment(dict(given, APPDIR='e')) == dict(
        HOME='d', APPDIR='e')
    assert os.environ['PATH'] in command.environment(os.environ).values()
