"""``tmad show``: what the method did (the paper's Figures 6 and 7)."""
import argparse
from pathlib import Path
from typing import Any

from .file_options import (
    add_file_options,
    add_hand_options,
    apply_file_options,
    one_job,
    said_in,
)
from .model_options import add_model_options, load


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        'show', help='draw what the method did with a picture')
    command.add_argument('image', help='the picture')
    command.add_argument('mask', help='of its size; bright = hole')
    command.add_argument('-o', '--out', required=True, help='what to write')
    add_model_options(command)
    add_file_options(command)
    add_hand_options(command)
    command.add_argument('--patches', type=int, default=4,
                         help='hole patches to follow (default 4)')
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    from ..figures.drawing import draw
    from ..masks.reading import read_mask
    from ..pictures.picture import Picture
    apply_file_options(args)
    job = one_job(Path(args.image), Path(args.mask), Path(args.out),
                  said=said_in(args))
    inpainter = load(args)
    picture = Picture.of(job.image)
    hole = read_mask(job.mask, alpha=args.mask_alpha, labels=args.mask_labels,
                     colour=args.mask_colour)
    steps = inpainter.steps(job.image, hole, args.seed, *job.said, args.plane)
    figure = draw(picture.rgb, hole, steps, args.patches)
    Picture(figure, 'RGB').save(args.out)
    print(f'drew {args.image} into {args.out}')
