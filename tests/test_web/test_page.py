"""The page in a real browser, and its interface for programs.

The server is ``tmad web`` in a process of its own. Where there is no gradio,
no Playwright or no Chromium, these tests are skipped: ``make test-web`` says
what to install.
"""
import base64
import os
import shutil
import signal
import subprocess
import sys
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.apis import Inpainter, Picture
from tmad_mmedit.apis.masks import read_mask
from tmad_mmedit.web.brush import hole_of

gradio_client = pytest.importorskip('gradio_client', reason='no gradio')
playwright = pytest.importorskip('playwright.sync_api',
                                 reason='no Playwright')
CHROMIUM = next(filter(None, map(shutil.which, (
    'chromium', 'chromium-browser', 'google-chrome'))), None)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason='no Chromium')
FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
         '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync']
# Drawn by software, 60 frames a second leave the page no time
FEW_FRAMES = '''const frame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (f) => setTimeout(() => frame(f), 400);'''
# What the brush sends, which Playwright does not show
KEPT = '''window.sent = [];
const append = FormData.prototype.append;
FormData.prototype.append = function (...given) {
  if (given[1] instanceof Blob) window.sent.push(given[1]);
  return append.apply(this, given);
};'''
READ = '''() => Promise.all(window.sent.map(async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (x) => String.fromCharCode(x)).join(''));
}))'''
# What it says, as a message goes away by itself
SAID = '''window.said = [];
const met = new WeakSet();
new MutationObserver(() => {
  for (const toast of document.querySelectorAll('.toast-body')) {
    // the title comes first, alone
    const title = /^\\s*(Error|Warning|Info)?\\s*$/;
    if (met.has(toast) || title.test(toast.innerText)) continue;
    met.add(toast);
    window.said.push(toast.innerText);
    const close = toast.querySelector('.toast-close');
    if (close) close.click();
  }
}).observe(document, {subtree: true, childList: true, characterData: true});
'''
PATIENCE = 120e3  # milliseconds
PHOTO = ROOT / 'demo/photos/rocket.jpg'
MASK = ROOT / 'demo/masks/rocket.png'


@pytest.fixture(scope='module')
def server(tmp_path_factory):
    """``tmad web``, its address, and the folder of its temporary files."""
    temporary = tmp_path_factory.mktemp('server')
    command = [sys.executable, '-c',
               'import sys; sys.argv[0] = "tmad"; '
               'from tmad_mmedit.cli import main; sys.exit(main())',
               'web', '--port', '0', '--max-megapixels', '1']
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, TMPDIR=str(temporary)))
    line = process.stdout.readline()
    assert 'http://127.0.0.1:' in line
    yield process, line.split('http://')[1].split()[0], temporary
    if process.poll() is None:
        process.kill()


@pytest.fixture(scope='module')
def browser():
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


class Page:
    """The page as a user sees it.

    Args:
        browser: Of Playwright.
        address (str): Of the server.
    """

    def __init__(self, browser, address):
        self.address, self.asked = address, []
        context = browser.new_context(viewport=dict(width=420, height=900),
                                      device_scale_factor=.5)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(FEW_FRAMES)
        self.page.add_init_script(KEPT)
        self.page.add_init_script(SAID)
        self.page.on('request', lambda x: self.asked.append(x.url))
        self.page.goto(f'http://{address}/')
        self.page.wait_for_selector('#open input[type=file]',
                                    state='attached')

    def open(self, path):
        files = self.page.locator(
            '#open input[type=file], input[type=file]:has(+ #another)')
        files.first.set_input_files(path)
        self.page.wait_for_selector('#brush canvas')
        self.settle()

    def settle(self):
        """Until nothing is under way any more."""
        self.page.wait_for_timeout(1500)

    def stroke(self, *points, tool='Brush'):
        """Draw, from point to point, in parts of the shown picture."""
        self.page.locator(f'#brush button[aria-label={tool}]').click()
        box = self.page.locator('#brush canvas').first.bounding_box()
        mouse = self.page.mouse
        places = [(box['x'] + box['width'] * x, box['y'] + box['height'] * y)
                  for x, y in points]
        mouse.move(*places[0])
        self.page.wait_for_timeout(300)
        mouse.down()
        for place in places[1:]:
            self.page.wait_for_timeout(200)
            mouse.move(*place, steps=4)
        self.page.wait_for_timeout(200)
        mouse.up()
        self.page.wait_for_timeout(500)

    def press(self, name):
        self.page.locator('#buttons').get_by_role(
            'button', name=name, exact=True).click()

    def remove(self, rounds=1):
        self.press('Remove')
        self.wait_for_rounds(rounds)

    def wait_for_rounds(self, rounds):
        self.page.wait_for_selector(f'#links >> text={rounds} round')
        self.settle()

    def drawn(self, size):
        """The hole of the strokes that the browser sent last."""
        layers = []
        for content in map(base64.b64decode, self.page.evaluate(READ)):
            if not content.startswith(b'\x89PNG'):
                continue
            with Image.open(BytesIO(content)) as image:
                layer = np.array(image.convert('RGBA'))
            if layer[..., 3].any() and not layer[..., 3].all():
                layers.append(layer)  # and neither background nor empty
        return hole_of(layers[-1:], size)

    def download(self, kind):
        with self.page.expect_download() as waiting:
            self.page.click(f'#links a >> text=Download {kind}')
        return waiting.value.path().read_bytes()

    def error(self):
        """What the page says."""
        self.page.wait_for_function('window.said.length', polling=200)
        return self.page.evaluate('window.said.shift()')


@pytest.fixture(scope='module')
def page(browser, server):
    return Page(browser, server[1])


@pytest.fixture(scope='module')
def inpainter():
    return Inpainter()


@pytest.fixture(scope='module')
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


def test_bad_input_is_one_sentence_and_the_page_goes_on(page, tmp_path):
    page.press('Remove')
    assert 'No picture is open' in page.error()
    text = tmp_path / 'text.png'
    text.write_text('no picture')
    page.page.set_input_files('#open input[type=file]', text)
    assert 'cannot be read' in page.error()
    large = tmp_path / 'large.png'
    Image.new('1', (1200, 1200)).save(large)
    page.page.set_input_files('#open input[type=file]', large)
    assert '1200 x 1200 pixels' in page.error()


def test_a_stroke_is_removed_at_full_size(page, inpainter, wide):
    page.open(wide)
    page.press('Remove')
    assert 'Nothing is brushed' in page.error()
    page.stroke((.4, .5), (.6, .5))
    page.remove()
    picture = Picture.of(wide)
    hole = page.drawn(picture.size)
    assert hole[80, 800] and not hole[:, :200].any() and hole.mean() < .5
    expected = inpainter(wide, hole).stored
    result = Picture.of(page.download('PNG')).stored
    assert np.array_equal(result, expected)
    assert np.array_equal(result[~hole], picture.stored[~hole])
    assert (result[hole] != picture.stored[hole]).any()
    own = page.download('JPG')
    with Image.open(BytesIO(own)) as file:
        assert file.format == 'JPEG' and file.size == (1600, 160)
        assert file.getexif()[0x010e] == 'of stripes'


def test_a_second_round_and_a_step_back(page, inpainter, wide):
    first = page.download('PNG')
    page.stroke((.2, .5), (.25, .5))
    page.remove(rounds=2)
    hole = page.drawn(Picture.of(wide).size)
    assert hole[:, 200:500].any() and not hole[:, 700:].any()
    expected = inpainter(first, hole).stored
    assert np.array_equal(Picture.of(page.download('PNG')).stored, expected)
    page.press('Step back')
    page.wait_for_rounds(1)
    assert page.download('PNG') == first


@pytest.mark.parametrize('undo', ['eraser', 'undo', 'clear', 'bin'])
def test_a_stroke_can_be_taken_back(page, undo):
    page.stroke((.45, .5), (.55, .5))
    if undo == 'eraser':
        for height in (.45, .5, .55):
            page.stroke((.4, height), (.6, height), tool='Erase')
    elif undo == 'undo':
        page.page.locator('#brush button[aria-label=Undo]').click()
    elif undo == 'bin':
        page.page.locator('#brush button[aria-label="Clear canvas"]').click()
    else:
        page.press('Clear')
    page.settle()
    page.press('Remove')
    assert 'Nothing is brushed' in page.error()


def test_an_example_needs_one_click(page, inpainter):
    page.page.locator('#examples button:has(img)').nth(4).click()
    page.page.wait_for_selector('#links >> text=384 × 256')
    page.wait_for_rounds(1)
    expected = inpainter(PHOTO, MASK).stored
    assert np.array_equal(Picture.of(page.download('PNG')).stored, expected)


def test_the_steps_are_drawn(page):
    page.page.get_by_role('tab', name='How it was made').click()
    page.page.wait_for_selector('#figure img')
    width = page.page.evaluate(
        "document.querySelector('#figure img').naturalWidth")
    assert width == 3 * 384
    page.page.get_by_role('tab', name='Remove').click()


def test_two_at_once_get_their_own(page, browser, server, inpainter, wide):
    other = Page(browser, server[1])
    other.page.locator('#examples button:has(img)').nth(4).click()
    client = gradio_client.Client(f'http://{server[1]}', verbose=False)
    mask = ROOT / 'demo/masks/coffee.png'
    photo = ROOT / 'demo/photos/coffee.jpg'
    result = client.predict(
        gradio_client.handle_file(photo), gradio_client.handle_file(mask),
        dilate=3, api_name='/remove')
    expected = inpainter(photo, read_mask(mask, dilate=3)).stored
    assert np.array_equal(Picture.of(result).stored, expected)
    other.wait_for_rounds(1)
    assert np.array_equal(Picture.of(other.download('PNG')).stored,
                          inpainter(PHOTO, MASK).stored)
    link = other.page.get_attribute('#links a', 'href')
    assert link != page.page.get_attribute('#links a', 'href')
    other.page.context.close()


def test_a_program_is_told_what_is_wrong(server, tmp_path):
    client = gradio_client.Client(f'http://{server[1]}', verbose=False)
    with pytest.raises(Exception, match='has 384 x 256 pixels, the image'):
        client.predict(
            gradio_client.handle_file(ROOT / 'demo/photos/brick.jpg'),
            gradio_client.handle_file(MASK), api_name='/remove')
    public = client.view_api(return_format='dict')['named_endpoints']
    assert list(public) == ['/remove']


def test_nothing_is_fetched_from_elsewhere(page, server):
    asked = [url for url in page.asked
             if not url.startswith(('blob:', 'data:'))]
    assert asked and all(url.startswith(f'http://{server[1]}/')
                         for url in asked)


def test_ctrl_c_ends_it_and_leaves_nothing(page, server):
    process, _, temporary = server
    assert list(temporary.glob('tmad_web_*'))
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and 'closed' in rest
    assert time.monotonic() - start < 30
    assert not list(temporary.glob('tmad_web_*'))
