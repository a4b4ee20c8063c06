"""The page in headless Chromium, and ``tmad web`` in a process of its own."""
import base64
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlparse

import numpy as np

from tests.conftest import ROOT
from tmad_mmedit.web.bits import Bits, hole_of

CHROMIUM = next(filter(None, map(shutil.which, (
    'chromium', 'chromium-browser', 'google-chrome'))), None)
FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
         '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync']
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
# What is sent, which Playwright does not show of files
SENT = '''window.sent = [];
const { fetch } = window;
window.fetch = (url, options) => {
  if (options?.body) sent.push([url, options.body]);
  return fetch(url, options);
};'''
READ = '''Promise.all(sent.map(async ([url, blob]) => {
  const bytes = new Uint8Array(await new Response(blob).arrayBuffer());
  const letters = Array.from(bytes, (x) => String.fromCharCode(x));
  return [url, btoa(letters.join(''))];
}))'''
PATIENCE = 60e3  # milliseconds


class Server:
    """``tmad web`` in a process of its own.

    Args:
        folder (Path): Takes its temporary files.
        options: Of the command.
        before (str): Python that is run in it first.
    """

    def __init__(self, folder, *options, before=''):
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, '-c',
             f'{before}\nimport sys; sys.argv[0] = "tmad"; '
             'from tmad_mmedit.cli import main; sys.exit(main())',
             'web', '--port', '0', *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=dict(os.environ, TMPDIR=str(folder)))
        line = self.process.stdout.readline()
        assert 'http://127.0.0.1:' in line, self.process.stderr.read()
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

    def end(self, how):
        """Send a signal; what it said since, and as errors."""
        self.process.send_signal(how)
        return self.process.communicate(timeout=30)

    def files(self, name='*'):
        """What it has kept."""
        return [x for x in self.folder.rglob(name) if x.is_file()]


class Page:
    """The page as a user sees it. Places are in pixels of the picture.

    Args:
        browser: Of Playwright.
        url (str): Of the server.
        width, height (int): Of the window.
        options: Of the browser's context.

    Attributes:
        asked (list[str]): What the browser fetched.
        errors (list[str]): What it logged as errors.
    """

    def __init__(self, browser, url, width=700, height=500, **options):
        self.asked, self.errors = [], []
        self._devtools = None
        context = browser.new_context(
            viewport=dict(width=width, height=height),
            permissions=['clipboard-read', 'clipboard-write'],
            **{'bypass_csp': True, **options})
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(SENT)
        self.page.on('request', lambda x: self.asked.append(x.url))
        self.page.on('pageerror', lambda x: self.errors.append(str(x)))
        # what the server refuses, the page says
        self.page.on('console', lambda x: x.type == 'error'
                     and not x.text.startswith('Failed to load resource')
                     and self.errors.append(x.text))
        self.url = url
        self.page.goto(url)
        self.page.wait_for_selector('html[data-ready]')

    def fresh(self):
        """As it is when it was just loaded."""
        self.asked.clear()
        self.errors.clear()
        self.page.keyboard.up('Tab')
        self.until('!tmad.work.busy')
        self.of('''(() => {
          sent.length = 0; sessionStorage.clear();
          tmad.work.clear(); tmad.tools.choose('brush');
          Object.assign(tmad.tools, {layer: 'hole', colour: null});
          document.querySelectorAll('dialog[open]').forEach((x) => x.close());
          document.getElementById('panel').hidden = true;
          document.getElementById('messages').replaceChildren();
          for (const name of ['close', 'dilate']) {
            tmad.work.settings[name] = 'auto';
            document.querySelector(`[name=${name}]`).value = '';
          }
          tmad.stage.changed(); tmad.work.changed(); })()''')

    def close(self):
        self.page.context.close()

    @property
    def sent(self):
        """What was sent with a body: addresses and bytes."""
        return [(url, base64.b64decode(x)) for url, x in self.of(READ)]

    def of(self, expression):
        """What something in the page is; ``tmad`` has its parts."""
        return self.page.evaluate(expression)

    def until(self, condition):
        """Wait for something in the page."""
        self.page.wait_for_function(condition, polling=30)

    def open(self, path, name=None):
        self.choose(path, name)
        self.until(f'tmad.work.picture?.name === "{name or path.name}" && '
                   '!tmad.work.busy')
        self.wait_for_picture()

    def choose(self, path, name=None):
        self.page.set_input_files('#file', dict(
            name=name or path.name, mimeType='image/png',
            buffer=path.read_bytes()))

    def drop(self, path, place='main'):
        content = base64.b64encode(path.read_bytes()).decode()
        self.page.locator(place).first.evaluate(DROP, [path.name, content])

    def paste(self, path):
        """By the clipboard, to which a PNG is copied."""
        content = base64.b64encode(path.read_bytes()).decode()
        self.page.evaluate(COPY, content)
        self.page.keyboard.press('Control+V')

    def on_screen(self, x, y):
        """Where a place in the picture is in the window."""
        return self.of(
            f'''(() => {{ const {{ view: v, stage }} = tmad;
            const box = stage.canvas.getBoundingClientRect();
            const {{ ratio }} = v.screen;
            return [box.left + ({x} * v.scale + v.x) / ratio,
                    box.top + ({y} * v.scale + v.y) / ratio]; }})()''')

    def stroke(self, *points, lift=True):
        """Draw from point to point."""
        self.page.mouse.move(*self.on_screen(*points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.on_screen(*point), steps=3)
        if lift:
            self.page.mouse.up()

    def touch(self, kind, *fingers):
        """Fingers, each at a place in the window; see CDP's touch events."""
        if self._devtools is None:
            self._devtools = self.page.context.new_cdp_session(self.page)
        self._devtools.send('Input.dispatchTouchEvent', dict(
            type=f'touch{kind}', touchPoints=[
                dict(x=x, y=y, id=n) for n, (x, y) in enumerate(fingers)]))

    def press(self, act):
        self.page.click(f'[data-act={act}]')

    def key(self, keys):
        self.page.keyboard.press(keys)

    def can(self, act):
        """Whether a button has something to do."""
        return self.page.is_enabled(f'[data-act={act}]')

    def remove(self, rounds=1):
        self.press('remove')
        self.wait_for_rounds(rounds)

    def wait_for_rounds(self, rounds):
        self.until(f'''tmad.work.picture?.rounds === {rounds}
            && !tmad.work.past.pending && !tmad.work.busy''')
        self.wait_for_picture('tmad.work.picture.version')

    def wait_for_picture(self, version=0):
        """Until what is in view of a version is there, sharp."""
        self.until(f'(tmad.stage.frame(), tmad.stage.shown === {version})')

    def wait_for_growth(self):
        self.until('tmad.work.grown')

    @property
    def strokes(self):
        """How many are not yet painted."""
        return self.of('tmad.work.past.strokes.length')

    def looks(self, *place):
        """The colour of the canvas at a place in the picture."""
        self.of('tmad.stage.frame()')
        x, y = place
        return np.array(self.of(f'''(() => {{
            const {{ view: v, stage: s }} = tmad;
            return [...s.context.getImageData(
              Math.floor(({x} + .5) * v.scale + v.x),
              Math.floor(({y} + .5) * v.scale + v.y), 1, 1).data]; }})()
            ''')[:3])

    def hole(self, size):
        """Of the strokes that were sent last to be removed."""
        url, content = [x for x in self.sent if '/remove?' in x[0]][-1]
        query = parse_qs(urlparse(url).query)
        return hole_of(Bits(content, *(int(query[x][0])
                                       for x in ('left', 'top'))), size)

    def download(self, kind='png'):
        with self.page.expect_download() as waiting:
            self.page.click(f'[data-ending={kind}]')
        return waiting.value.path().read_bytes()

    def error(self):
        """What the page says last, which is then closed."""
        line = self.page.locator('#messages p').last
        text = re.sub('×$', '', line.inner_text()).strip()
        line.locator('button').click()
        return text
