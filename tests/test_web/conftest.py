import numpy as np
import pytest
from PIL import Image

from tests.test_web.chromium import CHROMIUM, FLAGS, Page, Server
from tests.test_web.grey import Grey, Running
from tmad_mmedit import Inpainter
from tmad_mmedit.web.limits import Limits


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)


@pytest.fixture
def photo(tmp_path, noise):
    """A PNG of 64 x 48 pixels."""
    Image.fromarray(noise).save(tmp_path / 'photo.png')
    return tmp_path / 'photo.png'


@pytest.fixture
def actions(tmp_path):
    """Of small limits, with a worker that paints grey."""
    from tmad_mmedit.web.actions import Actions
    limits = Limits(megapixels=.01, megabytes=.1, rounds=2, sessions=3,
                    waiting=2)
    (tmp_path / 'open').mkdir()
    return Actions(tmp_path / 'open', Grey(), limits)


@pytest.fixture(scope='session')
def server(tmp_path_factory):
    """The command itself, with the model that is shipped."""
    pytest.importorskip('gradio_client', reason='no gradio')
    server = Server(tmp_path_factory.mktemp('server'),
                    '--max-megapixels', '1')
    yield server
    server.process.kill()
    server.process.communicate()


@pytest.fixture(scope='session')
def grey(tmp_path_factory):
    """A server that paints grey, at once or when the test says so."""
    pytest.importorskip('gradio', reason='no gradio')
    running = Running(tmp_path_factory.mktemp('grey'), Grey(),
                      Limits(megapixels=13, rounds=4))
    yield running
    running.close()


@pytest.fixture
def gate(grey):
    """Nothing is painted until it is set."""
    grey.worker.gate.clear()
    yield grey.worker.gate
    grey.worker.gate.set()


@pytest.fixture(scope='session')
def browser():
    playwright = pytest.importorskip('playwright.sync_api',
                                     reason='no Playwright')
    if not CHROMIUM:
        pytest.skip('no Chromium')
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope='session')
def only_page(browser, grey):
    page = Page(browser, grey.url)
    yield page
    page.close()


@pytest.fixture
def page(only_page):
    """The page of the grey server, with nothing open."""
    only_page.fresh()
    yield only_page
    assert not only_page.errors


@pytest.fixture(scope='session')
def inpainter():
    return Inpainter()


@pytest.fixture(scope='session')
def striped(tmp_path_factory):
    """A photograph of 600 x 400 pixels, with EXIF data."""
    rows, columns = np.mgrid[:400, :600]
    stripes = np.sin(np.stack([columns / 9 + rows / x
                               for x in (7, 11, 19)], -1))
    exif = Image.Exif()
    exif[0x010e] = 'of stripes'
    path = tmp_path_factory.mktemp('photo') / 'striped.jpg'
    Image.fromarray((stripes * 100 + 128).astype(np.uint8)).save(
        path, exif=exif, quality=95)
    return path


@pytest.fixture(scope='session')
def blue(tmp_path_factory):
    """A PNG of 300 x 200 pixels, all of one colour."""
    path = tmp_path_factory.mktemp('photo') / 'blue.png'
    Image.new('RGB', (300, 200), (20, 40, 200)).save(path)
    return path
