"""Many pictures by several processes, each with a model and a thread of its
own."""
import argparse
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple, Optional

from .memory import available

MODEL = 500 << 20  # bytes of a worker: torch and a model
PIXEL = 70  # bytes of a pixel that is painted
LOOKED_AT = 200  # pictures, to know how large they are


class Worker(NamedTuple):
    """A process, the way to it, and which of them it is: 0, 1, ..."""
    process: Any
    pipe: Connection
    place: int


def paint_by_workers(jobs: Sequence, step: int, args: argparse.Namespace,
                     said: list) -> Iterator[tuple[int, list]]:
    """Start workers that paint batches of jobs, each the next one that there
    is when it becomes free.

    A worker that dies is replaced; what it was painting has failed.

    Args:
        jobs (Sequence[Job]): What is to be painted.
        step (int): How many are a batch.
        args (argparse.Namespace): Of the command.
        said (list): Takes warnings, each with its picture.

    Returns:
        Iterator: How many jobs are done, and those of them that failed, and
        why. It must be read to its end, or closed.

    Raises:
        ValueError: For a number of workers that is none, or that the memory
            does not hold, and for what no worker can load.
    """
    count = len(args.device) if args.workers is None else args.workers
    check_workers(count, jobs, args.device)
    crew = Crew(args, jobs, step)
    try:
        for place in range(min(count, -(-len(jobs) // step))):
            crew.start(place)
        crew.wait_until_ready()
    except BaseException:
        crew.end()
        raise
    return _painted(crew, said)


def _painted(crew: 'Crew', said: list) -> Iterator[tuple[int, list]]:
    warned: dict[int, list] = {}
    why = ''
    before = signal.signal(signal.SIGTERM, _end)
    try:
        for pipe in list(crew.workers):
            crew.give(pipe)
        while crew.workers:
            for heard in wait(list(crew.workers)):
                worker, number = crew.workers.pop(heard)  # type: ignore
                batch = [] if number is None else crew.batch(number)
                try:
                    kind, *what = worker.pipe.recv()
                except (EOFError, OSError):
                    worker.process.join()
                    kind, what = 'dead', [ended(worker)]
                if kind in ('ready', 'done'):
                    crew.workers[worker.pipe] = worker, None
                    crew.give(worker.pipe)
                if kind == 'done':
                    if what[1]:
                        warned[number or 0] = what[1]
                    yield len(batch), [
                        (path, ValueError(text)) for path, text in what[0]]
                elif batch:
                    if crew.given < len(crew.jobs):
                        crew.start(worker.place)
                    yield len(batch), without(
                        batch, f'its worker {what[0]} while it was painted; '
                        'the same command tries again.')
                elif kind != 'ready':  # the next one would not start either
                    why = ('the last ' * (kind == 'dead')) + what[0]
        for job in crew.jobs[crew.given:]:
            yield 1, without(
                [job], f'no worker was left to paint it: {why}')
    finally:
        crew.end()
        signal.signal(signal.SIGTERM, before)
        for number in sorted(warned):
            said += [x for x in warned[number] if x not in said]


def without(jobs: list, why: str) -> list[tuple[Path, Exception]]:
    return [(job.image, ValueError(why)) for job in jobs]


class Crew:
    """Workers, by the ways to them, each with the first number of the jobs
    that it paints, or None.

    Args:
        args (argparse.Namespace): Of the command.
        jobs (Sequence[Job]): What there is to paint.
        step (int): How many a worker gets at a time.
    """

    def __init__(self, args: argparse.Namespace, jobs: Sequence,
                 step: int) -> None:
        self.args = args
        self.jobs = jobs
        self.step = step
        self.given = 0
        self.workers: dict[Connection, tuple[Worker, Optional[int]]] = {}

    def batch(self, number: int) -> list:
        return list(self.jobs[number:number + self.step])

    def start(self, place: int) -> None:
        worker = started(self.args, place)
        self.workers[worker.pipe] = worker, None

    def wait_until_ready(self) -> None:
        """Raises ValueError for what a worker cannot load, and if one dies
        before it painted anything."""
        for worker, _ in self.workers.values():
            try:
                kind, *what = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join()
                raise ValueError(
                    f'a worker {ended(worker)} before it painted anything: '
                    'try with less --workers.') from None
            if kind == 'failed':
                raise ValueError(what[0])

    def give(self, pipe: Connection) -> None:
        """Give a worker the next batch, or let it go."""
        worker, _ = self.workers[pipe]
        if self.given >= len(self.jobs):
            pipe.close()
            worker.process.join()
            del self.workers[pipe]
            return
        self.workers[pipe] = worker, self.given
        with suppress(OSError):  # it is dead, and will be seen
            pipe.send(self.batch(self.given))
        self.given += self.step

    def end(self) -> None:
        for worker, _ in self.workers.values():
            worker.process.terminate()
        for worker, _ in self.workers.values():
            worker.process.join()


def _end(number: int, _: Any) -> None:
    raise SystemExit(128 + number)


def ended(worker: Worker) -> str:
    code = worker.process.exitcode
    return (f'was killed (signal {-code}; the memory may not have been '
            'enough)' if code is not None and code < 0 else
            f'ended (exit status {code})')


def started(args: argparse.Namespace, place: int) -> Worker:
    """Start a worker: a new process, as a forked one has no threads of
    torch's."""
    context = multiprocessing.get_context('spawn')
    ours, its = context.Pipe()
    process = context.Process(target=work, args=(its, args, place),
                              daemon=True)
    # Ctrl-C reaches all processes: the first one ends the others
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, before)
    its.close()
    return Worker(process, ours, place)


def work(pipe: Connection, args: argparse.Namespace, place: int) -> None:
    """Load the model, and paint what comes until nothing more comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)  # so that no part of a file is left
    import torch

    from ..files.error_text import reason
    from .model_options import load
    from .painting import paint
    torch.set_num_threads(1)
    try:
        inpainter = load(args, place)
    except Exception as error:
        pipe.send(('failed', reason(error)))
        return
    pipe.send(('ready',))
    try:
        while True:
            batch, said = pipe.recv(), []  # type: ignore[var-annotated]
            failed = paint(inpainter, batch, args, said)
            pipe.send(('done', [(path, reason(error))
                                for path, error in failed], said))
    except (EOFError, BrokenPipeError):  # nothing more, or nobody there
        return


def check_workers(count: int, jobs: Sequence,
                  devices: list[str]) -> None:
    """Raises ValueError for a number of workers that is none, or for which
    the memory is not enough."""
    if count < 1:
        raise ValueError(f'--workers {count}: expected 1 or more.')
    memory = available()
    if memory is None or any(x != 'cpu' for x in devices):
        return
    each = MODEL + PIXEL * largest(jobs)
    fit = max(memory // each, 1)
    if count > fit:
        raise ValueError(
            f'--workers {count} need about {count * each >> 20} MiB, each '
            f'{each >> 20} MiB for pictures of this size, and '
            f'{memory >> 20} MiB are free: --workers {fit} fit.')


def largest(jobs: Sequence) -> int:
    """Return the pixels of the largest picture; of many jobs some are looked
    at, evenly."""
    from PIL import Image
    pixels = 0
    for job in jobs[::max(len(jobs) // LOOKED_AT, 1)]:
        try:
            with Image.open(job.image) as image:
                pixels = max(pixels, image.width * image.height)
        except Exception:  # of a broken file; whoever reads it says so
            continue
    return pixels
