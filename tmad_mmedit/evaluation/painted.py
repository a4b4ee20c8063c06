"""Predictions on the disk: made once, found again."""
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import numpy as np
from mmengine.utils import ProgressBar
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .methods import Method, Predictions
from .samples import Sample

KEY = 'made of'


def write_inputs(samples: Sequence[Sample], folder: Path) -> None:
    """What other programs are to be given: ``images``, ``masks``, bright =
    hole, and ``masked`` images, whose holes are grey."""
    for kind in ('images', 'masks', 'masked'):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for name, image, hole in samples:
        masked = np.where(hole[..., None], np.uint8(128), image)
        for kind, picture in (('images', image), ('masked', masked),
                              ('masks', np.uint8(hole) * 255)):
            save(picture, folder / kind / f'{name}.png')


def predictions_of(method: Method, samples: Sequence[Sample], folder: Path
                   ) -> Dict[str, List[np.ndarray]]:
    """The predictions of a method by row, (H, W, 3) uint8, RGB, in the order
    of the samples.

    Those that are not in ``folder`` yet, made of the same image and hole with
    the same settings, are made and written there. Known pixels are the
    image's.
    """
    if isinstance(method, Predictions):
        return {method.rows[0]: method.read(samples)}
    results: Dict[str, List[np.ndarray]] = {row: [] for row in method.rows}
    paint = bar = None
    for sample in samples:
        key = digest(method.settings, sample)
        files = [folder / row / f'{sample.name}.png' for row in method.rows]
        found = [kept(file, key) for file in files]
        if any(x is None for x in found):
            if paint is None:
                print(f'{method.rows[0]}:', file=sys.stderr)
                paint = method.load()
                bar = ProgressBar(len(samples), file=sys.stderr)
            found = [np.where(sample.hole[..., None], x, sample.image)
                     for x in paint(sample.image, sample.hole)]
            for picture, file in zip(found, files):
                file.parent.mkdir(parents=True, exist_ok=True)
                save(picture, file, key)
        if bar is not None:
            bar.update()
        for row, picture in zip(method.rows, found):
            results[row].append(picture)
    if bar is not None:
        print(file=sys.stderr)
    return results


def digest(settings: dict, sample: Sample) -> str:
    text = json.dumps(settings, sort_keys=True).encode()
    return hashlib.sha256(b'\0'.join([
        text, repr(sample.image.shape).encode(), sample.image.tobytes(),
        np.packbits(sample.hole).tobytes()])).hexdigest()


def kept(file: Path, key: str) -> Optional[np.ndarray]:
    """The picture, if it is there and was made of the same."""
    if not file.is_file():
        return None
    try:
        with Image.open(file) as image:
            return np.array(image) if image.info.get(KEY) == key else None
    except (OSError, SyntaxError):
        return None


def save(picture: np.ndarray, file: Path, key: str = '') -> None:
    """As a PNG, whole or not at all."""
    info = PngInfo()
    if key:
        info.add_text(KEY, key)
    unfinished = file.with_name(f'.{file.name}.part')
    Image.fromarray(picture).save(unfinished, 'PNG', pnginfo=info)
    os.replace(unfinished, file)
