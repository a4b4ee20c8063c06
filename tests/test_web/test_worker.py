"""The process that has the models."""
import threading
import time

import numpy as np
import pytest

from tests.conftest import ROOT
from tmad_mmedit import Inpainter, Picture
from tmad_mmedit.figures.drawing import draw
from tmad_mmedit.masks.reading import read_mask
from tmad_mmedit.steering import steer
from tmad_mmedit.web.worker import Named, Settings, Worker

PHOTO = ROOT / 'demo/photos/rocket.jpg'


@pytest.fixture(scope='module')
def worker():
    worker = Worker({'ours': Named(None, 'tmad-coherent_natural'),
                     'gone': Named(None, 'nowhere.safetensors')})
    yield worker
    worker.close()


@pytest.fixture(scope='module')
def job():
    return Picture.of(PHOTO), read_mask(ROOT / 'demo/masks/rocket.png')


def test_it_paints_as_the_terminal_does(worker, job):
    picture, hole = job
    settings = Settings('ours', feather=2, seed=3)
    samples = worker.fill(picture, hole, settings)
    expected = Inpainter()(PHOTO, hole, feather=2, seed=3).stored
    assert np.array_equal(samples, expected[hole])


def test_what_a_person_says_reaches_it(worker, job):
    picture, hole = job
    area = np.zeros_like(hole)
    area[:, :130] = True
    settings, said = Settings('ours'), steer(hole, not_from=area)
    samples = worker.fill(picture, hole, settings, said=said)
    expected = Inpainter()(PHOTO, hole, not_from=area).stored[hole]
    assert np.array_equal(samples, expected)
    assert not np.array_equal(samples, worker.fill(picture, hole, settings))
    _, sources = worker.figure(picture, hole, settings, said=said)
    y, x = sources[:, hole]
    assert not area[y, x][~hole[y, x]].any()


def test_it_draws_as_the_terminal_does(worker, job):
    picture, hole = job
    steps = Inpainter().steps(PHOTO, hole)
    drawn, sources = worker.figure(picture, hole, Settings('ours'))
    assert np.array_equal(drawn, draw(picture.rgb, hole, steps, 4))
    assert np.array_equal(sources, steps.sources)


def test_what_is_wrong_comes_back_and_it_goes_on(worker, job):
    picture, hole = job
    with pytest.raises(OSError, match='nowhere.safetensors'):
        worker.load('gone')
    with pytest.raises(ValueError, match="model 'x' is not there"):
        worker.fill(picture, hole, Settings('x'))
    with pytest.raises(ValueError, match='covers the whole image'):
        worker.fill(picture, np.ones_like(hole), Settings('ours'))
    assert len(worker.fill(picture, hole, Settings('ours'))) == hole.sum()


def test_what_takes_too_long_is_given_up(worker, job, monkeypatch):
    monkeypatch.setattr(worker, 'seconds', 0)
    ticks = []
    picture, hole = job
    with pytest.raises(ValueError, match='more than 0 seconds'):
        worker.fill(picture, hole, Settings('ours'), ticks.append)
    assert ticks and worker._process is None


def test_a_process_that_does_not_read_holds_up_nobody_for_ever(
        worker, job, monkeypatch):
    """A picture is larger than what a pipe takes."""
    import psutil
    picture, hole = job
    worker.load('ours')
    process = worker._process
    psutil.Process(process.pid).suspend()
    monkeypatch.setattr(worker, 'seconds', .5)
    with pytest.raises(ValueError, match='more than 0.5 seconds'):
        worker.fill(picture, hole, Settings('ours'))
    assert not process.is_alive() and worker._process is None


def test_it_tells_which_settings_change_what_it_paints(worker):
    assert worker.load('ours') == []


def test_when_it_dies_that_is_said(worker):
    def kill():
        while worker._process is None or not worker._process.pid:
            time.sleep(.05)
        worker._process.kill()

    threading.Thread(target=kill).start()
    with pytest.raises(RuntimeError, match='died, most likely'):
        worker.load('ours')


def test_large_pictures_are_drawn_smaller_and_patches_are_not(job):
    picture, hole = job
    steps = Inpainter().steps(PHOTO, hole)
    whole = draw(picture.rgb, hole, steps, 2)
    small = draw(picture.rgb, hole, steps, 2, side=192)
    assert whole.shape[1] == 3 * 384 and small.shape[1] == 3 * 192
    assert whole.shape[0] - 256 == small.shape[0] - 128
