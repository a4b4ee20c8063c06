"""``tmad krita``: the plug-in of Krita, copied to where Krita looks."""
import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        'krita', help='copy the plug-in of Krita to where Krita looks',
        epilog='Then start Krita, tick T-MAD in Settings > Configure Krita > '
        'Python Plugin Manager, and start it again.')
    command.add_argument('--folder', type=Path,
                         help="Krita's resource folder (default: where it "
                         'is on this system)')
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    from ..krita.installing import install, resources
    target = install(args.folder or resources())
    print(f'tmad: the plug-in is in {target}. Tick T-MAD in Settings > '
          'Configure Krita > Python Plugin Manager, and start Krita again.')
