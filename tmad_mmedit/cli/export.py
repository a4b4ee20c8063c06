"""``tmad export``: of a training checkpoint, what inference needs."""
import argparse


def add_to(commands) -> None:
    command = commands.add_parser(
        'export', help='keep the weights that inference needs, no code')
    command.add_argument('checkpoint', help='of a training that you trust: '
                         'code pickled in it runs')
    command.add_argument('-o', '--out', required=True,
                         help='what to write: NAME.safetensors, or NAME.pth '
                         'for programs that know no other')
    command.add_argument('--half', action='store_true',
                         help='store half precision')
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    from ..checkpoints import export_weights
    export_weights(args.checkpoint, args.out, args.half)
    print(f'exported {args.checkpoint} into {args.out}')
