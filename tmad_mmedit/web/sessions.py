"""The pictures that are open."""
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from .errors import Gone
from .limits import Limits
from .session import Session

IDLE = 3600  # seconds after which a picture that nobody looks at is closed


class Sessions:
    """Those that are open, by their tokens.

    Args:
        folder (Path): Where their folders are.
        limits (Limits): Of the machine.
        closed (callable): Is told the token of each that is closed.
    """

    def __init__(self, folder: Path, limits: Limits,
                 closed: Callable[[str], None] = lambda token: None) -> None:
        self.folder, self.limits, self.closed = folder, limits, closed
        self._open: dict[str, Session] = {}
        self._lock = Lock()

    def open(self, content: bytes, name: str) -> Session:
        """Open a picture's file.

        Raises:
            ValueError: If it is no picture, or over the limits.
        """
        self.limits.check(content, 'picture')
        session = Session(self.folder, content, name, self.limits.rounds)
        with self._lock:
            self._open[session.token] = session
            by_use = sorted(self._open.values(), key=lambda x: x.used)
            surplus = [x.token for x in by_use[:-self.limits.sessions]]
        for token in surplus:
            self.close(token)
        return session

    def get(self, token: str) -> Session:
        """Raises Gone if there is none, or none any more."""
        if not token:
            raise Gone('no picture is open: open one first.')
        session = self._open.get(token)
        if session is None:
            raise Gone('the picture is no longer open here: open it again.')
        session.used = time.monotonic()
        return session

    def close(self, token: str) -> None:
        with self._lock:
            session = self._open.pop(token, None)
        if session is not None:
            session.close()
            self.closed(token)

    def close_idle(self) -> None:
        """Close those that nobody looked at for an hour."""
        old = time.monotonic() - IDLE
        for session in list(self._open.values()):
            if session.used < old:
                self.close(session.token)
