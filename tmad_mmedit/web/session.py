"""A picture that is worked on: a file, and the rounds painted on it."""
import secrets
import shutil
import time
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Optional

import numpy as np

from ..pictures.picture import Picture
from .endings import endings_of
from .errors import Changed, Gone
from .jobs import Job
from .layers import NO_LAYERS, Layers
from .worker import Settings


class Round(NamedTuple):
    """What was painted at a time.

    Attributes:
        version (int): Of the picture with it; never given twice.
        settings (Settings): It was painted with.
        layers (Layers): What was said of it.
    """
    version: int
    settings: Settings
    layers: Layers = NO_LAYERS


class Figure(NamedTuple):
    """How a version was made.

    Attributes:
        version (int): Of the picture.
        parts (list[np.ndarray]): Of a drawing, each (h, w, 3) uint8.
        sources (np.ndarray, optional): See :class:`Steps`.
    """
    version: int
    parts: list[np.ndarray]
    sources: Optional[np.ndarray] = None


class Session:
    """The file as it came, and what was painted since. Nothing else ever goes
    into the result.

    Args:
        folder (Path): Its own; is made here, and removed by :meth:`close`.
        content (bytes): The file.
        name (str): What the user calls it.
        most (int): Rounds that may be painted.

    Attributes:
        token (str): Names it, and cannot be guessed.
        rounds (list[Round]): That are kept; those that were undone are last.
        at (int): How many of them are painted.
        job (Job, optional): The last one that was asked for.
        figure (Figure): How the version was made that was asked for last.
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
        self.rounds: list[Round] = []
        self.at = self._last = 0
        self.job: Optional[Job] = None
        self.figure = Figure(0, [])
        self.lock = Lock()
        self.used = time.monotonic()
        picture = Picture.of(content)
        self.size = picture.size
        self.endings = endings_of(content, self.name, picture.mode)
        self.folder = folder / self.token
        self.folder.mkdir()
        (self.folder / 'original').write_bytes(content)

    @property
    def version(self) -> int:
        """Names the picture as it is now; 0 as it came."""
        return self.rounds[self.at - 1].version if self.at else 0

    def picture(self, version: Optional[int] = None) -> Picture:
        """Return the picture of a version, by default as it is now.

        Raises:
            Gone: If that is no longer kept.
        """
        version = self.version if version is None else version
        versions = [0, *(x.version for x in self.rounds)]
        if version not in versions:
            raise Gone('this state of the picture is no longer here.')
        picture = Picture.of((self.folder / 'original').read_bytes())
        painted = versions[1:versions.index(version) + 1]
        if painted:
            picture.stored = picture.stored.copy()
        for each in painted:
            hole, samples = self.painted(each)
            picture.stored[hole] = samples
        return picture

    def painted(self, version: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the hole of a round, (H, W) bool, and the samples in it."""
        with np.load(self.folder / f'{version}.npz') as file:
            bits = np.unpackbits(file['hole'], count=int(np.prod(self.size)))
            return bits.reshape(self.size).astype(bool), file['samples']

    def add(self, hole: np.ndarray, samples: np.ndarray,
            settings: Settings, layers: Layers = NO_LAYERS) -> None:
        """Add a round, and forget those that were undone."""
        for undone in self.rounds[self.at:]:
            (self.folder / f'{undone.version}.npz').unlink(missing_ok=True)
        self._last += 1
        np.savez(self.folder / f'{self._last}.npz',
                 hole=np.packbits(hole), samples=samples)
        self.rounds[self.at:] = [Round(self._last, settings, layers)]
        self.at += 1

    def step(self, by: int) -> None:
        """Undo a round (-1), or paint one again (1).

        Raises:
            ValueError: If there is none.
        """
        if not 0 <= self.at + by <= len(self.rounds):
            raise ValueError(
                'this is the picture as it came: there is nothing to undo.'
                if by < 0 else 'nothing was undone: there is nothing to redo.')
        self.at += by

    def check_seen(self, version: int) -> None:
        """Raises Changed if a version is not that of now."""
        if version != self.version:
            raise Changed('the picture was changed elsewhere: look at what '
                          'it is now, and try again.')

    def check_room(self) -> None:
        """Raises ValueError if there may be no further round."""
        if self.at >= self.most:
            raise ValueError(
                f'{self.at} rounds are painted on this picture, which is '
                'all that is kept: download it, and open that.')

    def close(self) -> None:
        if self.job:
            self.job.cancel()
        shutil.rmtree(self.folder, ignore_errors=True)
