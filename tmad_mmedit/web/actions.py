"""What the page's buttons do, without the page."""
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
from PIL import Image

from ..masks.reading import check_hole, read_mask
from ..pictures.picture import Picture
from .brush import hole_of, layer_of, left_of
from .endings import endings_of
from .limits import Limits
from .session import Session, Sessions
from .views import View, brushed, view_of
from .worker import Settings, Worker

Tick = Callable[[float], None]


class Example(NamedTuple):
    """A photograph and what is to be taken out of it."""
    photo: Path
    mask: Path


class Actions:
    """
    Args:
        sessions (Sessions): The pictures that are open.
        worker (Worker): The models.
        limits (Limits): Of the machine.
    """

    def __init__(self, sessions: Sessions, worker: Worker,
                 limits: Limits) -> None:
        self.sessions, self.worker, self.limits = sessions, worker, limits

    def open(self, file: str, old: str = '') -> View:
        """Open a picture in place of another one.

        Raises:
            ValueError: If there is none, or it is over the limits.
        """
        if not file:
            raise ValueError('no picture came: choose a file.')
        session = self.sessions.open(file, Path(file).name)
        self.sessions.close(old)
        return view_of(session)

    def example(self, example: Example, old: str = '') -> View:
        """Open an example, with what is to be taken out brushed."""
        view = self.open(str(example.photo), old)
        with Image.open(view.after) as copy:
            size = copy.size
        return brushed(view, layer_of(read_mask(example.mask), size))

    def remove(self, token: str, layers: list[np.ndarray],
               mask: Optional[str], dilate: int, settings: Settings,
               tick: Tick = lambda seconds: None) -> None:
        """Paint what was brushed, or the hole of a mask's file.

        Args:
            token (str): Of the picture.
            layers (list[np.ndarray]): See :func:`hole_of`.
            mask (str, optional): The file, in place of the brush.
            dilate (int): Pixels by which the hole grows.
            settings (Settings): Of the model.
            tick (callable): See :meth:`Worker.fill`.

        Raises:
            ValueError: If there is no picture or hole, the two do not fit,
                or it takes too long.
        """
        session = self.sessions.get(token)
        if mask:
            hole = read_mask(self.limits.read(mask, 'mask'), dilate=dilate)
        else:
            hole = hole_of(layers, session.size)
            if not hole.any():
                raise ValueError('nothing is brushed: brush over what is to '
                                 'be removed, its edge and its shadow.')
            hole = read_mask(hole, dilate=dilate)
        self._paint(session, hole, settings, tick)

    def painted(self, token: str, layers: list[np.ndarray]) -> View:
        """The picture after a round, with the strokes that were drawn since.

        Args:
            token (str): Of the picture.
            layers (list[np.ndarray]): What is brushed now.
        """
        session = self.sessions.get(token)
        if not session.rounds:  # a step back came in between
            return view_of(session)
        hole, _ = session.painted(session.rounds - 1)
        return brushed(view_of(session), left_of(layers, hole))

    def step_back(self, token: str) -> View:
        """The picture without its last round.

        Raises:
            ValueError: If there is none.
        """
        session = self.sessions.get(token)
        session.step_back()
        return view_of(session)

    def view(self, token: str) -> View:
        return view_of(self.sessions.get(token))

    def figure(self, token: str, tick: Tick = lambda seconds: None
               ) -> np.ndarray:
        """How the last round was made, (h, w, 3) uint8.

        Raises:
            ValueError: If nothing was painted.
        """
        session = self.sessions.get(token)
        if not session.rounds:
            raise ValueError('nothing is painted yet: remove something '
                             'first.')
        last = session.rounds - 1
        hole, _ = session.painted(last)
        return self.worker.figure(session.picture(last), hole,
                                  session.settings[last], tick)

    def file(self, token: str, ending: str) -> tuple[Picture, str]:
        """The picture as it is now, and a name for its file."""
        session = self.sessions.get(token)
        return session.picture(session.rounds), called(session.name, ending)

    def once(self, picture: str, mask: str, dilate: int, settings: Settings,
             own_kind: bool = False) -> tuple[Picture, str]:
        """A removal for a program, of which nothing is kept; see
        :meth:`file`."""
        if not picture or not mask:
            raise ValueError('a picture and a mask are needed: give two '
                             'files.')
        content = self.limits.read(picture, 'picture')
        image, name = Picture.of(content), Path(picture)
        hole = read_mask(self.limits.read(mask, 'mask'), dilate=dilate)
        check_hole(hole, *image.size)
        image.stored = image.stored.copy()
        image.stored[hole] = self.worker.fill(image, hole, settings)
        endings = endings_of(content, name, image.mode)
        return image, called(name, endings[-1 if own_kind else 0])

    def _paint(self, session: Session, hole: np.ndarray, settings: Settings,
               tick: Tick) -> None:
        session.check_room()
        check_hole(hole, *session.size)
        rounds = session.rounds
        samples = self.worker.fill(session.picture(rounds), hole, settings,
                                   tick)
        self.sessions.get(session.token)  # another may have been opened
        if session.rounds != rounds:
            raise ValueError('a step back came in between: press Remove '
                             'again.')
        session.add(hole, samples, settings)


def called(name: Path, ending: str) -> str:
    """The name of a result's file."""
    return f'{name.stem}_removed{ending}'
