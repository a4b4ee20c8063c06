"""Times what PSNet adds to MMEditing's inpaintors (the paper: 13 % of the
time, on DeepFill), on a CPU, with random weights.

    python tools/benchmark_psnet.py
    python tools/benchmark_psnet.py deepfillv2_psnet_places --rounds 30

An image of 256 x 256, a hole of 128 x 128. The rounds of an inpaintor and of
T-MAD over it are interleaved; still, leave the machine alone meanwhile.
"""
import argparse
from statistics import median

import torch
from measure import interleaved

from tmad_mmedit.openmmlab.configs import read_config, shipped_configs
from tmad_mmedit.openmmlab.host import (
    DataSample,
    build,
    register_all_modules,
)


@torch.no_grad()
def main(argv=None):
    parser = argparse.ArgumentParser(description='What does PSNet add?')
    parser.add_argument('configs', nargs='*', default=[
        name for name in shipped_configs() if name.endswith('_psnet_places')])
    parser.add_argument('--rounds', type=int, default=15)
    args = parser.parse_args(argv)
    register_all_modules()
    torch.manual_seed(0)
    mask = torch.zeros(1, 1, 256, 256)
    mask[..., 64:192, 64:192] = 1
    image = (torch.rand(1, 3, 256, 256) * 2 - 1) * (1 - mask)
    print(f'torch {torch.__version__}, {torch.get_num_threads()} threads\n'
          '| config | alone | with PSNet | added |\n|---|---|---|---|')
    for name in args.configs:
        model = build(read_config(name).model).eval()
        alone, both = interleaved({
            net: lambda net=net: net(image, DataSample(mask=mask))
            for net in (model.coarse.inpaintor, model)
        }, args.rounds).values()
        added = median(y / x - 1 for x, y in zip(alone.times, both.times))
        print(f'| {name} | {alone.median * 1e3:.0f} ms | '
              f'{both.median * 1e3:.0f} ms | {added:.0%} |', flush=True)


if __name__ == '__main__':
    main()
