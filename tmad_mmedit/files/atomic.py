"""Files are written whole or not at all."""
import functools
import os
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Union

PART = '.tmad-part-'  # and a name of its own
LEFT_BEHIND = 600.  # seconds without a write


@contextmanager
def replacing(path: Union[str, Path]) -> Iterator[Path]:
    """A path beside ``path`` to write to; what is there takes its place at
    the end, so that a reader finds a whole file, the old or the new one.

    A link stays, and its target is written. The part's name is its own:
    processes that write the same file do not meet, and the last one stays.
    Its ending is that of ``path``. Where writing fails, ``path`` stays as it
    was; what a process leaves that is killed meanwhile, a later one removes.

    Yields:
        Path: Hidden, in the same folder.

    Raises:
        OSError: If links lead in a circle.
    """
    path = target_of(Path(path))
    remove_left_behind(path.parent)
    part = path.with_name(f'{PART}{uuid.uuid4().hex}{path.suffix}')
    try:
        yield part
        os.replace(part, path)
    finally:
        if part.exists():
            part.unlink()


def target_of(path: Path) -> Path:
    """What a link leads to, whether it is there or not; else the path."""
    if not path.is_symlink():
        return path
    with suppress(FileNotFoundError):
        path.stat()  # OSError, for a circle
    return Path(os.path.realpath(path))


def writing(path: Union[str, Path], content: bytes) -> None:
    """Write bytes: into a file whole or not at all, into standard output
    ('-'), a pipe or a device as they are.

    Raises:
        OSError: If they cannot be written.
    """
    path = Path(path)
    if str(path) == '-':
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    elif path.exists() and not path.is_file():
        with path.open('wb') as pipe:
            pipe.write(content)
    else:
        with replacing(path) as part:
            part.write_bytes(content)


@functools.lru_cache(None)
def remove_left_behind(folder: Path) -> None:
    """The parts in a folder whose writers must be dead; a process looks
    once."""
    with suppress(OSError):  # of a folder that is no one's to write
        for part in folder.glob(f'{PART}*'):
            if time.time() - part.stat().st_mtime > LEFT_BEHIND:
                part.unlink()


def write_text(path: Union[str, Path], text: str) -> None:
    """Whole or not at all."""
    with replacing(path) as part:
        part.write_text(text)
