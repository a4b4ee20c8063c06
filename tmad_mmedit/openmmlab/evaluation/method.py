"""What is compared."""
import functools
import hashlib
from pathlib import Path
from typing import Callable

import numpy as np

from .samples import Sample, Samples

Paint = Callable[[Sample], list[np.ndarray]]


class Method:
    """One or more rows of the table.

    Args:
        rows (list[str]): Their names.

    Attributes:
        settings (dict): What its results depend on, beside the sample.
        remark (str): What a reader of the table must know.
        missing (str): What to do to have it; empty if it is there.
    """
    remark = missing = ''
    settings: dict = {}

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows

    def check(self, samples: Samples) -> None:
        """Raise a ValueError if it cannot serve these samples."""

    def load(self) -> Paint:
        """What gives a sample's picture for each row, as the sample's image,
        (H, W, 3) uint8, RGB."""
        raise NotImplementedError


@functools.lru_cache(None)
def digest_of_package() -> str:
    """Return SHA-256 of the package's source: what is painted depends on
    it."""
    package = Path(__file__).parents[2]
    return digest_of(*sorted(package.rglob('*.py')))


def digest_of(*files) -> str:
    """SHA-256 of what is in files."""
    digest = hashlib.sha256()
    for path in files:
        with open(path, 'rb') as file:
            for block in iter(lambda: file.read(1 << 20), b''):
                digest.update(block)
    return digest.hexdigest()
