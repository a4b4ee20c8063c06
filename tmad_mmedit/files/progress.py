"""Bars on standard error, with an estimate of the time that is left."""
import sys
from collections.abc import Iterable, Iterator, Sized
from typing import Optional, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

T = TypeVar('T')


class Progress:
    """One bar, while it is entered.

    Args:
        what (str): Is done.
        total (int, optional): How often.
    """

    def __init__(self, what: str, total: Optional[int] = None) -> None:
        self._bars = Bars(
            TextColumn('{task.description}'),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr))
        self._task = self._bars.add_task(what, total=total)

    def __enter__(self) -> 'Progress':
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def advance(self, count: int = 1) -> None:
        """Say that so many more are done."""
        self._bars.advance(self._task, count)


def tracked(items: Iterable[T], what: str,
            total: Optional[int] = None) -> Iterator[T]:
    """Yield the items behind a bar; ``total`` is to be given where they have
    no length."""
    if total is None:
        total = len(items) if isinstance(items, Sized) else None
    with Progress(what, total) as progress:
        for item in items:
            yield item
            progress.advance()
