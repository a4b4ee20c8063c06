"""Links, pipes and devices."""
import os
import threading
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tests.test_files.test_folders import make, planned  # noqa: F401
from tmad_mmedit.cli.file_options import expanded, one_job
from tmad_mmedit.files.atomic import replacing, write_text, writing
from tmad_mmedit.pictures.image_files import read_bytes
from tmad_mmedit.pictures.kinds import is_picture, is_stream, writable_kind
from tmad_mmedit.pictures.picture import Picture

PIXELS = np.random.default_rng(0).integers(60, 200, (40, 56, 3), np.uint8)


def test_a_link_stays_and_its_target_is_written(tmp_path):
    (tmp_path / 'real').mkdir()
    write_text(tmp_path / 'real/t.png', 'old')
    (tmp_path / 'one.png').symlink_to('real/t.png')
    (tmp_path / 'two.png').symlink_to('one.png')
    Picture(PIXELS, 'RGB').save(tmp_path / 'two.png')
    for name in ('one.png', 'two.png'):
        assert (tmp_path / name).is_symlink()
        assert np.array_equal(Picture.of(tmp_path / name).rgb, PIXELS)
    assert os.listdir(tmp_path / 'real') == ['t.png']


def test_a_link_to_nothing_yet_is_written_there(tmp_path):
    (tmp_path / 'real').mkdir()
    (tmp_path / 'link.txt').symlink_to('real/new.txt')
    write_text(tmp_path / 'link.txt', 'new')
    assert (tmp_path / 'real/new.txt').read_text() == 'new'
    (tmp_path / 'lost.png').symlink_to('nowhere/new.png')
    with pytest.raises(OSError, match='cannot be written'):
        Picture(PIXELS, 'RGB').save(tmp_path / 'lost.png')


def test_links_in_a_circle_are_one_sentence(tmp_path):
    (tmp_path / 'a.png').symlink_to('b.png')
    (tmp_path / 'b.png').symlink_to('a.png')
    with pytest.raises(OSError):
        with replacing(tmp_path / 'a.png'):
            pass
    with pytest.raises(OSError, match='cannot be written'):
        Picture(PIXELS, 'RGB').save(tmp_path / 'a.png')
    with pytest.raises(FileNotFoundError, match='is a link to what is not'):
        Picture.of(tmp_path / 'a.png')


def test_a_link_over_what_is_read_is_refused(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / 'a.png')
    Image.fromarray(PIXELS).save(tmp_path / 'm.png')
    (tmp_path / 'link.png').symlink_to('a.png')
    with pytest.raises(ValueError, match='would be written over'):
        one_job(tmp_path / 'a.png', tmp_path / 'm.png', tmp_path / 'link.png')


def through_pipe(tmp_path, content):
    path = tmp_path / 'pipe'
    os.mkfifo(path)
    threading.Thread(target=path.write_bytes, args=[content]).start()
    return path


def test_a_pipe_is_read_once(tmp_path):
    file = BytesIO()
    Image.fromarray(PIXELS).save(file, 'PNG')
    path = through_pipe(tmp_path, file.getvalue())
    assert is_stream(path) and not is_picture(path)
    job = one_job(path, tmp_path / 'm.png', tmp_path / 'out.png')
    assert np.array_equal(Picture.of(job.image).rgb, PIXELS)


def test_a_pipe_is_written_as_png(tmp_path):
    path, got = tmp_path / 'pipe', []
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    assert writable_kind(path) == 'PNG'
    Picture(PIXELS, 'RGB').save(path)
    reader.join()
    assert np.array_equal(Picture.of(got[0]).rgb, PIXELS)
    assert is_stream(path)
    writing('/dev/null', b'nothing')
    assert is_stream(tmp_path / '/dev/null')


def test_standard_input_and_output(tmp_path, monkeypatch):
    file, out = BytesIO(), BytesIO()
    Image.fromarray(PIXELS).save(file, 'PNG')
    for content in (file.getvalue(), b''):
        monkeypatch.setattr('sys.stdin', SimpleNamespace(
            buffer=BytesIO(content)))
        if content:
            picture = Picture.of('-')
            continue
        with pytest.raises(ValueError, match='the image from standard input '
                           'is empty'):
            Picture.of('-')
    monkeypatch.setattr('sys.stdout', SimpleNamespace(buffer=out))
    picture.save('-')
    assert np.array_equal(Picture.of(out.getvalue()).rgb, PIXELS)
    assert [str(x) for x in expanded(['-'])] == ['-']


def test_what_cannot_be_streamed_is_one_sentence(tmp_path):
    here = tmp_path / 'a.png'
    Image.fromarray(PIXELS).save(here)
    from pathlib import Path
    dash = Path('-')
    with pytest.raises(ValueError, match='cannot both come from'):
        one_job(dash, dash, tmp_path / 'o.png')
    with pytest.raises(ValueError, match='has no name to find its mask by'):
        one_job(dash, tmp_path, tmp_path / 'o.png')
    with pytest.raises(ValueError, match='is a directory'):
        read_bytes(tmp_path, 'image')


def test_pipes_and_lost_links_in_a_folder_do_not_stop_it(make):  # noqa: F811
    root = make('p/a.png', 'm.png')
    os.mkfifo(root / 'p/pipe.png')
    (root / 'p/lost.png').symlink_to('nowhere.png')
    jobs, failed, others = planned(root, 'p', 'm.png')
    assert [x[0] for x in jobs] == ['p/a.png'] and others == ['p/pipe.png']
    assert 'a link to what is not there' in failed['p/lost.png']
    _, failed, _ = planned(root, 'p/a.png p/pipe.png', 'm.png')
    assert not failed


def test_one_name_in_two_kinds_are_two_results(make):  # noqa: F811
    root = make('p/a.jpg', 'p/a.webp', 'm/a.png')
    jobs, failed, _ = planned(root, 'p', 'm')
    assert [x[2] for x in jobs] == ['out/a.png', 'out/a.webp'] and not failed
    jobs, failed, _ = planned(root, 'p', 'm', steps=True)
    assert len(jobs) == 1 and 'already the output' in failed['p/a.webp']
    jobs, failed, _ = planned(root, 'p', 'm', coarse=True)
    assert len(jobs) == 2 and not failed


def test_steps_of_another_run_do_not_stand_in_the_way(make):  # noqa: F811
    root = make('p/a.png', 'p/a_steps.png', 'm.png')
    job = one_job(root / 'p/a_steps.png', root / 'm.png', root / 'p/a.jpg')
    assert job.out.name == 'a.jpg'
    with pytest.raises(ValueError, match='would be written over'):
        one_job(root / 'p/a_steps.png', root / 'm.png', root / 'p/a.jpg',
                steps=True)


def test_raw_files_beside_their_jpegs_are_passed_over(make):  # noqa: F811
    root = make('p/a.jpg', 'm/a.png')
    (root / 'p/a.nef').write_bytes(b'II*\0')
    (root / 'p/b.CR3').write_bytes(b'')
    (root / 'm/a.dng').write_bytes(b'II*\0')
    jobs, failed, others = planned(root, 'p', 'm')
    assert len(jobs) == 1 and not failed
    assert sorted(others) == ['p/a.nef', 'p/b.CR3']
