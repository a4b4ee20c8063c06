"""Times a folder of pictures: `tmad inpaint` with one worker, with several,
and in one process, in one run.

    python tools/benchmark_folder.py
    python tools/benchmark_folder.py --pictures 40 --workers 1 2 4 --pin

Pictures are parts of the demonstration photographs, each with a hole of a
fifth of its area. The machine must have as many idle cores as there are
workers. Seconds are of the whole command, start and models included; CPU
seconds are of it and its processes. The results of all rows are compared, bit
for bit.
"""
import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

ROOT = Path(__file__).parent.parent
PHOTOS = sorted((ROOT / 'demo/photos').glob('*.jpg'))


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--pictures', type=int, default=200)
    parser.add_argument('--side', type=int, default=256, help='of a picture')
    parser.add_argument('--workers', type=int, nargs='+', default=[0, 1, 2],
                        help='0: without --workers, by one thread')
    parser.add_argument('--pin', action='store_true',
                        help='so many cores as workers, from the first on')
    parser.add_argument('--options', nargs=argparse.REMAINDER, default=[],
                        help='of `tmad inpaint`, the last')
    args = parser.parse_args(argv)

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_pictures(place, args.pictures, args.side)
        print(f'{args.pictures} pictures of {args.side} x {args.side}, load '
              f'{os.getloadavg()[0]:.1f}')
        print(f'{"workers":>8} {"seconds":>8} {"CPU s":>8} {"a picture":>10} '
              f'{"x as fast":>10} {"MiB":>6}  results')
        first = None
        for count in dict.fromkeys(args.workers):
            seconds, cpu, peak = timed(place, count, args)
            found = {x.name: x.read_bytes()
                     for x in (place / f'{count}').iterdir()}
            first = first or (seconds, found)
            same = 'the same' if found == first[1] else 'OTHERS'
            print(f'{count or "none":>8} {seconds:8.1f} {cpu:8.1f} '
                  f'{seconds / args.pictures:10.3f} '
                  f'{first[0] / seconds:10.2f} {peak >> 10:6}  '
                  f'{len(found)}, {same}', flush=True)


def write_pictures(place, count, side):
    """Parts of photographs, and their masks."""
    rng = np.random.default_rng(0)
    for name in ('photos', 'masks'):
        (place / name).mkdir()
    for i in range(count):
        with Image.open(PHOTOS[i % len(PHOTOS)]) as image:
            photo = image.convert('RGB')
        scale = max(side / x for x in photo.size)
        if scale > 1:
            photo = photo.resize([max(round(scale * x), side)
                                  for x in photo.size])
        x, y = (int(rng.integers(0, n - side + 1)) for n in photo.size)
        photo.crop((x, y, x + side, y + side)).save(
            place / f'photos/{i:03}.png')
        mask, hole = np.zeros((side, side), np.uint8), round(side * .2**.5)
        y, x = rng.integers(0, side - hole + 1, 2)
        mask[y:y + hole, x:x + hole] = 255
        Image.fromarray(mask).save(place / f'masks/{i:03}.png')


def timed(place, count, args):
    """Seconds of the command, CPU seconds, KiB of its largest process."""
    command = [sys.executable, '-m', 'tmad_mmedit', 'inpaint',
               f'{place}/photos', f'{place}/masks', '-o', f'{place}/{count}',
               *(['--workers', f'{count}'] if count else []), *args.options]
    if args.pin:
        command = ['taskset', '-c', f'0-{max(count, 1) - 1}', *command]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = perf_counter()
    subprocess.run(command, check=True, cwd=ROOT,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, 'OMP_NUM_THREADS': '1'})
    seconds = perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, (after.ru_utime + after.ru_stime - before.ru_utime -
                     before.ru_stime), after.ru_maxrss


if __name__ == '__main__':
    main()
