"""``tmad show``: what the method did (the paper's Figures 6 and 7)."""
import argparse
from pathlib import Path

import numpy as np

from .file_options import add_file_options, apply_file_options, check_out
from .model_options import add_model_options, load

COLOURS = ((230, 60, 50), (50, 140, 230), (60, 180, 75), (240, 180, 30))


def add_to(commands) -> None:
    command = commands.add_parser(
        'show', help='draw what the method did with a picture')
    command.add_argument('image', help='the picture')
    command.add_argument('mask', help='of its size; bright = hole')
    command.add_argument('-o', '--out', required=True, help='what to write')
    add_model_options(command)
    add_file_options(command)
    command.add_argument('--patches', type=int, default=4,
                         help='hole patches to follow (default 4)')
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    from ..apis.folders import Job, check_overwrites
    from ..apis.mask_names import mask_of
    from ..apis.masks import read_mask
    from ..apis.picture import Picture
    apply_file_options(args)
    image, mask, out = Path(args.image), Path(args.mask), Path(args.out)
    if image.exists() and mask.exists():
        mask = mask_of(image, mask)
    check_overwrites([Job(image, mask, out)])
    check_out(out)
    inpainter = load(args)
    picture, hole = Picture.of(image), read_mask(mask, alpha=args.mask_alpha)
    steps = inpainter.steps(image, hole)
    figure = draw(picture.rgb, hole, steps, args.patches)
    Picture(figure, 'RGB').save(args.out)
    print(f'drew {args.image} into {args.out}')


def draw(image, hole, steps, count):
    """One figure, (H, W, 3) uint8: masked input with lines from hole patches
    to where their textures came from, coarse result, result; below, each
    patch's coarse query, textures and synthesis, then the memory."""
    import cv2
    s = steps.patches.shape[1]
    masked = np.where(hole[..., None], 127.5, image).round().astype(np.uint8)
    masked = np.ascontiguousarray(masked)
    chosen = np.linspace(0, len(steps.cells) - 1, count).round().astype(int)
    rows, gap = [], 4
    padded = np.pad(steps.coarse, [(0, s), (0, s), (0, 0)], 'edge')
    for n, i in enumerate(dict.fromkeys(chosen.tolist())):
        colour = COLOURS[n % len(COLOURS)]
        top, left = steps.cells[i].tolist()
        for y, x in steps.places[i].tolist():
            cv2.rectangle(masked, (x, y), (x + s, y + s), colour)
            cv2.line(masked, (left + s // 2, top + s // 2),
                     (x + s // 2, y + s // 2), colour)
        cv2.rectangle(masked, (left, top), (left + s, top + s), colour, 2)
        tiles = [padded[top:top + s, left:left + s], *steps.textures[i],
                 steps.patches[i]]
        tiles = [cv2.copyMakeBorder(np.ascontiguousarray(x), 2, 2, 2, 2,
                                    cv2.BORDER_CONSTANT, value=colour)
                 for x in tiles]
        rows.append(np.concatenate(tiles, 1))
    top_row = np.concatenate([masked, steps.coarse, steps.result], 1)
    across = max(top_row.shape[1] // s, 1)
    memory = list(steps.memory)  # empty, where it holds shifts
    blank = np.full((s, s, 3), 255, np.uint8)
    memory += [blank] * (-len(memory) % across)
    rows += [np.concatenate(memory[i:i + across], 1)
             for i in range(0, len(memory), across)]
    return stack([top_row, *rows], gap)


def stack(rows, gap):
    """Rows of any widths below each other, on white."""
    width = max(row.shape[1] for row in rows)
    return np.concatenate([
        np.pad(row, [(0, gap), (0, width - row.shape[1]), (0, 0)],
               constant_values=255) for row in rows])
