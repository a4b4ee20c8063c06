"""Trains what is added to thin holes (`RefineThin`), on one core of a CPU.

    export OMP_NUM_THREADS=1
    python tools/train_thin.py --make 600 --photos PHOTOS --pairs PAIRS
    python tools/train_thin.py --make 40 --photos VAL --pairs VAL_PAIRS
    python tools/train_thin.py --pairs PAIRS --val VAL_PAIRS
        --work-dir work_dirs/thin

It needs the plug and `.[perceptual]`. The first two fill photographs with
strokes by the default model, the third learns what these lack; each goes on
where it was stopped. In WORK_DIR: `latest.pth`, to resume, and
`model.safetensors`, the default model with what was learnt, which `tmad
inpaint --checkpoint` paints with.

What is learnt: the features of EfficientNet-Lite0 in the hole, L1, and how
much detail there is around each pixel, so that it does not get softer.
Validation judges by Lite2, which is not trained by.
"""
import argparse
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from thin_pairs import Crops, make_pairs, read_pair, tensors
from torch import Tensor, nn
from torch.nn import functional as F

from tmad_mmedit.checkpoints import write_weights
from tmad_mmedit.files.atomic import replacing
from tmad_mmedit.load import (
    DEFAULT,
    FIELD,
    load_model,
    read_settings,
    settings_text,
    shipped_models,
)
from tmad_mmedit.models import RefineThin
from tmad_mmedit.openmmlab.features import EfficientNetLite
from tmad_mmedit.openmmlab.features.perceptual_distance import (
    perceptual_distance,
)

L1, DETAIL = 1., 2.  # weights, beside the features' 1
WARM_UP, LEAST = 100, 0.02  # iterations; of the rate, at the end


def read_args(argv=None):
    parser = argparse.ArgumentParser(
        description='Train what is added to thin holes; see the top of this '
        'file.')
    add = parser.add_argument
    add('--pairs', required=True, type=Path, help='folder of what is learnt '
        'from')
    add('--make', type=int, help='make so many pairs, and train nothing')
    add('--photos', type=Path, help='folder they are made of')
    add('--work-dir', type=Path)
    add('--val', type=Path, help='folder of pairs to validate on')
    add('--iters', type=int, default=8000)
    add('--batch', type=int, default=16)
    add('--size', type=int, default=72, help='of crops, divisible by 4')
    add('--lr', type=float, default=4e-4)
    add('--init', type=Path, help='weights of a RefineNet to begin with')
    add('--seed', type=int, default=0)
    add('--save-every', type=int, default=400, help='iterations')
    add('--single', action='store_true', help='no bfloat16')
    args = parser.parse_args(argv)
    if args.make is not None and args.photos is None:
        parser.error('--make needs --photos, a folder of photographs.')
    if args.make is None and args.work_dir is None:
        parser.error('training needs --work-dir, a folder for its results.')
    if args.size % 4:
        parser.error(f'--size {args.size}: expected a multiple of 4.')
    return args


class Training:
    """All that has a state."""

    def __init__(self, args) -> None:
        torch.manual_seed(args.seed)
        self.thin = RefineThin()
        if args.init:
            from safetensors.torch import load_file
            self.thin.net.load_state_dict(load_file(args.init))
        self.average = RefineThin().requires_grad_(False).eval()
        self.average.load_state_dict(self.thin.state_dict())
        self.optim = torch.optim.AdamW(
            self.thin.parameters(), args.lr, (0.9, 0.99), weight_decay=1e-4)
        self.features = EfficientNetLite(0)
        self.crops = Crops(args.pairs, args.batch, args.size, args.seed)
        self.args, self.iteration = args, 0

    def step(self) -> dict[str, float]:
        """One iteration: losses by name."""
        i = self.iteration
        for group in self.optim.param_groups:
            group['lr'] = self.args.lr * slope(i, self.args.iters)
        truth, filled, guess, mask = self.crops[i]
        half = nullcontext() if self.args.single else torch.autocast(
            'cpu', torch.bfloat16)
        with half:
            out = filled + self.thin.net(filled, guess, mask).float()
            found = losses(out, truth, mask, self.features)
        self.optim.zero_grad(set_to_none=True)
        sum(found.values()).backward()
        nn.utils.clip_grad_norm_(self.thin.parameters(), 1.)
        self.optim.step()
        with torch.no_grad():
            own = self.thin.state_dict()
            for name, x in self.average.state_dict().items():
                x.lerp_(own[name], max(0.002, 20 / (i + 21)))
        self.iteration += 1
        return {name: float(x) for name, x in found.items()}

    def state_dict(self) -> dict:
        return dict(
            iteration=self.iteration,
            **{name: getattr(self, name).state_dict()
               for name in ('thin', 'average', 'optim')})

    def load_state_dict(self, state: dict) -> None:
        self.iteration = state.pop('iteration')
        for name, value in state.items():
            getattr(self, name).load_state_dict(value)


def slope(i: int, iters: int) -> float:
    """Of the highest learning rate: warm-up, then a cosine."""
    fallen = (1 + torch.tensor(torch.pi * min(i / iters, 1)).cos().item()) / 2
    return min(1, (i + 1) / WARM_UP) * (LEAST + (1 - LEAST) * fallen)


def losses(out: Tensor, truth: Tensor, mask: Tensor,
           features) -> dict[str, Tensor]:
    """Judge what was made of holes.

    Args:
        out, truth (Tensor): (N, 3, H, W) in [-1, 1].
        mask (Tensor): (N, 1, H, W), 1 = hole; not empty.
        features (Callable): See :func:`perceptual_distance`.
    """
    size = mask.sum()
    return dict(
        features=perceptual_distance(
            (out + 1) / 2, (truth + 1) / 2, mask, features).mean(),
        l1=L1 * ((out - truth).abs().mean(1, True) * mask).sum() / size,
        detail=DETAIL * (
            (detail(out) - detail(truth)).abs() * mask).sum() / size)


def detail(x: Tensor) -> Tensor:
    """Return how much grey differs from its surroundings, around each pixel:
    (N, 3, H, W) to (N, 1, H, W)."""
    grey = x.mean(1, True)
    fine = grey - F.avg_pool2d(
        F.pad(grey, (1, 1, 1, 1), mode='replicate'), 3, 1)
    return (F.avg_pool2d(fine.square(), 9, 1, 4) + 1e-5).sqrt()


@torch.no_grad()
def validated(thin: RefineThin, folder: Path) -> dict[str, float]:
    """Compare what is filled and what is refined, pair by pair: means of the
    perceptual distance (Lite2) and the hole's PSNR."""
    features, rows = EfficientNetLite(2), []
    for path in sorted(folder.glob('*.npz')):
        truth, filled, guess, mask = tensors(read_pair(path))
        row = []
        for x in (filled, thin(filled, guess, mask).clamp(-1, 1)):
            row.append(perceptual_distance(
                (x + 1) / 2, (truth + 1) / 2, mask, features).item())
            error = ((x - truth).square().mean(1, True) * mask).sum()
            row.append((10 * (4 * mask.sum() / error).log10()).item())
        rows.append(row)
    names = 'perceptual, filled', 'psnr, filled', 'perceptual', 'psnr'
    means = torch.tensor(rows).mean(0).tolist()
    return {name: round(x, 4) for name, x in zip(names, means)}


def export(training: Training, path: Path) -> None:
    """Write the default model with what was learnt, in half precision."""
    model, thin = load_model(DEFAULT), training.average
    model.thin = thin
    settings = dict(read_settings(shipped_models()[DEFAULT]) or {}, thin=dict(
        widest=thin.widest, fade=thin.fade))
    write_weights({name: x.half().contiguous()
                   for name, x in model.state_dict().items()}, path,
                  {FIELD: settings_text(settings)})


def main(argv=None) -> None:
    args = read_args(argv)
    if args.make is not None:
        make_pairs(args.photos, args.pairs, args.make, args.seed)
        return
    args.work_dir.mkdir(parents=True, exist_ok=True)
    training = Training(args)
    latest = args.work_dir / 'latest.pth'
    if latest.is_file():
        training.load_state_dict(torch.load(latest, map_location='cpu'))
    sums, start = [], time.time()
    while training.iteration < args.iters:
        sums.append(training.step())
        i = training.iteration
        if i % args.save_every and i < args.iters:
            continue
        means = {name: round(sum(x[name] for x in sums) / len(sums), 4)
                 for name in sums[0]}
        each = (time.time() - start) / len(sums)
        with replacing(latest) as part:
            torch.save(training.state_dict(), part)
        export(training, args.work_dir / 'model.safetensors')
        print(f'{i}/{args.iters}, {each:.2f} s each: {means}', flush=True)
        if args.val:
            print(f'validated: {validated(training.average, args.val)}',
                  flush=True)
        sums, start = [], time.time()


if __name__ == '__main__':
    main()
