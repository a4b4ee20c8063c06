"""The pictures that are open: each a file and the rounds painted on it."""
import secrets
import shutil
import time
from pathlib import Path
from threading import Lock
from typing import Union

import numpy as np

from ..pictures.picture import Picture
from .endings import endings_of
from .limits import Limits
from .worker import Settings

IDLE = 3600  # seconds after which a picture that nobody touches is closed


class Session:
    """A picture that is worked on: the file as it came, and what was painted
    since. Nothing else ever goes into the result.

    Args:
        folder (Path): Its own; is made here, and removed by :meth:`close`.
        content (bytes): The file.
        name (str): What the user calls it.
        most (int): Rounds that may be painted.

    Attributes:
        token (str): Names it, and cannot be guessed.
        settings (list[Settings]): Of the rounds that are painted.
        size (tuple[int, int]): Height and width, upright.
        endings (list[str]): Of the files that it can be had as; see
            :func:`endings_of`.

    Raises:
        ValueError: If the file is no picture.
    """

    def __init__(self, folder: Path, content: bytes, name: str,
                 most: int) -> None:
        self.token = secrets.token_urlsafe(16)
        self.name, self.most = Path(name), most
        self.settings: list[Settings] = []
        self.used = time.monotonic()
        picture = Picture.of(content)
        self.size = picture.size
        self.endings = endings_of(content, self.name, picture.mode)
        self.folder = folder / self.token
        self.folder.mkdir()
        (self.folder / 'original').write_bytes(content)

    def picture(self, rounds: int) -> Picture:
        """The picture after so many rounds."""
        picture = Picture.of((self.folder / 'original').read_bytes())
        if rounds:
            picture.stored = picture.stored.copy()
        for n in range(rounds):
            hole, samples = self.painted(n)
            picture.stored[hole] = samples
        return picture

    def painted(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Hole of a round, (H, W) bool, and the samples in it."""
        with np.load(self.folder / f'{n}.npz') as file:
            bits = np.unpackbits(file['hole'], count=int(np.prod(self.size)))
            return bits.reshape(self.size).astype(bool), file['samples']

    def add(self, hole: np.ndarray, samples: np.ndarray,
            settings: Settings) -> None:
        """A round more, and how it was painted."""
        np.savez(self.folder / f'{self.rounds}.npz',
                 hole=np.packbits(hole), samples=samples)
        self.settings.append(settings)

    def step_back(self) -> None:
        """A round less. Raises ValueError if there is none."""
        if not self.rounds:
            raise ValueError('this is the picture as it came: there is no '
                             'step back.')
        self.settings.pop()
        for name in f'{self.rounds}.npz', f'copy_{self.rounds + 1}.webp':
            (self.folder / name).unlink(missing_ok=True)

    @property
    def rounds(self) -> int:
        """That are painted."""
        return len(self.settings)

    def check_room(self) -> None:
        """Raises ValueError if there may be no further round."""
        if self.rounds >= self.most:
            raise ValueError(
                f'{self.rounds} rounds are painted on this picture, which is '
                'all that is kept: download it, and open that.')

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Sessions:
    """Those that are open, by their tokens.

    Args:
        folder (Path): Where their folders are.
        limits (Limits): Of the machine.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self._open: dict[str, Session] = {}
        self._lock = Lock()

    def open(self, file: Union[str, Path], name: str) -> Session:
        """Raises ValueError if it is no picture, or over the limits."""
        content = self.limits.read(file, 'picture')
        session = Session(self.folder, content, name, self.limits.rounds)
        with self._lock:
            by_use = sorted(self._open.values(), key=lambda x: x.used)
            surplus = len(by_use) + 1 - self.limits.sessions
            old = time.monotonic() - IDLE
            for n, other in enumerate(by_use):
                if n < surplus or other.used < old:
                    self._open.pop(other.token).close()
            self._open[session.token] = session
        return session

    def get(self, token: str) -> Session:
        """Raises ValueError if there is none, or none any more."""
        if not token:
            raise ValueError('no picture is open: open one first.')
        session = self._open.get(token)
        if session is None:
            raise ValueError('the picture is no longer open here: open it '
                             'again.')
        session.used = time.monotonic()
        return session

    def close(self, token: str) -> None:
        with self._lock:
            session = self._open.pop(token, None)
        if session is not None:
            session.close()
