"""``tmad curves``: a training's losses and metrics, drawn."""
import argparse
from pathlib import Path


def add_to(command: argparse.ArgumentParser) -> None:
    command.add_argument('work_dir', help='of `mim train`')
    command.add_argument('-o', '--out', required=True,
                         help='what to write, such as curves.png')


def run(args: argparse.Namespace) -> None:
    from ...cli.file_options import check_out
    from ...files.atomic import replacing
    from ..evaluation.curves import draw_curves, read_curves
    check_out(Path(args.out))
    curves = read_curves(args.work_dir)
    with replacing(args.out) as part:
        draw_curves(curves, part)
    print(f'drew {len(curves)} curves into {args.out}')
