"""The entries of a coherent texture memory that follow perspective: what
recurs on a plane recurs at a shift of the plane's frame ("Image completion
using planar structure guidance", Huang et al., 2014)."""
from collections.abc import Sequence
from typing import Optional

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...ops.holes import dilated
from ..entries import dominant_shifts
from .frames import Plane, plane_of, planes_under
from .recurrence import recurring
from .segments import line_segments
from .witnesses import WORST, Witnesses

THICK = 24  # pixels: thinner holes need no plane
PIXELS = 256 * 256  # of the copy on which entries are judged
SMALLEST, SIDE = 32, 360  # pixels, of a frame
AROUND = 4  # times its hole's longer side, of a frame
TRIED = 60  # shifts of each frame, and of the picture itself
LEAST = 0.003  # of the cost: who saves less is no entry
BETTER = 0.6  # of what the picture's own shifts cost
FAR, CLOSE = 0.5, 3.  # depth of what a frame shows, of the hole's middle
BEYOND = 0.75  # of the depth of its hole, if that is more


@torch.no_grad()
def plane_entries(img: Tensor, mask: Tensor, wanted: Tensor, count: int,
                  barred: Optional[Tensor] = None,
                  corners: Optional[Tensor] = None) -> Tensor:
    """Find the entries of planes that a hole has need of.

    What is known around the hole is asked: an entry is good for a pixel if
    what it shows near it is what is known there. Entries are chosen one by
    one, each for what it saves the hole's pixels beyond those before it. They
    are taken only if with them all costs much less than by the picture's own
    shifts: where no plane lies under a hole nothing changes.

    Args:
        img (Tensor): I_m, (3, H, W) in [0, 1].
        mask (Tensor): (1, H, W), 1 = hole.
        wanted (Tensor): (1, H, W), 1 = hole pixels that are searched for.
        count (int): K, at most.
        barred (Tensor, optional): (1, H, W), 1 = hole, or known and not to be
            copied. Defaults to the hole.
        corners (Tensor, optional): (4, 2), double, column and row of the
            corners of what is a rectangle on a plane: it is taken for one,
            and no other is looked for. Defaults to none.

    Returns:
        Tensor: (K, 3, 3), double, on the CPU: what an entry shows at a pixel
        (x, y, 1) is at its product with it.
    """
    none = torch.zeros(0, 3, 3, dtype=torch.double)
    if not count or mask.all() or not wanted.any() or (
            corners is None and not _is_thick(wanted)):
        return none
    hole, own = (x[0].bool().cpu().numpy() for x in (mask, wanted))
    seen = (img.permute(1, 2, 0) * 255).round().byte().cpu().numpy()
    planes = (planes_under(line_segments(seen, hole), own)
              if corners is None else plane_of(corners.cpu().numpy(), own))
    tried = [entry for plane in planes
             for entry in entries_of(plane, seen, hole, own)]
    if not tried:
        return none
    barred = mask if barred is None else barred
    part = min(1., (PIXELS / hole.size)**0.5)
    size = (max(int(hole.shape[0] * part), 1),
            max(int(hole.shape[1] * part), 1))
    lost, not_from, small = ((F.adaptive_avg_pool2d(x, size) > 0).to(x).cpu()
                             for x in (mask, barred, wanted))
    witnesses = Witnesses.of(
        F.adaptive_avg_pool2d(img, size).cpu() * (1 - lost), lost, not_from,
        small * lost)
    shifts = dominant_shifts(img, mask, TRIED).flip(1).tolist()
    entries = torch.from_numpy(np.stack([moved(*d) for d in shifts] + tried))
    costs = witnesses.costs(resized(entries, hole.shape, size))
    before = costs.new_full(costs.shape[1:], WORST)
    before = torch.stack([before, *costs[:len(shifts)]]).amin(0)
    chosen, after = cheapest(costs[len(shifts):], before, count)
    if corners is None and after.mean() > BETTER * before.mean():
        return none
    return entries[len(shifts):][chosen]


def _is_thick(hole: Tensor) -> bool:
    """Whether anything of a hole, (1, H, W), is so far from its edge that the
    picture's own shifts could not follow a plane."""
    return bool((dilated(1 - hole, THICK) == 0).any())


def cheapest(costs: Tensor, before: Tensor,
             count: int) -> tuple[list[int], Tensor]:
    """Choose those of K entries that together cost least, one by one: the
    best first, at most ``count``.

    Args:
        costs (Tensor): (K, Q), what each costs each of Q pixels.
        before (Tensor): (Q, ), what they cost without any.

    Returns:
        tuple: Which, and what the pixels cost with them, (Q, ).
    """
    chosen, left = [], before
    for _ in range(count):
        saved = (left - costs).clamp(min=0).sum(1)
        best = int(saved.argmax())
        if saved[best] <= LEAST * before.sum():
            break
        chosen.append(best)
        left = torch.minimum(left, costs[best])
    return chosen, left


def entries_of(plane: Plane, img: np.ndarray, hole: np.ndarray,
               own: np.ndarray) -> list[np.ndarray]:
    """Return the shifts of a plane's frame at which what is around a hole
    recurs, as entries, (3, 3) each.

    Args:
        plane (Plane): See there.
        img (np.ndarray): (H, W, 3) uint8.
        hole (np.ndarray): (H, W) bool, what is not known.
        own (np.ndarray): (H, W) bool, the hole itself.
    """
    height, width = hole.shape
    y, x = np.mgrid[:height, :width]
    u, v, depth = plane.seen(x, y)
    there = (depth > min(FAR, BEYOND * depth[own].min())) & (
        depth < max(CLOSE, depth[own].max() / BEYOND))
    side = AROUND / 2 * max(np.ptp(u[own]), np.ptp(v[own]))
    first, last = np.transpose([
        (max(t[there].min(), t[own].mean() - side),
         min(t[there].max(), t[own].mean() + side)) for t in (u, v)])
    zoom = min(1., SIDE / max(last - first))
    size = np.ceil((last - first) * zoom).astype(int)
    if size.min() < SMALLEST:
        return []
    frame = scaled(zoom, zoom) @ moved(*-first) @ plane.frame
    back = np.linalg.inv(frame)

    def warped(x, **how):
        return cv2.warpPerspective(x, frame, size.tolist(), **how)

    lost = warped((hole | ~there).astype(np.float32), borderValue=1) > 0
    v, u = np.mgrid[:size[1], :size[0]]
    horizon = back[2, 0] * u + back[2, 1] * v + back[2, 2]
    lost |= horizon * (back[2] @ [*(size / 2), 1]) <= 0
    under = warped(own.astype(np.float32)) > 0
    if lost.all() or not under.any():
        return []
    seen = torch.from_numpy(warped(img, flags=cv2.INTER_AREA))
    shifts = recurring(seen.permute(2, 0, 1).float() / 255,
                       torch.from_numpy(~lost), torch.from_numpy(under),
                       TRIED)
    found = [back @ moved(*d) @ frame for d in shifts.flip(1).tolist()]
    return [entry / entry[2, 2] for entry in found]


def resized(entries: Tensor, size: Sequence[int],
            other: Sequence[int]) -> Tensor:
    """Turn entries (K, 3, 3) of a picture of a size (h, w) into those of the
    same picture in another size."""
    by = torch.from_numpy(scaled(other[1] / size[1], other[0] / size[0]))
    return by @ entries @ torch.linalg.inv(by)


def corners_on(corners: Tensor, size: Sequence[int],
               other: Sequence[int]) -> Tensor:
    """Turn places (4, 2) of a picture of a size (h, w) into those of the same
    picture in another size."""
    by = corners.new_tensor([other[1] / size[1], other[0] / size[0]])
    return (corners + 0.5) * by - 0.5


def moved(right: float, down: float) -> np.ndarray:
    """3 x 3, of a shift."""
    return np.array([[1., 0, right], [0, 1, down], [0, 0, 1]])


def scaled(across: float, down: float) -> np.ndarray:
    """3 x 3, from the pixels of a picture to those of a copy so many times as
    large."""
    return np.array([[across, 0, (across - 1) / 2],
                     [0, down, (down - 1) / 2], [0, 0, 1.]])
