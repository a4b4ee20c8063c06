"""``tmad masks``: a fixed set of masks."""
import argparse


def add_to(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        'kind', choices=('rectangles', 'free-form', 'areas', 'widths'),
        help="rectangles: the paper's; free-form: strokes; areas: strokes "
        'that cover 0-10, ..., 50-60 %%; widths: thin, medium and thick ones')
    command.add_argument('-o', '--out', required=True, help='a new folder')
    command.add_argument('--count', type=int, required=True,
                         help='masks, of each area or width')
    command.add_argument('--size', type=int, default=256,
                         help='side in pixels (default 256)')
    command.add_argument('--side', type=int, metavar='PIXELS',
                         help='of the largest rectangle (default half)')
    command.add_argument('--seed', type=int, default=0,
                         help='another seed, another set (default 0)')


def run(args: argparse.Namespace) -> None:
    from ...files.progress import tracked
    from ..evaluation.mask_sets import mask_generators, write_mask_set
    total = args.count * len(mask_generators(args.kind, args.size, args.side))
    for _ in tracked(
            write_mask_set(args.out, args.kind, args.count, args.size,
                           args.seed, args.side), 'drawing', total):
        pass
    print(f'wrote {total} masks and their manifest into {args.out}')
