"""``tmad inpaint``: a picture, or a folder of them."""
import argparse
import sys
from pathlib import Path

from .model_options import add_model_options, load

LOSSLESS = {'.png', '.tif', '.tiff', '.webp', '.bmp'}


def add_to(commands) -> None:
    command = commands.add_parser(
        'inpaint', help='fill the holes of a picture, or of a folder')
    command.add_argument('image', help='a picture, or a folder of them')
    command.add_argument('mask', help='of its size, bright = hole; for a '
                         'folder, a folder of the same names, or one for all')
    command.add_argument('-o', '--out', required=True,
                         help='a file; for a folder, a folder')
    add_model_options(command)
    command.add_argument('--overlap', action='store_true',
                         help='blend overlapping patches; 4 times the work')
    command.add_argument('--dilate', type=count, default=0, metavar='PIXELS',
                         help='grow the hole')
    command.add_argument('--feather', type=count, default=0, metavar='PIXELS',
                         help="fade in from what is in the hole's edge, for "
                         'what is to be removed')
    command.add_argument('--invert-mask', action='store_true',
                         help='dark = hole')
    command.add_argument('--mask-threshold', type=float, default=0.5,
                         metavar='PART', help='of the range (default 0.5)')
    command.add_argument('--batch-size', type=int, default=1,
                         help='pictures of one size at a time (default 1)')
    command.add_argument('--save-coarse', action='store_true',
                         help='also the coarse result, NAME_coarse')
    command.add_argument('--side-by-side', action='store_true',
                         help='also masked, coarse and result, NAME_steps.png')
    command.add_argument('--overwrite', action='store_true',
                         help='of a folder, also what is finished')
    command.set_defaults(run=run)


def count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f'{text} is no number of pixels')
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Paint; 1 if any picture failed."""
    image, out = Path(args.image), Path(args.out)
    if not image.is_dir():
        check_out(out)
        job = image, Path(args.mask), out
        failed = paint(load(args, args.overlap), [job], args)
        for _, error in failed:
            raise error
        print(f'inpainted {image} into {out}')
        return 0
    jobs, failed = plan(image, Path(args.mask), out)
    todo = [x for x in jobs if args.overwrite or not x[2].is_file()]
    skipped = len(jobs) - len(todo)
    if todo:
        from mmengine.utils import ProgressBar
        inpainter = load(args, args.overlap)
        out.mkdir(parents=True, exist_ok=True)
        bar = ProgressBar(len(todo), file=sys.stderr)
        step = max(args.batch_size, 1)
        for start in range(0, len(todo), step):
            batch = todo[start:start + step]
            failed += paint(inpainter, batch, args)
            bar.update(len(batch))
        print(file=sys.stderr)
    done = len(jobs) - skipped - sum(
        any(name == job[0] for name, _ in failed) for job in todo)
    print(f'{done} inpainted into {out}, {skipped} were there, '
          f'{len(failed)} failed')
    for name, error in failed:
        print(f'tmad: {name.name}: {error}', file=sys.stderr)
    return int(bool(failed))


def check_out(out: Path) -> None:
    """Before the model is loaded: can a picture be written there?"""
    from ..apis.image_files import writable_kind
    if out.is_dir():
        raise ValueError(f'{out} is a directory: give the file to write.')
    writable_kind(out)
    if not out.parent.is_dir():
        raise ValueError(f'{out} cannot be written: {out.parent} is no '
                         'folder; make it first.')


Job = tuple[Path, Path, Path]


def plan(images: Path, masks: Path, out: Path
         ) -> tuple[list[Job], list[tuple[Path, Exception]]]:
    """Image, mask and output of each picture; and those without a mask.

    Lossless kinds stay what they are; of others a PNG is written.
    """
    if not masks.exists():
        raise FileNotFoundError(f'mask {masks} is not there: give a file, or '
                                'a folder.')
    if out.is_file():
        raise ValueError(f'{out} is a file: give a folder.')
    found: dict[str, Path] = {}
    if masks.is_dir():
        found = {path.stem: path for path in sorted(masks.iterdir())
                 if path.is_file()}
    jobs, failed, taken = [], [], set()
    for path in sorted(images.iterdir()):
        if not path.is_file() or path.name.startswith('.'):
            continue
        mask = found.get(path.stem) if masks.is_dir() else masks
        suffix = path.suffix if path.suffix.lower() in LOSSLESS else '.png'
        target = out / (path.stem + suffix)
        if mask is None:
            failed.append((path, ValueError(
                f'no mask in {masks} has the name {path.stem}: add one.')))
        elif not taken.isdisjoint(
                names := {target, coarse_name(target), steps_name(target)}):
            failed.append((path, ValueError(
                f'{target} or what is written beside it is already the '
                'output of another picture: rename one.')))
        else:
            taken |= names
            jobs.append((path, mask, target))
    if not jobs and not failed:
        raise ValueError(f'{images} holds no file: give a folder of '
                         'pictures.')
    return jobs, failed


def paint(inpainter, jobs: list[Job], args: argparse.Namespace
          ) -> list[tuple[Path, Exception]]:
    """Paint and write; what failed, and why. The others are done."""
    from ..apis.masks import check_hole, read_mask
    from ..apis.picture import Picture
    failed, ready = [], []
    for image, mask, out in jobs:
        try:
            picture = Picture.of(image)
            hole = read_mask(mask, args.mask_threshold, args.invert_mask,
                             args.dilate)
            check_hole(hole, *picture.size)
            ready.append((image, out, picture, hole))
        except (OSError, ValueError) as error:
            failed.append((image, error))
    try:
        results = inpainter.fill([x[2] for x in ready], [x[3] for x in ready],
                                 args.feather, args.batch_size,
                                 args.save_coarse or args.side_by_side)
    except (ValueError, RuntimeError) as error:
        if len(jobs) == 1:
            return [(jobs[0][0], error)]
        return [x for job in jobs for x in paint(inpainter, [job], args)]
    for (image, out, picture, hole), (result, coarse) in zip(ready, results):
        try:
            if args.save_coarse:
                coarse.save(coarse_name(out))
            if args.side_by_side:
                side_by_side(picture, hole, coarse, result).save(
                    steps_name(out))
            result.save(out)  # last: what is there is finished
        except (OSError, ValueError) as error:
            failed.append((image, error))
    return failed


def coarse_name(out: Path) -> Path:
    return out.with_name(f'{out.stem}_coarse{out.suffix}')


def steps_name(out: Path) -> Path:
    return out.with_name(f'{out.stem}_steps.png')


def side_by_side(picture, hole, coarse, result):
    """Masked, coarse and result in one 8-bit RGB picture."""
    import numpy as np

    from ..apis.picture import Picture
    masked = np.where(hole[..., None], 127.5, picture.rgb)
    row = np.concatenate([masked, coarse.rgb, result.rgb], 1)
    return Picture(row.round().astype(np.uint8), 'RGB')
