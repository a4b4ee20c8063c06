"""Checks on a GPU what the tests check on a CPU, and prints a line per check.

    python tools/check_gpu.py
    CUDA_VISIBLE_DEVICES= python tools/check_gpu.py --cpu    # tries the checks

It trains the demo's model, 3 iterations of its coarse stage and 3 of all.
Exit status 1: a check failed, or there is no GPU.
"""
import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

import mmcv.ops
import numpy as np
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from PIL import Image

from tmad_mmedit import Inpainter
from tmad_mmedit.models.ops import carafe as ours
from tmad_mmedit.models.ops.carafe import carafe
from tmad_mmedit.openmmlab.host import DataSample, register_all_modules

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / 'configs/tmad_demo.py'
PHOTO, MASK = (ROOT / f'demo/{name}'
               for name in ('photos/coffee.jpg', 'masks/coffee.png'))
HALF_WAY, ITERATIONS = 3, 6


class Skipped(Exception):
    """Why a check does not apply here."""


def main(argv=None):
    parser = argparse.ArgumentParser(description='Does it run on the GPU?')
    parser.add_argument(
        '--cpu',
        action='store_true',
        help='run the checks on the CPU, to try them where no GPU is')
    on_cpu = parser.parse_args(argv).cpu
    if not on_cpu and not torch.cuda.is_available():
        sys.exit(f'torch {torch.__version__} sees no GPU: run this where '
                 '`nvidia-smi` shows one, or try the checks with --cpu.')
    if on_cpu and torch.cuda.is_available():
        sys.exit('--cpu was given and torch sees a GPU, where MMEngine would '
                 'train: hide it with CUDA_VISIBLE_DEVICES= before python.')
    device = 'cpu' if on_cpu else 'cuda'
    print(f'torch {torch.__version__} on '
          f'{"a CPU" if on_cpu else torch.cuda.get_device_name()}')
    # no TF32, which is ten bits of a number: results are compared with a CPU's
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    register_all_modules()
    with tempfile.TemporaryDirectory() as folder:
        training = Training(Path(folder), device)
        checks = {
            'training': training.single,
            'training, AMP': training.half,
            'two batches a step': training.accumulated,
            'resume': training.resumed,
            'prediction': training.predicted,
            'CARAFE, ours': lambda: carafe_ours(device),
            "CARAFE, mmcv's": lambda: carafe_of_mmcv(device),
            'coherent inpainting': lambda: coherent(device)
        }
        return 1 if sum([report(*check) for check in checks.items()]) else 0


def report(title, check):
    """Run a check and print its line; returns whether it failed."""
    try:
        word, text = 'ok', check()
    except Skipped as reason:
        word, text = 'skipped', reason
    except Exception as error:  # the other checks still tell something
        word, text = 'FAILED', f'{type(error).__name__}: {error}'
    print(f'{title:20} {word:8} {text}', flush=True)
    return word == 'FAILED'


def within(limit, difference):
    assert difference <= limit, f'differs by {difference:.1e}, over {limit}'
    return f'differs by {difference:.1e} (limit {limit})'


def largest(pairs):
    """Largest absolute difference between tensors, wherever they are."""
    return max((a.detach().cpu().double() - b.detach().cpu().double()).abs()
               .max().item() for a, b in pairs)


class Training:
    """Short runs of the demo's training, each in a folder of its own."""

    def __init__(self, folder, device):
        self.folder, self.device = folder, device

    def run(self, name, **optim_wrapper):
        """Train, or go on; returns the runner, its losses and the peak."""
        cfg = Config.fromfile(CONFIG)
        photos = dict(dataset=dict(data_root=str(ROOT / 'demo/photos')))
        work_dir = self.folder / name
        cfg.merge_from_dict(dict(
            work_dir=str(work_dir),
            resume=work_dir.is_dir(),
            experiment_name=name,
            log_level='ERROR',
            model=dict(train_cfg=dict(pretrain_iters=HALF_WAY)),
            train_cfg=dict(max_iters=ITERATIONS, val_interval=ITERATIONS),
            param_scheduler=dict(periods=[HALF_WAY, HALF_WAY]),
            default_hooks=dict(
                logger=dict(interval=1),
                checkpoint=dict(interval=HALF_WAY, save_best=None)),
            optim_wrapper=dict(generator=optim_wrapper, disc=optim_wrapper),
            train_dataloader=photos,
            val_dataloader=photos,
            test_dataloader=photos))
        if self.device == 'cuda':
            torch.cuda.reset_peak_memory_stats()
        runner = Runner.from_cfg(cfg)
        runner.train()
        logs = runner.message_hub.log_scalars
        losses = {key: log.data[0] for key, log in logs.items()
                  if key.startswith('train/loss')}
        assert all(np.isfinite(x).all() for x in losses.values()), losses
        peak = 'not measured on a CPU'
        if self.device == 'cuda':
            peak = f'{torch.cuda.max_memory_allocated() / 2**20:.0f} MiB'
        return runner, losses, f'{ITERATIONS} iterations, peak memory {peak}'

    def checkpoint(self, name):
        return self.folder / name / f'iter_{ITERATIONS}.pth'

    def single(self):
        _, self.losses, text = self.run('single')
        return text

    def half(self):
        if self.device == 'cpu':
            raise Skipped("MMEngine's AmpOptimWrapper refuses a CPU")
        _, losses, text = self.run('half', type='AmpOptimWrapper')
        first, of_single = (x['train/loss_coarse_hole'][0]
                            for x in (losses, self.losses))
        return f'{text}; the first loss {within(2e-2, abs(first - of_single))}'

    def accumulated(self):
        runner, _, text = self.run('accumulated', accumulative_counts=2)
        states = runner.optim_wrapper['generator'].optimizer.state.values()
        steps = max(int(state['step']) for state in states)
        assert steps == ITERATIONS // 2, f'{steps} steps of the optimizer'
        return f'{text}, {steps} steps of the optimizer'

    def resumed(self):
        """From half way to the weights of the run that was not stopped."""
        folder = self.folder / 'resumed'
        folder.mkdir()
        name = f'iter_{HALF_WAY}.pth'
        shutil.copy(self.folder / 'single' / name, folder)
        (folder / 'last_checkpoint').write_text(str(folder / name))
        self.run('resumed')
        whole, resumed = (
            torch.load(self.checkpoint(run), 'cpu', weights_only=False)
            ['state_dict'] for run in ('single', 'resumed'))
        return 'weights: ' + within(
            1e-4, largest((whole[key], resumed[key]) for key in whole))

    def predicted(self):
        """The demo's photograph, values in [-1, 1], here and on a CPU."""
        return within(1e-4, largest([
            [painted(self.checkpoint('single'), device)
             for device in ('cpu', self.device)]]))


def painted(checkpoint, device):
    """The demo's photograph: coarse result and result, (2, 1, 3, H, W)."""
    image, hole = (torch.from_numpy(np.array(Image.open(path)))
                   for path in (PHOTO, MASK))
    mask = (hole > 127).float()[None, None]
    image = (image.permute(2, 0, 1)[None] / 127.5 - 1) * (1 - mask)
    model = Inpainter(CONFIG, checkpoint, device, trust=True).model
    with torch.no_grad():
        return torch.stack(model(
            image.to(device), DataSample(mask=mask.to(device))))


def coherent(device):
    """With the weights that come along: the PSNR of a square hole, here and
    on a CPU. Rounding can tip a choice, and with it a piece of the picture."""
    image = np.array(Image.open(PHOTO))
    mask = np.zeros(image.shape[:2], np.uint8)
    mask[100:164, 180:244] = 255
    psnr = [
        -10 * np.log10(np.square(
            (Inpainter(device=where)(image, mask) / 255. - image / 255.)[
                mask > 0]).mean()) for where in ('cpu', device)
    ]
    return f'{within(0.5, abs(psnr[0] - psnr[1]))} dB, of {psnr[0]:.1f}'


def carafe_ours(device):
    with mock.patch.object(ours, 'cuda_kernel', None):
        return compare_with_double(carafe, device)


def carafe_of_mmcv(device):
    if (device == 'cpu'
            or mmcv.ops.get_compiling_cuda_version() == 'not available'):
        raise Skipped('this mmcv was compiled without CUDA kernels')
    return compare_with_double(mmcv.ops.carafe, device)


def compare_with_double(operator, device):
    """Values and gradients against ours in double precision on a CPU."""
    worst = {torch.float32: (1e-5, 0.), torch.float16: (2e-2, 0.)}
    for N, C, H, W in ((1, 8, 9, 7), (2, 16, 32, 32), (1, 64, 128, 128)):
        masks = torch.randn(N, 25, 2 * H, 2 * W).softmax(1)
        inputs = (torch.randn(N, C, H, W), masks)
        upstream = torch.randn(N, C, 2 * H, 2 * W)
        for dtype, (limit, difference) in worst.items():
            rounded = [x.to(dtype) for x in (*inputs, upstream)]
            wanted = with_gradients(carafe, *(x.double() for x in rounded))
            got = with_gradients(operator, *(x.to(device) for x in rounded))
            scaled = [(a / b.abs().max(), b / b.abs().max())
                      for a, b in zip((x.cpu().double() for x in got), wanted)]
            worst[dtype] = limit, max(difference, largest(scaled))
    return '; '.join(f'{str(dtype)[6:]} {within(*pair)}'
                     for dtype, pair in worst.items())


def with_gradients(operator, features, masks, upstream):
    """Values, and gradients of both inputs."""
    inputs = [x.requires_grad_() for x in (features, masks)]
    out = operator(*inputs, 5, 1, 2)
    return (out, *torch.autograd.grad(out, inputs, upstream))


if __name__ == '__main__':
    sys.exit(main())
