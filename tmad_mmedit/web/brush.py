"""Between a picture and the reduced copy of it that is brushed on."""
from collections.abc import Sequence
from typing import Optional

import cv2
import numpy as np
from PIL import Image

from ..pictures.picture import Picture

SIDE = 1280  # of the copy, in pixels
COLOUR, OPACITY = '#ff2d2d', .6
CUT = OPACITY * 255 / 2  # a stroke is what is more opaque than this


def preview_of(picture: Picture, side: int = SIDE) -> Image.Image:
    """A copy to look at, of 8 bits a channel.

    Args:
        picture (Picture): Of any size and mode.
        side (int): What neither of the copy's sides exceeds. Defaults to
            1280.

    Returns:
        Image.Image: RGB or RGBA, with the picture's colour profile where that
        is one of RGB.
    """
    rgb = picture.rgb
    if rgb.dtype != np.uint8:
        rgb = rgb.round().clip(0, 255).astype(np.uint8)
    copy = Image.fromarray(np.ascontiguousarray(rgb))
    if picture.mode in ('LA', 'RGBA') or 'transparency' in picture.info:
        copy.putalpha(picture.pil().convert('RGBA').getchannel('A'))
    copy.thumbnail((side, side))
    if picture.mode in ('P', 'RGB', 'RGBA'):
        copy.info['icc_profile'] = picture.info.get('icc_profile')
    return copy


def hole_of(layers: Sequence[np.ndarray], size: tuple[int, int]
            ) -> np.ndarray:
    """What was brushed on the copy, at the picture's own size.

    The strokes are enlarged linearly and cut at half of their opacity, so
    that their edges stay smooth. Of a copy that is not reduced, each pixel
    stays what it is.

    Args:
        layers (Sequence[np.ndarray]): (h, w, 4) uint8, strokes on
            transparent, of the copy's size.
        size (tuple[int, int]): H and W of the picture.

    Returns:
        np.ndarray: (H, W) bool; empty, if nothing is brushed.
    """
    return drawn_on(layers, size) > CUT


def left_of(layers: Sequence[np.ndarray], hole: np.ndarray
            ) -> Optional[Image.Image]:
    """The strokes beyond a hole that is painted.

    Args:
        layers (Sequence[np.ndarray]): See :func:`hole_of`.
        hole (np.ndarray): (H, W) bool.

    Returns:
        Image.Image: Strokes of the copy's size; None, if none are left.
    """
    if not layers:
        return None
    height, width = layers[0].shape[:2]
    painted = cv2.resize(hole.astype(np.uint8) * 255, (width, height),
                         interpolation=cv2.INTER_AREA)
    painted = cv2.dilate(painted, np.ones((3, 3)))  # strokes' faint edges
    alpha = drawn_on(layers, (height, width))
    alpha[painted > 0] = 0
    return strokes_of(Image.fromarray(alpha)) if (alpha > CUT).any() else None


def layer_of(hole: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """A mask as strokes of the brush.

    Args:
        hole (np.ndarray): (H, W) bool.
        size (tuple[int, int]): Width and height of the copy.
    """
    alpha = Image.fromarray(hole.astype(np.uint8) * round(OPACITY * 255))
    return strokes_of(alpha.resize(size, Image.Resampling.BILINEAR))


def drawn_on(layers: Sequence[np.ndarray], size: tuple[int, int]
             ) -> np.ndarray:
    """How opaque the strokes are at some size, (H, W) uint8."""
    alpha = np.zeros(size, np.uint8)
    for layer in layers:
        drawn = np.ascontiguousarray(layer[..., 3])
        if drawn.shape != tuple(size):
            drawn = cv2.resize(drawn, (size[1], size[0]),
                               interpolation=cv2.INTER_LINEAR)
        np.maximum(alpha, drawn, out=alpha)
    return alpha


def strokes_of(alpha: Image.Image) -> Image.Image:
    colour = Image.new('RGBA', alpha.size, COLOUR)
    colour.putalpha(alpha)
    return colour
