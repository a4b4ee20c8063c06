"""Trains weights that ship: on one core of a CPU, if there is no more.

    export OMP_NUM_THREADS=1
    python tools/train_shipped.py recipes/1_coarse --photos PHOTOS --work-dir
        work_dirs/1_coarse
    python tools/train_shipped.py recipes/4_psnet --photos PHOTOS --val VAL
        --work-dir work_dirs/4_psnet

The config's networks, losses, crops and holes, by the model's own train_step;
what `mim train` has beside it is left out. Photographs are decoded once and
stay in memory. The same command again goes on where the last one was killed,
a minute back at most: all draws depend on the seed and the iteration only.

In WORK_DIR: `latest.pth`, to resume; `vis_data/scalars.json`, which `tmad
curves WORK_DIR -o curves.png` draws; `weights.safetensors`, the average of the
weights, half precision, what inference needs; with --val a sheet of pictures.
"""
import argparse
import math
import random
import time
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from in_training import Log, Validation
from mmengine.config import Config, DictAction
from mmengine.dataset import pseudo_collate
from mmengine.logging import MessageHub, MMLogger
from mmengine.registry import DATASETS, OPTIM_WRAPPER_CONSTRUCTORS
from training_config import configured

from tmad_mmedit.checkpoints import TRAINING_ONLY, read_weights, write_weights
from tmad_mmedit.files.atomic import replacing
from tmad_mmedit.load import BEFORE, NOW
from tmad_mmedit.openmmlab.host import build, register_all_modules

# it would tell how each weight begins
MMLogger.get_current_instance().setLevel('ERROR')


def read_args(argv=None):
    parser = argparse.ArgumentParser(
        description='Train weights that ship; see the top of this file.')
    add = parser.add_argument
    add('config', help='a file, or the name of a shipped config')
    add('--photos', required=True, help='folder to train on')
    add('--work-dir', required=True, type=Path)
    add('--val', help='folder to validate on')
    add('--val-count', type=int, default=48, help='of its photographs')
    add('--val-interval', type=int, default=500, help='in iterations')
    add('--iters', type=int, help='in place of the config\'s')
    add('--batch', type=int, help='in place of the config\'s')
    add('--size', type=int, help='of crops; the holes with it')
    add('--lr', type=float, help='the highest, of the generator; that of '
        'discriminators in proportion')
    add('--warm-up', type=int, default=200, help='iterations, before the '
        'learning rate falls by a cosine')
    add('--init', help='weights to begin with; those that are not in it are '
        'random (the config\'s load_from)')
    add('--seed', type=int, default=0)
    add('--save-every', type=float, default=60, help='seconds')
    add('--single', action='store_true', help='no bfloat16')
    add('--set', nargs='+', action=DictAction, default={}, metavar='KEY=VALUE',
        help='other changes of the config')
    return parser.parse_args(argv)


class Batches:
    """The photographs' crops with their holes, by the iteration alone."""

    def __init__(self, dataset: dict, size: int, seed: int) -> None:
        self.dataset = DATASETS.build(dataset)
        self.size, self.seed = size, seed

    def __getitem__(self, iteration: int) -> dict:
        """Photographs in an order of their own in each epoch. What is drawn
        from a global state is seeded, here and for the training step."""
        seed_all(self.seed, iteration)
        start, count = iteration * self.size, len(self.dataset)
        return pseudo_collate([
            self.dataset[self._order(place // count)[place % count]]
            for place in range(start, start + self.size)])

    def _order(self, epoch: int) -> np.ndarray:
        return np.random.default_rng([self.seed, epoch]).permutation(
            len(self.dataset))


def seed_all(seed: int, iteration: int) -> None:
    mixed = np.random.SeedSequence([seed, iteration]).generate_state(1).item()
    random.seed(mixed)
    np.random.seed(mixed)
    torch.manual_seed(mixed)


class Training:
    """All that has a state: model, average of its weights, optimizers."""

    def __init__(self, cfg: Config, args) -> None:
        seed_all(args.seed, 0)
        device = 'cuda' if torch.cuda.is_available() else 'cpu'
        self.model = build(cfg.model)
        self.model.init_weights()
        init = args.init or cfg.get('load_from')
        if init:
            given = {
                BEFORE + key[len(NOW):] if key.startswith(NOW) else key: x
                for key, x in read_weights(init, trust=True).items()}
            self.model.load_state_dict({
                key: given.get(key, x)
                for key, x in self.model.state_dict().items()})
        self.model.to(device).train()
        self.average = deepcopy(self.model).eval().requires_grad_(False)
        self.optims = OPTIM_WRAPPER_CONSTRUCTORS.build(dict(
            type=cfg.optim_wrapper.pop('constructor'),
            optim_wrapper_cfg=cfg.optim_wrapper))(self.model)
        self.rates = {name: optim.param_groups[0]['lr']
                      for name, optim in self.optims.items()}
        self.batches = Batches(
            cfg.train_dataloader.dataset, cfg.train_dataloader.batch_size,
            args.seed)
        self.momentum = next(
            (hook.momentum for hook in cfg.get('custom_hooks', [])
             if hook.type == 'EMAHook'), 2e-3)
        self.iters, self.warm_up = cfg.train_cfg.max_iters, args.warm_up
        self.iteration = 0

    def step(self) -> dict:
        """One iteration: losses by name."""
        i = self.iteration
        MessageHub.get_current_instance().update_info('iter', i)
        for name, optim in self.optims.items():
            for group in optim.param_groups:
                group['lr'] = self.rates[name] * slope(
                    i, self.iters, self.warm_up)
        losses = self.model.train_step(self.batches[i], self.optims)
        # at first the average is of what there is
        momentum = max(self.momentum, 1 / (1 + i))
        own, average = (m.state_dict() for m in (self.model, self.average))
        for key, x in average.items():
            if x.is_floating_point():
                x.lerp_(own[key], momentum)
            else:
                x.copy_(own[key])
        self.iteration += 1
        return {name: float(value) for name, value in losses.items()}

    def state_dict(self) -> dict:
        return dict(
            iteration=self.iteration,
            **{name: getattr(self, name).state_dict()
               for name in ('model', 'average', 'optims')})

    def load_state_dict(self, state: dict) -> None:
        self.iteration = state.pop('iteration')
        for name, value in state.items():
            getattr(self, name).load_state_dict(value)


def slope(i: int, iters: int, warm_up: int, least: float = 0.02) -> float:
    """Of the highest learning rate: warm-up, then a cosine."""
    if i < warm_up:
        return (i + 1) / warm_up
    done = (i - warm_up) / max(iters - warm_up, 1)
    return least + (1 - least) * (1 + math.cos(math.pi * min(done, 1))) / 2


def save(training: Training, path: Path) -> None:
    with replacing(path) as part:
        torch.save(training.state_dict(), part)


def export(training: Training, path: Path) -> None:
    write_weights({key: x.half() if x.is_floating_point() else x
                   for key, x in training.average.state_dict().items()
                   if not key.startswith(TRAINING_ONLY)}, path)


def main(argv=None) -> None:
    args = read_args(argv)
    register_all_modules()
    cfg = configured(args)
    training = Training(cfg, args)
    latest = args.work_dir / 'latest.pth'
    if latest.is_file():
        training.load_state_dict(torch.load(latest, map_location='cpu'))
    validation = Validation(cfg, args.val_count) if args.val else None
    log = Log(args.work_dir / 'vis_data/scalars.json', training.iteration)
    start, first, sums = time.time(), training.iteration, {}
    saved = logged = start
    while training.iteration < training.iters:
        for name, value in training.step().items():
            sums.setdefault(name, []).append(value)
        i, now = training.iteration, time.time()
        if now - logged > 10 or i == training.iters:
            means = {name: round(sum(x) / len(x), 5)
                     for name, x in sums.items()}
            each = (now - start) / (i - first)
            left = each * (training.iters - i) / 60
            log(iter=i, time=round(each, 4), **means)
            print(f'{i}/{training.iters}, {each:.2f} s each, {left:.0f} '
                  f'minutes left: {means}', flush=True)
            logged, sums = now, {}
        due = i % args.val_interval == 0 or i == training.iters
        if due:
            export(training, args.work_dir / 'weights.safetensors')
        if due and validation:
            found = validation(training.average, args.work_dir / f'{i}.png')
            log(iter=i, **found)
            print(f'validated: {found}', flush=True)
        if now - saved > args.save_every or due:
            save(training, latest)
            saved = now


if __name__ == '__main__':
    main()
