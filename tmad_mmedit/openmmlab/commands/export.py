"""``tmad export``: of a training checkpoint, what painting needs."""
import argparse


def add_to(command: argparse.ArgumentParser) -> None:
    command.add_argument('checkpoint', help='of a training that you trust: '
                         'code pickled in it runs')
    command.add_argument('-o', '--out', required=True,
                         help='what to write: NAME.safetensors, or NAME.pth '
                         'for programs that know no other')
    command.add_argument('--config', help='that it was trained with; what is '
                         'written is then a model file, which paints without '
                         'a config and without OpenMMLab')
    command.add_argument('--half', action='store_true',
                         help='store half precision')


def run(args: argparse.Namespace) -> None:
    from ..building import export_model
    export_model(args.checkpoint, args.out, args.config, args.half)
    print(f'exported {args.checkpoint} into {args.out}')
