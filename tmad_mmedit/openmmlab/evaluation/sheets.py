"""Contact sheets of what is around the holes, with names and without."""
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from ...files.atomic import replacing, write_text
from .figures import captioned
from .report import csv_of
from .samples import Sample, Samples, read_rgb
from .views import view_around

SIDE = 384  # pixels of a tile, at most
LINES = 10  # of a sheet
HOLE = 255, 0, 255  # so that it is seen in white and in black
LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'


def contact_sheets(samples: Samples, rows: Sequence[str], out: Path,
                   every: int) -> None:
    """Write every so many-th picture as a line: with its hole, as each method
    painted it, and the photograph; ``contact_sheet_1.png``, ... of ten lines
    each."""
    def lines() -> Iterator[np.ndarray]:
        for sample in shown(samples, every):
            pictures = painted(sample, rows, out)
            yield line(sample, [sample.name, *rows, 'photograph'],
                       [holed(sample), *pictures, sample.image])

    write_sheets(lines(), out, 'contact_sheet')


def blind_sheets(samples: Samples, rows: Sequence[str], out: Path,
                 every: int) -> None:
    """Write the same lines without names and photograph, each with its
    methods in an order of its own, which ``blind_key.csv`` says."""
    letters = LETTERS[:len(rows)]
    key = []

    def lines() -> Iterator[np.ndarray]:
        for number, sample in enumerate(shown(samples, every), 1):
            order = shuffled(sample, rows)
            key.append([number, sample.name, *order])
            yield line(sample, [str(number), *letters],
                       [holed(sample), *painted(sample, order, out)])

    write_sheets(lines(), out, 'blind')
    write_text(out / 'blind_key.csv',
               csv_of(['line', 'picture', *letters], key))


def shuffled(sample: Sample, rows: Sequence[str]) -> list[str]:
    """An order that hangs on the picture's name: another run has the same."""
    rng = np.random.default_rng(
        list(hashlib.sha256(sample.name.encode()).digest()))
    return [rows[i] for i in rng.permutation(len(rows))]


def shown(samples: Samples, every: int) -> Iterator[Sample]:
    """Every so many-th sample, from the first."""
    return (samples[i] for i in range(0, len(samples), every))


def painted(sample: Sample, rows: Sequence[str], out: Path
            ) -> list[np.ndarray]:
    """What methods painted of a sample."""
    return [read_rgb(out / 'predictions' / row / f'{sample.name}.png')
            for row in rows]


def holed(sample: Sample) -> np.ndarray:
    """The image with its hole in a colour that is rarely a photograph's."""
    return np.where(sample.hole[..., None], np.uint8(HOLE), sample.image)


def line(sample: Sample, names: Sequence[str],
         pictures: Sequence[np.ndarray]) -> np.ndarray:
    """What is around the hole, of each picture, side by side."""
    view = view_around(sample.hole, SIDE)
    tiles = []
    for name, picture in zip(names, pictures):
        tile = view.of(picture)
        down, right = (SIDE - x for x in tile.shape[:2])
        tiles.append(captioned(np.pad(
            tile, [(0, down), (0, right), (0, 0)], constant_values=255),
            name))
    return np.concatenate(tiles, 1)


def write_sheets(lines: Iterator[np.ndarray], out: Path, name: str) -> None:
    """Write lines of one width, ten a sheet; older sheets go away."""
    number, left = 0, list(lines)
    while left:
        number, part, left = number + 1, left[:LINES], left[LINES:]
        with replacing(out / f'{name}_{number}.png') as file:
            Image.fromarray(np.concatenate(part)).save(file)
    for old in out.glob(f'{name}_*.png'):
        if int_or(old.stem[len(name) + 1:], 0) > number:
            old.unlink()


def int_or(text: str, other: int) -> int:
    """The number that a text is, else another one."""
    return int(text) if text.isdecimal() else other
