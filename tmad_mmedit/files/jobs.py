"""Pictures that are to be painted, each with what belongs to it."""
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Optional, Union, overload

from ..pictures.kinds import is_picture, is_stream
from .names import Folders, same

BETWEEN = '\0'  # which no path has


class Said(NamedTuple):
    """The files in which a person says what of a picture; see
    :func:`~tmad_mmedit.steering.steer`."""
    hint: Optional[Path] = None
    not_from: Optional[Path] = None
    only_from: Optional[Path] = None

    def of(self, image: Path, place: Path, folders: Folders) -> 'Said':
        """Find those of one picture: a file is that of all; of a folder, its
        file of the picture's name, or none."""
        return Said(*(x and _of_name(image, x, place, folders)
                      for x in self))

    def check(self) -> None:
        """Raises FileNotFoundError if one is not there."""
        for name, path in self._asdict().items():
            if path and not is_stream(path) and not path.exists():
                raise FileNotFoundError(f'{name} {path} is not there: give a '
                                        'file, or a folder.')


def _of_name(image: Path, path: Path, place: Path,
             folders: Folders) -> Optional[Path]:
    if not path.is_dir():
        return path
    found = [x for x in folders.of(path / place.parent, same(image.stem))
             if is_picture(x)]
    if len(found) > 1:
        raise ValueError(f'{" and ".join(x.name for x in found)} may each '
                         f'belong to {image.name}: keep one.')
    return found[0] if found else None


NOTHING = Said()


class Job(NamedTuple):
    """A picture, its mask, its result, what a person says, and what else is
    written."""
    image: Path
    mask: Path
    out: Path
    said: Said = NOTHING
    patch: Optional[Path] = None
    way: str = 'guess'

    def variant(self, number: int, way: str) -> 'Job':
        """Return one of several of which each is written."""
        return self._replace(
            out=variant_name(self.out, number), way=way,
            patch=self.patch and variant_name(self.patch, number))

    @property
    def read(self) -> list[Path]:
        """The files that are read."""
        return [self.image, self.mask, *filter(None, self.said)]


def variant_name(out: Path, number: int) -> Path:
    return out.with_name(f'{out.stem}_{number}{out.suffix}')


class Jobs(Sequence[Job]):
    """Any number of jobs, which need a tenth of the memory that a list of
    them does; each is made when it is asked for.

    >>> jobs = Jobs([Job(Path('a.jpg'), Path('a.png'), Path('out/a.png'))])
    >>> jobs[0].out.name, len(jobs[1:])
    ('a.png', 0)
    """

    def __init__(self, jobs: Iterable[Job] = ()) -> None:
        self._packed: list[str] = []
        for job in jobs:
            self.append(job)

    def append(self, job: Job) -> None:
        *paths, said, patch, way = job
        self._packed.append(BETWEEN.join([
            *('' if x is None else str(x) for x in (*paths, *said, patch)),
            way]))

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[Job]:
        return map(_unpacked, self._packed)

    @overload
    def __getitem__(self, which: int) -> Job: ...

    @overload
    def __getitem__(self, which: slice) -> 'Jobs': ...

    def __getitem__(self, which: Union[int, slice]) -> Union[Job, 'Jobs']:
        if isinstance(which, int):
            return _unpacked(self._packed[which])
        part = Jobs()
        part._packed = self._packed[which]
        return part


def _unpacked(text: str) -> Job:
    *paths, way = text.split(BETWEEN)
    image, mask, out, *said, patch = (
        Path(x) if x else None for x in paths)
    assert image and mask and out
    return Job(image, mask, out, Said(*said), patch, way)
