"""What leaves by the command is safe to hand on."""
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tests.slim import SLIM_COHERENT, write_model
from tests.test_pictures.leaks import PIXELS, WRITERS, found_in, jpeg, tiff
from tmad_mmedit.cli import main

HOLE = np.zeros((40, 56), np.uint8)
HOLE[12:24, 20:36] = 255
LIME = 0, 255, 0


@pytest.fixture
def folder(tmp_path):
    write_model(tmp_path / 'slim.safetensors', SLIM_COHERENT)
    Image.fromarray(PIXELS).save(tmp_path / 'a.png')
    Image.fromarray(HOLE).save(tmp_path / 'm.png')
    return tmp_path


def run(folder, image, mask, out, *options):
    return main(['inpaint', f'{folder}/{image}' if image != '-' else '-',
                 f'{folder}/{mask}', '-o', f'{folder}/{out}' if out != '-'
                 else '-', '--checkpoint', f'{folder}/slim.safetensors',
                 *options])


def test_nothing_invisible_is_shown(folder):
    disc = np.hypot(*np.ogrid[-20:20, -28:28]) < 17
    rgba = np.dstack([np.where(disc[..., None], PIXELS, LIME), disc * 255])
    Image.fromarray(rgba.astype(np.uint8)).save(folder / 's.png')
    mask = HOLE * 0
    mask[14:26, 34:54] = 255
    Image.fromarray(mask).save(folder / 'edge.png')
    assert run(folder, 's.png', 'edge.png', 'o.png') == 0
    out = np.array(Image.open(folder / 'o.png'))
    assert np.array_equal(out[mask == 0], rgba[mask == 0])
    assert out[20, 52, 3] == 0 and out[20, 36, 3] == 255
    seen = out[(mask > 0) & (out[..., 3] > 0)].astype(int)
    assert (np.abs(seen[:, :3] - LIME).max(1) > 60).all()
    assert not out[(mask > 0) & (out[..., 3] == 0)].any()
    assert run(folder, 's.png', 'edge.png', 'p.png', '--opaque') == 0
    out = np.array(Image.open(folder / 'p.png'))
    assert (out[mask > 0, 3] == 255).all()
    assert (np.abs(out[mask > 0, :3].astype(int) - LIME).max(1) > 60).all()


def test_a_picture_of_nothing_visible_stays_one(folder):
    rgba = np.full((40, 56, 4), (*LIME, 0), np.uint8)
    Image.fromarray(rgba).save(folder / 's.png')
    assert run(folder, 's.png', 'm.png', 'o.png') == 0
    out = np.array(Image.open(folder / 'o.png'))
    assert not out[HOLE > 0].any()
    assert np.array_equal(out[HOLE == 0], rgba[HOLE == 0])


@pytest.mark.parametrize('kind', WRITERS)
def test_one_line_names_what_does_not_travel(folder, capsys, kind):
    path = WRITERS[kind](folder)
    assert run(folder, path.name, 'm.png', 'o.jpg') == 0
    err = capsys.readouterr().err
    assert err.count('as it may show what is removed') == 1
    assert not found_in((folder / 'o.jpg').read_bytes())


def test_what_the_output_cannot_hold_is_one_line(folder, capsys):
    jpeg(folder)
    assert run(folder, 'in.jpg', 'm.png', 'o.webp') == 0
    lines = [x for x in capsys.readouterr().err.splitlines() if 'without' in x]
    assert len(lines) == 1 and 'IPTC records, comment' in lines[0]


def test_raw_files_beside_their_jpegs_do_not_fail(folder, capsys):
    for name in ('raws', 'masks'):
        (folder / name).mkdir()
    tiff(folder).rename(folder / 'raws/one.nef')
    Image.fromarray(PIXELS).save(folder / 'raws/one.jpg')
    Image.fromarray(HOLE).save(folder / 'masks/one.png')
    assert run(folder, 'raws', 'masks', 'out') == 0
    assert '1 passed over, which are no pictures, or raw' in (
        capsys.readouterr().out)
    assert run(folder, 'raws/one.nef', 'm.png', 'o.png') == 1
    assert 'is the raw file of a camera' in capsys.readouterr().err


def test_standard_input_to_standard_output(folder, monkeypatch, capsys):
    out = SimpleNamespace(buffer=BytesIO(), write=lambda text: pytest.fail(
        f'{text!r} is written into the picture'), flush=lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr('sys.stdin', SimpleNamespace(buffer=BytesIO(
            (folder / 'a.png').read_bytes())))
        patch.setattr('sys.stdout', out)
        assert run(folder, '-', 'm.png', '-') == 0
    assert run(folder, 'a.png', 'm.png', 'o.png') == 0
    assert out.buffer.getvalue() == (folder / 'o.png').read_bytes()
    assert run(folder, 'a.png', 'm.png', '-', '--side-by-side') == 1
    assert 'beside a stream nothing' in capsys.readouterr().err


@pytest.mark.parametrize('options', [
    ['--mask-labels', '3,7'], ['--mask-colour', '#030303']])
def test_labels_and_colours_name_the_hole(folder, options, capsys):
    Image.fromarray((HOLE > 0) * np.uint8(3)).save(folder / 'labels.png')
    assert run(folder, 'a.png', 'm.png', 'o.png') == 0
    assert run(folder, 'a.png', 'labels.png', 'p.png') == 1
    assert 'a label map? Pass --mask-labels 3' in capsys.readouterr().err
    if 'colour' in options[0]:
        Image.fromarray(np.dstack([HOLE, HOLE * 0, HOLE * 0])).save(
            folder / 'labels.png')
        options = ['--mask-colour', 'red']
    assert run(folder, 'a.png', 'labels.png', 'p.png', *options) == 0
    assert (folder / 'o.png').read_bytes() == (folder / 'p.png').read_bytes()


def test_a_wide_feather_is_limited_and_said(folder, capsys):
    assert run(folder, 'a.png', 'm.png', 'o.png', '--feather', '60') == 0
    assert 'a feather of 60 pixels is too wide' in capsys.readouterr().err
