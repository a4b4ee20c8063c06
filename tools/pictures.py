#!/usr/bin/env python
"""The pictures of README and docs: holes whose truth is known, and things
that were brushed out, filled by Telea, PatchMatch and T-MAD; and which shifts
coherent inpainting chose.

The masks were drawn before any result was seen, and stay as they are.
"""
import argparse
from pathlib import Path
from typing import Callable, NamedTuple

import cv2
import numpy as np
import torch
from PIL import Image

from tmad_mmedit import Inpainter
from tmad_mmedit.figures.steps import unscaled
from tmad_mmedit.masks.reading import read_mask
from tmad_mmedit.openmmlab.evaluation.baselines import BASELINES
from tmad_mmedit.openmmlab.evaluation.samples import read_rgb

DEMO = Path(__file__).parents[1] / 'demo'
TILE = 384, 256  # width and height in pixels
GAP, HEAD, QUALITY = 6, 34, 88
BRUSH = 230, 40, 40

Fill = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Sheet(NamedTuple):
    """One file: photographs with their masks, a row each.

    Attributes:
        cases (tuple): Names of a photograph and of its mask.
        truth_known (bool): Whether the photograph itself is the aim.
    """
    cases: tuple[tuple[str, str], ...]
    truth_known: bool


SHEETS = dict(
    restorations=Sheet((('brick', 'brick'), ('chelsea', 'chelsea'),
                        ('coffee', 'coffee_rim')), True),
    removals=Sheet((('coffee', 'coffee'), ('rocket', 'rocket'),
                    ('astronaut', 'astronaut')), False))
SHIFTS = ('brick', 'brick'), ('rocket', 'rocket')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-o', '--out', default='docs', help='a folder')
    parser.add_argument('--config', help='default: the shipped one')
    parser.add_argument('--checkpoint', help='default: the shipped one')
    args = parser.parse_args()
    inpainter = Inpainter(args.config, args.checkpoint)
    fills: dict[str, Fill] = {
        'Telea': baseline('telea'),
        'PatchMatch': baseline('patchmatch'),
        'T-MAD': inpainter
    }
    sheets = {name: drawn(sheet, fills) for name, sheet in SHEETS.items()}
    sheets['coherent'] = shifts_drawn(inpainter)
    for name, sheet in sheets.items():
        path = Path(args.out) / f'{name}.jpg'
        Image.fromarray(sheet).save(path, quality=QUALITY)
        print(f'drew {path}')


def baseline(name: str) -> Fill:
    """A baseline with the settings that ``tmad evaluate`` has."""
    found = BASELINES[name]
    return lambda image, hole: found.paint(image, hole, **found.settings)


def drawn(sheet: Sheet, fills: dict[str, Fill]) -> np.ndarray:
    """A sheet, (H, W, 3) uint8: the input, each filling, and the photograph
    where it is the aim."""
    rows = []
    for photo, mask in sheet.cases:
        image, hole = read(photo, mask)
        tiles = [holed(image, hole) if sheet.truth_known else
                 brushed(image, hole)]
        tiles += [np.where(hole[..., None], fill(image, hole), image)
                  for fill in fills.values()]
        tiles += [image] * sheet.truth_known
        rows.append(beside([framed(tile) for tile in tiles]))
    titles = ['input with hole' if sheet.truth_known else 'brushed out',
              *fills, *['photograph'] * sheet.truth_known]
    return np.concatenate([beside([headed(x) for x in titles]), *rows])


def shifts_drawn(inpainter: Inpainter) -> np.ndarray:
    """What coherent inpainting did: (H, W, 3) uint8."""
    rows = [beside([headed(x) for x in (
        'input with hole', 'coarse guess', 'shifts and sources', 'result')])]
    for photo, mask in SHIFTS:
        image, hole = read(photo, mask)
        masked = torch.from_numpy(image).movedim(-1, 0).float() / 127.5 - 1
        known = torch.from_numpy(~hole)
        with torch.no_grad():
            done = inpainter.model.inpaint(
                (masked * known)[None], (~known).float()[None, None])
        shift = np.zeros((*hole.shape, 2), int)
        done.field.window.cut(shift.transpose(2, 0, 1))[:] = (
            done.field.shift[0])
        rows.append(beside([framed(tile) for tile in (
            holed(image, hole), unscaled(done.comp[0]),
            in_colours(image, hole, shift), unscaled(done.out[0]))]))
    return np.concatenate(rows)


def in_colours(image: np.ndarray, hole: np.ndarray,
               shift: np.ndarray) -> np.ndarray:
    """The hole in the colours of its shifts, (H, W, 2), and in the same
    colours the places that they show. The hue is a shift's direction."""
    place = np.argwhere(hole)
    d = shift[hole]
    hue = np.arctan2(d[:, 0], d[:, 1]) % (2 * np.pi) / (2 * np.pi) * 180
    length = np.hypot(*d.T)
    value = 130 + 125 * length / max(length.max(), 1)
    colour = cv2.cvtColor(
        np.stack([hue, np.full_like(hue, 200), value],
                 -1)[None].astype(np.uint8), cv2.COLOR_HSV2RGB)[0]
    picture = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY),
                           cv2.COLOR_GRAY2RGB)
    there = tuple((place + d).T)
    picture[there] = picture[there] // 2 + colour // 2
    picture[hole] = np.where(d.any(1)[:, None], colour, 255)
    return picture


def read(photo: str, mask: str) -> tuple[np.ndarray, np.ndarray]:
    """A sample photograph, (H, W, 3) uint8, and a hole, (H, W) bool."""
    return (read_rgb(DEMO / f'photos/{photo}.jpg'),
            read_mask(DEMO / f'masks/{mask}.png'))


def holed(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A picture whose hole is white."""
    return np.where(hole[..., None], np.uint8(255), image)


def brushed(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A picture under the red of a brush."""
    red = (image * 0.4 + np.array(BRUSH) * 0.6).astype(np.uint8)
    return np.where(hole[..., None], red, image)


def framed(tile: np.ndarray) -> np.ndarray:
    """A picture in the middle of a white tile, reduced if it is larger."""
    height, width = tile.shape[:2]
    scale = min(TILE[0] / width, TILE[1] / height, 1)
    size = round(width * scale), round(height * scale)
    tile = cv2.resize(tile, size, interpolation=cv2.INTER_AREA)
    top, left = (TILE[1] - size[1]) // 2, (TILE[0] - size[0]) // 2
    return cv2.copyMakeBorder(
        tile, top, TILE[1] - size[1] - top + GAP, left,
        TILE[0] - size[0] - left, cv2.BORDER_CONSTANT, value=(255, ) * 3)


def headed(title: str) -> np.ndarray:
    """A tile's title in its middle."""
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, 0.8
    (width, height), _ = cv2.getTextSize(title, font, scale, 2)
    tile = np.full((HEAD, TILE[0], 3), 255, np.uint8)
    return cv2.putText(tile, title, ((TILE[0] - width) // 2,
                                     (HEAD + height) // 2), font, scale,
                       (40, ) * 3, 2, cv2.LINE_AA)


def beside(tiles: list[np.ndarray]) -> np.ndarray:
    gap = np.full((len(tiles[0]), GAP, 3), 255, np.uint8)
    parts = [part for tile in tiles for part in (gap, tile)]
    return np.concatenate(parts[1:], 1)


if __name__ == '__main__':
    main()
