"""Draw docs/steering.jpg: what a hint and an area change.

    python tools/steering_pictures.py

Strokes and areas are written down below, and were before any result was seen.
"""
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tmad_mmedit import Inpainter

ROOT = Path(__file__).parent.parent
HEIGHT, GAP = 256, 6
# dabs of one colour each: what is seen beside the hole, put into it
DABS = dict(
    coffee=[((250, 70), (176, 98, 52)), ((236, 180), (150, 36, 18))],
    astronaut=[((206, 40), (196, 190, 186)), ((206, 138), (12, 10, 12))])
# left, top, right, bottom of what is not to be copied
BARRED = dict(rocket=[(0, 0, 60, 256), (95, 65, 130, 256), (255, 65, 290, 256),
                      (330, 0, 384, 256), (0, 200, 384, 256)])


def read(name: str) -> tuple[np.ndarray, np.ndarray]:
    photo = Image.open(ROOT / f'demo/photos/{name}.jpg').convert('RGB')
    mask = Image.open(ROOT / f'demo/masks/{name}.png').convert('L')
    return np.asarray(photo), np.asarray(mask) > 127


def tinted(photo: np.ndarray, where: np.ndarray, colour: tuple) -> np.ndarray:
    mixed = (photo * .5 + np.array(colour) * .5).astype(np.uint8)
    return np.where(where[..., None], mixed, photo)


def row(inpainter: Inpainter, name: str) -> np.ndarray:
    """What was drawn, the result without it, and with it."""
    photo, hole = read(name)
    drawn = tinted(photo, hole, (255, 0, 0))
    said = {}
    if name in DABS:
        hint = np.zeros((*hole.shape, 4), np.uint8)
        for middle, colour in DABS[name]:
            cv2.circle(hint, middle, 5, (*colour, 255), -1)
            cv2.circle(drawn, middle, 5, colour, -1)
            cv2.circle(drawn, middle, 6, (255, 255, 255), 1)
        said['hint'] = hint
    if name in BARRED:
        area = np.zeros_like(hole)
        for left, top, right, bottom in BARRED[name]:
            area[top:bottom, left:right] = True
        drawn = tinted(drawn, area & ~hole, (255, 220, 0))
        said['not_from'] = area
    parts = [drawn, inpainter(photo, hole), inpainter(photo, hole, **said)]
    gap = np.full((HEIGHT, GAP, 3), 255, np.uint8)
    return np.concatenate([x for part in parts for x in (part, gap)][:-1], 1)


def main() -> None:
    inpainter = Inpainter()
    rows = [row(inpainter, name) for name in ('coffee', 'rocket')]
    gap = np.full((GAP, rows[0].shape[1], 3), 255, np.uint8)
    picture = np.concatenate([x for one in rows for x in (one, gap)][:-1])
    Image.fromarray(picture).save(ROOT / 'docs/steering.jpg', quality=90)


if __name__ == '__main__':
    main()
