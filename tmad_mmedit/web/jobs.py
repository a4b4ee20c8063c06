"""Removals: who waits for whom, and how far each is."""
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .errors import Busy, sentence

OVER = 'done', 'failed', 'cancelled'


class Cancelled(Exception):
    """Nobody wants it any more."""


class Job:
    """Something that takes its time, in a thread of its own.

    Args:
        name (str): By which whoever asked for it knows it.

    Attributes:
        state (str): 'waiting', 'painting', or one of ``OVER``.
        ahead (int): How many have their turn before it.
        seconds (float): For how long it has been painted.
        error (str): What went wrong, as a sentence.
    """

    def __init__(self, name: str) -> None:
        self.name, self.state, self.error = name, 'waiting', ''
        self.ahead, self.seconds = 0, 0.
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, act: Callable[['Job'], Any]) -> None:
        """Run it; ``act`` calls :meth:`waits` and :meth:`paints`."""
        self._act = act
        self._thread.start()

    def cancel(self) -> None:
        self._unwanted.set()

    @property
    def over(self) -> bool:
        return self.state in OVER

    def waits(self, ahead: int) -> None:
        """Raises Cancelled if it is unwanted, as :meth:`paints` does."""
        self.check()
        self.ahead = ahead

    def paints(self, seconds: float) -> None:
        self.check()
        self.state, self.ahead, self.seconds = 'painting', 0, seconds

    def check(self) -> None:
        if self._unwanted.is_set():
            raise Cancelled

    def _run(self) -> None:
        state = 'done'
        try:
            self._act(self)
        except Cancelled:
            state = 'cancelled'
        except Exception as error:
            state, self.error = 'failed', sentence(error)
        del self._act  # and with it a large picture
        self.state = state


class Turns:
    """Who comes first is served first, one at a time.

    Args:
        most (int): How many may wait.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._line: list[object] = []
        self._moved = threading.Condition()

    def __len__(self) -> int:
        """Return how many wait or have their turn."""
        return len(self._line)

    @contextmanager
    def turn(self, waits: Callable[[int], None] = lambda ahead: None
             ) -> Iterator[None]:
        """Wait for a turn, and have it.

        Args:
            waits (callable): Is told how many are ahead; what it raises ends
                the waiting.

        Raises:
            Busy: If too many wait already.
        """
        ticket = object()
        with self._moved:
            if len(self._line) > self.most:
                raise Busy(f'{self.most} removals wait already: try again in '
                           'a minute.')
            self._line.append(ticket)
        try:
            while ahead := self._ahead(ticket):
                waits(ahead)
            yield
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    def _ahead(self, ticket: object) -> int:
        """Return how many are, after a while if there are any."""
        with self._moved:
            if self._line[0] is not ticket:
                self._moved.wait(.1)
            return self._line.index(ticket)
