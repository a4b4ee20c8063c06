"""The page of the brush in headless Chromium, and the server it comes from."""
import base64
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import count

import numpy as np
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.web.brush import hole_of

CHROMIUM = next(filter(None, map(shutil.which, (
    'chromium', 'chromium-browser', 'google-chrome'))), None)
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
# What it says, as a message goes away by itself. The next one may be put
# into the element of one that is just going.
SAID = '''window.said = [];
const met = new WeakMap();
new MutationObserver(() => {
  for (const toast of document.querySelectorAll('.toast-body')) {
    // the title comes first, alone
    const title = /^\\s*(Error|Warning|Info)?\\s*$/;
    const text = toast.innerText;
    if (met.get(toast) === text || title.test(text)) continue;
    met.set(toast, text);
    window.said.push(text);
    const close = toast.querySelector('.toast-close');
    if (close) close.click();
  }
}).observe(document, {subtree: true, childList: true, characterData: true});
'''
# A file that is dropped on an element
DROP = '''(element, [name, content]) => {
  const bytes = Uint8Array.from(atob(content), (x) => x.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  element.dispatchEvent(new DragEvent(
    'drop', {dataTransfer: data, bubbles: true, cancelable: true}));
}'''
COPY = '''(content) => {
  const bytes = Uint8Array.from(atob(content), (x) => x.charCodeAt(0));
  const blob = new Blob([bytes], {type: 'image/png'});
  return navigator.clipboard.write([new ClipboardItem({'image/png': blob})]);
}'''
# gradio's editor logs this when a result comes while it is still fetching an
# example's strokes, which then no longer are to be shown
KNOWN = 'No draw texture found for layer'
PATIENCE = 60e3  # milliseconds
COUNT = count()


class Server:
    """``tmad web`` in a process of its own.

    Args:
        folder (Path): Takes its temporary files.
        options: Of the command.
    """

    def __init__(self, folder, *options):
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, '-c',
             'import sys; sys.argv[0] = "tmad"; '
             'from tmad_mmedit.cli import main; sys.exit(main())',
             'web', '--port', '0', *options],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, TMPDIR=str(folder)))
        line = self.process.stdout.readline()
        assert 'http://127.0.0.1:' in line
        self.url = line[line.index('http://'):].split()[0]

    @property
    def worker(self):
        """The process that has the models, as psutil knows it."""
        import psutil
        return next(
            child for child in psutil.Process(self.process.pid).children()
            if 'spawn_main' in ' '.join(child.cmdline()))

    @contextmanager
    def slow(self):
        """Nothing is painted meanwhile."""
        from psutil import NoSuchProcess
        worker = self.worker
        worker.suspend()
        try:
            yield
        finally:
            with suppress(NoSuchProcess):  # it was killed
                worker.resume()

    def files(self, name='*'):
        """What it has kept."""
        return [x for x in self.folder.rglob(name) if x.is_file()]


class Page:
    """The page as a user sees it.

    Args:
        browser: Of Playwright.
        url (str): Of the server.
        width, height (int): Of the window.
        scale (float): Less than 1 spares the machine.
        scheme (str): 'light' or 'dark'.

    Attributes:
        asked (list[str]): What the browser fetched.
        errors (list[str]): What it logged as errors.
    """

    def __init__(self, browser, url, width=420, height=900, scale=.5,
                 scheme='light'):
        self.asked, self.errors = [], []
        context = browser.new_context(
            viewport=dict(width=width, height=height),
            device_scale_factor=scale, color_scheme=scheme,
            permissions=['clipboard-read', 'clipboard-write'])
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(FEW_FRAMES)
        self.page.add_init_script(KEPT)
        self.page.add_init_script(SAID)
        self.page.on('request', lambda x: self.asked.append(x.url))
        self.page.on('pageerror', lambda x: self.errors.append(str(x)))
        self.page.on('console', lambda x: x.type == 'error'
                     and x.text != KNOWN and self.errors.append(x.text))
        self.page.goto(url)
        self.page.wait_for_selector('#open input[type=file]',
                                    state='attached')
        self.page.wait_for_selector('#examples img')
        self.settle()  # before that, a button may not listen yet

    def open(self, path):
        """Under a name of its own, which the page then shows."""
        name = f'{next(COUNT)}_{path.name}'
        files = self.page.locator(
            '#open input[type=file], input[type=file]:has(+ #another)')
        files.first.set_input_files(dict(
            name=name, mimeType='image/png', buffer=path.read_bytes()))
        self.page.wait_for_selector(f'#links >> text={name}')
        self.page.wait_for_selector('#brush canvas')
        self.settle()

    def drop(self, path, place):
        content = base64.b64encode(path.read_bytes()).decode()
        self.page.locator(place).first.evaluate(DROP, [path.name, content])

    def paste(self, path):
        """By the clipboard, to which a PNG is copied."""
        content = base64.b64encode(path.read_bytes()).decode()
        self.page.evaluate(COPY, content)
        self.page.keyboard.press('Control+V')

    def looks(self):
        """What the editor shows now, a PNG."""
        return self.page.locator('#brush canvas').first.screenshot()

    def until(self, condition):
        """Wait for something that no element tells."""
        end = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < end
            self.settle()

    def settle(self):
        """Until nothing is under way any more."""
        self.page.wait_for_timeout(1500)

    def stroke(self, *points, tool='Brush', lift=True):
        """Draw, from point to point, in parts of the editor's sides."""
        self.page.locator(f'#brush button[aria-label={tool}]').click()
        self.move(*points[0], steps=1)
        self.page.wait_for_timeout(300)
        self.page.mouse.down()
        for point in points[1:]:
            self.page.wait_for_timeout(200)
            self.move(*point)
        self.page.wait_for_timeout(200)
        if lift:
            self.page.mouse.up()
            self.page.wait_for_timeout(500)

    def move(self, x, y, steps=4):
        box = self.page.locator('#brush canvas').first.bounding_box()
        self.page.mouse.move(box['x'] + box['width'] * x,
                             box['y'] + box['height'] * y, steps=steps)

    def press(self, name):
        self.page.evaluate('window.sent = []')
        self.page.locator('#buttons').get_by_role(
            'button', name=name, exact=True).click()

    def remove(self, rounds=1):
        self.press('Remove')
        self.wait_for_rounds(rounds)

    def wait_for_rounds(self, rounds):
        self.page.wait_for_selector(f'#links >> text={rounds} round')
        self.settle()

    def drawn(self, size):
        """The hole of the strokes that were sent when Remove was pressed."""
        self.until(self._layers)
        return hole_of(self._layers()[:1], size)

    def _layers(self):
        layers = []
        for content in map(base64.b64decode, self.page.evaluate(READ)):
            if not content.startswith(b'\x89PNG'):
                continue
            with Image.open(BytesIO(content)) as image:
                layer = np.array(image.convert('RGBA'))
            if layer[..., 3].any() and not layer[..., 3].all():
                layers.append(layer)  # and neither background nor empty
        return layers

    def download(self, kind):
        with self.page.expect_download() as waiting:
            self.page.click(f'#links a >> text=Download {kind}')
        return waiting.value.path().read_bytes()

    def error(self):
        """What the page says."""
        self.page.wait_for_function('window.said.length', polling=200)
        return self.page.evaluate('window.said.shift()')
