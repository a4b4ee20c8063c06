"""Any picture in and out: what the model sees, and what it came as."""
from pathlib import Path
from typing import Any, BinaryIO, Optional, Union

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ..files.atomic import replacing
from .arrays import array_of
from .deep_colours import decode_deep, full_scale
from .image_files import (
    Source,
    decode,
    kind_named,
    named,
    open_picture,
    read_bytes,
    writable_kind,
)
from .metadata import metadata_of
from .orientation import upright
from .palettes import painted_indices
from .writing import encode

MODES = ('1', 'L', 'LA', 'P', 'RGB', 'RGBA', 'CMYK', 'I;16')


class Picture:
    """A picture with its mode, bit depth, alpha, palette, colour profile,
    resolution and EXIF data.

    Attributes:
        stored (np.ndarray): Its samples, upright, (H, W) or (H, W, C), bool,
            uint8, uint16, or of arrays a float in [0, 1].
        mode (str): Pillow's name of it; RGB and RGBA also of 16 bits.
        info (dict): What Pillow's ``save`` is to be given.
        palette (np.ndarray): Of mode P, (n, 3) uint8.
        orientation (int): EXIF's, of the file it came from.
    """

    def __init__(self, stored: np.ndarray, mode: str,
                 info: Optional[dict[str, Any]] = None,
                 palette: Optional[np.ndarray] = None,
                 orientation: int = 1) -> None:
        self.stored = stored
        self.mode = mode
        self.info = info or {}
        self.palette = palette
        self.orientation = orientation

    @classmethod
    def of(cls, source: Source) -> 'Picture':
        """Read a file, an array, a tensor or a PIL image.

        Args:
            source: A path, the bytes of a file or a binary stream; a PIL
                image; an array, (H, W) or (H, W, 1), grey, or (H, W, 3 or
                4), RGB or RGBA; or a tensor, the same of shape (C, H, W).
                Arrays and tensors are uint8, uint16, or floats in [0, 1].

        Raises:
            ValueError: For other arrays, and unreadable files.
            FileNotFoundError: If the file is not there.
        """
        if isinstance(source, (np.ndarray, Tensor)):
            array = array_of(source)
            mode = {(): 'L', (3, ): 'RGB', (4, ): 'RGBA'}[array.shape[2:]]
            deep = mode == 'L' and array.dtype == np.uint16
            return cls(array, 'I;16' if deep else mode)
        if isinstance(source, Image.Image):
            picture = cls._of_pil(decode(source, 'the image'), 'the image')
            picture.orientation = 1  # a PIL image leaves upright
            return picture
        name, content = named(source, 'image'), read_bytes(source, 'image')
        image = open_picture(content, name)
        full = full_scale(image, content)
        if not full:
            return cls._of_pil(decode(image, name), name)
        info, turned = metadata_of(image, name)
        stored = upright(decode_deep(content, full, name), turned)
        return cls(stored, 'RGBA' if stored.shape[2] == 4 else 'RGB', info,
                   orientation=turned)

    @classmethod
    def _of_pil(cls, image: Image.Image, name: str) -> 'Picture':
        mode, stored = image.mode, np.array(image)
        if mode.startswith('I'):
            if stored.min(initial=0) < 0 or stored.max(initial=0) > 65535:
                raise ValueError(f'{name} has values outside 16 bits: '
                                 'expected 0 to 65535; scale it.')
            mode, stored = 'I;16', stored.astype(np.uint16)
        if mode not in MODES:
            raise ValueError(f'{name} is of mode {mode}: expected one of '
                             f'{", ".join(MODES)}; convert it.')
        info, turned = metadata_of(image, name)
        palette = None
        if mode == 'P':
            palette = np.array(
                image.getpalette('RGB'), np.uint8).reshape(-1, 3)
        return cls(upright(stored, turned), mode, info, palette, turned)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, upright."""
        return self.stored.shape[:2]

    @property
    def rgb(self) -> np.ndarray:
        """What the model sees: upright, (H, W, 3) uint8, or, of other depths,
        float32 in [0, 255]."""
        x = self.stored
        if self.mode == 'P':
            return self.palette[np.minimum(x, len(self.palette) - 1)]
        if self.mode == 'CMYK':
            return np.array(Image.fromarray(
                np.ascontiguousarray(x), 'CMYK').convert('RGB'))
        if self.mode == '1':
            x = x * np.uint8(255)
        elif x.dtype != np.uint8:
            x = x.astype(np.float32) / np.float32(self._scale)
        if self.mode in ('RGB', 'RGBA'):
            return x[..., :3]
        return np.repeat(x[..., None] if x.ndim == 2 else x[..., :1], 3, 2)

    @property
    def _scale(self) -> float:
        """What one of 255 levels is in the samples."""
        if self.stored.dtype.kind == 'f':
            return 1 / 255
        return 257 if self.stored.dtype == np.uint16 else 1

    @property
    def _opaque(self) -> float:
        return 255 * self._scale

    def filled(self, painted: np.ndarray, hole: np.ndarray) -> 'Picture':
        """This picture with its hole painted in its own mode and depth, and
        opaque there.

        A palette keeps its colours: each painted pixel takes the nearest.

        Args:
            painted (np.ndarray): (H, W, 3), RGB in [0, 255], upright.
            hole (np.ndarray): (H, W) bool, upright.
        """
        stored = self.stored.copy()
        colours = painted[hole].astype(np.float32)  # (n, 3)
        if self.mode in ('RGB', 'RGBA'):
            new = self._quantised(colours)
        elif self.mode == 'P':
            new = painted_indices(colours, self.palette,
                                  self.info.get('transparency'))
        elif self.mode == 'CMYK':
            new = np.array(Image.fromarray(
                colours.round().clip(0, 255).astype(np.uint8)[None]
            ).convert('CMYK'))[0]
        else:
            grey = colours @ np.float32([.299, .587, .114])
            new = grey > 127 if self.mode == '1' else self._quantised(grey)
        if self.mode in ('LA', 'RGBA'):
            stored[hole, -1] = self._opaque
            stored[hole, :-1] = new.reshape(len(new), -1)
        else:
            stored[hole] = self._seen(new)
        return Picture(stored, self.mode, self.info, self.palette,
                       self.orientation)

    def _quantised(self, x: np.ndarray) -> np.ndarray:
        x = x.clip(0, 255) * self._scale
        if self.stored.dtype.kind == 'f':
            return x
        return x.round().astype(self.stored.dtype)

    def _seen(self, new: np.ndarray) -> np.ndarray:
        """None of it the colour that the file declares transparent."""
        key = self.info.get('transparency')
        if self.mode not in ('L', 'I;16', 'RGB') or key is None:
            return new
        hidden = np.asarray(new == key).reshape(len(new), -1).all(1)
        first = new.reshape(len(new), -1)[:, 0]
        first[hidden] ^= 1
        return new

    def like(self, source: Source) -> Union['Picture', np.ndarray, Tensor,
                                            Image.Image]:
        """An array if it came as an array, a tensor if as one, a PIL image if
        as one, and for a file this picture itself."""
        if isinstance(source, np.ndarray):
            return self.stored.reshape(source.shape)
        if isinstance(source, Tensor):
            x = np.moveaxis(self.stored, -1, 0) if (
                self.stored.ndim == 3) else self.stored
            x = torch.from_numpy(np.ascontiguousarray(x))
            return x.reshape(source.shape).to(source)
        return self.pil() if isinstance(source, Image.Image) else self

    def pil(self, stored: Optional[np.ndarray] = None) -> Image.Image:
        """As an upright PIL image, whose colours have 8 bits.

        Args:
            stored (np.ndarray, optional): Its samples in another layout.
        """
        stored = np.ascontiguousarray(
            self.stored if stored is None else stored)
        if self.mode != 'I;16' and stored.dtype not in (bool, np.uint8):
            stored = (stored.astype(np.float32) / np.float32(self._scale)
                      ).round().astype(np.uint8)
        image = Image.fromarray(
            stored, self.mode if self.mode in ('P', 'CMYK') else None)
        if self.palette is not None:
            image.putpalette(self.palette.tobytes())
        image.info.update(self.info)
        return image

    def save(self, file: Union[str, Path, BinaryIO],
             format: Optional[str] = None) -> None:
        """Write it, whole or not at all. JPEG is lossy by nature (quality
        95); PNG, TIFF and WebP (lossless) keep each pixel.

        Args:
            file (str or Path or binary stream): Where to.
            format (str, optional): Such as 'png'; a path's ending names it.

        Raises:
            ValueError: If nothing names a kind of picture, or one that
                cannot hold this mode.
            OSError: If it cannot be written there.
        """
        is_path = isinstance(file, (str, Path))
        name = str(file) if is_path else 'the stream'
        kind = kind_named(format) if format else (
            writable_kind(Path(file)) if is_path else '')
        if kind not in Image.SAVE:
            raise ValueError(f'{format!r} names no kind of picture to write '
                             f"into {name}: give format='png'.")
        content = encode(self, kind, name)
        if not is_path:
            file.write(content)
            return
        try:
            with replacing(file) as part:
                part.write_bytes(content)
        except OSError as error:
            raise OSError(
                f'{name} cannot be written ({error.strerror}): give a file '
                'in a folder that exists and is writable.') from None
