"""The terminal: one command, ``tmad``."""
import argparse
import sys
from typing import List, Optional


def inpaint(args: argparse.Namespace) -> None:
    """Fill the hole of one picture."""
    from ..apis import Inpainter
    from ..apis.files import write_image
    inpainter = Inpainter(args.config, args.checkpoint, args.device, args.seed,
                          args.overlap)
    write_image(inpainter(args.image, args.mask), args.out)
    print(f'inpainted {args.image} into {args.out}')


def parse(argv: Optional[List[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog='tmad', description='Patch-based image inpainting with T-MAD.')
    commands = parser.add_subparsers(dest='command', required=True)
    command = commands.add_parser(
        'inpaint', help='fill the hole of one picture')
    command.add_argument('image', help='the picture')
    command.add_argument('mask', help='of its size; bright = hole')
    command.add_argument('-o', '--out', required=True, help='what to write')
    command.add_argument('--config', required=True, help='a T-MAD config')
    command.add_argument('--checkpoint', required=True, help='its weights')
    command.add_argument('--device', default='cpu', help='cpu, cuda, ...')
    command.add_argument('--seed', type=int, default=0,
                         help='of the texture memory (default 0)')
    command.add_argument('--overlap', action='store_true',
                         help='blend overlapping patches; 4 times the work')
    command.set_defaults(run=inpaint)
    return parser.parse_args(argv)


def main(argv: Optional[List[str]] = None) -> int:
    """Run the command; one sentence and 1 for what the user can mend."""
    args = parse(argv)
    try:
        args.run(args)
    except (OSError, ValueError, RuntimeError) as error:
        print(f'tmad: {error}', file=sys.stderr)
        return 1
    return 0
