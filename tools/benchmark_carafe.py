"""Times CARAFE's reassembly against two others, in one run.

    python tools/benchmark_carafe.py    # 64 channels, 128 to 256 pixels
    python tools/benchmark_carafe.py --batch 8 --size 64
    python tools/benchmark_carafe.py --network --batch 8    # a training step

`unfold + nearest` is CARAFE written with torch's own operators: k x k windows,
enlarged, times the masks. `nearest` is what CARAFE replaces; it multiplies
nothing. `bandwidth` copies as many bytes as CARAFE must read and write:
nothing can be faster. Each gets the memory layout it prefers. The rounds are
interleaved, so that what else the machine does hits all alike; still, leave it
alone meanwhile.
"""
import argparse
import os

import torch
import torch.nn.functional as F
from measure import interleaved
from torch import nn

from tmad_mmedit.models import TMADCoarseNet
from tmad_mmedit.models.ops.carafe import CARAFEPack, carafe

KERNEL, SCALE = 5, 2


def main(argv=None):
    parser = argparse.ArgumentParser(description='How fast is CARAFE?')
    parser.add_argument('--channels', type=int, default=64)
    parser.add_argument(
        '--size',
        type=int,
        default=128,
        help='input pixels a side, of the operator or of the network')
    parser.add_argument('--batch', type=int, default=1)
    parser.add_argument('--rounds', type=int, default=15)
    parser.add_argument(
        '--network',
        action='store_true',
        help='time training steps of the coarse network instead')
    args = parser.parse_args(argv)

    print(f'torch {torch.__version__}, {torch.get_num_threads()} threads, '
          f'load average {os.getloadavg()[0]:.1f} before the run')
    torch.manual_seed(0)
    tables = network(args) if args.network else operators(args)
    for title, calls, reference in tables:
        report(title, interleaved(calls, args.rounds), reference)


def operators(args):
    """Forward alone, then with both gradients."""
    shape = args.batch, args.channels, args.size, args.size
    features = torch.randn(shape)
    masks = torch.randn(args.batch, KERNEL**2, SCALE * args.size,
                        SCALE * args.size).softmax(1)
    upsamplers = {
        'unfold + nearest': unfold_and_nearest,
        'carafe': lambda x, w: carafe(x, w, KERNEL, 1, SCALE),
        'nearest': lambda x, w: F.interpolate(x, scale_factor=SCALE),
    }
    last = torch.channels_last
    inputs = {
        name: (features, masks) if name != 'carafe' else
        (features.contiguous(memory_format=last),
         masks.contiguous(memory_format=last))
        for name in upsamplers
    }
    ours, theirs = (upsamplers[name](*inputs[name])
                    for name in ('carafe', 'unfold + nearest'))
    print(f'{shape} to {tuple(ours.shape)}, largest difference from unfold + '
          f'nearest {(ours - theirs).abs().max():.1e}')
    upstream = torch.randn_like(theirs)
    # read and written once each: half of them is what a copy reads
    moved = torch.empty((features.numel() + masks.numel() + ours.numel()) // 2)
    copied = torch.empty_like(moved)
    inputs['bandwidth'] = moved, copied

    def forward(name):
        with torch.no_grad():
            if name == 'bandwidth':
                copied.copy_(moved)
            else:
                upsamplers[name](*inputs[name])

    def forward_backward(name):
        x, w = (tensor.detach().requires_grad_() for tensor in inputs[name])
        upsamplers[name](x, w).backward(upstream)

    for title, run, names in (('forward', forward, inputs),
                              ('forward + backward', forward_backward,
                               upsamplers)):
        yield title, {
            name: lambda n=name, r=run: r(n)
            for name in names
        }, 'carafe'


def network(args):
    """A step without the optimizer: forward, L1 loss, backward."""
    images = torch.randn(args.batch, 4, args.size, args.size)

    def step(net):
        net.zero_grad()
        net(images).abs().mean().backward()

    networks = {
        'carafe': TMADCoarseNet(),
        'nearest': without_carafe(TMADCoarseNet())
    }
    yield 'training step', {
        name: lambda n=net: step(n)
        for name, net in networks.items()
    }, 'nearest'


def without_carafe(net):
    for block in net.up:
        block[0] = nn.Upsample(scale_factor=SCALE, mode='nearest')
    assert not any(isinstance(module, CARAFEPack) for module in net.modules())
    return net


def unfold_and_nearest(features, masks):
    n, c, h, w = features.shape
    windows = F.unfold(features, KERNEL,
                       padding=KERNEL // 2).view(n, c * KERNEL**2, h, w)
    windows = F.interpolate(windows, scale_factor=SCALE, mode='nearest')
    return (windows.view(n, c, KERNEL**2, SCALE * h, SCALE * w) *
            masks[:, None]).sum(2)


def report(title, found, reference):
    """Prints medians, the range they come from and ratios of medians."""
    unit = found[reference].median
    print(f'\n{title:20} {"median":>10} {"min .. max":>21} '
          f'{"x " + reference:>12}')
    for name, took in found.items():
        spread = f'{min(took.times) * 1e3:.1f} .. {max(took.times) * 1e3:.1f}'
        print(f'{name:20} {took.median * 1e3:7.1f} ms {spread:>18} ms '
              f'{took.median / unit:12.2f}')


if __name__ == '__main__':
    main()
