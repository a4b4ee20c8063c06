"""How good a painted hole looks in a photograph of real size (method, section
9): on a view of what is around it, no larger than a metric can bear.

A view is an image (h, w, 3) uint8, RGB, with its hole (h, w) bool.
"""
from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..features.perceptual_distance import perceptual_distance

SIDE = 512  # pixels of a view, at most
AROUND = 0.75  # of a hole's larger side, on each side of it
PATCH = 15  # pixels
COMPONENTS = 64  # principal ones of patches that are compared
LEARNT, ASKED = 2000, 256  # patches for these components, and of the hole
FLAT = 0.5  # of L*a*b*: patches nearer to each other look the same


class View(NamedTuple):
    """Rows and columns of a picture, and the size (h, w) they are seen in."""
    rows: slice
    columns: slice
    size: tuple[int, int]

    def of(self, image: np.ndarray) -> np.ndarray:
        """Return the view of an image (H, W, 3)."""
        return self._seen(image[self.rows, self.columns])

    def of_hole(self, hole: np.ndarray) -> np.ndarray:
        """Return the view of a hole (H, W) bool: what any of its pixels is
        in."""
        part = hole[self.rows, self.columns].astype(np.float32)
        return self._seen(part) > 0

    def _seen(self, part: np.ndarray) -> np.ndarray:
        if part.shape[:2] == self.size:
            return part
        return cv2.resize(part, self.size[::-1], interpolation=cv2.INTER_AREA)


def view_around(hole: np.ndarray, side: int = SIDE,
                around: float = AROUND) -> View:
    """Grow the hole's box by a part of its larger side, as far as the picture
    goes, and reduce what is larger than ``side``.

    Args:
        hole (np.ndarray): (H, W) bool, not empty.
        side (int): In pixels. Defaults to 512.
        around (float): Which part. Defaults to 3/4.
    """
    ends = [(np.flatnonzero(hole.any(axis))[[0, -1]] + [0, 1]).tolist()
            for axis in (1, 0)]
    margin = round(around * max(last - first for first, last in ends))
    (top, bottom), (left, right) = (
        (max(first - margin, 0), min(last + margin, length))
        for (first, last), length in zip(ends, hole.shape))
    height, width = bottom - top, right - left
    scale = min(side / max(height, width), 1)
    return View(slice(top, bottom), slice(left, right), (
        max(round(height * scale), 1), max(round(width * scale), 1)))


class KnownPatches:
    """The patches of a view that are known throughout: whatever is painted
    in the hole is compared with the same ones.

    Args:
        view (np.ndarray): (h, w, 3) uint8, RGB, of which the hole does not
            count.
        hole (np.ndarray): (h, w) bool.
        patch (int): Side of a patch, odd. Defaults to 15.
    """

    def __init__(self, view: np.ndarray, hole: np.ndarray,
                 patch: int = PATCH) -> None:
        self.patch = patch
        lab, lost = lab_of(view), torch.from_numpy(hole)[None, None].float()
        known = (F.max_pool2d(lost, patch, 1)[0, 0] == 0).nonzero()
        middles = torch.from_numpy(hole)[
            patch // 2:hole.shape[0] - patch // 2,
            patch // 2:hole.shape[1] - patch // 2].nonzero()
        self.asked = middles[evenly(len(middles), ASKED)]
        self.known = None
        if len(known) and len(middles):
            some = self._patches(lab, known[evenly(len(known), LEARNT)])
            self.mean = some.mean(0)
            some = some - self.mean
            _, basis = torch.linalg.eigh(some.T @ some)
            self.basis = basis[:, -COMPONENTS:]
            kernel = self.basis.T.reshape(-1, 3, patch, patch)
            seen = F.conv2d(lab[None], kernel)[0][:, known[:, 0], known[:, 1]]
            self.known = seen - (self.mean @ self.basis)[:, None]

    def distance(self, view: np.ndarray) -> float:
        """Return the mean distance of the hole's patches to the nearest known
        one, in L*a*b*, of a pixel; nan where there is none.

        Args:
            view (np.ndarray): The same view, with its hole painted.
        """
        if self.known is None:
            return float('nan')
        asked = self._patches(lab_of(view), self.asked) - self.mean
        asked = asked @ self.basis
        square = self.known.square().sum(0)
        nearest = torch.cat([
            (square - 2 * one @ self.known).amin(1) + one.square().sum(1)
            for one in asked.split(32)])
        pixel = nearest.clamp(min=0) / self.patch**2
        return float(pixel.sqrt().mean())

    def _patches(self, lab: Tensor, places: Tensor) -> Tensor:
        windows = lab.unfold(1, self.patch, 1).unfold(2, self.patch, 1)
        return windows[:, places[:, 0], places[:, 1]].transpose(
            0, 1).flatten(1)


def lab_of(view: np.ndarray) -> Tensor:
    """Turn (h, w, 3) uint8, RGB, into L*a*b*, (3, h, w)."""
    lab = cv2.cvtColor(view.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return torch.from_numpy(lab).permute(2, 0, 1)


def evenly(length: int, count: int) -> Tensor:
    """Return at most ``count`` of ``length`` positions, evenly spaced."""
    return torch.linspace(0, length - 1, min(length, count)).long()


def total_variation(view: np.ndarray, hole: np.ndarray) -> float:
    """Return the mean absolute difference of neighbours, of which one is in
    the hole."""
    x = view.astype(np.float32)
    sums = counts = 0.
    for axis in (0, 1):
        pairs = np.logical_or(*(
            np.delete(hole, end, axis) for end in (0, -1)))
        sums += np.abs(np.diff(x, axis=axis)).mean(2)[pairs].sum()
        counts += pairs.sum()
    return float(sums / max(counts, 1))


def psnr(view: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> float:
    """Return the hole's PSNR, in dB."""
    error = view[hole].astype(np.float64) - truth[hole]
    return float(10 * np.log10(255**2 / max(np.square(error).mean(), 1e-3)))


@torch.no_grad()
def judged(truth: np.ndarray, hole: np.ndarray, painted: Sequence[np.ndarray],
           features: Callable[[Tensor], Sequence[Tensor]]
           ) -> list[dict[str, float]]:
    """Judge how each method painted a hole.

    Args:
        truth (np.ndarray): The photograph, (H, W, 3) uint8, RGB.
        hole (np.ndarray): (H, W) bool, not empty.
        painted (Sequence[np.ndarray]): Of each method, as ``truth``.
        features (Callable): See :func:`perceptual_distance`.

    Returns:
        list[dict]: Of each method ``perceptual``, ``psnr``, ``tv`` (the ratio
        to the truth's) and ``coherence`` (the distance to known patches, over
        the truth's own).
    """
    view = view_around(hole)
    real, unknown = view.of(truth), view.of_hole(hole)
    patches = KnownPatches(real, unknown)
    own, grain = patches.distance(real), total_variation(real, unknown)
    mask = torch.from_numpy(unknown)[None, None].float()
    found = []
    for picture in painted:
        seen = view.of(picture)
        fake_real = [torch.tensor(x).permute(2, 0, 1)[None].float() / 255
                     for x in (seen, real)]
        found.append(dict(
            perceptual=float(perceptual_distance(*fake_real, mask, features)),
            psnr=psnr(seen, real, unknown),
            tv=total_variation(seen, unknown) / max(grain, 1e-3),
            coherence=max(patches.distance(seen), FLAT) / max(own, FLAT)))
    return found
