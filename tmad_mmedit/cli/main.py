"""The terminal: one command, ``tmad``."""
import argparse
import sys
from typing import List, Optional

from . import configs, curves, evaluate, export, inpaint, masks, show


def parse(argv: Optional[List[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog='tmad', description='Patch-based image inpainting with T-MAD.')
    commands = parser.add_subparsers(dest='command', required=True)
    for command in (inpaint, show, masks, evaluate, curves, export, configs):
        command.add_to(commands)
    return parser.parse_args(argv)


def main(argv: Optional[List[str]] = None) -> int:
    """Run the command; one sentence and 1 for what the user can mend."""
    args = parse(argv)
    try:
        return args.run(args) or 0
    except (OSError, ValueError, RuntimeError) as error:
        print(f'tmad: {error}', file=sys.stderr)
        return 1
