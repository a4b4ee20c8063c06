"""``tmad configs``: list and copy the configs that the package carries."""
import argparse
import shutil
from pathlib import Path


def add_to(commands) -> None:
    command = commands.add_parser(
        'configs', help='list the configs, or copy one with its bases')
    command.add_argument('name', nargs='?', help='which; all are listed '
                         'without it')
    command.add_argument('-o', '--out', default='.',
                         help='the folder to copy to (default: here)')
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    from ..apis.configs import shipped_configs
    shipped = shipped_configs()
    if args.name is None:
        print('\n'.join(shipped))
        return
    if args.name not in shipped:
        raise ValueError(f'config {args.name} is not shipped: choose one of '
                         f'{", ".join(shipped)}.')
    source = shipped[args.name].resolve()
    for path in with_bases(source):
        target = Path(args.out) / path.relative_to(source.parent)
        if target.exists() and target.read_bytes() != path.read_bytes():
            raise ValueError(f'{target} is there and differs: give another '
                             'folder.')
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        print(f'copied {target}')


def with_bases(path: Path):
    """A config and all files below its own folder that it inherits."""
    from mmengine.config import Config
    paths = [path]
    for base in Config._get_base_files(str(path)):
        if '::' not in base:
            paths += with_bases((path.parent / base).resolve())
    return list(dict.fromkeys(paths))
