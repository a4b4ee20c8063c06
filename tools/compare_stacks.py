"""Checkpoints written on one stack are read on the other.

    python tools/compare_stacks.py .venv/bin/python .venv-modern/bin/python

Each Python trains the demo's model for a moment. Then each predicts from both
checkpoints, which must agree within 1e-5 of values in [-1, 1], and resumes the
other's training. It takes two minutes.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / 'configs/tmad_demo.py'
HALF_WAY, ITERATIONS, LIMIT = 3, 6, 1e-5
OPTIONS = [
    f'model.train_cfg.pretrain_iters={HALF_WAY}',
    f'train_cfg.max_iters={ITERATIONS}',
    f'train_cfg.val_interval={ITERATIONS}',
    f'param_scheduler.periods=[{HALF_WAY},{HALF_WAY}]',
    f'default_hooks.checkpoint.interval={HALF_WAY}'
]


def main(argv=None):
    parser = argparse.ArgumentParser(
        description='Do two environments read each other\'s checkpoints?')
    parser.add_argument('pythons', nargs='*', metavar='PYTHON')
    parser.add_argument('--predict', nargs=2, metavar=('CHECKPOINT', 'NPY'),
                        help='what it starts in each of the two')
    args = parser.parse_args(argv)
    if args.predict:
        from check_gpu import painted  # what needs a Python with torch
        return np.save(args.predict[1], painted(args.predict[0], 'cpu'))
    if len(args.pythons) != 2 or not all(map(shutil.which, args.pythons)):
        parser.error('give two Pythons, such as .venv/bin/python '
                     '.venv-modern/bin/python')
    with tempfile.TemporaryDirectory() as folder:
        return compare(args.pythons, Path(folder))


def compare(pythons, folder):
    folders = [folder / str(number) for number in (1, 2)]
    for python, work_dir in zip(pythons, folders):
        print(f'{work_dir.name}: {python}: {versions(python)}')
        train(python, work_dir)
    failed = False
    for writer in folders:
        checkpoint, outs = writer / f'iter_{ITERATIONS}.pth', []
        for reader, python in zip(folders, pythons):
            out = reader / f'of_{writer.name}.npy'
            run(python, __file__, '--predict', checkpoint, out)
            outs.append(np.load(out))
        differs = np.abs(outs[0] - outs[1]).max()
        failed |= bool(differs > LIMIT)
        print(f'trained on {writer.name}, predicted on both: differs by '
              f'{differs:.1e} (limit {LIMIT})')
    for writer, python, reader in zip(folders, pythons[::-1], folders[::-1]):
        work_dir = folder / f'{writer.name} on {reader.name}'
        work_dir.mkdir()
        half_way = shutil.copy(writer / f'iter_{HALF_WAY}.pth', work_dir)
        (work_dir / 'last_checkpoint').write_text(half_way)
        train(python, work_dir, '--resume')
        print(f'trained on {writer.name} to iteration {HALF_WAY}, resumed on '
              f'{reader.name} to {ITERATIONS}')
    return int(failed)


def train(python, work_dir, *options):
    host = run(python, '-c', 'from tmad_mmedit.openmmlab.host import HOST; '
               'print(HOST)').split()[-1]
    run(Path(python).with_name('mim'), 'train', host, CONFIG, '--launcher',
        'none', '--gpus', 0, '--work-dir', work_dir, *options,
        '--cfg-options', *OPTIONS)
    assert (work_dir / f'iter_{ITERATIONS}.pth').is_file()


def versions(python):
    code = ('import sys, torch, numpy; print(f"Python {sys.version.split()[0]}'
            ', torch {torch.__version__}, NumPy {numpy.__version__}")')
    return run(python, '-c', code).strip()


def run(*command):
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONPATH=str(ROOT)))
    if done.returncode:
        sys.exit(f'{done.stdout}\n{command[0]} failed, see above.')
    return done.stdout


if __name__ == '__main__':
    sys.exit(main())
