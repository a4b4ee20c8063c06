"""Predictions on the disk: made once, found again."""
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ...files.atomic import replacing
from ...files.progress import tracked
from .method import Method
from .samples import Samples

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


def paint_missing(method: Method, samples: Samples, folder: Path) -> None:
    """Write a picture for each sample and row of the method, but for those
    that are there, made of the same image and hole with the same settings."""
    settings = json.dumps(method.settings, sort_keys=True)
    keys = [hashlib.sha256(f'{settings}\0{digest}'.encode()).hexdigest()
            for digest in samples.digests]
    files = [[folder / row / f'{name}.png' for row in method.rows]
             for name in samples.names]
    paint = None
    for i in missing(files, keys, method.rows[0]):
        if paint is None:
            for row in method.rows:
                (folder / row).mkdir(parents=True, exist_ok=True)
            paint = method.load()
        for picture, file in zip(paint(samples[i]), files[i]):
            save(picture, file, keys[i])


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
