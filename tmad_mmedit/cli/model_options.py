"""What every command that runs the model is told."""
import argparse


def add_model_options(command: argparse.ArgumentParser,
                      seed: bool = True) -> None:
    command.add_argument('--config',
                         help='a file, or a name of `tmad configs` (default: '
                         'the one whose weights are shipped). A config is '
                         'Python and runs: take it from who you trust')
    command.add_argument('--checkpoint',
                         help='its weights (default: those that are shipped)')
    command.add_argument('--coarse-checkpoint',
                         help='a file with the weights of the coarse stage, '
                         'for configs that name a URL')
    command.add_argument('--trust-checkpoint', action='store_true',
                         help='let code pickled in the checkpoints run')
    command.add_argument('--device', default='cpu', help='cpu, cuda, ...')
    if not seed:  # it is told later
        return
    command.add_argument('--seed', type=int, default=0,
                         help='of the texture memory (default 0)')


def load(args: argparse.Namespace, overlap: bool = False):
    """The :class:`Inpainter` that the options name."""
    from ..apis import Inpainter
    return Inpainter(config_of(args), args.checkpoint, args.device, args.seed,
                     overlap, args.trust_checkpoint)


def config_of(args: argparse.Namespace):
    """The config that the options name."""
    from ..checkpoints import read_weights
    from ..openmmlab.configs import DEFAULT, read_config
    config = read_config(args.config or DEFAULT)
    if args.coarse_checkpoint:
        # the model's own reader runs what is pickled
        read_weights(args.coarse_checkpoint, args.trust_checkpoint)
        config.merge_from_dict(
            {'model.coarse_cfg.checkpoint': args.coarse_checkpoint})
    return config
