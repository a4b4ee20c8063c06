"""Times many holes in one picture: the default model beside OpenCV's Telea, in
one run.

    python tools/benchmark_holes.py
    python tools/benchmark_holes.py --cases dust-300 --longest 0 10

Each call is made once to warm up, then in every round; the table has the
median. CPU seconds are of all threads, and hold where the machine is busy with
something else, where seconds do not. `--longest 0` has networks paint specks,
too.
"""
import argparse
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import cv2
import numpy as np
from PIL import Image

from tmad_mmedit import Inpainter
from tmad_mmedit.models import SpeckSettings

PHOTO = Path(__file__).parent.parent / 'demo/photos/coffee.jpg'
WORDS = 'Lorem ipsum dolor sit amet, consetetur sadipscing elitr'.split()


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--photo', default=PHOTO)
    parser.add_argument('--cases', nargs='+', choices=CASES, default=[*CASES])
    parser.add_argument('--longest', type=int, nargs='+', metavar='PIXELS',
                        default=[SpeckSettings().longest],
                        help='of a hole that is a speck, each in its own row')
    parser.add_argument('--rounds', type=int, default=3)
    args = parser.parse_args(argv)

    photo = Image.open(args.photo).convert('RGB')
    print(f'{"":12} {"holes":>6} {"pixels":>7} {"":12} {"CPU s":>8} '
          f'{"median s":>9} {"min .. max":>16}')
    for name in args.cases:
        size, draw = CASES[name]
        image, hole = np.array(photo.resize(size)), draw(size)
        image[hole] = 255
        count = cv2.connectedComponents(hole.astype(np.uint8))[0] - 1
        calls = calls_of(image, hole, args.longest)
        for row, took in interleaved(calls, args.rounds).items():
            seconds, cpu = zip(*took)
            spread = f'{min(seconds):.3f} .. {max(seconds):.3f}'
            print(f'{name:12} {count:6} {hole.sum():7} {row:12} '
                  f'{median(cpu):8.3f} {median(seconds):9.3f} {spread:>16}',
                  flush=True)


def calls_of(image, hole, longest):
    """What is timed, by the row's name."""
    calls = {}
    for pixels in longest:
        inpainter = Inpainter()
        inpainter.model.specks = SpeckSettings(longest=pixels)
        calls[f'specks <= {pixels}'] = (
            lambda inpainter=inpainter: inpainter(image, hole))
    mask = hole.astype(np.uint8)
    calls['Telea'] = lambda: cv2.inpaint(image, mask, 3, cv2.INPAINT_TELEA)
    return calls


def interleaved(calls, rounds):
    """Seconds and CPU seconds of each call in each round, after one that is
    not counted, so that what else the machine does hits all alike."""
    for call in calls.values():
        call()
    took = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = perf_counter(), process_time()
            call()
            end = perf_counter(), process_time()
            took[name].append([b - a for a, b in zip(start, end)])
    return took


def dust(size, count):
    """Specks of 3 to 9 pixels, some of which touch."""
    rng, hole = np.random.default_rng(0), np.zeros(size[::-1], np.uint8)
    for _ in range(count):
        x, y = (int(rng.integers(0, n)) for n in size)
        radius = int(rng.integers(1, 5))
        down, across = np.mgrid[-radius:radius + 1, -radius:radius + 1]
        for dy, dx in np.argwhere(
                down**2 + across**2 <= radius**2) - radius:
            if 0 <= y + dy < size[1] and 0 <= x + dx < size[0]:
                hole[y + dy, x + dx] = 1
    return hole > 0


def lettering(size):
    """Lines of words from the top to the bottom."""
    hole = np.zeros(size[::-1], np.uint8)
    for i, y in enumerate(range(30, size[1], 36)):
        line = ' '.join(WORDS[(i * 3 + k) % len(WORDS)] for k in range(4))
        cv2.putText(hole, line, (8, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 1, 3)
    return hole > 0


CASES = {
    'dust-300': ((1600, 1200), lambda size: dust(size, 300)),
    'dust-3000': ((1600, 1200), lambda size: dust(size, 3000)),
    'lettering': ((384, 272), lettering),
}

if __name__ == '__main__':
    main()
