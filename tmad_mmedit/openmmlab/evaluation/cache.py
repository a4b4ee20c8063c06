"""Predictions on the disk: made once, found again."""
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Optional

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ...files.atomic import replacing
from ...files.progress import tracked
from .method import Method, Paint
from .samples import Sample, Samples

MADE_OF = 'made of'


def write_inputs(samples: Samples, folder: Path) -> None:
    """What other programs are to be given: ``images``, ``masks``, bright =
    hole, and ``masked`` images, whose holes are white. What is there of the
    same image and hole stays."""
    kinds = ('images', 'masks', 'masked')
    for kind in kinds:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    files = [[folder / kind / f'{name}.png' for kind in kinds]
             for name in samples.names]
    for i in missing(files, samples.digests, 'inputs'):
        _, image, hole = sample = samples[i]
        for picture, file in zip((image, np.uint8(hole) * 255, sample.masked),
                                 files[i]):
            save(picture, file, samples.digests[i])


class Painter:
    """Writes a method's pictures, but for those that are there, made of the
    same image and hole with the same settings. The method is loaded once it
    is needed.

    Args:
        method (Method): One that is there.
        samples (Samples): All of them.
        folder (Path): Gets a folder for each row of the method.

    Attributes:
        files (list[list[Path]]): Of each sample, one for each row.
        keys (list[str]): Of each sample, what its pictures are made of.
    """

    def __init__(self, method: Method, samples: Samples,
                 folder: Path) -> None:
        settings = json.dumps(method.settings, sort_keys=True)
        self.method, self.samples, self.folder = method, samples, folder
        self.keys = [
            hashlib.sha256(f'{settings}\0{digest}'.encode()).hexdigest()
            for digest in samples.digests]
        self.files = [[folder / row / f'{name}.png' for row in method.rows]
                      for name in samples.names]
        self.paint: Optional[Paint] = None

    def is_there(self, i: int) -> bool:
        return all(is_made_of(file, self.keys[i]) for file in self.files[i])

    def write(self, i: int, sample: Sample) -> None:
        """Paint sample i, whether it is there or not."""
        if self.paint is None:
            for row in self.method.rows:
                (self.folder / row).mkdir(parents=True, exist_ok=True)
            self.paint = self.method.load()
        for picture, file in zip(self.paint(sample), self.files[i]):
            save(picture, file, self.keys[i])


def paint_missing(method: Method, samples: Samples, folder: Path) -> None:
    """Write a picture for each sample and row of the method, but for those
    that are there: see :class:`Painter`."""
    painter = Painter(method, samples, folder)
    for i in missing(painter.files, painter.keys, method.rows[0]):
        painter.write(i, samples[i])


def missing(files: Sequence[Sequence[Path]], keys: Sequence[str],
            what: str) -> Iterable[int]:
    """Positions of what is not there, or of something else, with a bar if
    there is any."""
    todo = [i for i, key in enumerate(keys)
            if not all(is_made_of(file, key) for file in files[i])]
    if not todo:
        return todo
    done = len(keys) - len(todo)
    return tracked(todo, f'{what}, {done} are there' if done else what)


def is_made_of(file: Path, key: str) -> bool:
    try:
        with Image.open(file) as image:
            return image.info.get(MADE_OF) == key
    except (OSError, SyntaxError):
        return False


def save(picture: np.ndarray, file: Path, key: str) -> None:
    """As a PNG that knows what it is made of, whole or not at all."""
    info = PngInfo()
    info.add_text(MADE_OF, key)
    with replacing(file) as part:
        Image.fromarray(picture).save(part, 'PNG', pnginfo=info)
