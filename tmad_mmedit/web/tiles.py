"""Pieces of a picture to look at, at full size and at halves of it."""
from collections import OrderedDict
from io import BytesIO
from threading import Lock
from typing import NamedTuple, Optional

import cv2
import numpy as np
from PIL import Image

from ..pictures.picture import Picture
from .errors import Gone
from .session import Session

SIDE = 512  # of a tile, in pixels
QUALITY = 95
BYTES = 600e6  # of what is kept decoded


class Shown(NamedTuple):
    """A picture to look at.

    Attributes:
        levels (list[np.ndarray]): (h, w, 3) or (h, w, 4) uint8, each half of
            the one before.
        profile (bytes, optional): Of its colours, if they are RGB.
    """
    levels: list[np.ndarray]
    profile: Optional[bytes]


def levels_of(size: tuple[int, int]) -> int:
    """Return how often a picture is halved until it is one tile."""
    return max((max(size) - 1).bit_length() - (SIDE - 1).bit_length(), 0) + 1


def colours_of(picture: Picture) -> np.ndarray:
    """Return a picture as it looks, (H, W, 3) or (H, W, 4) uint8."""
    rgb = picture.rgb
    if rgb.dtype != np.uint8:
        rgb = rgb.round().clip(0, 255).astype(np.uint8)
    if picture.mode in ('LA', 'RGBA') or 'transparency' in picture.info:
        alpha = picture.pil().convert('RGBA').getchannel('A')
        return np.dstack([rgb, np.asarray(alpha)])
    return np.ascontiguousarray(rgb)


def shown(picture: Picture) -> Shown:
    levels = [colours_of(picture)]
    for _ in range(levels_of(picture.size) - 1):
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(
            levels[-1], ((width + 1) // 2, (height + 1) // 2),
            interpolation=cv2.INTER_AREA))
    rgb = picture.mode in ('P', 'RGB', 'RGBA')
    return Shown(levels, picture.info.get('icc_profile') if rgb else None)


class Tiles:
    """What was looked at last stays decoded."""

    def __init__(self, most: float = BYTES) -> None:
        self.most = most
        self._kept: OrderedDict[tuple[str, int], Shown] = OrderedDict()
        self._lock = Lock()

    def tile(self, session: Session, version: int, level: int, column: int,
             row: int) -> tuple[bytes, str]:
        """Return a tile's file, and the kind it is of.

        Raises:
            Gone: If there is none.
        """
        levels, profile = self.of(session, version)
        if not 0 <= level < len(levels) or min(row, column) < 0:
            raise Gone('there is no such piece of the picture.')
        piece = levels[level][row * SIDE:(row + 1) * SIDE,
                              column * SIDE:(column + 1) * SIDE]
        if not piece.size:
            raise Gone('there is no such piece of the picture.')
        image, file = Image.fromarray(np.ascontiguousarray(piece)), BytesIO()
        if image.mode == 'RGBA':
            image.save(file, 'PNG', compress_level=1, icc_profile=profile)
            return file.getvalue(), 'image/png'
        image.save(file, 'JPEG', quality=QUALITY, subsampling=0,
                   icc_profile=profile)
        return file.getvalue(), 'image/jpeg'

    def of(self, session: Session, version: int) -> Shown:
        key = session.token, version
        with self._lock:
            if key not in self._kept:
                self._kept[key] = shown(session.picture(version))
                while len(self._kept) > 1 and self._size() > self.most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def forget(self, token: str) -> None:
        """What was looked at of a picture that is closed."""
        with self._lock:
            for key in [x for x in self._kept if x[0] == token]:
                del self._kept[key]

    def _size(self) -> int:
        return sum(level.nbytes for kept in self._kept.values()
                   for level in kept.levels)
