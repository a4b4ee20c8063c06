"""What every command that runs the model is told."""
import argparse
from typing import Any


def add_model_options(command: argparse.ArgumentParser,
                      seed: bool = True) -> None:
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
    command.add_argument('--device', default='cpu', help='cpu, cuda, ...')
    if not seed:  # it is told later
        return
    command.add_argument('--seed', type=int,
                         help='of the texture memory, for methods that draw '
                         '(default: as the model has it, 0)')


def load(args: argparse.Namespace) -> Any:
    """Return the :class:`Inpainter` that the options name."""
    from ..inpainter import Inpainter
    return Inpainter(config_of(args), args.checkpoint, args.device,
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
