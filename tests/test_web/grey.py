"""The page's server in this process, with a worker that paints grey."""
import threading
import time

import numpy as np

from tmad_mmedit.steering import NOTHING
from tmad_mmedit.web.limits import Limits
from tmad_mmedit.web.server import build, listen


class Grey:
    """Paints every hole grey, in place of a worker's models.

    Attributes:
        gate (Event): Nothing is painted while it is not set.
        settings (dict): Which settings each model uses.
        jobs (list): What was asked for.
        said (list): What was said with each.
    """
    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.models = {'grey': None, 'seeded': None}
        self.settings = {'grey': [], 'seeded': ['seed', 'overlap']}
        self.jobs, self.said = [], []
        self.loads = 0
        self.error = None

    def load(self, model):
        self.loads += 1
        return self.settings[model]

    def fill(self, picture, hole, settings, tick=lambda seconds: None,
             said=NOTHING):
        self.jobs.append((hole, settings))
        self.said.append(said)
        start = time.monotonic()
        tick(0)
        while not self.gate.wait(.02):
            tick(time.monotonic() - start)
        if self.error:
            raise self.error
        painted = np.full((*picture.size, 3), 128.)
        return picture.filled(painted, hole).stored[hole]

    def figure(self, picture, hole, settings, tick=None, said=NOTHING):
        """As `tmad show` has it: three pictures, white, pieces, white; all
        was copied from 40 pixels above."""
        rgb = np.where(hole[..., None], 0, picture.rgb).astype(np.uint8)
        top = np.concatenate([rgb] * 3, 1)
        below = np.full((24, top.shape[1], 3), 255, np.uint8)
        below[4:20, :40] = 7
        sources = np.indices(hole.shape)
        sources[0][hole] -= 40
        return np.concatenate([top, below]), sources.clip(0)


class Running:
    """A server in a thread.

    Args:
        folder (Path): Takes the files of the users.
        worker: Such as :class:`Grey`.
        limits (Limits): Of the machine.
    """

    def __init__(self, folder, worker, limits=Limits()):  # noqa: B008
        import uvicorn
        self.folder, self.worker = folder, worker
        self.listening = listen('127.0.0.1', 0)
        port = self.listening.getsockname()[1]
        self.url = f'http://127.0.0.1:{port}'
        self.app = build(worker, limits, folder)
        self._uvicorn = uvicorn.Server(uvicorn.Config(
            self.app, log_level='error', timeout_graceful_shutdown=1))
        self._thread = threading.Thread(
            target=self._uvicorn.run, args=([self.listening], ), daemon=True)
        self._thread.start()
        while not self._uvicorn.started:
            time.sleep(.01)

    def close(self):
        self._uvicorn.should_exit = True
        self._thread.join()
        self.listening.close()
