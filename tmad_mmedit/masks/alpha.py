"""Masks that say something by their alpha."""
import numpy as np

ALPHA = ('auto', 'opaque', 'transparent', 'ignore')
ASK = ('the mask is transparent in places, and it cannot be told what is '
       'hole: pass --mask-alpha opaque, transparent or ignore (in Python '
       'alpha=...).')


def hole_of_alpha(rgb: np.ndarray, opaque: np.ndarray,
                  rule: str = 'auto') -> np.ndarray:
    """Which pixels are hole, if a mask is opaque here and transparent there.

    - One colour on transparent: strokes, or a shape in alpha; opaque = hole.
    - A picture of many colours that covers most of it: an area was erased
      from it; transparent = hole. So, too, of a dark layer, as dark is known.
    - Anything else is not guessed.

    Args:
        rgb (np.ndarray): (H, W, 3) uint8.
        opaque (np.ndarray): (H, W) bool, true somewhere and false somewhere.
        rule (str): 'auto', 'opaque' or 'transparent' = hole.

    Returns:
        np.ndarray: (H, W) bool.

    Raises:
        ValueError: If it cannot be told.
    """
    if rule != 'auto':
        return opaque if rule == 'opaque' else ~opaque
    colours = rgb[opaque].astype(np.int16)
    middle = np.median(colours, 0)
    flat = (np.abs(colours - middle).max(1) <= 24).mean()
    corners = opaque[[0, 0, -1, -1], [0, -1, 0, -1]]
    covers = opaque.mean() >= 0.5 or corners.all()
    if flat >= 0.95:
        if not covers:
            return opaque
        if middle.max() <= 64:
            return ~opaque
    elif covers and not drawn(colours):
        return ~opaque
    elif not covers and drawn(colours) and saturated(colours):
        return opaque
    raise ValueError(ASK)


def drawn(colours: np.ndarray) -> bool:
    """Whether a few flat colours make up nearly all, (n, 3)."""
    coarse = (colours >> 4) @ np.array([1, 16, 256], np.int16)
    counts = np.sort(np.bincount(coarse))[::-1]
    return bool(counts[:8].sum() >= 0.95 * counts.sum())


def saturated(colours: np.ndarray) -> bool:
    """Whether they are colours, and no black and white of a mask, (n, 3)."""
    spread = colours.max(1) - colours.min(1)
    return bool((spread >= 48).mean() >= 0.95)
