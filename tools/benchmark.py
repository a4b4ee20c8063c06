"""Times T-MAD and MMEditing's inpaintors, with the same inputs, in one run.

    python tools/benchmark.py -o work_dirs/benchmark
    python tools/benchmark.py configs/tmad_places.py --sizes 256 512 1024 2048
    python tools/benchmark.py configs/tmad_places.py --holes 0.05 0.1 0.2 0.5
    python tools/benchmark.py --train configs/tmad_places.py --sizes 128

Many holes in one picture: tools/benchmark_holes.py.

Weights are random: they do not change the speed. The machine must have nothing
else to do. A hole is a square that touches as many cells as it can; known
pixels are noise. A model that takes longer than `--patience` is only timed,
once, and not with larger pictures.

The parts of a T-MAD are indented. GMAC are multiply-adds, `rate` their share
of what the machine does in a large matrix product; memory is the peak of a
process of its own, and `+` what of it the forward pass added (on a GPU, the
allocator's peak). The columns for GPUs (`--device cuda`, `--half`) were
written on a machine without one and have not run yet.
"""
import argparse
import csv
import multiprocessing
import os
from pathlib import Path

import torch
from measure import (
    MultiplyAdds,
    interleaved,
    measurement,
    peak_memory,
    process_memory,
    product_rate,
)
from subjects import PARTS, build, call_of, half, name_of
from torch.utils.benchmark import timer

from tmad_mmedit.openmmlab.host import HOST, register_all_modules
from tmad_mmedit.openmmlab.trained import TrainedInpaintor

ROOT = Path(__file__).parent.parent
REFERENCE = 'deepfillv2'
CONFIGS = [
    str(ROOT / 'configs/tmad_places.py'),
    f'{HOST}::deepfillv2/deepfillv2_8xb2_places-256x256.py',
    f'{HOST}::deepfillv1/deepfillv1_8xb2_places-256x256.py',
    f'{HOST}::global_local/gl_8xb12_places-256x256.py',
    f'{HOST}::partial_conv/pconv_stage1_8xb12_places-256x256.py',
    f'{HOST}::aot_gan/aot-gan_smpgan_4xb4_places-512x512.py'
]


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        'configs', nargs='*', default=CONFIGS, help='of any inpaintors')
    parser.add_argument(
        '--sizes',
        type=int,
        nargs='+',
        default=[256, 512],
        help="DeepFill's attention takes more than 18 GB at 1024")
    parser.add_argument(
        '--holes',
        type=float,
        nargs='+',
        default=[0.25],
        help='share of the picture (0 to 1), or, above 1, pixels a side')
    parser.add_argument('--batch', type=int, default=1)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--patience', type=float, default=20, metavar='S')
    parser.add_argument(
        '--train',
        action='store_true',
        help='training steps instead, without perceptual losses; not of '
        "every inpaintor, some of MMEditing's want more from their data")
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--half', action='store_true', help='autocast')
    parser.add_argument('--no-memory', action='store_true')
    parser.add_argument('-o', '--out', type=Path, help='for CSV and plots')
    args = parser.parse_args(argv)

    register_all_modules()
    rate = product_rate(args.device, half(args) or torch.float32)
    print(f'torch {torch.__version__}, {torch.get_num_threads()} threads, '
          f'load {os.getloadavg()[0]:.1f}; a matrix product does '
          f'{rate / 1e9:.0f} GMAC/s')
    rows, slow = [], set()
    models = {name_of(config): build(config, args) for config in args.configs}
    for size in args.sizes:
        for hole in args.holes:
            side = int(hole if hole > 1 else size * hole**0.5)
            names = [name for name in models if name not in slow]
            found = measure({name: models[name] for name in names}, size, side,
                            rate, args)
            slow |= {
                row['model']
                for row in found if row['seconds'] > args.patience
            }
            print_table(found)
            rows += found
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        with open(args.out / 'benchmark.csv', 'w', newline='') as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        for axis in ('pixels', 'hole_pixels'):
            plot(rows, axis, args.out / f'{axis}.png')


def measure(models, size, side, rate, args):
    """A row for each model, and for each part of a T-MAD."""
    calls = {n: call_of(m, size, side, args) for n, m in models.items()}
    parts = {
        name: stopwatches(model) for name, model in models.items()
        if isinstance(model, TrainedInpaintor)
    }
    found = interleaved(calls, args.rounds, args.patience)
    rows = []
    for name, model in models.items():
        entries = {name: (model, found[name])}
        for part, watch in parts.get(name, {}).items():
            entries[f'  {part}'] = getattr(model, part), measurement(
                part, watch.per_call(len(found[name].times)))
        patient = max(found[name].times) <= args.patience
        macs = (
            count(model, calls[name], entries)
            if patient and not args.train else {})
        for row_name, (module, took) in entries.items():
            rows.append(
                dict(
                    model=row_name,
                    pixels=size**2,
                    hole_pixels=side**2,
                    seconds=took.median,
                    fastest=min(took.times),
                    slowest=max(took.times),
                    parameters=sum(p.numel() for p in module.parameters()),
                    macs=macs.get(row_name, ''),
                    rate=macs[row_name] / took.median / rate if macs else ''))
        if patient and not args.no_memory:
            config = next(c for c in args.configs if name_of(c) == name)
            with multiprocessing.get_context('spawn').Pool(1) as pool:
                peak, added = pool.apply(memory, (config, size, side, args))
            rows[-len(entries)].update(peak_bytes=peak, added_bytes=added)
    unit = next((r['seconds'] for r in rows if r['model'] == REFERENCE), None)
    for row in rows:
        row.setdefault('peak_bytes', '')
        row.setdefault('added_bytes', '')
        row['faster'] = unit / row['seconds'] if unit else ''
    return rows


class Stopwatch:
    """Of a module: seconds of its calls, summed up by the whole model's."""

    def __init__(self, module):
        self.calls = []
        module.register_forward_pre_hook(self.start)
        module.register_forward_hook(self.stop)

    def start(self, *_):
        self.started = timer()

    def stop(self, *_):
        self.calls.append(timer() - self.started)

    def per_call(self, rounds):
        """The last rounds, so many calls of the module in each."""
        each = len(self.calls) // (rounds + (rounds > 1))
        ends = range(len(self.calls), 0, -each)
        return [sum(self.calls[end - each:end]) for end in ends][:rounds]


def stopwatches(model):
    return {part: Stopwatch(getattr(model, part))
            for part in PARTS if hasattr(model, part)}


def count(model, call, entries):
    """Multiply-adds by row's name."""
    counter, macs = MultiplyAdds(model), dict.fromkeys(entries, 0)
    hooks = []
    for name, (module, _) in entries.items():
        if module is not model:
            before = {}
            hooks += [
                module.register_forward_pre_hook(
                    lambda *_, b=before: b.update(count=counter.count)),
                module.register_forward_hook(
                    lambda *_, b=before, n=name: macs.update(
                        {n: macs[n] + counter.count - b['count']}))
            ]
    with counter:
        call()
    for hook in hooks:
        hook.remove()
    macs[next(iter(entries))] = counter.count
    return macs


def memory(config, size, side, args):
    """In a process of its own: bytes at the peak, and added by the call."""
    register_all_modules()
    call = call_of(build(config, args), size, side, args)
    before = process_memory('VmRSS') if args.device == 'cpu' else 0
    peak = peak_memory(call, args.device)
    return peak, peak - before


def print_table(rows):
    first = rows[0]
    print(f'\n{first["pixels"]**0.5:.0f} x {first["pixels"]**0.5:.0f} pixels, '
          f'hole {first["hole_pixels"]**0.5:.0f} x '
          f'{first["hole_pixels"]**0.5:.0f}')
    print(f'{"":12}{"median s":>9} {"min .. max":>16} {"x faster":>9} '
          f'{"M param":>8} {"GMAC":>8} {"rate":>5} {"peak MiB":>9} {"+":>6}')
    for row in rows:
        spread = f'{row["fastest"]:.3f} .. {row["slowest"]:.3f}'
        cells = [
            f'{row[key] / unit:.{digits}f}' if row[key] != '' else ''
            for key, unit, digits in (('faster', 1, 2), ('parameters', 1e6, 2),
                                      ('macs', 1e9, 1), ('rate', 1, 2),
                                      ('peak_bytes', 2**20, 0),
                                      ('added_bytes', 2**20, 0))
        ]
        print(f'{row["model"]:12}{row["seconds"]:9.3f} {spread:>16} '
              f'{cells[0]:>9} {cells[1]:>8} {cells[2]:>8} {cells[3]:>5} '
              f'{cells[4]:>9} {cells[5]:>6}')


def plot(rows, axis, path):
    """Seconds against pixels of the picture or of the hole."""
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots()
    for name in dict.fromkeys(row['model'] for row in rows):
        own = [row for row in rows if row['model'] == name]
        axes.plot([row[axis] for row in own], [row['seconds'] for row in own],
                  'o-', label=name.strip())
    axes.set(xlabel=axis.replace('_', ' '), ylabel='seconds')
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


if __name__ == '__main__':
    main()
