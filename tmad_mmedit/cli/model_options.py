"""What every command that runs the model is told."""
import argparse
import re
from typing import Any

DEVICE = re.compile(r'(cpu|cuda|mps|xpu)(:[0-9]+)?')


def add_model_options(command: argparse.ArgumentParser,
                      seed: bool = True,
                      devices: bool = False) -> None:
    command.add_argument('--checkpoint', metavar='MODEL',
                         help='a model file, or the name of a shipped one; '
                         'with --config, the weights of its training '
                         '(default: what ships)')
    command.add_argument('--config',
                         help='of a model that is no model file: a file, or a '
                         'name of `tmad configs`; needs the plug. A config is '
                         'Python and runs: take it from who you trust')
    command.add_argument('--coarse-checkpoint',
                         help='a file with the weights of the coarse stage, '
                         'for configs that name a URL')
    command.add_argument('--trust-checkpoint', action='store_true',
                         help='let code pickled in the checkpoints run')
    if devices:
        command.add_argument('--device', default=['cpu'], type=listed,
                             help='cpu, cuda, ...; for many pictures several, '
                             'such as cuda:0 cuda:1')
    else:
        command.add_argument('--device', default='cpu',
                             help='cpu, cuda, ...')
    if not seed:  # it is told later
        return
    command.add_argument('--seed', type=int,
                         help='of the texture memory, for methods that draw '
                         '(default: as the model has it, 0)')


def listed(text: str) -> list[str]:
    return [x for x in text.split(',') if x]


def devices_joined(argv: list[str]) -> list[str]:
    """Let several devices follow ``--device``, and no picture be one.

    >>> devices_joined(['--device', 'cuda:0', 'cuda:1', 'a.jpg'])
    ['--device', 'cuda:0,cuda:1', 'a.jpg']
    """
    joined: list[str] = []
    for word in argv:
        if len(joined) > 1 and joined[-2] == '--device' and DEVICE.fullmatch(
                word):
            joined[-1] += f',{word}'
        else:
            joined.append(word)
    return joined


def load(args: argparse.Namespace, number: int = 0) -> Any:
    """Return the :class:`Inpainter` that the options name; of several
    devices, on that of the number."""
    from ..inpainter import Inpainter
    device = args.device
    if not isinstance(device, str):
        device = device[number % len(device)]
    return Inpainter(config_of(args), args.checkpoint, device,
                     args.trust_checkpoint)


def config_of(args: argparse.Namespace) -> Any:
    """Return the config that the options name, None if they name none.

    Raises:
        ValueError: If there is a coarse checkpoint without a config.
    """
    from ..checkpoints import read_weights
    from ..plug import plugged
    if args.config is None:
        if args.coarse_checkpoint:
            raise ValueError('--coarse-checkpoint came without --config: it '
                             'is for configs whose coarse stage has weights '
                             'of its own; give the config.')
        return None
    config = plugged('read_config', '--config')(args.config)
    if args.coarse_checkpoint:
        # the model's own reader runs what is pickled
        read_weights(args.coarse_checkpoint, args.trust_checkpoint)
        config.merge_from_dict(
            {'model.coarse_cfg.checkpoint': args.coarse_checkpoint})
    return config
