"""Photographs to try, and what is to be taken out of them."""
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from ..masks.reading import read_mask
from .errors import Gone

PACKAGE = Path(__file__).parents[1]
# as the wheel carries them, and in a checkout
DEMO = next(filter(Path.is_dir, (PACKAGE / '.demo', PACKAGE.parent / 'demo')),
            PACKAGE / '.demo')


class Example(NamedTuple):
    """A photograph and what is to be taken out of it."""
    photo: Path
    mask: Path

    def thumbnail(self, side: int = 256) -> bytes:
        """Return a small JPEG."""
        file = BytesIO()
        with Image.open(self.photo) as image:
            image.thumbnail((side, side))
            image.convert('RGB').save(file, 'JPEG', quality=85)
        return file.getvalue()

    def hole(self) -> np.ndarray:
        return read_mask(self.mask)


def examples(demo: Path = DEMO) -> dict[str, Example]:
    """Return the photographs of ``demo/`` that have a mask, by name."""
    masks = {path.stem: path for path in (demo / 'masks').glob('*.png')}
    return {photo.stem: Example(photo, masks[photo.stem])
            for photo in sorted((demo / 'photos').glob('*.jpg'))
            if photo.stem in masks}


def chosen(shown: dict[str, Example], name: str) -> Example:
    """Raises Gone if there is none of the name."""
    if name not in shown:
        raise Gone(f'there is no example {name!r}.')
    return shown[name]
