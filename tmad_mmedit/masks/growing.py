"""Mend a mask drawn by hand: close gaps, fill islands, grow it, or snap it to
the object below it. Pure functions of arrays."""
from typing import Any, Optional, Union

import cv2
import numpy as np

Amount = Union[int, str]  # pixels, or 'auto'
AUTO = .004  # of the longer side: what a hand misses of an edge
SNAP_SIDE = 400  # of what GrabCut looks at, in pixels
SNAP_ROUNDS = 5


def pixels_of(amount: Amount, size: tuple[int, int]) -> int:
    """Return an amount in pixels, of which 'auto' depends on the size.

    Args:
        amount (int or str): Pixels, or 'auto'.
        size (tuple[int, int]): H and W of the picture.

    Raises:
        ValueError: If it is neither.

    >>> pixels_of('auto', (3000, 4000)), pixels_of(5, (3000, 4000))
    (16, 5)
    """
    if amount == 'auto':
        return max(round(AUTO * max(size)), 1)
    if isinstance(amount, str) or amount != int(amount) or amount < 0:
        raise ValueError(f"{amount!r} is no number of pixels: give 0, 1, 2, "
                         "... or 'auto'.")
    return int(amount)


def grown(mask: np.ndarray, close: Amount = 0, fill: Optional[int] = None,
          dilate: Amount = 0) -> np.ndarray:
    """Close a mask's gaps, fill its islands, then grow it.

    Args:
        mask (np.ndarray): (H, W) bool, True = hole.
        close (int or str): Gaps of up to so many pixels are closed, between
            parts that are as wide; 'auto': 0.4 % of the longer side. Defaults
            to 0.
        fill (int, optional): Islands in the hole of up to so many pixels of
            area are filled. Defaults to the square of 4 times ``close``.
        dilate (int or str): Pixels by which it then grows; 'auto' as above.
            Defaults to 0.

    Returns:
        np.ndarray: (H, W) bool, of which ``mask`` is a part.

    Raises:
        ValueError: If the mask is no (H, W) of bools, or an amount no number
            of pixels.

    >>> grown(np.array([[False, True, False, False]]), dilate=1).tolist()
    [[True, True, True, False]]
    """
    if mask.ndim != 2 or mask.dtype != bool:
        raise ValueError(f'the mask is {mask.dtype} of shape {mask.shape}: '
                         'expected bools of shape (H, W); see read_mask.')
    height, width = mask.shape
    gap, dilate = (pixels_of(x, (height, width)) for x in (close, dilate))
    fill = (4 * gap)**2 if fill is None else fill
    rows, columns = _inside(mask, margin := gap + dilate + 1)
    if not mask.any():
        return mask.copy()
    # beyond the border is nothing that a gap could be closed towards
    part: Any = np.pad(mask[rows, columns].astype(np.uint8), margin)
    if gap:
        part = cv2.morphologyEx(part, cv2.MORPH_CLOSE, disc((gap + 1) // 2))
    if fill:
        _fill_islands(part, fill)
    if dilate:
        part = cv2.dilate(part, disc(dilate))
    result = mask.copy()
    result[rows, columns] |= part[margin:-margin, margin:-margin] > 0
    return result


def disc(radius: int) -> np.ndarray:
    """Return a structuring element, (2 * radius + 1)² uint8."""
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE,
                                     (2 * radius + 1, ) * 2)


def snapped(rgb: np.ndarray, strokes: np.ndarray) -> np.ndarray:
    """Snap strokes over a thing to the thing itself, by GrabCut.

    The middle of the strokes is the thing, what is far from them is not; in
    between, colours decide (Rother, Kolmogorov, Blake 2004).

    Args:
        rgb (np.ndarray): (H, W, 3), in [0, 255].
        strokes (np.ndarray): (H, W) bool.

    Returns:
        np.ndarray: (H, W) bool; the strokes themselves, where colours tell
        nothing apart.

    Raises:
        ValueError: If nothing is brushed, or the two differ in size.
    """
    if rgb.shape[:2] != strokes.shape:
        raise ValueError(f'the picture is {rgb.shape[1]} x {rgb.shape[0]}, '
                         f'the strokes {strokes.shape[1]} x '
                         f'{strokes.shape[0]}: expected one size.')
    if not strokes.any():
        raise ValueError('nothing is brushed: brush over the thing first.')
    height, width = _extent(strokes)
    place = _inside(strokes, max(16, max(height, width) // 2))
    colours, drawn = rgb[place], strokes[place].astype(np.uint8)
    scale = min(1, SNAP_SIDE / max(drawn.shape))
    small = tuple(max(round(x * scale), 1) for x in drawn.shape[::-1])
    colours = cv2.resize(np.ascontiguousarray(colours.clip(0, 255)), small,
                         interpolation=cv2.INTER_AREA).astype(np.uint8)
    thing = _grab_cut(colours, cv2.resize(
        drawn, small, interpolation=cv2.INTER_NEAREST))
    soft = cv2.resize(thing.astype(np.float32), drawn.shape[::-1],
                      interpolation=cv2.INTER_LINEAR)
    result = np.zeros_like(strokes)
    result[place] = soft > .5
    return result if result.any() else strokes.copy()


def _grab_cut(colours: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return (h, w) bool, the parts of the thing that the strokes touch."""
    depth = cv2.distanceTransform(np.pad(drawn, 1), cv2.DIST_L2, 5)
    depth = depth[1:-1, 1:-1]
    away = cv2.distanceTransform(1 - drawn, cv2.DIST_L2, 5)
    trimap = np.where(drawn, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[depth > .5 * depth.max()] = cv2.GC_FGD
    trimap[away > .6 * away.max()] = cv2.GC_BGD
    cv2.setRNGSeed(0)  # of its clusters of colours
    no_box = 0, 0, 0, 0
    try:
        cv2.grabCut(np.ascontiguousarray(colours), trimap, no_box,
                    np.zeros((1, 65)), np.zeros((1, 65)), SNAP_ROUNDS,
                    cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # nothing is left that is not the thing
        return drawn > 0
    thing = (trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD)
    _, parts = cv2.connectedComponents(thing.astype(np.uint8))
    touched = np.unique(parts[(drawn > 0) & thing])
    return thing & np.isin(parts, touched)


def _fill_islands(part: np.ndarray, area: int) -> None:
    """Fill what the hole encloses, in place; the border is outside."""
    _, islands, stats, _ = cv2.connectedComponentsWithStats(
        1 - part, connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] <= area
    small[islands[0, 0]] = False
    part[small[islands]] = 1


def _extent(mask: np.ndarray) -> tuple[int, int]:
    rows, columns = _inside(mask, 0)
    return rows.stop - rows.start, columns.stop - columns.start


def _inside(mask: np.ndarray, margin: int) -> tuple[slice, slice]:
    """Return where the hole is, with a margin, within the picture."""
    place = []
    for axis in (1, 0):
        at = np.flatnonzero(mask.any(axis))
        first, last = (at[0], at[-1]) if len(at) else (0, -1)
        place.append(slice(max(first - margin, 0),
                           min(last + 1 + margin, mask.shape[1 - axis])))
    return place[0], place[1]
