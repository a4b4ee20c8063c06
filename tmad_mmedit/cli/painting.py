"""Jobs through an inpainter: read, painted, written."""
import argparse
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def paint(inpainter: Any, jobs: list, args: argparse.Namespace,
          said: list) -> list[tuple[Path, Exception]]:
    """Paint and write; what failed, and why. The others are done.

    Args:
        inpainter (Inpainter): That paints.
        jobs (list[Job]): Painted together.
        args (argparse.Namespace): Of the command.
        said (list): Takes warnings, each with its picture.
    """
    alike: dict[tuple, list] = {}
    for job in jobs:
        several = '/' in job.way
        alike.setdefault((job.way.partition('/')[2], job.image, job.mask)
                         if several else (job.way, ), []).append(job)
    return [x for (way, *of), part in alike.items() for x in (
        variants(inpainter, part, int(way), args, said) if of else
        alone(inpainter, part, way, args, said))]


def variants(inpainter: Any, jobs: list, count: int,
             args: argparse.Namespace,
             said: list) -> list[tuple[Path, Exception]]:
    """Paint those of one picture, of as many as there are to be, and write
    those asked for."""
    wanted = {int(job.way.partition('/')[0]): job for job in jobs}
    try:
        with heard(said, jobs[:1]):
            picture, hole, steer = read(jobs[0], args)
            filled = inpainter.fill_in_ways(
                picture, hole, count, args.feather,
                args.save_coarse or args.side_by_side, args.opaque, steer)
            for number, (way, one) in enumerate(filled, 1):
                if number in wanted:
                    job = wanted.pop(number)
                    write(job, picture, hole, one, args)
                    said.append((job.out, f'way {way}'))
    except Exception as error:
        return [(job.image, error) for job in wanted.values()]
    return []


def alone(inpainter: Any, jobs: list, way: str, args: argparse.Namespace,
          said: list) -> list[tuple[Path, Exception]]:
    """Paint those of one way; see :func:`paint`."""
    failed, ready = [], []
    for job in jobs:
        try:
            with heard(said, [job]):
                ready.append((job, *read(job, args)))
        except Exception as error:  # one file does not stop the others
            failed.append((job.image, error))
    try:
        with heard(said, [x[0] for x in ready]):
            results = inpainter.fill(
                [x[1] for x in ready], [x[2] for x in ready], args.feather,
                args.batch_size, args.save_coarse or args.side_by_side,
                args.seed, args.overlap or None, args.opaque,
                [x[3] for x in ready], way)
    except Exception as error:
        if len(ready) == 1:
            return [*failed, (ready[0][0].image, error)]
        return failed + [x for job, *_ in ready
                         for x in alone(inpainter, [job], way, args, said)]
    for (job, picture, hole, _), filled in zip(ready, results):
        try:
            with heard(said, [job]):
                write(job, picture, hole, filled, args)
        except Exception as error:
            failed.append((job.image, error))
    return failed


@contextmanager
def heard(said: list, jobs: list) -> Iterator[None]:
    """Put what is warned of meanwhile into ``said``, once, with the pictures
    that it may be of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always', UserWarning)
        yield
    name = Path(', '.join(x.image.name for x in jobs))
    lines = [(name, f'warning: {x.message}') for x in caught
             if issubclass(x.category, (UserWarning, RuntimeWarning))]
    said += [line for line in dict.fromkeys(lines) if line not in said]


def read(job: Any, args: argparse.Namespace) -> tuple:
    """Picture and hole of a job, which fit, and what a person says."""
    from ..masks.growing import grown
    from ..masks.reading import check_hole, read_mask
    from ..pictures.picture import Picture
    from ..steering import steer
    picture = Picture.of(job.image)
    hole = read_mask(job.mask, args.mask_threshold, args.invert_mask,
                     alpha=args.mask_alpha, labels=args.mask_labels,
                     colour=args.mask_colour)
    hole = grown(hole, args.close, dilate=args.dilate)
    check_hole(hole, *picture.size)
    return picture, hole, steer(
        hole, **job.said._asdict(), plane=args.plane, picture=picture)


def write(job: Any, picture: Any, hole: Any, filled: Any,
          args: argparse.Namespace) -> None:
    """The result last: what is there is finished."""
    from ..files.plan import coarse_name, steps_name
    out = job.out
    if job.patch:
        filled.result.patch.save(job.patch)
    if args.save_coarse:
        filled.coarse.save(coarse_name(out))
    if args.side_by_side:
        side_by_side(picture, hole, *filled).save(steps_name(out))
    filled.result.save(out)


def side_by_side(picture, hole, result, coarse):
    """Masked, coarse and result in one 8-bit RGB picture."""
    import numpy as np

    from ..pictures.picture import Picture
    masked = np.where(hole[..., None], 127.5, picture.rgb)
    row = np.concatenate([masked, coarse.rgb, result.rgb], 1)
    return Picture(row.round().astype(np.uint8), 'RGB')
