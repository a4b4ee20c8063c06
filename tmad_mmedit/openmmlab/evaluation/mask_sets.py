"""Fixed sets of masks, from MMEditing's own generators."""
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Optional, Union

import numpy as np
from PIL import Image

from ...files.atomic import write_text
from ...masks.reading import read_mask
from ..datasets import Seeded

MANIFEST = 'manifest.json'
AREAS = [(low / 100, (low + 10) / 100) for low in range(0, 60, 10)]
WIDTHS = dict(thin=(4, 12), medium=(20, 40), thick=(50, 90))


def mask_generators(kind: str, size: int, side: Optional[int] = None
                    ) -> dict[str, dict]:
    """``LoadMask`` settings of a kind of set, by the name of its part.

    Lengths are those at 256 pixels, in proportion. ``rectangles`` are the
    paper's (Sec. IV): up to half the side, at random places; ``free-form``
    are MMEditing's for DeepFillv2. Both are those of our configs, so that
    with the same seed mask i is that of validation image i there.

    Args:
        kind (str): ``rectangles``, ``free-form``, ``areas``, free-form with
            0-10, ..., 50-60 % hole, or ``widths``, thin, medium and thick.
        size (int): Side of the masks in pixels, 32 or more.
        side (int, optional): Of the largest rectangle. Defaults to half the
            size.

    Raises:
        ValueError: For another kind, a smaller size, or a side that leaves
            no room.
    """
    if size < 32:
        raise ValueError(f'masks of {size} x {size} pixels are too small to '
                         'draw in: choose a size of 32 or more.')

    def scaled(*lengths: int) -> tuple[int, ...]:
        return tuple(max(length * size // 256, 1) for length in lengths)

    def free_form(area: tuple[float, float], brush: tuple[int, int],
                  vertices: tuple[int, int] = (4, 10)) -> dict:
        low, high = scaled(*brush)
        return dict(
            mask_mode='irregular',
            mask_config=dict(
                img_shape=(size, size),
                num_vertices=vertices,
                max_angle=6.0,
                length_range=scaled(20, 128),
                brush_width=(low, max(high, low + 1)),
                area_ratio_range=area))

    if kind == 'rectangles':
        side = size // 2 if side is None else side
        if not 4 <= side <= size - 4:
            raise ValueError(f'rectangles of up to {side} x {side} pixels '
                             f'cannot be placed in {size} x {size}: choose 4 '
                             f'to {size - 4}.')
        delta = side * 40 // 128
        margin = min(size * 20 // 256, (size - side - 1) // 2)
        return dict(rectangle=dict(
            mask_mode='bbox',
            mask_config=dict(
                img_shape=(size, size),
                max_bbox_shape=(side, side),
                max_bbox_delta=delta,
                min_margin=margin)))
    if kind == 'free-form':
        return {'free-form': free_form((0.15, 0.65), (10, 45))}
    if kind == 'areas':
        return {
            f'{100 * low:02.0f}-{100 * high:02.0f}': free_form(
                (low, high), (10, 45), (1, 4) if high <= 0.2 else (4, 10))
            for low, high in AREAS
        }
    if kind == 'widths':
        return {name: free_form((0.05, 0.5), brush)
                for name, brush in WIDTHS.items()}
    raise ValueError(f'{kind} is no kind of mask set: choose rectangles, '
                     'free-form, areas or widths.')


def write_mask_set(folder: Union[str, Path], kind: str, count: int,
                   size: int = 256, seed: int = 0,
                   side: Optional[int] = None) -> Iterator[Path]:
    """Write a set: PNGs, bright = hole, and ``manifest.json``.

    The same arguments give the same masks on every machine: the draws are
    NumPy's seeded ones, which its releases keep. The manifest has a hash of
    each mask's pixels; how they are packed is the PNG encoder's business.

    Args:
        folder (str or Path): Made; must be empty.
        kind (str): See :func:`mask_generators`.
        count (int): Masks of each part of the set.
        size (int): Side in pixels. Defaults to 256.
        seed (int): Another seed, another set. Defaults to 0.
        side (int, optional): See :func:`mask_generators`.

    Yields:
        Path: Each mask's, once written. The manifest comes last.

    Raises:
        ValueError: If there would be no mask, or the folder is not empty.
    """
    folder = Path(folder)
    generators = mask_generators(kind, size, side)
    if count < 1:
        raise ValueError(f'a set of {count} masks is empty: ask for 1 or '
                         'more.')
    if folder.is_file() or folder.is_dir() and any(folder.iterdir()):
        raise ValueError(f'{folder} is there and not an empty folder: give a '
                         'new one.')
    folder.mkdir(parents=True, exist_ok=True)
    masks = {}
    for part, generator in generators.items():
        seeded = Seeded([dict(type='LoadMask', **generator)], seed)
        for i in range(count):
            mask = seeded(dict(sample_idx=i))['mask'][..., 0] > 0
            name = f'{part}_{i:05}.png'
            Image.fromarray(mask).save(folder / name)
            masks[name] = dict(
                hole=round(float(mask.mean()), 6), pixels=digest_of_mask(mask))
            yield folder / name
    manifest = dict(kind=kind, count=count, size=size, seed=seed,
                    generators=generators, masks=masks)
    write_text(folder / MANIFEST, json.dumps(manifest, indent=1) + '\n')


def check_manifest(folder: Path) -> dict:
    """The manifest of a set, once its masks are seen to be those it lists.

    Raises:
        ValueError: If a mask is missing or was changed, or it is none.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text())
        digests = {name: mask['pixels']
                   for name, mask in manifest['masks'].items()}
    except (ValueError, KeyError, TypeError):
        raise ValueError(f'{path} is no manifest of `tmad masks`: remove it, '
                         'or make the set again.') from None
    changed = [name for name, digest in digests.items()
               if not is_mask_of(folder / name, digest)]
    if changed:
        raise ValueError(
            f'{len(changed)} of the {len(digests)} masks in {folder} are not '
            f'those of its {MANIFEST}, among them {changed[0]}: make the set '
            'again with `tmad masks`.')
    return manifest


def is_mask_of(path: Path, digest: str) -> bool:
    try:
        return digest_of_mask(read_mask(path)) == digest
    except (OSError, ValueError):
        return False


def digest_of_mask(mask: np.ndarray) -> str:
    """SHA-256 of a mask's shape and pixels, (H, W) bool."""
    return hashlib.sha256(
        repr(mask.shape).encode() + np.packbits(mask).tobytes()).hexdigest()
