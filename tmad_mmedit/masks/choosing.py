"""Holes that are named: by the labels or by the colour of a mask."""
from collections.abc import Sequence

import numpy as np

NEAR, OTHER = 127, 48  # levels of 255, in each channel: at most as far is a
# colour still that, from there on may another be
COMMON = .005  # of a mask's pixels are a colour of its own
COLOURED = 64  # levels between the channels, from which a pixel has a colour
MANY = .02  # part of the hole that other colours may be


def of_labels(numbers: np.ndarray, labels: Sequence[int]) -> np.ndarray:
    """Tell where a label map has one of the labels.

    Raises:
        ValueError: If it has none of them.
    """
    hole = np.isin(numbers, np.asarray(labels))
    if not hole.any():
        there = np.unique(numbers)
        some = ', '.join(f'{x:g}' for x in there[:12].astype(float))
        raise ValueError(
            f'the mask has no label {", ".join(map(str, labels))}: its '
            f'numbers are {some}{", ..." if len(there) > 12 else ""}; name '
            'one of these.')
    return hole


def of_colour(colours: np.ndarray, colour: Sequence[int]) -> np.ndarray:
    """Tell where a mask, (H, W, 3) or grey, (H, W), uint8, has a colour: what
    is nearer to it than to any of the mask's other colours, as at the smooth
    edge of a stroke.

    Raises:
        ValueError: If it has it nowhere.
    """
    if colours.ndim == 2:
        colours = np.repeat(colours[..., None], 3, 2)
    named = np.asarray(colour[:3], np.int64)
    away = distance(colours, named)
    hole = away <= NEAR
    numbers, counts = np.unique(packed(colours), return_counts=True)
    for number in numbers[counts >= COMMON * counts.sum()]:
        other = np.array([number >> 16, number >> 8 & 255, number & 255])
        if np.abs(other - named).max() > OTHER:
            hole &= away < distance(colours, other)
    if not (away <= OTHER).any():
        raise ValueError(
            f'the mask has nothing of the colour {hexadecimal(colour)}: its '
            f'colours are {", ".join(most_of(colours))}; name one of these.')
    return hole


def distance(colours: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """(H, W, 3) to one, in the channel where it is largest."""
    return np.abs(colours.astype(np.int16) - colour).max(2)


def packed(rgb: np.ndarray) -> np.ndarray:
    """(..., 3) uint8 as one number each."""
    return rgb.astype(np.int64) @ np.array([65536, 256, 1])


def check_colours(rgb: np.ndarray, hole: np.ndarray,
                  threshold: float) -> None:
    """Ask where a mask is painted in several colours, of which the brighter
    ones alone would be hole.

    Args:
        rgb (np.ndarray): (H, W, 3) uint8.
        hole (np.ndarray): (H, W) bool, what is bright in it.
        threshold (float): From which part on something is bright.

    Raises:
        ValueError: If something strongly coloured is not hole.
    """
    most, least = rgb.max(2), rgb.min(2)
    strong = (most > threshold * 255) & (most - least >= COLOURED)
    missed = strong & ~hole
    if not missed.any():
        return
    # the dark side of the edges of a stroke that is hole has its hue
    hues = hue(rgb[strong & hole])
    others = rgb[missed]
    if len(hues):
        known = np.zeros(25, bool)
        known[hues] = True
        known |= np.roll(known, 1) | np.roll(known, -1)
        others = others[~known[hue(others)]]
    if len(others) > MANY * max(hole.sum(), 50):
        raise ValueError(
            'the mask is painted in colours, and it cannot be told which is '
            f'hole: {", ".join(most_of(rgb))}; pass --mask-colour '
            f"'{most_of(others[None])[0]}' (in Python colour=...), or for a "
            'label map --mask-labels.')


def hue(rgb: np.ndarray) -> np.ndarray:
    """Hue of coloured pixels, (n, 3) uint8, in 24 steps around the circle."""
    x = rgb.astype(np.float32)
    red, green, blue = x.T
    angle = np.arctan2(3**.5 * (green - blue), 2 * red - green - blue)
    return ((angle / (2 * np.pi) % 1) * 24).astype(int)


def most_of(rgb: np.ndarray, count: int = 4) -> list[str]:
    """The commonest colours, (H, W, 3) uint8, as '#rrggbb'."""
    numbers, counts = np.unique(packed(rgb), return_counts=True)
    return [f'#{x:06x}' for x in numbers[counts.argsort()[::-1][:count]]]


def hexadecimal(colour: Sequence[int]) -> str:
    return '#' + ''.join(f'{x:02x}' for x in colour[:3])
