"""The files of folders, and which of them is whose mask."""
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Optional

from ..pictures.kinds import is_picture, is_stream

MASK_ENDINGS = '_mask', '-mask', '.mask'


class Folders:
    """The files of folders, each read once: by their names without ending,
    and those that end on _mask also without that."""

    def __init__(self) -> None:
        self._names: dict[Path, dict[str, tuple[str, ...]]] = {}

    def of(self, folder: Path, name: str) -> list[Path]:
        """Return those of a name, as :func:`same` spells it."""
        if folder not in self._names:
            files = self._names[folder] = {}
            for path in walk(folder, False, ()):
                own = same(path.stem)
                for key in {own, without_ending(own) or own}:
                    files[key] = (*files.get(key, ()), path.name)
        return [folder / x for x in self._names[folder].get(name, ())]


def walk(folder: Path, recursive: bool, without: Iterable[Path]
         ) -> Iterator[Path]:
    """The files of a folder in order, but for hidden ones; folders that are
    links, or ``without``, are not entered."""
    left_out = {path.resolve() for path in without}
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if recursive and name[0] != '.' and
            Path(root, name).resolve() not in left_out)
        yield from (Path(root) / name for name in sorted(files)
                    if name[0] != '.')


def mask_of(image: Path, masks: Path,
            folders: Optional[Folders] = None) -> Path:
    """Find the mask of a picture: ``masks`` itself, or its one file of the
    name.

    Raises:
        ValueError: If there is none or more than one, or the picture itself.
    """
    if is_stream(masks):
        return masks
    if masks.is_file():
        if not is_stream(image) and masks.samefile(image):
            raise ValueError(f'{image} is its own mask: give a mask, bright '
                             'where the picture is to be filled.')
        return masks
    name = same(image.stem)
    beside = masks.is_dir() and masks.samefile(image.parent)
    files = (Folders() if folders is None else folders).of(masks, name)
    found = [path for path in files
             if is_picture(path) and not (beside and same(path.stem) == name)]
    if not found:
        raise ValueError(f'no mask in {masks} has the name {image.stem} or '
                         f'{image.stem}_mask: add one.')
    if len(found) > 1:
        raise ValueError(f'{" and ".join(x.name for x in found)} may each be '
                         'its mask: keep one.')
    return mask_of(image, found[0])


def is_mask_beside(path: Path, folders: Folders) -> bool:
    """Whether it is NAME_mask of a picture NAME in its folder."""
    named = without_ending(same(path.stem))
    return named is not None and any(
        same(x.stem) == named and is_picture(x)
        for x in folders.of(path.parent, named))


def same(name: str) -> str:
    """Unicode has two spellings of an accented letter; one."""
    return unicodedata.normalize('NFC', name)


def without_ending(name: str) -> Optional[str]:
    for ending in MASK_ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[:-len(ending)]
    return None
