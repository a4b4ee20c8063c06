"""What every command that reads a picture and its mask is told."""
import argparse
import glob
from pathlib import Path
from typing import Any, Optional


def add_file_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        '--mask-alpha', default='auto',
        choices=('auto', 'opaque', 'transparent', 'ignore'),
        help='what is hole in a mask that is transparent in places (default '
        'auto: strokes on transparent, or what was erased; asks if it cannot '
        'be told)')
    command.add_argument(
        '--mask-labels', type=labels, metavar='NUMBERS',
        help='of a label map, those that are hole, such as 1 or 2,7')
    command.add_argument(
        '--mask-colour', '--mask-color', type=colour, metavar='COLOUR',
        help="what is painted in it is hole, such as red or '#ff0000'")
    command.add_argument(
        '--max-megapixels', type=float, metavar='NUMBER',
        help="take pictures above Pillow's limit of 179 megapixels, up to "
        'this; they need about 70 bytes a pixel, 14 GB for 200 megapixels')


def add_hand_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        '--hint', type=Path, metavar='FILE',
        help='colours on transparent, of the size of the picture: what the '
        'hole should look like; for many pictures, a folder')
    command.add_argument(
        '--not-from', type=Path, metavar='FILE',
        help='a mask: what is bright in it is not copied; or a folder')
    command.add_argument(
        '--only-from', type=Path, metavar='FILE',
        help='a mask: only what is bright in it is copied; or a folder')
    command.add_argument(
        '--plane', type=corners, metavar='"X,Y X,Y X,Y X,Y"',
        help='four corners, in turn, of what is a rectangle on a floor, a '
        'wall or a facade: copies follow its perspective')


def corners(text: str) -> list[list[float]]:
    try:
        return [[float(x) for x in corner.split(',')]
                for corner in text.split()]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'{text!r} are no corners such as "120,300 480,310 620,580 '
            '20,560"') from None


def said_in(args: argparse.Namespace) -> Any:
    from ..files.jobs import Said
    return Said(args.hint, args.not_from, args.only_from)


def labels(text: str) -> list[int]:
    try:
        return [int(x) for x in text.split(',')]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'{text} is no list of numbers such as 2,7') from None


def colour(text: str) -> tuple:
    from PIL import ImageColor
    try:
        return ImageColor.getrgb(text)[:3]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is no colour such as red or '#ff0000'") from None


def apply_file_options(args: argparse.Namespace) -> None:
    """Lift Pillow's limit if that is asked for."""
    from PIL import Image
    if args.max_megapixels is not None:
        # Pillow refuses what has more than twice this
        Image.MAX_IMAGE_PIXELS = int(args.max_megapixels * 5e5)


def expanded(names: list[str]) -> list[Path]:
    """Files, folders, and patterns that no shell has expanded.

    Raises:
        FileNotFoundError: If a pattern fits nothing.
    """
    paths = []
    for name in names:
        if name == '-' or Path(name).exists() or not glob.has_magic(name):
            paths.append(Path(name))
            continue
        fitting = sorted(glob.glob(name, recursive=True))
        if not fitting:
            raise FileNotFoundError(f'no file fits {name}: give pictures, or '
                                    'a folder of them.')
        paths += map(Path, fitting)
    return paths


def one_job(image: Path, mask: Path, out: Path, coarse: bool = False,
            steps: bool = False, said: Any = None,
            patch: Optional[Path] = None) -> Any:
    """A picture, its mask, which may be searched for in a folder, and the
    file to write, of which none is another."""
    from ..files.jobs import Job, Said
    from ..files.names import Folders, mask_of
    from ..files.plan import check_overwrites
    said = said or Said()
    if [str(x) for x in (image, mask, *said)].count('-') > 1:
        raise ValueError('two things cannot both come from standard input: '
                         'give a file for all but one of them.')
    said.check()
    if mask.is_dir() and str(image) == '-':
        raise ValueError('a picture from standard input has no name to find '
                         'its mask by: give the mask itself.')
    if image.exists() and mask.exists():  # else, whoever reads them says so
        mask = mask_of(image, mask)
    job = Job(image, mask, out, said.of(image, Path(image.name), Folders()),
              patch)
    if patch:
        from ..pictures.patches import check_patch
        check_out(patch)
        check_patch(patch)
        if patch.absolute() == out.absolute():
            raise ValueError(f'{out} is to be the result and its patch: give '
                             'two files.')
    check_overwrites([job], coarse, steps)
    check_out(out)
    return job


def check_out(out: Path) -> None:
    """Before the model is loaded: can a picture be written there? A folder
    that is missing is made."""
    from ..pictures.kinds import writable_kind
    if out.is_dir():
        raise ValueError(f'{out} is a directory: give the file to write.')
    writable_kind(out)
    if str(out) == '-':
        return
    make_folder(out.parent)


def make_folder(folder: Path) -> None:
    """Raises OSError, in a sentence, if it can not be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f'folder {folder} cannot be made ({error.strerror}): '
                      'give another output.') from None
