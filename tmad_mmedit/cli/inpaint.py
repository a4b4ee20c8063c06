"""``tmad inpaint``: a picture, several, or folders of them."""
import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union

from .file_options import (
    add_file_options,
    add_hand_options,
    apply_file_options,
    expanded,
    make_folder,
    one_job,
    said_in,
)
from .model_options import add_model_options, load
from .shards import shard

EPILOG = ('Pixels outside the hole stay as they are. In the hole the result '
          'is transparent where its surroundings are, unless --opaque. - as '
          'picture or mask is standard input, as output standard output.')


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        'inpaint', help='fill the holes of a picture, or of many',
        epilog=EPILOG)
    command.add_argument('image', nargs='+', help='pictures, patterns, or '
                         'folders of pictures')
    command.add_argument('mask', help='of its size, bright = hole; a folder, '
                         'in which NAME.* or NAME_mask.* is the mask of the '
                         'picture NAME; or one for all')
    command.add_argument('-o', '--out', required=True,
                         help='a file; for several pictures, a folder')
    command.add_argument('--recursive', action='store_true',
                         help='also pictures in subfolders')
    add_model_options(command, devices=True)
    add_file_options(command)
    add_hand_options(command)
    command.add_argument('--overlap', action='store_true',
                         help='blend overlapping patches; 4 times the work')
    command.add_argument('--close', type=amount, default=0, metavar='PIXELS',
                         help='close gaps of up to so many pixels in the '
                         'hole, and fill small islands; auto: 0.4 %% of the '
                         'longer side')
    command.add_argument('--dilate', type=amount, default=0, metavar='PIXELS',
                         help='grow the hole; auto: 0.4 %% of the longer side')
    command.add_argument('--feather', type=count, default=0, metavar='PIXELS',
                         help="fade in from what is in the hole's edge, for "
                         'what is to be removed')
    command.add_argument('--opaque', action='store_true',
                         help='make the hole opaque, whatever its '
                         'surroundings are')
    command.add_argument('--invert-mask', action='store_true',
                         help='dark = hole')
    command.add_argument('--mask-threshold', type=float, default=0.5,
                         metavar='PART', help='of the range (default 0.5)')
    command.add_argument('--batch-size', type=int, default=1,
                         help='pictures of one size at a time (default 1)')
    command.add_argument('--workers', type=int, metavar='NUMBER',
                         help='processes that paint at the same time, one '
                         'thread each (default: one for each --device, of '
                         'one none)')
    command.add_argument('--shard', type=shard, metavar='I/N',
                         default=(1, 1),
                         help='of several pictures, only part I of N, for '
                         'job arrays')
    command.add_argument('--save-coarse', action='store_true',
                         help='also the coarse result, NAME_coarse')
    command.add_argument('--side-by-side', action='store_true',
                         help='also masked, coarse and result, NAME_steps.png')
    command.add_argument('--patch', type=Path, metavar='FILE',
                         help='also what was painted alone, transparent but '
                         'for the hole; for many pictures, a folder')
    command.add_argument('--way', metavar='NAME', help='what leads, and at '
                         'which scale: guess (the default), large, free, '
                         'near, smooth, wide, small, level')
    command.add_argument('--variants', type=int, metavar='NUMBER',
                         help='several results that differ, NAME_1, '
                         'NAME_2, ...; the way of each is said')
    command.add_argument('--overwrite', action='store_true',
                         help='of several, also what is finished')
    command.set_defaults(run=run)


def count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f'{text} is no number of pixels')
    return int(text)


def amount(text: str) -> Union[int, str]:
    return text if text == 'auto' else count(text)


def run(args: argparse.Namespace) -> int:
    """Paint; 1 if any picture failed."""
    apply_file_options(args)
    args.ways = ways_in(args)
    images, masks, out = expanded(args.image), Path(args.mask), Path(args.out)
    in_folder = len(images) > 1 or images[0].is_dir() or out.is_dir() or (
        args.out.endswith(('/', os.sep)))
    return run_many(images, masks, out, args) if in_folder else run_one(
        images[0], masks, out, args)


def ways_in(args: argparse.Namespace) -> list[str]:
    """Of several variants, which of how many each is; none of one."""
    from ..models.ways import check_count, way_named
    if args.way is not None:
        way_named(args.way)
        if args.variants is not None:
            raise ValueError('--way names one result and --variants asks for '
                             'several: give one of them.')
    count = 0 if args.variants is None else check_count(args.variants)
    return [f'{i}/{count}' for i in range(1, count + 1)]


def run_one(image: Path, mask: Path, out: Path,
            args: argparse.Namespace) -> int:
    from ..files.error_text import reason
    from ..files.plan import check_overwrites
    from ..pictures.kinds import is_stream
    from .painting import paint
    job = one_job(image, mask, out, args.save_coarse, args.side_by_side,
                  said_in(args), args.patch)
    jobs = [job.variant(i, way) for i, way in enumerate(args.ways, 1)] or [
        job if args.way is None else job._replace(way=args.way)]
    if is_stream(out) and (args.save_coarse or args.side_by_side or args.ways):
        raise ValueError('beside a stream nothing can be written: give a file '
                         'as output.')
    said: list = []
    check_overwrites(jobs, args.save_coarse, args.side_by_side)
    failed = paint(load(args), jobs, args, said)
    tell(said)
    for _, error in failed:
        raise error if isinstance(error, (OSError, ValueError)) else (
            RuntimeError(f'{image}: {reason(error)}'))
    if not is_stream(out):
        print(f'inpainted {image} into '
              f'{", ".join(str(x.out) for x in jobs)}')
    return 0


def run_many(images: list[Path], masks: Path, out: Path,
             args: argparse.Namespace) -> int:
    from ..files.error_text import reason
    from ..files.jobs import Jobs
    from ..files.plan import plan
    jobs, failed, others = plan(images, masks, out, args.recursive,
                                args.save_coarse, args.side_by_side,
                                said_in(args), args.patch,
                                args.ways, args.shard)
    todo = Jobs(x if args.way is None else x._replace(way=args.way)
                for x in jobs if args.overwrite or not x.out.is_file())
    said: list = []
    broken = []
    if todo:
        from ..files.progress import Progress
        work = painted(todo, args, said)
        for folder in {y.parent for x in todo
                       for y in (x.out, x.patch) if y}:
            make_folder(folder)
        with Progress('painting', len(todo)) as progress:
            for done, wrong in work:
                broken += wrong
                progress.advance(done)
    if broken:
        order = {x.image: i for i, x in enumerate(todo)}
        broken.sort(key=lambda x: order[x[0]])
    print(f'{len(todo) - len(broken)} inpainted into {out}, '
          f'{len(jobs) - len(todo)} were there, '
          f'{len(failed) + len(broken)} failed' + (
              f'; {len(others)} passed over, which are no '
              'pictures, or raw files of a camera'
              if others else ''))
    tell(said)
    tell([(path, reason(error)) for path, error in failed + broken])
    return int(bool(failed or broken))


def painted(todo: Any, args: argparse.Namespace,
            said: list) -> Iterator[tuple[int, list]]:
    """Load the model; return what paints and writes, and gives how many are
    done, and what failed of them."""
    from .painting import paint
    step = max(args.batch_size, 1) * max(len(args.ways), 1)
    batches = (todo[i:i + step] for i in range(0, len(todo), step))
    if args.workers is None and len(args.device) == 1:
        inpainter = load(args)
        return ((len(batch), paint(inpainter, batch, args, said))
                for batch in batches)
    from .workers import paint_by_workers
    return paint_by_workers(todo, step, args, said)


def tell(lines: list) -> None:
    for path, line in lines:
        print(f'tmad: {path.name}: {line}', file=sys.stderr)
