"""The models, in a process of their own: the page goes on while one computes,
and after one that takes too long or dies of its memory."""
import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, NamedTuple, Optional, Union

import numpy as np

from ..files.error_text import reason
from ..pictures.picture import Picture
from ..steering import NOTHING, Steer

FIGURE_SIDE = 800  # of each of its pictures, in pixels


class Named(NamedTuple):
    """What a model of the list is made of; see :class:`Inpainter`."""
    config: Any = None
    checkpoint: Union[None, str, Path] = None


class Settings(NamedTuple):
    """Of a removal, as at the terminal."""
    model: str
    feather: int = 0
    seed: int = 0
    overlap: bool = False


class Worker:
    """Runs one job at a time.

    Args:
        models (dict[str, Named]): By the names they are chosen by.
        device (str): As torch names it.
        trust (bool): Whether code that is pickled in a checkpoint may run.
        seconds (float): After which a job is given up.
    """

    def __init__(self, models: dict[str, Named], device: str = 'cpu',
                 trust: bool = False, seconds: float = 300) -> None:
        self.models, self.seconds = models, seconds
        self._options = (models, device, trust)
        self._lock = Lock()
        self._process: Optional[Any] = None
        self._pipe: Any = None  # a Connection, once it is started

    def load(self, model: str) -> list[str]:
        """Have a model ready.

        Returns:
            list[str]: Those of 'seed' and 'overlap' that change what it
            paints.

        Raises:
            ValueError: If it cannot be built.
            OSError: If a file is not there.
        """
        return self._ask('load', model)

    def fill(self, picture: Picture, hole: np.ndarray, settings: Settings,
             tick: Callable[[float], None] = lambda seconds: None,
             said: Steer = NOTHING) -> np.ndarray:
        """What is to stand in the hole.

        Args:
            picture (Picture): Of H x W pixels.
            hole (np.ndarray): (H, W) bool.
            settings (Settings): Of the removal.
            tick (callable): Is told from time to time for how many seconds
                the job has run.
            said (Steer): What a person says of the hole.

        Returns:
            np.ndarray: Samples of the picture's own kind, (n, ...), as
            ``stored[hole]`` takes them.

        Raises:
            ValueError: If the two do not fit, or it takes too long.
            RuntimeError: If the model fails, or dies.
        """
        return self._ask('fill', picture, hole, settings, said, tick=tick)

    def figure(self, picture: Picture, hole: np.ndarray, settings: Settings,
               tick: Callable[[float], None] = lambda seconds: None,
               said: Steer = NOTHING
               ) -> tuple[np.ndarray, Optional[np.ndarray]]:
        """Raises as :meth:`fill`.

        Returns:
            tuple: The steps of a removal, (h, w, 3) uint8, and from where
            each pixel was copied; see :class:`Steps`.
        """
        return self._ask('figure', picture, hole, settings, said, tick=tick)

    def close(self) -> None:
        if self._process is not None:
            self._kill()
            self._pipe.close()
            self._process = None

    def _kill(self) -> None:
        if self._process is not None:  # the server may be ending
            self._process.kill()
            self._process.join()

    def _ask(self, *job: Any,
             tick: Callable[[float], None] = lambda seconds: None) -> Any:
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._start()
            exchange = Exchange(self._pipe, job)
            start = time.monotonic()
            try:
                while not exchange.over.wait(.1):
                    tick(passed := time.monotonic() - start)
                    if passed > self.seconds:
                        raise ValueError(
                            f'it took more than {self.seconds:g} seconds: '
                            'paint a smaller area, or start `tmad web` with '
                            'a higher --max-seconds.')
                answer = exchange.answer()
            except BaseException:  # what it still works on, nobody waits for
                self._kill()
                exchange.over.wait()
                self.close()
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _start(self) -> None:
        # forked threads of torch hang
        context = multiprocessing.get_context('spawn')
        self._pipe, its = context.Pipe()
        self._process = context.Process(
            target=work, args=(its, *self._options), daemon=True)
        self._process.start()
        its.close()  # so that its death ends the pipe


class Exchange:
    """A job and its answer, which a thread sends and receives: a process that
    does not read, or stops while it writes, holds up nobody else.

    Args:
        pipe (Connection): To the process.
        job (tuple): What to send.

    Attributes:
        over (Event): Is set when the answer is there, or will not come.
    """

    def __init__(self, pipe: Connection, job: tuple) -> None:
        self.over = Event()
        self._answer: Optional[tuple[Any]] = None
        Thread(target=self._run, args=(pipe, job), daemon=True).start()

    def answer(self) -> Any:
        """Raises RuntimeError if the process died."""
        if self._answer is None:
            raise RuntimeError(
                'the model\'s process died, most likely for want of '
                'memory: give a smaller picture.')
        return self._answer[0]

    def _run(self, pipe: Connection, job: tuple) -> None:
        try:
            pipe.send(job)
            del job  # a large picture
            self._answer = pipe.recv(),
        except (EOFError, OSError):
            pass
        finally:
            self.over.set()


def work(pipe: Connection, models: dict[str, Named], device: str,
         trust: bool) -> None:
    """Answer one job after another, each by a result or an exception."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's
    from ..inpainter import Inpainter
    loaded: dict[str, Inpainter] = {}

    def inpainter(name: str) -> Inpainter:
        if name not in models:
            raise ValueError(f'model {name!r} is not there: choose one of '
                             f'{", ".join(models)}.')
        if name not in loaded:
            loaded[name] = Inpainter(*models[name], device, trust=trust)
        return loaded[name]

    def fill(picture: Picture, hole: np.ndarray, settings: Settings,
             said: Steer) -> np.ndarray:
        filled, = inpainter(settings.model).fill(
            [picture], [hole], settings.feather, seed=settings.seed,
            overlap=settings.overlap, steers=[said])
        return filled.result.stored[hole]

    def figure(picture: Picture, hole: np.ndarray, settings: Settings,
               said: Steer) -> tuple[np.ndarray, Optional[np.ndarray]]:
        from ..figures.drawing import draw
        rgb = picture.rgb
        steps = inpainter(settings.model).steps(rgb, hole, settings.seed,
                                                said=said)
        return draw(rgb, hole, steps, 4, FIGURE_SIDE), steps.sources

    def load(name: str) -> list[str]:
        patches = inpainter(name).model.paints_patches
        return ['seed', 'overlap'] if patches else []

    jobs: dict[str, Callable[..., Any]] = dict(
        load=load, fill=fill, figure=figure)
    while True:
        try:
            kind, *inputs = pipe.recv()
        except EOFError:
            return
        try:
            answer = jobs[kind](*inputs)
        except OSError as error:
            answer = OSError(str(error))
        except ValueError as error:
            answer = ValueError(str(error))
        except Exception as error:
            answer = RuntimeError(reason(error))
        inputs = None  # of a large picture, its memory
        pipe.send(answer)
