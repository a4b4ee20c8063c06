"""What the page and programs ask for, without HTTP."""
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, Optional

import numpy as np

from ..masks.growing import Amount, grown, snapped
from ..masks.reading import check_hole, read_mask
from ..pictures.picture import Picture
from ..steering import NOTHING, Steer, steer
from .bits import Bits, bits_of, hole_of
from .endings import endings_of
from .errors import Busy, Changed
from .jobs import Cancelled, Job, Turns
from .layers import KINDS, NO_LAYERS, Layers, read_layer, source_of
from .limits import Limits
from .session import Figure, Session
from .sessions import Sessions
from .tiles import Tiles, levels_of
from .worker import Settings, Worker


class Growth(NamedTuple):
    """How strokes become a hole; see :func:`grown`."""
    close: Amount = 0
    dilate: Amount = 0


class Actions:
    """
    Args:
        folder (Path): Where open pictures are kept.
        worker (Worker): The models.
        limits (Limits): Of the machine.
    """

    def __init__(self, folder: Path, worker: Worker, limits: Limits) -> None:
        self.worker, self.limits = worker, limits
        self.tiles = Tiles()
        self.sessions = Sessions(folder, limits, self.tiles.forget)
        self.turns = Turns(limits.waiting)
        self._uses: dict[str, list[str]] = {}

    def uses(self, model: str) -> list[str]:
        """Return which settings change what a model paints; see
        :meth:`Worker.load`."""
        if model not in self._uses:
            with self.turns.turn():
                self._uses[model] = self.worker.load(model)
        return self._uses[model]

    def open(self, content: bytes, name: str) -> Session:
        """Open a picture's file; raises ValueError if it is none."""
        return self.sessions.open(content, name)

    def state(self, token: str) -> dict[str, Any]:
        """Tell all that the page has to know of a picture."""
        session = self.sessions.get(token)
        job, (height, width) = session.job, session.size
        return dict(
            token=token, name=session.name.name, width=width, height=height,
            levels=levels_of(session.size), version=session.version,
            rounds=session.at, redo=len(session.rounds) - session.at,
            endings=[x[1:] for x in session.endings],
            job=job and dict(name=job.name, state=job.state, ahead=job.ahead,
                             seconds=round(job.seconds, 1), error=job.error))

    def remove(self, token: str, name: str, seen: int, bits: Bits,
               growth: Growth, settings: Settings,
               layers: Layers = NO_LAYERS) -> None:
        """Start to paint what is brushed.

        Args:
            token (str): Of the picture.
            name (str): Of the job; one that was asked for is not started
                again.
            seen (int): The version that the page shows.
            bits (Bits): The strokes.
            growth (Growth): What becomes of them.
            settings (Settings): Of the model.
            layers (Layers): What is said of the hole.

        Raises:
            Changed: If another version is there, or one is being painted.
            ValueError: If there is no hole, or nothing else, or what is said
                cannot be meant.
        """
        session = self.sessions.get(token)
        hole = grown(hole_of(bits, session.size), growth.close,
                     dilate=growth.dilate)
        if not hole.any():
            raise ValueError('nothing is brushed: brush over what is to be '
                             'removed, its edge and its shadow.')
        check_hole(hole, *session.size)
        said = NOTHING
        if any(layers):
            said = layers.said(hole, session.picture())
        with session.lock:
            if session.job and session.job.name == name:
                return
            if session.job and not session.job.over:
                raise Changed('this picture is being painted: wait for it, '
                              'or cancel it.')
            session.check_seen(seen)
            session.check_room()
            if len(self.turns) > self.limits.waiting:
                raise Busy(f'{self.limits.waiting} removals wait already: '
                           'try again in a minute.')
            session.job = job = Job(name)
        job.start(lambda job: self._paint(session, hole, settings, layers,
                                          said, job))

    def cancel(self, token: str) -> None:
        """Give up what is being painted, if anything is."""
        job = self.sessions.get(token).job
        if job:
            job.cancel()

    def step(self, token: str, seen: int, by: int) -> None:
        """Undo a round (-1), or paint one again (1).

        Raises:
            ValueError: If there is none, or the page shows another version.
        """
        session = self.sessions.get(token)
        with session.lock:
            if session.job and not session.job.over:
                raise Changed('this picture is being painted: wait for it, '
                              'or cancel it.')
            session.check_seen(seen)
            session.step(by)

    def grow(self, token: str, bits: Bits, growth: Growth) -> Bits:
        """Return what would be painted, without painting it."""
        size = self.sessions.get(token).size
        return bits_of(grown(hole_of(bits, size), growth.close,
                             dilate=growth.dilate))

    def snap(self, token: str, bits: Bits, version: int) -> Bits:
        """Return the thing that is brushed over; see :func:`snapped`."""
        session = self.sessions.get(token)
        levels, _ = self.tiles.of(session, version)
        return bits_of(snapped(levels[0][..., :3],
                               hole_of(bits, session.size)))

    def mask(self, token: str, content: bytes) -> Bits:
        """Read a mask's file of any kind, for the page to show.

        Raises:
            ValueError: If it is none, or of another size.
        """
        size = self.sessions.get(token).size
        self.limits.check(content, 'mask')
        hole = read_mask(content)
        check_hole(hole, *size)
        return bits_of(hole)

    def layer(self, token: str, kind: str, content: bytes) -> Bits:
        """Read a file of a layer, for the page to show; see
        :func:`read_layer`."""
        size = self.sessions.get(token).size
        if kind not in KINDS:
            raise ValueError(f'there is no layer {kind!r}: expected one of '
                             f'{", ".join(KINDS)}.')
        self.limits.check(content, kind)
        return read_layer(kind, content, size)

    def figure(self, token: str, version: int) -> Figure:
        """Draw how a round was made: its pictures, then its pieces.

        Raises:
            ValueError: If nothing was painted.
        """
        session = self.sessions.get(token)
        if session.figure.parts and session.figure.version == version:
            return session.figure
        versions = [0, *(x.version for x in session.rounds)]
        if not version or version not in versions:
            raise ValueError('nothing is painted yet: remove something '
                             'first.')
        number = versions.index(version) - 1
        picture = session.picture(versions[number])
        hole, _ = session.painted(version)
        _, settings, layers = session.rounds[number]
        with self.turns.turn():
            drawing, sources = self.worker.figure(
                picture, hole, settings, said=layers.said(hole, picture))
        session.figure = Figure(version, apart(drawing), sources)
        return session.figure

    def source(self, token: str, version: int, x: int, y: int) -> Bits:
        """Return from where a piece of a round was copied; see
        :func:`source_of`.

        Args:
            token (str): Of the picture.
            version (int): With the round.
            x, y (int): A pixel of the piece.

        Raises:
            ValueError: If none was painted there, or the model copies none.
        """
        sources = self.figure(token, version).sources
        if sources is None:
            raise ValueError('this model paints patches, and copies no '
                             'pixels: use the default model.')
        hole, _ = self.sessions.get(token).painted(version)
        return bits_of(source_of(sources, hole, y, x))

    def file(self, token: str, ending: str) -> tuple[Picture, str]:
        """Return the picture as it is now, and a name for its file."""
        session = self.sessions.get(token)
        return session.picture(), called(session.name, ending)

    def once(self, picture: str, mask: str, dilate: int, settings: Settings,
             own_kind: bool = False, **layers: Optional[str]
             ) -> tuple[Picture, str]:
        """Remove for a program, of which nothing is kept; see
        :meth:`file`. Layers are files, by the names in ``KINDS``."""
        if not picture or not mask:
            raise ValueError('a picture and a mask are needed: give two '
                             'files.')
        content = self.limits.read(picture, 'picture')
        image, name = Picture.of(content), Path(picture)
        hole = read_mask(self.limits.read(mask, 'mask'), dilate=dilate)
        check_hole(hole, *image.size)
        given: dict[str, Any] = {
            kind: self.limits.read(path, kind)
            for kind, path in layers.items() if path}
        said = steer(hole, picture=image, **given)
        image.stored = image.stored.copy()
        with self.turns.turn():
            image.stored[hole] = self.worker.fill(image, hole, settings,
                                                  said=said)
        endings = endings_of(content, name, image.mode)
        return image, called(name, endings[-1 if own_kind else 0])

    def _paint(self, session: Session, hole: np.ndarray, settings: Settings,
               layers: Layers, said: Steer, job: Job) -> None:
        try:
            with self.turns.turn(job.waits):
                samples = self.worker.fill(session.picture(), hole, settings,
                                           job.paints, said)
            job.check()
        except Cancelled:  # which ended the model's process
            Thread(target=self.worker.load, args=(settings.model, ),
                   daemon=True).start()
            raise
        with session.lock:
            session.add(hole, samples, settings, layers)


def apart(figure: np.ndarray) -> list[np.ndarray]:
    """Cut a figure of steps below its pictures, and the white beside what is
    below."""
    ink = (figure != 255).any(2)
    blank = np.flatnonzero(~ink.any(1))
    if not len(blank):
        return [figure]
    pieces = figure[blank[0]:]
    rows, columns = (np.flatnonzero(ink[blank[0]:].any(axis))
                     for axis in (1, 0))
    if not len(rows):
        return [figure[:blank[0]]]
    return [figure[:blank[0]],
            pieces[rows[0]:rows[-1] + 1, :columns[-1] + 1]]


def called(name: Path, ending: str) -> str:
    """Name a result's file."""
    return f'{name.stem}_removed{ending}'
