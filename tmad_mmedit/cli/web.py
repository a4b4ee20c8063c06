"""``tmad web``: the brush in the browser."""
import argparse
from pathlib import Path
from typing import Any

from .model_options import add_model_options, config_of


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        'web', help='brush things out of pictures, in the browser')
    command.add_argument('--port', type=int, default=7860,
                         help='where to listen (default 7860; 0: any)')
    command.add_argument('--host', default='127.0.0.1',
                         help='default 127.0.0.1, this machine only; 0.0.0.0 '
                         'lets everyone in who reaches it')
    command.add_argument('--auth', type=Path, metavar='FILE',
                         help='let in only the users of a file, which holds '
                         'hashes of their passwords')
    command.add_argument('--add-user', metavar='NAME',
                         help='add a user to the file of --auth, whose '
                         'password is asked for, and end')
    command.add_argument('--root-path', default='', metavar='/PATH',
                         help='below which a reverse proxy shows the page')
    add_model_options(command, seed=False)
    command.add_argument('--model', action='append', default=[],
                         metavar='NAME=MODEL',
                         help='a further model to choose, a model file, or '
                         'CONFIG,CHECKPOINT; can be repeated')
    command.add_argument('--max-megapixels', type=float, default=64,
                         metavar='NUMBER', help='of a picture (default 64)')
    command.add_argument('--max-megabytes', type=float, default=64,
                         metavar='NUMBER', help='of a file (default 64)')
    command.add_argument('--max-seconds', type=float, default=300,
                         metavar='NUMBER', help='of a removal (default 300)')
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    from PIL import Image

    from ..web.limits import Limits
    from ..web.server import Listening, serve
    if args.add_user is not None:
        add_user(args)
        return
    Image.MAX_IMAGE_PIXELS = int(args.max_megapixels * 1e6)
    limits = Limits(args.max_megapixels, args.max_megabytes, args.max_seconds)
    where = Listening(args.host, args.port, args.auth,
                      root_path_of(args.root_path))
    serve(models_of(args), args.device, args.trust_checkpoint, where, limits)


def add_user(args: argparse.Namespace) -> None:
    """Ask for a password, at the terminal or, from a pipe, as a line."""
    import sys
    from getpass import getpass

    from ..web import auth
    if args.auth is None:
        raise ValueError('a user is added to a file: give --auth FILE.')
    password = getpass(f'Password of {args.add_user}: ') if (
        sys.stdin.isatty()) else sys.stdin.readline().rstrip('\n')
    auth.add_user(args.auth, args.add_user, password)
    print(f'tmad: {args.add_user} may use the page that is started with '
          f'--auth {args.auth}.')


def root_path_of(text: str) -> str:
    """Raises ValueError if it is no path such as /tmad."""
    path = text.rstrip('/')
    if path and not path.startswith('/'):
        raise ValueError(f'root path {text!r} does not begin with a slash: '
                         'give a path such as /tmad.')
    return path


def models_of(args: argparse.Namespace) -> dict:
    """Return what there is to choose from: the model of the options first,
    then further ones, then those whose weights are shipped.

    Raises:
        ValueError: If a ``--model`` is not of that form.
    """
    from ..load import DEFAULT, shipped_models
    from ..web.worker import Named
    first = args.config or args.checkpoint or DEFAULT
    models = {Path(first).stem: Named(config_of(args), args.checkpoint)}
    for text in args.model:
        name, equals, value = text.partition('=')
        if not name or not value:
            raise ValueError(f'model {text!r} has no name: give '
                             'NAME=MODEL, or NAME=CONFIG,CHECKPOINT.')
        config, comma, checkpoint = value.partition(',')
        models[name] = (Named(config, checkpoint or None) if comma else
                        Named(None, value))
    for shipped in shipped_models():
        models.setdefault(shipped, Named(None, shipped))
    return models
