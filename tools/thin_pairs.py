"""What `train_thin.py` learns from: photographs with strokes, filled."""
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor

from tmad_mmedit import Inpainter
from tmad_mmedit.files.atomic import replacing
from tmad_mmedit.pictures.picture import Picture

SIDE = 384  # pixels that are cut from a photograph, at most
NARROWEST, WIDEST = 4, 30  # pixels, of strokes
PART = 0.02, 0.3  # of a picture that strokes hide
LETTERS = np.array(list('ABCDEFGHKLMNRSTabdegknprst0123456789'))
NAMES = 'truth', 'filled', 'guess', 'mask'


def make_pairs(photos: Path, out: Path, count: int, seed: int) -> None:
    """Write `00000.npz`, ...: truth, filled and guess, (H, W, 3) uint8, mask,
    (H, W) bool. Those that are there stay; each depends on its number and the
    seed only."""
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(x for x in photos.iterdir() if x.is_file())
    inpainter = Inpainter()
    inpainter.model.thin = None  # what it corrects is what there is without
    for i in range(count):
        path = out / f'{i:05}.npz'
        if path.exists():
            continue
        rng = np.random.default_rng([seed, i])
        truth = cut(np.asarray(Image.open(
            files[rng.integers(len(files))]).convert('RGB')), rng)
        mask = next(x for x in strokes(*truth.shape[:2], rng)
                    if PART[0] <= x.mean() <= PART[1])
        filled, guess = (np.asarray(x.rgb) for x in inpainter.fill(
            [Picture.of(truth)], [mask], coarse=True)[0])
        with replacing(path) as part:
            np.savez(part, truth=truth, filled=filled, guess=guess, mask=mask)
        print(f'{i + 1} of {count}', flush=True)


def cut(photo: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    top, left = (int(rng.integers(max(x - SIDE, 0) + 1))
                 for x in photo.shape[:2])
    return np.ascontiguousarray(photo[top:top + SIDE, left:left + SIDE])


def strokes(height: int, width: int,
            rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield masks (H, W), bool, without end: three to six scribbles, wires
    and words each."""
    size = np.array([width, height])
    while True:
        mask = np.zeros((height, width), np.uint8)
        for _ in range(rng.integers(3, 7)):
            thick = int(np.exp(rng.uniform(
                np.log(NARROWEST), np.log(WIDEST + 1))))
            kind, start = rng.random(), rng.uniform(0, size)
            if kind < 0.15:
                scale = rng.uniform(0.8, 3)
                cv2.putText(
                    mask, ''.join(rng.choice(LETTERS, rng.integers(3, 9))),
                    [int(start[0]) - 40, int(start[1])],
                    int(rng.integers(4)), scale, 1,
                    max(2, min(thick, int(scale * 4))))
                continue
            if kind < 0.4:
                steps, turn, length = 2, 0.05, (30, 150)
            else:
                steps, turn, length = rng.integers(3, 8), 0.9, (20, 70)
            angles = rng.uniform(0, 2 * np.pi) + np.cumsum(
                rng.normal(0, turn, steps))
            way = np.stack([np.cos(angles), np.sin(angles)], 1)
            way *= rng.uniform(*length, (steps, 1))
            points = np.concatenate([start[None], start + way.cumsum(0)])
            cv2.polylines(mask, [points.round().astype(np.int32)], False, 1,
                          thick)
        yield mask.astype(bool)


class Crops:
    """Crops of such files, by the iteration alone.

    Args:
        folder (Path): Of `make_pairs`.
        batch (int): Crops of a batch.
        side (int): Of a crop, in pixels, divisible by 4.
        seed (int): Of what is drawn.

    Raises:
        ValueError: If the folder has none.
    """

    def __init__(self, folder: Path, batch: int, side: int,
                 seed: int) -> None:
        self.pairs = [pair for pair in map(read_pair, sorted(
            folder.glob('*.npz'))) if min(pair[0].shape[:2]) >= side]
        if not self.pairs:
            raise ValueError(
                f'{folder} has no pair of {side} pixels or more: make some '
                'with --make.')
        self.batch, self.side, self.seed = batch, side, seed

    def __getitem__(self, iteration: int) -> list[Tensor]:
        """Return truth, filled, guess, (N, 3, s, s) in [-1, 1], and mask, (N,
        1, s, s); each crop has hole in it."""
        rng = np.random.default_rng([self.seed, iteration])
        crops = [self._crop(rng) for _ in range(self.batch)]
        return [torch.cat(x) for x in zip(*crops)]

    def _crop(self, rng: np.random.Generator) -> list[Tensor]:
        pair = self.pairs[rng.integers(len(self.pairs))]
        places = np.argwhere(pair[-1])
        place = places[rng.integers(len(places))]
        top, left = np.clip(
            place - rng.integers(self.side, size=2), 0,
            np.array(pair[0].shape[:2]) - self.side)
        parts = [x[top:top + self.side, left:left + self.side] for x in pair]
        if rng.random() < 0.5:
            parts = [x[:, ::-1] for x in parts]
        return tensors(parts)


def read_pair(path: Path) -> tuple[np.ndarray, ...]:
    with np.load(path) as file:
        return tuple(file[name] for name in NAMES)


def tensors(pair) -> list[Tensor]:
    """Turn truth, filled, guess and mask into what networks take."""
    *pictures, mask = (torch.from_numpy(np.ascontiguousarray(x))
                       for x in pair)
    return [*(x.permute(2, 0, 1)[None] / 127.5 - 1 for x in pictures),
            mask[None, None].float()]
