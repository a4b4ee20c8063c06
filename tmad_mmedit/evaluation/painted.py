"""Predictions on the disk: made once, found again."""
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Sequence

import numpy as np
from mmengine.utils import ProgressBar
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .method import Method
from .samples import Sample

MADE_OF = 'made of'


def write_inputs(samples: Sequence[Sample], folder: Path) -> None:
    """What other programs are to be given: ``images``, ``masks``, bright =
    hole, and ``masked`` images, whose holes are white."""
    for kind in ('images', 'masks', 'masked'):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for sample in samples:
        for kind, picture in (('images', sample.image),
                              ('masks', np.uint8(sample.hole) * 255),
                              ('masked', sample.masked)):
            save(picture, folder / kind / f'{sample.name}.png')


def paint_missing(method: Method, samples: Sequence[Sample], folder: Path
                  ) -> None:
    """Write a picture for each sample and row of the method, but for those
    that are there, made of the same image and hole with the same settings."""
    keys = [digest(method.settings, sample) for sample in samples]
    files = [[folder / row / f'{sample.name}.png' for row in method.rows]
             for sample in samples]
    todo = [i for i, key in enumerate(keys)
            if not all(is_made_of(file, key) for file in files[i])]
    if not todo:
        return
    print(f'{method.rows[0]}: {len(samples) - len(todo)} of {len(samples)} '
          'are there', file=sys.stderr)
    for row in method.rows:
        (folder / row).mkdir(parents=True, exist_ok=True)
    paint = method.load()
    bar = ProgressBar(len(todo), file=sys.stderr)
    for i in todo:
        for picture, file in zip(paint(samples[i]), files[i]):
            save(picture, file, keys[i])
        bar.update()
    print(file=sys.stderr)


def digest(settings: dict, sample: Sample) -> str:
    return hashlib.sha256(b'\0'.join([
        json.dumps(settings, sort_keys=True).encode(),
        repr(sample.image.shape).encode(),
        sample.image.tobytes(),
        np.packbits(sample.hole).tobytes()])).hexdigest()


def is_made_of(file: Path, key: str) -> bool:
    try:
        with Image.open(file) as image:
            return image.info.get(MADE_OF) == key
    except (OSError, SyntaxError):
        return False


def save(picture: np.ndarray, file: Path, key: str = '') -> None:
    """As a PNG, whole or not at all."""
    info = PngInfo()
    if key:
        info.add_text(MADE_OF, key)
    unfinished = file.with_name(f'.{file.name}.part')
    Image.fromarray(picture).save(unfinished, 'PNG', pnginfo=info)
    os.replace(unfinished, file)
