"""Transparency in a hole: continued from its surroundings."""
import cv2
import numpy as np

RIM = 8  # pixels around a hole that say what its surroundings are
SOFT = .05, .95  # between them, of what there is, a pixel is soft
MANY = .15  # of the rim are soft: so is the transition
SWEEPS = 24  # at each resolution


def continued(alpha: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Continue alpha into a hole: flat where its surroundings are of one
    alpha, smooth where they are soft, and with an edge of one pixel where
    they are either opaque or transparent.

    Args:
        alpha (np.ndarray): (H, W) float32 in [0, 1]; what it is in the hole
            is not looked at.
        hole (np.ndarray): (H, W) bool.

    Returns:
        np.ndarray: (H, W) float32, the same outside.
    """
    out = alpha.astype(np.float32)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(
        hole.astype(np.uint8))
    for i in range(1, count):
        left, top, width, height = boxes[i, :4]
        window = (slice(max(top - RIM, 0), top + height + RIM),
                  slice(max(left - RIM, 0), left + width + RIM))
        own = labels[window] == i
        out[window][own] = in_one(alpha[window], own, hole[window])[own]
    return out


def in_one(alpha: np.ndarray, own: np.ndarray,
           hole: np.ndarray) -> np.ndarray:
    """The same of one hole; ``hole`` are all of the window."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * RIM + 1, ) * 2)
    near = cv2.dilate(own.astype(np.uint8), disc).astype(bool) & ~hole
    touching = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)
                          ).astype(bool) & ~hole
    if not touching.any():
        touching = near
    rim = alpha[touching]
    if not rim.size:
        return np.ones_like(alpha)
    if rim.min() == rim.max():
        return np.full_like(alpha, rim[0])
    smooth = harmonic(alpha, ~touching)
    around = alpha[near]
    least, most = around.min(), around.max()
    between = (around - least) / (most - least)
    if ((between > SOFT[0]) & (between < SOFT[1])).mean() > MANY:
        return smooth
    edge = with_edge((smooth - least) / (most - least))
    return least + (most - least) * edge


def harmonic(values: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Solve Laplace's equation where ``unknown``, (H, W) bool, from coarse to
    fine; ``values`` elsewhere, which are the bounds of the result."""
    height, width = values.shape
    x = np.where(unknown, values[~unknown].mean(), values).astype(np.float32)
    if unknown.all():
        return x
    if min(height, width) > 4:
        # the known ones of each 2 x 2, averaged
        weight = pooled((~unknown).astype(np.float32))
        coarse = pooled(np.where(unknown, 0, values).astype(np.float32))
        coarse = harmonic(coarse / np.maximum(weight, 1e-6), weight == 0)
        guess = cv2.resize(coarse, (width, height),
                           interpolation=cv2.INTER_LINEAR)
        x = np.where(unknown, guess, x)
    for _ in range(SWEEPS):
        edged = np.pad(x, 1, mode='edge')
        mean = (edged[:-2, 1:-1] + edged[2:, 1:-1] + edged[1:-1, :-2] +
                edged[1:-1, 2:]) / 4
        x = np.where(unknown, mean, x)
    return x


def pooled(x: np.ndarray) -> np.ndarray:
    """Sums of 2 x 2, the last row and column alone where they are odd."""
    x = np.pad(x, ((0, x.shape[0] % 2), (0, x.shape[1] % 2)))
    return x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]


def with_edge(smooth: np.ndarray) -> np.ndarray:
    """Cut a smooth transition at its half, with a slope of one pixel."""
    edged = np.pad(smooth, 1, mode='edge')  # of one row or column, too
    down = (edged[2:, 1:-1] - edged[:-2, 1:-1]) / 2
    right = (edged[1:-1, 2:] - edged[1:-1, :-2]) / 2
    slope = np.maximum(np.hypot(down, right), 1e-3)
    return ((smooth - .5) / slope + .5).clip(0, 1)


def worth_copying(alpha: np.ndarray, hole: np.ndarray,
                  wanted: np.ndarray) -> np.ndarray:
    """Tell which pixels may serve as texture: those at least half as opaque
    as the hole becomes, and never what is invisible.

    Args:
        alpha (np.ndarray): (H, W) float32 in [0, 1].
        hole (np.ndarray): (H, W) bool.
        wanted (np.ndarray): (H, W), alpha of the result.

    Returns:
        np.ndarray: (H, W) bool; in the hole, what it was.
    """
    return (alpha > 0) & (alpha >= wanted[hole].max(initial=0) / 2)
