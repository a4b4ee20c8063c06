"""Any picture in and out: what the model sees, and what it came as."""
from pathlib import Path
from typing import Any, BinaryIO, Optional, Union

import numpy as np
from PIL import Image

from ..files.atomic import writing
from .alpha import continued, worth_copying
from .arrays import array_of, is_tensor
from .image_files import Source
from .kinds import kind_named, writable_kind
from .palettes import painted_indices
from .patches import patch_of
from .reading import Read, read_file, read_pil
from .samples import GREY, alpha_of, quantised, rgb_of, scale_of
from .writing import encode


class Picture:
    """A picture with its mode, bit depth, alpha, palette, colours' meaning,
    resolution and what it says of itself.

    >>> Picture.of(np.zeros((4, 6, 3), np.uint8)).size
    (4, 6)

    Attributes:
        stored (np.ndarray): Its samples, upright, (H, W) or (H, W, C), bool,
            uint8, uint16, or of arrays a float in [0, 1].
        mode (str): Pillow's name of it; RGB and RGBA also of 16 bits.
        info (dict): See :func:`.metadata.metadata_of`.
        palette (np.ndarray): Of mode P, (n, 3) uint8.
        orientation (int): EXIF's, of the file it came from.
        hole (np.ndarray, optional): (H, W) bool, what was painted in it.
    """
    hole: Optional[np.ndarray] = None

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
            source: A path ('-': standard input), the bytes of a file or a
                binary stream; a PIL image; an array, (H, W) or (H, W, 1),
                grey, or (H, W, 3 or 4), RGB or RGBA; or a tensor, the same of
                shape (C, H, W). Arrays and tensors are uint8, uint16, or
                floats in [0, 1].

        Raises:
            ValueError: For other arrays, and unreadable files.
            FileNotFoundError: If the file is not there.
        """
        if isinstance(source, np.ndarray) or is_tensor(source):
            array = array_of(source)
            mode = {(): 'L', (3, ): 'RGB', (4, ): 'RGBA'}[array.shape[2:]]
            deep = mode == 'L' and array.dtype == np.uint16
            return cls(array, 'I;16' if deep else mode)
        read: Read = read_pil(source, 'the image') if isinstance(
            source, Image.Image) else read_file(source, 'image')
        return cls(*read)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, upright."""
        height, width = self.stored.shape[:2]
        return height, width

    @property
    def rgb(self) -> np.ndarray:
        """Its colours, those of invisible pixels too: upright, (H, W, 3)
        uint8, or, of other depths, float32 in [0, 255]."""
        return rgb_of(self.stored, self.mode, self.palette)

    @property
    def alpha(self) -> Optional[np.ndarray]:
        """(H, W) float32 in [0, 1]; None if it knows no transparency."""
        return alpha_of(self.stored, self.mode, self.info.get('transparency'))

    @property
    def hidden(self) -> Optional[np.ndarray]:
        """(H, W) bool, which pixels are invisible; None if none can be."""
        return None if self.alpha is None else self.alpha == 0

    def texture(self, hole: np.ndarray,
                opaque: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """What a model may see of it, and what not.

        Pixels that are invisible, or less than half as opaque as the hole
        becomes, are no texture: they are unknown, as the hole is.

        Args:
            hole (np.ndarray): (H, W) bool, upright.
            opaque (bool): See :meth:`filled`. Defaults to False.

        Returns:
            tuple: Colours, (H, W, 3), see :attr:`rgb`, and what of them is
            unknown, (H, W) bool. Of a picture of which nothing is visible
            they are black, and unknown is the hole.
        """
        alpha = self.alpha
        if alpha is None:
            return self.rgb, hole
        wanted = self._alpha_in(hole, opaque)
        unknown = hole | ~worth_copying(alpha, hole, wanted)
        if unknown.all():
            return np.zeros_like(self.rgb), hole
        return self.rgb, unknown

    def _alpha_in(self, hole: np.ndarray, opaque: bool) -> np.ndarray:
        alpha = self.alpha
        return np.ones(self.size, np.float32) if (
            opaque or alpha is None) else continued(alpha, hole)

    def filled(self, painted: np.ndarray, hole: np.ndarray,
               opaque: bool = False) -> 'Picture':
        """Paint the hole in the picture's own mode and depth; it becomes
        transparent where its surroundings are.

        A palette keeps its colours: each painted pixel takes the nearest.

        Args:
            painted (np.ndarray): (H, W, 3), RGB in [0, 255], upright.
            hole (np.ndarray): (H, W) bool, upright.
            opaque (bool): Whether it becomes opaque instead. Defaults to
                False.
        """
        stored = self.stored.copy()
        colours = painted[hole].astype(np.float32)  # (n, 3)
        alpha = self._alpha_in(hole, opaque)[hole]
        if self.mode in ('LA', 'RGBA'):
            opaque_by = quantised(255 * alpha, stored)
            colours[opaque_by == 0] = 0  # nothing is hidden in the hole
        if self.mode in ('RGB', 'RGBA'):
            new = quantised(colours, stored)
        elif self.palette is not None:
            new = painted_indices(colours, self.palette,
                                  self.info.get('transparency'), alpha)
        elif self.mode == 'CMYK':
            new = np.array(Image.fromarray(
                colours.round().clip(0, 255).astype(np.uint8)[None]
            ).convert('CMYK'))[0]
        else:
            grey = colours @ GREY
            new = grey > 127 if self.mode == '1' else quantised(grey, stored)
        if self.mode in ('LA', 'RGBA'):
            stored[hole, -1] = opaque_by
            stored[hole, :-1] = new.reshape(len(new), -1)
        else:
            stored[hole] = self._declared(new, alpha)
        result = Picture(stored, self.mode, self.info, self.palette,
                         self.orientation)
        result.hole = hole
        return result

    @property
    def patch(self) -> 'Picture':
        """What was painted, alone; see :func:`.patches.patch_of`.

        Raises:
            ValueError: If nothing was.
        """
        if self.hole is None:
            raise ValueError('nothing was painted in this picture: a patch '
                             'is of a result.')
        return patch_of(self, self.hole)

    def _declared(self, new: np.ndarray, alpha: np.ndarray) -> np.ndarray:
        """Samples of which those that are to be transparent, and no others,
        have the colour that the file declares transparent."""
        key = self.info.get('transparency')
        if key is None or self.mode in ('P', 'CMYK'):
            return new
        if self.mode == '1':  # whose other colour alone can be seen
            return (alpha < .5) == bool(key)
        hidden = (new == np.asarray(key)).reshape(len(new), -1).all(1)
        new.reshape(len(new), -1)[:, 0][hidden] ^= 1
        new[alpha < .5] = key
        return new

    def like(self, source: Source) -> Any:
        """An array if it came as an array, a tensor if as one, a PIL image if
        as one, and for a file this picture itself."""
        if isinstance(source, np.ndarray):
            return self.stored.reshape(source.shape)
        if is_tensor(source):
            x = np.moveaxis(self.stored, -1, 0) if (
                self.stored.ndim == 3) else self.stored
            return source.new_tensor(np.ascontiguousarray(x)).reshape(
                source.shape)
        return self.pil() if isinstance(source, Image.Image) else self

    def pil(self, stored: Optional[np.ndarray] = None) -> Image.Image:
        """As an upright PIL image, whose colours have 8 bits.

        Args:
            stored (np.ndarray, optional): Its samples in another layout.
        """
        stored = np.ascontiguousarray(
            self.stored if stored is None else stored)
        if self.mode != 'I;16' and stored.dtype not in (bool, np.uint8):
            stored = (stored.astype(np.float32) / np.float32(
                scale_of(stored))).round().clip(0, 255).astype(np.uint8)
        image = Image.fromarray(
            stored, self.mode if self.mode in ('P', 'CMYK') else None)
        if self.palette is not None:
            image.putpalette(self.palette.tobytes())
        image.info.update({
            key: value for key, value in self.info.items()
            if key not in ('text', 'png_colours', 'iptc')})
        image.info.update(self.info.get('text', {}))
        return image

    def save(self, file: Union[str, Path, BinaryIO],
             format: Optional[str] = None) -> None:
        """Write it, whole or not at all. PNG, TIFF, WebP, HEIC and JPEG 2000
        keep each pixel; AVIF within 2 of 255 levels; JPEG, of quality 95, is
        lossy by nature.

        What a kind of file cannot hold of what the picture says of itself is
        lost with a warning.

        Args:
            file (str or Path or binary stream): Where to; '-' is standard
                output, and a link's target is written.
            format (str, optional): Such as 'png'; a path's ending names it.

        Raises:
            ValueError: If nothing names a kind of picture, or one that
                cannot hold this mode, or its transparency.
            OSError: If it cannot be written there.
        """
        path = Path(file) if isinstance(file, (str, Path)) else None
        name = str(file) if path else 'the stream'
        kind = kind_named(format) if format else (
            writable_kind(path) if path else '')
        if kind not in Image.SAVE:
            raise ValueError(f'{format!r} names no kind of picture to write '
                             f"into {name}: give format='png'.")
        content = encode(self, kind, name)
        if path is None:
            file.write(content)  # type: ignore[union-attr]
            return
        try:
            writing(path, content)
        except OSError as error:
            raise OSError(
                f'{name} cannot be written ({error.strerror}): give a file '
                'in a folder that exists and is writable.') from None
