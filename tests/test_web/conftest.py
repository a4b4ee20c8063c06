import numpy as np
import pytest
from PIL import Image

from tests.test_web.chromium import CHROMIUM, FLAGS, Page, Server
from tmad_mmedit.apis import Inpainter
from tmad_mmedit.web.actions import Actions
from tmad_mmedit.web.limits import Limits
from tmad_mmedit.web.session import Sessions


class Grey:
    """Paints every hole grey, in place of a worker's models."""

    def fill(self, picture, hole, settings, tick=None):
        painted = np.full((*picture.size, 3), 128.)
        return picture.filled(painted, hole).stored[hole]

    def figure(self, picture, hole, settings, tick=None):
        return np.where(hole[..., None], 0, picture.rgb).astype(np.uint8)


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)


@pytest.fixture
def photo(tmp_path, noise):
    """A PNG of 64 x 48 pixels."""
    Image.fromarray(noise).save(tmp_path / 'photo.png')
    return str(tmp_path / 'photo.png')


@pytest.fixture
def actions(tmp_path):
    """Of small limits, with a worker that paints grey."""
    limits = Limits(megapixels=.01, megabytes=.1, rounds=2, sessions=3)
    (tmp_path / 'open').mkdir()
    return Actions(Sessions(tmp_path / 'open', limits), Grey(), limits)


@pytest.fixture(scope='session')
def server(tmp_path_factory):
    pytest.importorskip('gradio_client', reason='no gradio')
    server = Server(tmp_path_factory.mktemp('server'),
                    '--max-megapixels', '1')
    yield server
    server.process.kill()


@pytest.fixture(scope='session')
def browser():
    playwright = pytest.importorskip('playwright.sync_api',
                                     reason='no Playwright')
    if not CHROMIUM:
        pytest.skip('no Chromium')
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope='module')
def page(browser, server):
    page = Page(browser, server.url)
    yield page
    page.page.context.close()


@pytest.fixture(scope='session')
def inpainter():
    return Inpainter()


@pytest.fixture(scope='session')
def wide(tmp_path_factory):
    """Wider than the copy that is brushed on, with EXIF data."""
    rows = np.arange(160)[:, None]
    stripes = np.sin(np.stack([np.arange(1600) / 9 + rows / x
                               for x in (7, 11, 19)], -1))
    exif = Image.Exif()
    exif[0x010e] = 'of stripes'
    path = tmp_path_factory.mktemp('photo') / 'wide.jpg'
    Image.fromarray((stripes * 100 + 128).astype(np.uint8)).save(
        path, exif=exif, quality=95)
    return path
