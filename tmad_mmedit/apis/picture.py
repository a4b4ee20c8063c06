"""Any picture in and out: what the model sees, and what it came as."""
import os
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np
from PIL import Image

from .image_files import (
    Source,
    colours_of_16_bits,
    decode,
    encode_16_bits,
    is_cut_to_8_bits,
    open_file,
    writable_kind,
)

EXIF_ORIENTATION = 0x0112
UPRIGHT = {  # from stored to upright, as views
    2: np.fliplr,
    3: lambda x: np.rot90(x, 2),
    4: np.flipud,
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: np.rot90(x, 2).swapaxes(0, 1),
    8: np.rot90
}
MODES = ('1', 'L', 'LA', 'P', 'RGB', 'RGBA', 'CMYK', 'I;16', 'I')
WRITE = dict(
    JPEG=dict(quality=95, subsampling=0),
    WEBP=dict(lossless=True, exact=True))


class Picture:
    """A picture with its mode, bit depth, alpha, palette, colour profile,
    resolution and EXIF data.

    Attributes:
        stored (np.ndarray): Samples as they lie in the file, (H, W) or
            (H, W, C), bool, uint8, uint16 or int32.
        mode (str): Pillow's name of it; RGB and RGBA also of 16 bits.
        info (dict): What Pillow's ``save`` is to be given.
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
        """Read a file, an array or a PIL image.

        Args:
            source (str or Path or np.ndarray or PIL.Image): Arrays are
                (H, W), grey, or (H, W, 3 or 4), RGB or RGBA, of uint8 or
                uint16.

        Raises:
            ValueError: For other arrays, and unreadable files.
            FileNotFoundError: If the file is not there.
        """
        if isinstance(source, np.ndarray):
            return cls._of_array(source)
        if isinstance(source, Image.Image):
            return cls._of_pil(source, 'the image')
        image = open_file(source, 'image')
        deep = is_cut_to_8_bits(image)
        picture = cls._of_pil(decode(image, source, 'image'),
                              f'image {source}')
        if deep:
            picture.stored = colours_of_16_bits(source)
            picture.mode = 'RGBA' if picture.stored.shape[2] == 4 else 'RGB'
        return picture

    @classmethod
    def _of_array(cls, array: np.ndarray) -> 'Picture':
        mode = {(): 'L', (3, ): 'RGB', (4, ): 'RGBA'}.get(array.shape[2:])
        if not mode or array.ndim < 2 or array.dtype not in (
                np.uint8, np.uint16):
            raise ValueError(
                f'the image is {array.dtype} of shape {array.shape}: expected '
                'uint8 or uint16 of shape (H, W), grey, (H, W, 3), RGB, or '
                '(H, W, 4), RGBA.')
        if mode == 'L' and array.dtype == np.uint16:
            mode = 'I;16'
        return cls(array, mode)

    @classmethod
    def _of_pil(cls, image: Image.Image, what: str) -> 'Picture':
        if image.mode not in MODES:
            raise ValueError(f'{what} is of mode {image.mode}: expected one '
                             f'of {", ".join(MODES)}; convert it.')
        stored = np.array(image)
        if image.mode == 'I' and not (
                0 <= stored.min() and stored.max() < 65536):
            raise ValueError(f'{what} has values outside 16 bits: expected 0 '
                             'to 65535; scale it.')
        exif = image.getexif()
        info = {key: image.info[key]
                for key in ('icc_profile', 'dpi', 'transparency')
                if image.info.get(key) is not None}
        if len(exif):
            info['exif'] = exif.tobytes()
        palette = None
        if image.mode == 'P':
            palette = np.array(
                image.getpalette('RGB'), np.uint8).reshape(-1, 3)
        return cls(stored, image.mode, info, palette,
                   exif.get(EXIF_ORIENTATION, 1))

    def _upright(self, stored: np.ndarray) -> np.ndarray:
        return UPRIGHT.get(self.orientation, np.asarray)(stored)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, upright."""
        return self._upright(self.stored).shape[:2]

    @property
    def rgb(self) -> np.ndarray:
        """What the model sees: upright, (H, W, 3) uint8, or, of 16 bits,
        float32 in [0, 255], values over 257."""
        x = self._upright(self.stored)
        if self.mode == 'P':
            return self.palette[np.minimum(x, len(self.palette) - 1)]
        if self.mode == 'CMYK':
            return np.array(Image.fromarray(
                np.ascontiguousarray(x), 'CMYK').convert('RGB'))
        if self.mode == '1':
            x = x * np.uint8(255)
        elif x.dtype != np.uint8:
            x = x / np.float32(257)
        if self.mode in ('RGB', 'RGBA'):
            return x[..., :3]
        return np.repeat(x[..., None] if x.ndim == 2 else x[..., :1], 3, 2)

    def filled(self, painted: np.ndarray, hole: np.ndarray) -> 'Picture':
        """This picture with its hole painted in its own mode and depth.

        A palette keeps its colours: each painted pixel takes the nearest.

        Args:
            painted (np.ndarray): (H, W, 3), RGB in [0, 255], upright.
            hole (np.ndarray): (H, W) bool, upright.
        """
        stored = self.stored.copy()
        view = self._upright(stored)  # writes through to stored
        colours = painted[hole].astype(np.float32)  # (n, 3)
        if self.mode in ('RGB', 'RGBA'):
            view[hole, :3] = self._quantised(colours)
        elif self.mode == 'P':
            view[hole] = self._nearest(colours)
        elif self.mode == 'CMYK':
            view[hole] = np.array(Image.fromarray(
                colours.round().astype(np.uint8)[None]).convert('CMYK'))[0]
        else:
            grey = colours @ np.float32([.299, .587, .114])
            if self.mode == '1':
                view[hole] = grey > 127
            elif self.mode == 'LA':
                view[hole, 0] = self._quantised(grey)
            else:
                view[hole] = self._quantised(grey)
        return Picture(stored, self.mode, self.info, self.palette,
                       self.orientation)

    def _quantised(self, x: np.ndarray) -> np.ndarray:
        scale = 1 if self.stored.dtype == np.uint8 else 257
        return (x.clip(0, 255) * scale).round().astype(self.stored.dtype)

    def _nearest(self, colours: np.ndarray) -> np.ndarray:
        palette = self.palette.astype(np.float32)
        index = np.empty(len(colours), np.uint8)
        for i in range(0, len(colours), 65536):  # 65536 x 256 distances
            distance = (palette**2).sum(1) - 2 * (
                colours[i:i + 65536] @ palette.T)
            index[i:i + 65536] = distance.argmin(1)
        return index

    def like(self, source: Source) -> Union['Picture', np.ndarray,
                                            Image.Image]:
        """An array if it came as an array, a PIL image if as one, and for a
        file this picture itself."""
        if isinstance(source, np.ndarray):
            return self.stored
        return self.pil() if isinstance(source, Image.Image) else self

    def pil(self) -> Image.Image:
        """As a PIL image, whose colours have 8 bits."""
        stored = self.stored
        if self.mode in ('RGB', 'RGBA') and stored.dtype == np.uint16:
            stored = (stored / np.float32(257)).round().astype(np.uint8)
        image = Image.fromarray(
            stored, self.mode if self.mode in ('P', 'CMYK') else None)
        if self.palette is not None:
            image.putpalette(self.palette.tobytes())
        image.info.update(self.info)
        return image

    def save(self, path: Union[str, Path]) -> None:
        """Write it, whole or not at all. JPEG is lossy by nature (quality
        95); PNG, TIFF and WebP (lossless) keep each pixel.

        Raises:
            ValueError: If the ending names no kind of picture, or one that
                cannot hold this mode.
            OSError: If it cannot be written there.
        """
        path = Path(path)
        kind = writable_kind(path)
        unfinished = path.with_name(f'.{path.name}.part')
        try:
            if self.mode in ('RGB', 'RGBA') and (
                    self.stored.dtype == np.uint16):
                unfinished.write_bytes(
                    encode_16_bits(self.stored, self.info, kind, path))
            else:
                image = self.pil()
                options = {**image.info, **WRITE.get(kind, {})}
                try:
                    image.save(unfinished, kind, **options)
                except OSError as error:
                    if error.errno is not None:
                        raise
                    raise ValueError(
                        f'{path} cannot hold a picture of mode {self.mode} '
                        f'({error}): use .png.') from None
            os.replace(unfinished, path)
        except OSError as error:
            raise OSError(
                f'{path} cannot be written ({error.strerror}): give a file '
                'in a folder that exists and is writable.') from None
        finally:
            if unfinished.is_file():
                unfinished.unlink()
