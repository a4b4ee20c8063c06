import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Union


@contextmanager
def replacing(path: Union[str, Path]) -> Iterator[Path]:
    """A path beside ``path`` to write to; what is there takes its place at
    the end, so that a reader finds a whole file, the old or the new one.

    Its name is its own: processes that write the same file do not meet, and
    the last one stays. Its ending is that of ``path``. Where writing fails,
    ``path`` stays as it was.

    Yields:
        Path: Hidden, in the same folder.
    """
    path = Path(path)
    part = path.with_name(f'.{uuid.uuid4().hex}{path.suffix}')
    try:
        yield part
        os.replace(part, path)
    finally:
        if part.exists():
            part.unlink()


def write_text(path: Union[str, Path], text: str) -> None:
    """Whole or not at all."""
    with replacing(path) as part:
        part.write_text(text)
