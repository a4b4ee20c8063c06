"""``tmad check``: whether a training can read all of its photographs."""
import argparse
import sys
from pathlib import Path


def add_to(command: argparse.ArgumentParser) -> None:
    command.description = ('Decode each picture of a folder as a training '
                           'does, before it starts.')
    command.add_argument('folder', help='of photographs')
    command.add_argument('--recursive', action='store_true',
                         help='also in subfolders')


def run(args: argparse.Namespace) -> int:
    """Name what is broken; 1 if anything is."""
    from ...files.names import walk
    from ...files.progress import tracked
    from ..datasets.unreadable import read_as_training_does
    from ..host import of_host
    endings = of_host('datasets.basic_image_dataset', 'IMG_EXTENSIONS')
    folder = Path(args.folder)
    if not folder.is_dir():
        raise FileNotFoundError(f'{folder} is not there: give a folder of '
                                'photographs.')
    paths = list(walk(folder, args.recursive, ()))
    pictures = [path for path in paths if path.suffix in endings]
    if not pictures:
        raise ValueError(f'{folder} holds no picture ('
                         f'{", ".join(sorted({*endings}))}): give a '
                         'folder of photographs (--recursive: also in '
                         'subfolders).')
    sides, broken = {}, []
    for path in tracked(pictures, 'reading'):
        try:
            sides[path] = min(read_as_training_does(path).shape[:2])
        except (OSError, ValueError) as error:
            broken.append((path, error))
    for path, error in broken:
        print(f'tmad: {path} cannot be read: {error}', file=sys.stderr)
    print(f'{len(sides)} pictures can be read, {len(broken)} cannot; '
          f'{len(paths) - len(pictures)} other files.')
    if sides:
        least = min(sides, key=sides.__getitem__)
        print(f'The smallest side is {sides[least]} pixels, of {least}.')
    return int(bool(broken))
