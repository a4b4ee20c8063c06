"""What every method is given: the same images, with the same holes."""
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import (
    NamedTuple,
    Optional,
    Union,
)

import mmcv
import numpy as np
from PIL import Image

from ...files.progress import tracked
from ...masks.reading import check_hole, read_mask
from .mask_sets import MANIFEST, check_manifest


class Sample(NamedTuple):
    """An image, (H, W, 3) uint8, RGB, and its hole, (H, W) bool."""
    name: str
    image: np.ndarray
    hole: np.ndarray

    @property
    def masked(self) -> np.ndarray:
        """The image with a white hole."""
        return np.where(self.hole[..., None], np.uint8(255), self.image)

    def filled(self, painted: np.ndarray) -> np.ndarray:
        """The image with what is painted in its hole."""
        return np.where(self.hole[..., None], painted, self.image)


class Source(NamedTuple):
    """Where a sample comes from, and whether its image is to be fitted to
    the mask, of which part."""
    name: str
    image: Path
    mask: Path
    fit: bool
    crop: Optional[int]

    def read(self) -> Sample:
        """
        Raises:
            Misfit: If the mask does not suit the image.
            ValueError: If either cannot be decoded.
        """
        hole, image = read_mask(self.mask), read_rgb(self.image)
        try:
            if self.fit:
                image = fitted(image, hole.shape, self.crop)
            check_hole(hole, *image.shape[:2])
        except ValueError as error:
            raise Misfit(error) from None
        return Sample(self.name, image, hole)


class Misfit(ValueError):
    """An image that cannot be used with its mask."""


class Samples(Sequence[Sample]):
    """Samples that are read anew whenever they are asked for; of each some
    facts are known.

    Args:
        sources (Sequence[Source]): One or more.

    Attributes:
        names (list[str]): Of each.
        shapes (list[tuple[int, int]]): Height and width.
        areas (list[float]): Which part of it is hole.
        digests (list[str]): SHA-256 of image and hole.

    Raises:
        ValueError: If images cannot be used with their masks: named and
            counted.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self.names = [source.name for source in sources]
        self.shapes: list[tuple[int, int]] = []
        self.areas: list[float] = []
        self.digests: list[str] = []
        problems = []
        for source in tracked(sources, 'reading'):
            try:
                _, image, hole = source.read()
            except Misfit as error:
                problems.append(f'{source.name} ({str(error).split(":")[0]})')
                continue
            self.shapes.append(hole.shape)
            self.areas.append(float(hole.mean()))
            self.digests.append(hashlib.sha256(b'\0'.join([
                repr(image.shape).encode(), image.tobytes(),
                np.packbits(hole).tobytes()])).hexdigest())
        complain(problems, len(sources),
                 'images cannot be used with their masks',
                 'mend these, or leave both out')

    def __len__(self) -> int:
        return len(self.sources)

    def __getitem__(self, i: int) -> Sample:
        return self.sources[i].read()

    def __iter__(self) -> Iterator[Sample]:
        return (source.read() for source in self.sources)


def read_samples(images: Union[str, Path],
                 masks: Union[str, Path],
                 crop: Optional[int] = None,
                 by_position: bool = False,
                 most: Optional[int] = None) -> Samples:
    """Pair images and masks.

    Of a set of `tmad masks`, image i, sorted by name, gets mask i of each part
    of the set; of other folders the mask of its name, whatever the ending.

    An image becomes as large as its mask: it is cropped at its centre, to
    ``crop`` x ``crop`` pixels or else to as much as has the mask's shape, and
    resized as MMEditing's ``Resize`` does.

    Args:
        images (str or Path): A folder of pictures.
        masks (str or Path): A folder of masks, bright = hole.
        crop (int, optional): See above. Without it, masks that are paired by
            name must have their image's size.
        by_position (bool): Pair other folders by position, too.
        most (int, optional): So many of them are taken, whichever names say
            by chance; of a larger number these are a part. Defaults to all.

    Raises:
        ValueError: If any image has no mask, or any mask no hole or another
            size: named and counted.
        FileNotFoundError: If a folder is not there.
    """
    pictures = pictures_of(images, 'images')
    if crop is not None and crop < 1:
        raise ValueError(f'a crop of {crop} pixels is empty: give 1 or more.')
    if (Path(masks) / MANIFEST).is_file():
        pairs = by_part(list(pictures.values()), Path(masks))
        by_position = True
    else:
        found = pictures_of(masks, 'masks')
        if by_position:
            found = dict(zip(pictures, found.values()))
        missing = [name for name in pictures if name not in found]
        complain(missing, len(pictures), f'images have no mask in {masks}',
                 'give masks of the same names, or pair them by position')
        pairs = [(name, path, found[name]) for name, path in pictures.items()]
    return Samples([Source(*pair, by_position or crop is not None, crop)
                    for pair in some_of(pairs, most)])


def some_of(pairs: list[tuple[str, Path, Path]],
            most: Optional[int]) -> list[tuple[str, Path, Path]]:
    """At most so many of (name, image, mask), in their order: those whose
    names have the least SHA-256."""
    if most is None:
        return pairs
    if most < 1:
        raise ValueError(f'at most {most} pictures are none: give 1 or more.')
    drawn = sorted(pairs, key=lambda pair: hashlib.sha256(
        pair[0].encode()).digest())[:most]
    return [pair for pair in pairs if pair in drawn]


def pictures_of(folder: Union[str, Path], what: str) -> dict[str, Path]:
    """The pictures in a folder by their names without ending, sorted as
    `PhotoDataset` does.

    Raises:
        ValueError: If there is none, or two have one name.
        FileNotFoundError: If the folder is not there.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f'{what} {folder} is not there: give a '
                                'folder of pictures.')
    kinds = Image.registered_extensions()
    paths = sorted((path for path in folder.iterdir()
                    if path.suffix.lower() in kinds), key=str)
    pictures = {path.stem: path for path in paths}
    if not paths:
        raise ValueError(f'{what} {folder} holds no picture: give a folder '
                         'of pictures.')
    if len(pictures) < len(paths):
        twice = [path.name for path in paths if pictures[path.stem] != path]
        raise ValueError(f'{what} {folder} has two pictures of the name '
                         f'{Path(twice[0]).stem}: rename one.')
    return pictures


def by_part(images: list[Path], masks: Path) -> list[tuple[str, Path, Path]]:
    """Name, image and mask of every sample of a set with a manifest."""
    manifest = check_manifest(masks)
    if manifest['count'] < len(images):
        raise ValueError(
            f'{masks} has {manifest["count"]} masks for {len(images)} images: '
            f'make a set with --count {len(images)}.')
    parts = list(manifest['generators'])
    return [(image.stem if len(parts) == 1 else f'{image.stem}__{part}',
             image, masks / f'{part}_{i:05}.png')
            for part in parts for i, image in enumerate(images)]


def read_rgb(path: Path) -> np.ndarray:
    """As MMEditing's pipelines decode it, (H, W, 3) uint8, RGB."""
    content = path.read_bytes()
    image = mmcv.imfrombytes(content) if content else None
    if image is None:
        raise ValueError(f'image {path} cannot be decoded: give a picture '
                         'that opens elsewhere.')
    return np.ascontiguousarray(image[..., ::-1])


def fitted(image: np.ndarray, size: tuple[int, int],
           crop: Optional[int]) -> np.ndarray:
    """Cropped at the centre and resized to ``size``, height and width."""
    shape = np.array(image.shape[:2])
    if crop is None:
        part = (np.array(size) * (shape / size).min()).round().astype(int)
    else:
        part = np.minimum(shape, crop)
    top, left = (shape - part) // 2
    image = image[top:top + part[0], left:left + part[1]]
    if image.shape[:2] != tuple(size):
        image = mmcv.imresize(image, (size[1], size[0]))
    return np.ascontiguousarray(image)


def complain(names: list[str], total: int, what: str, todo: str) -> None:
    """Raise a ValueError that counts and names, if there is anything."""
    if names:
        shown = ', '.join(names[:3]) + (', ...' if len(names) > 3 else '')
        raise ValueError(f'{len(names)} of {total} {what}: {shown}; {todo}.')
