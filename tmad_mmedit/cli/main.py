"""The terminal: one command, ``tmad``.

What reads the arguments imports neither torch nor OpenMMLab, so that ``tmad
--help`` answers at once; each command's ``run`` imports what it needs.
"""
import argparse
import sys
from typing import Optional

from ..plug import plugged
from ..version import __version__
from . import inpaint, krita, show, web
from .model_options import devices_joined

# Commands of the plug, which is imported where one is called
OF_PLUG = dict(
    masks='write a fixed set of masks, the same on each machine',
    evaluate='compare methods in one table',
    check='find files that a training could not read',
    curves='draw the losses and metrics of a training',
    export='keep the weights that painting needs, no code',
    configs='list the configs, or copy one with its bases')


def build_parser(asked: Optional[str] = None) -> argparse.ArgumentParser:
    """Return the parser.

    Args:
        asked (str, optional): The command that is called; of those of the
            plug only its arguments are known.

    Raises:
        ImportError: If it is one of the plug, which is not there.
    """
    parser = argparse.ArgumentParser(
        prog='tmad', description='Patch-based image inpainting with T-MAD.')
    parser.add_argument('--version', action='version',
                        version=f'%(prog)s {__version__}')
    commands = parser.add_subparsers(title='commands', metavar='COMMAND')
    for command in (inpaint, show, web, krita):
        command.add_to(commands)
    for name, text in OF_PLUG.items():
        of_plug = commands.add_parser(name, help=text)
        if name == asked:
            module = plugged(name, f'`tmad {name}`')
            module.add_to(of_plug)
            of_plug.set_defaults(run=module.run)
    return parser


def main(argv: Optional[list[str]] = None) -> int:
    """Run the command.

    Returns:
        int: 0; 1 and one sentence for what the user can mend; 130 for Ctrl-C.
    """
    given = sys.argv[1:] if argv is None else argv
    try:
        parser = build_parser(next((x for x in given if x[:1] != '-'), None))
        args = parser.parse_args(devices_joined(given))
        if 'run' not in args:
            parser.print_help()
            return 0
        return args.run(args) or 0
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        print(f'tmad: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('\ntmad: stopped; what is finished is kept, and the same '
              'command goes on.', file=sys.stderr)
        return 130
