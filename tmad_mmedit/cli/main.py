"""The terminal: one command, ``tmad``.

What reads the arguments imports neither torch nor MMEditing, so that ``tmad
--help`` answers at once; each command's ``run`` imports what it needs.
"""
import argparse
import sys
from typing import Optional

from ..openmmlab.commands import check, configs, curves, evaluate, masks
from ..version import __version__
from . import export, inpaint, show, web


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='tmad', description='Patch-based image inpainting with T-MAD.')
    parser.add_argument('--version', action='version',
                        version=f'%(prog)s {__version__}')
    commands = parser.add_subparsers(title='commands', metavar='COMMAND')
    for command in (inpaint, show, web, masks, evaluate, check, curves,
                    export, configs):
        command.add_to(commands)
    return parser


def main(argv: Optional[list[str]] = None) -> int:
    """Run the command.

    Returns:
        int: 0; 1 and one sentence for what the user can mend; 130 for Ctrl-C.
    """
    parser = build_parser()
    args = parser.parse_args(argv)
    if 'run' not in args:
        parser.print_help()
        return 0
    try:
        from .. import register
        register()
        return args.run(args) or 0
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        print(f'tmad: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('\ntmad: stopped; what is finished is kept, and the same '
              'command goes on.', file=sys.stderr)
        return 130
