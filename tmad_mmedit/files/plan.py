"""Many pictures: what is to be done, and what is written where."""
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Optional

from PIL import Image

from ..pictures.kinds import is_picture, is_stream
from .jobs import NOTHING, Job, Jobs, Said
from .names import Folders, is_mask_beside, mask_of, walk

LOSSLESS = {'.png', '.tif', '.tiff', '.webp', '.bmp'}


class Plan(NamedTuple):
    """What is to be done, what cannot be, and what is no picture."""
    jobs: Jobs
    failed: list[tuple[Path, Exception]]
    passed_over: list[Path]


def plan(images: list[Path], masks: Path, out: Path,
         recursive: bool = False, coarse: bool = False,
         steps: bool = False, said: Said = NOTHING,
         patches: Optional[Path] = None,
         ways: Sequence[str] = (),
         part: tuple[int, int] = (1, 1)) -> Plan:
    """Find a job for each picture.

    A mask has the name of its picture, or NAME_mask, NAME-mask or NAME.mask,
    with any ending; beside the picture itself, one of the latter. Lossless
    kinds stay what they are; of others a PNG is written, of CMYK a TIFF.

    Args:
        images (list[Path]): Pictures, and folders of them.
        masks (Path): One mask for all, or a folder; of a folder in which
            pictures are looked for in subfolders, with the same subfolders.
        out (Path): A folder, of which results get the same subfolders.
        recursive (bool): Whether pictures in subfolders count. Defaults to
            False.
        coarse, steps (bool): Whether NAME_coarse and NAME_steps are written
            too. Default to False.
        said (Said): Files for all, or folders of them.
        patches (Path, optional): A folder, for what was painted alone.
        ways (Sequence[str]): Of several variants, which become NAME_1, NAME_2
            and so on; by default there is one, NAME.
        part (tuple[int, int]): I of N: each N-th picture from the I-th on,
            whatever is wrong with the others. Defaults to all.

    Raises:
        ValueError: If something would be written over a picture or a mask,
            or there is no picture.
        FileNotFoundError: If the masks are not there.
    """
    if not masks.exists():
        raise FileNotFoundError(f'mask {masks} is not there: give a file, or '
                                'a folder.')
    said.check()
    for folder in filter(None, (out, patches)):
        if folder.is_file():
            raise ValueError(f'{folder} is a file: give a folder.')
    for folder in [masks, *images]:
        if out.is_dir() and folder.is_dir() and out.samefile(folder):
            raise ValueError(f'{out} holds what is to be read: give another '
                             'folder for the results.')
    folders, jobs, number = Folders(), Jobs(), -1
    failed: list[tuple[Path, Exception]] = []
    others: list[Path] = []
    taken: set[str] = set()
    found = gather(images, masks, out, recursive, folders, others)
    # some may be named twice
    for path, place in dict.fromkeys(found) if len(images) > 1 else found:
        number += 1
        own = number % part[1] == part[0] - 1
        target = out / place.parent / (place.stem + suffix_of(path))
        patch = patches and patches / place.parent / (
            place.stem + patch_suffix(target))
        try:
            check_is_file(path)
            mask = mask_of(path, masks / place.parent if masks.is_dir()
                           else masks, folders)
            job = Job(path, mask, target, said.of(path, place, folders),
                      patch)
            these = [job.variant(i, way) for i, way in enumerate(ways, 1)
                     ] or [job]
            names = {str(x) for one in these
                     for x in written(one, coarse, steps)}
            if not taken.isdisjoint(names):
                raise ValueError(
                    f'{target} or what is written beside it is already the '
                    'output of another picture: rename one.')
            taken |= names
            for one in these if own else ():
                jobs.append(one)
        except (OSError, ValueError) as error:
            if own:
                failed.append((path, error))
    if number < 0:
        raise ValueError(f'{", ".join(map(str, images))} holds no picture: '
                         'give pictures, or a folder of them (--recursive: '
                         'also in subfolders).')
    check_overwrites(jobs, coarse, steps)
    return Plan(jobs, failed, others)


def gather(images: list[Path], masks: Path, out: Path, recursive: bool,
           folders: Folders, others: list[Path]
           ) -> Iterator[tuple[Path, Path]]:
    """Pictures, each with its place below the folder it was found in. What is
    no picture goes into ``others``; masks are neither."""
    one_mask = identity(masks) if masks.is_file() else None
    for image in images:
        if not image.is_dir():
            missing = len(images) == 1 or not image.exists()
            if missing or is_picture(image):
                yield image, Path(image.name)
            else:
                others.append(image)
            continue
        beside_it = masks.is_dir() and masks.samefile(image)
        for path in walk(image, recursive, {out, masks} - (
                {masks} if beside_it else set())):
            if not is_picture(path) and not is_dangling(path):
                others.append(path)
            elif not (one_mask and identity(path) == one_mask) and not (
                    beside_it and is_mask_beside(path, folders)):
                yield path, path.relative_to(image)


def is_dangling(path: Path) -> bool:
    """Whether it is a link, named as a picture, to what is not there."""
    return path.is_symlink() and not path.exists() and bool(path.suffix)


def check_is_file(path: Path) -> None:
    """Raises OSError or ValueError, in a sentence, if it is none."""
    if is_stream(path):
        raise ValueError(f'{path} is a pipe or a device, and names no result: '
                         'give it alone, and the file to write.')
    if not path.is_file():
        raise FileNotFoundError(
            f'image {path} is {"a link to what is " * path.is_symlink()}'
            'not there: give the path of a file.')


def suffix_of(path: Path) -> str:
    """Of the result of a picture."""
    if path.suffix.lower() in LOSSLESS:
        return path.suffix
    try:
        with Image.open(path) as image:
            return '.tif' if image.mode == 'CMYK' else '.png'
    except Exception:  # of a broken file; whoever reads it says so
        return '.png'


def patch_suffix(out: Path) -> str:
    return out.suffix if out.suffix.lower() in LOSSLESS - {'.bmp'} else '.png'


def coarse_name(out: Path) -> Path:
    return out.with_name(f'{out.stem}_coarse{out.suffix}')


def steps_name(out: Path) -> Path:
    return out.with_name(f'{out.stem}_steps.png')


def written(job: Job, coarse: bool, steps: bool) -> list[Path]:
    """The files of a job that are written."""
    return [job.out, *[coarse_name(job.out)] * coarse,
            *[steps_name(job.out)] * steps, *filter(None, [job.patch])]


def check_overwrites(jobs: Sequence[Job], coarse: bool = False,
                     steps: bool = False) -> None:
    """Nothing that is to be read may be written over, by whatever name.

    Raises:
        ValueError: If it would be.
    """
    there = {identity(path): path for job in jobs
             for path in written(job, coarse, steps)
             if path.exists() and not is_stream(path)}
    for job in jobs if there else ():
        for path in job.read:
            if not is_stream(path) and identity(path) in there:
                raise ValueError(
                    f'{there[identity(path)]} would be written over {path}, '
                    'which is to be read: give another output.')


def identity(path: Path) -> tuple:
    try:
        status = path.stat()
        return status.st_dev, status.st_ino
    except OSError:
        return path.absolute(),
