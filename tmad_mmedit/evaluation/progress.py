import sys
from typing import Iterator, Sequence, TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar('T')


def tracked(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, with a bar on standard error and an estimate of the time
    that is left."""
    return track(items, what, console=Console(file=sys.stderr))
