"""``tmad configs``: list and copy the configs that the package carries."""
import argparse
import shutil
from pathlib import Path


def add_to(command: argparse.ArgumentParser) -> None:
    command.add_argument('name', nargs='?', help='which; all are listed '
                         'without it')
    command.add_argument('-o', '--out', default='.',
                         help='the folder to copy to (default: here); what is '
                         'in a folder of ours keeps it')


def run(args: argparse.Namespace) -> None:
    from ..configs import (
        configs_folder,
        find_config,
        listed,
        shipped_configs,
    )
    if args.name is None:
        for path in shipped_configs().values():
            print(f'{listed(path):<38}{first_comment(path)}'.rstrip())
        return
    folder = configs_folder().resolve()
    for path in with_bases(find_config(args.name).resolve()):
        target = Path(args.out) / path.relative_to(folder)
        if target.exists() and target.read_bytes() != path.read_bytes():
            raise ValueError(f'{target} is there and differs: give another '
                             'folder.')
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        print(f'copied {target}')


def first_comment(path: Path) -> str:
    """The first sentence of what a config says of itself."""
    words = []
    for line in path.read_text(encoding='utf-8').splitlines():
        if not line.startswith('#'):
            break
        words.append(line[1:].strip())
    return ' '.join(words).split('. ')[0].rstrip('.')


def with_bases(path: Path) -> list[Path]:
    """A config and all files of ours that it inherits."""
    from mmengine.config import Config
    paths = [path]
    for base in Config._get_base_files(str(path)):
        if '::' not in base:
            paths += with_bases((path.parent / base).resolve())
    return list(dict.fromkeys(paths))
