"""Which mask belongs to which picture, and what is written where."""
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Optional

from PIL import Image

from .image_files import is_picture

LOSSLESS = {'.png', '.tif', '.tiff', '.webp', '.bmp'}
MASK_ENDINGS = '_mask', '-mask', '.mask'


class Job(NamedTuple):
    """A picture, its mask, and its result."""
    image: Path
    mask: Path
    out: Path


class Plan(NamedTuple):
    """What is to be done, what cannot be, and what is no picture."""
    jobs: list[Job]
    failed: list[tuple[Path, Exception]]
    passed_over: list[Path]


def plan(images: list[Path], masks: Path, out: Path,
         recursive: bool = False) -> Plan:
    """A job for each picture.

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

    Raises:
        ValueError: If something would be written over a picture or a mask,
            or there is no picture.
        FileNotFoundError: If the masks are not there.
    """
    if not masks.exists():
        raise FileNotFoundError(f'mask {masks} is not there: give a file, or '
                                'a folder.')
    if out.is_file():
        raise ValueError(f'{out} is a file: give a folder.')
    for folder in [masks, *images]:
        if out.is_dir() and folder.is_dir() and out.samefile(folder):
            raise ValueError(f'{out} holds what is to be read: give another '
                             'folder for the results.')
    found, others = gather(images, masks, out, recursive)
    jobs, failed, taken = [], [], set()
    for path, place in found:
        target = out / place.parent / (place.stem + suffix_of(path))
        names = {target, coarse_name(target), steps_name(target)}
        try:
            if not path.is_file():
                raise FileNotFoundError(f'image {path} is not there: give '
                                        'the path of a file.')
            mask = mask_of(path, masks / place.parent if masks.is_dir()
                           else masks)
            if not taken.isdisjoint(names):
                raise ValueError(
                    f'{target} or what is written beside it is already the '
                    'output of another picture: rename one.')
            taken |= names
            jobs.append(Job(path, mask, target))
        except (OSError, ValueError) as error:
            failed.append((path, error))
    if not found:
        raise ValueError(f'{", ".join(map(str, images))} holds no picture: '
                         'give pictures, or a folder of them (--recursive: '
                         'also in subfolders).')
    check_overwrites(jobs)
    return Plan(jobs, failed, others)


def gather(images: list[Path], masks: Path, out: Path, recursive: bool
           ) -> tuple[list[tuple[Path, Path]], list[Path]]:
    """Pictures, each with its place below the folder it was found in, and
    what is no picture. Masks are neither."""
    found, others = [], []
    for image in images:
        if not image.is_dir():
            missing = len(images) == 1 or not image.exists()
            if missing or is_picture(image):
                found.append((image, Path(image.name)))
            else:
                others.append(image)
            continue
        beside = masks.is_dir() and masks.samefile(image)
        for path in walk(image, recursive, {out, masks} - (
                {masks} if beside else set())):
            if not is_picture(path):
                others.append(path)
            elif not (masks.is_file() and path.samefile(masks)) and not (
                    beside and is_mask_beside(path)):
                found.append((path, path.relative_to(image)))
    return found, others


def walk(folder: Path, recursive: bool, without: Iterable[Path]
         ) -> Iterator[Path]:
    """The files of a folder in order, but for hidden ones; folders that are
    links, or ``without``, are not entered."""
    left_out = {path.resolve() for path in without}
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if recursive and name[0] != '.' and
            Path(root, name).resolve() not in left_out)
        yield from (Path(root, name) for name in sorted(files)
                    if name[0] != '.')


def mask_of(image: Path, masks: Path) -> Path:
    """The mask of a picture: ``masks`` itself, or its one file of the name.

    Raises:
        ValueError: If there is none or more than one, or the picture itself.
    """
    if masks.is_file():
        if masks.samefile(image):
            raise ValueError(f'{image} is its own mask: give a mask, bright '
                             'where the picture is to be filled.')
        return masks
    name = same(image.stem)
    beside = masks.is_dir() and masks.samefile(image.parent)
    found = [path for path in files_by_name(masks).get(name, [])
             if is_picture(path) and not (beside and same(path.stem) == name)]
    if not found:
        raise ValueError(f'no mask in {masks} has the name {image.stem} or '
                         f'{image.stem}_mask: add one.')
    if len(found) > 1:
        raise ValueError(f'{" and ".join(x.name for x in found)} may each be '
                         'its mask: keep one.')
    return mask_of(image, found[0])


def is_mask_beside(path: Path) -> bool:
    """Whether it is NAME_mask of a picture NAME in its folder."""
    named = without_ending(same(path.stem))
    return named is not None and any(
        same(x.stem) == named and is_picture(x)
        for x in files_by_name(path.parent).get(named, []))


_folders: dict[Path, tuple[float, dict[str, list[Path]]]] = {}


def files_by_name(folder: Path) -> dict[str, list[Path]]:
    """The files of a folder by their names without ending, and those that end
    on _mask also without that. Read once, and again when it has changed."""
    if not folder.is_dir():
        return {}
    changed = folder.stat().st_mtime_ns
    if folder not in _folders or _folders[folder][0] != changed:
        files: dict[str, list[Path]] = {}
        for path in walk(folder, False, ()):
            name = same(path.stem)
            for key in {name, without_ending(name) or name}:
                files.setdefault(key, []).append(path)
        _folders[folder] = changed, files
    return _folders[folder][1]


def same(name: str) -> str:
    """Unicode has two spellings of an accented letter; one."""
    return unicodedata.normalize('NFC', name)


def without_ending(name: str) -> Optional[str]:
    for ending in MASK_ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[:-len(ending)]
    return None


def suffix_of(path: Path) -> str:
    """Of the result of a picture."""
    if path.suffix.lower() in LOSSLESS:
        return path.suffix
    try:
        with Image.open(path) as image:
            return '.tif' if image.mode == 'CMYK' else '.png'
    except Exception:  # of a broken file; whoever reads it says so
        return '.png'


def coarse_name(out: Path) -> Path:
    return out.with_name(f'{out.stem}_coarse{out.suffix}')


def steps_name(out: Path) -> Path:
    return out.with_name(f'{out.stem}_steps.png')


def check_overwrites(jobs: Iterable[Job]) -> None:
    """Nothing that is to be read may be written over, by whatever name.

    Raises:
        ValueError: If it would be.
    """
    jobs = list(jobs)
    read = {identity(path): path for job in jobs
            for path in (job.image, job.mask)}
    for job in jobs:
        for path in job.out, coarse_name(job.out), steps_name(job.out):
            if path.exists() and identity(path) in read:
                raise ValueError(
                    f'{path} would be written over {read[identity(path)]}, '
                    'which is to be read: give another output.')


def identity(path: Path) -> tuple:
    try:
        status = path.stat()
        return status.st_dev, status.st_ino
    except OSError:
        return path.absolute(),
