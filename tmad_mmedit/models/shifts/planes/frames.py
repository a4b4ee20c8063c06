"""Planes that may lie under a hole, and their frames: a frame is the plane as
seen from straight above, so that what recurs on it recurs at a shift."""
from typing import NamedTuple, Optional

import cv2
import numpy as np

from .segments import deviation
from .vanishing import ANGLE, vanishing_points

NEAR = 0.5  # sides of a hole: segments so far away count by 1/e
SHARE = 0.03, 0.3  # of what lies near a hole: each of two directions, both
SINE = 0.35  # of the angle between them
DEPTH = 0.25, 6.  # of the hole's nearest and farthest pixel, of its middle's
LEAST = 1.06  # nearest by farthest: else a shift there is a shift here


class Plane(NamedTuple):
    """A plane of the world.

    Attributes:
        frame (np.ndarray): 3 x 3, from pixels (x, y, 1) of the picture to its
            frame, in which the hole's middle is (0, 0) and has the picture's
            scale.
        share (float): Of the segments near the hole, by length: those that
            run along its directions.
    """
    frame: np.ndarray
    share: float

    def seen(self, x: np.ndarray,
             y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where pixels are in the frame, across and down, and their
        depth: the hole's middle has 1, what is nearer more."""
        u, v, depth = (row[0] * x + row[1] * y + row[2]
                       for row in self.frame)
        safe = np.where(depth > 1e-6, depth, np.nan)
        return u / safe, v / safe, depth

    def depth_of(self, hole: np.ndarray) -> tuple[float, float]:
        """Of the pixels of a hole, (H, W) bool, the farthest's and the
        nearest's."""
        y, x = np.nonzero(hole)
        *_, depth = self.seen(x, y)
        return float(depth.min()), float(depth.max())


def planes_under(segments: np.ndarray, hole: np.ndarray,
                 most: int = 3) -> list[Plane]:
    """Find planes for a hole, (H, W) bool, in a picture of whose segments
    (S, 4) are known; the likeliest first."""
    if len(segments) < 8:
        return []
    y, x = np.nonzero(hole)
    middle = np.array([x.mean(), y.mean()])
    side = max(np.ptp(x), np.ptp(y)) + 1
    away = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 3)
    column, row = ((segments[:, :2] + segments[:, 2:]) / 2).round().astype(
        int).T
    away = away[row.clip(0, hole.shape[0] - 1),
                column.clip(0, hole.shape[1] - 1)]
    length = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    near = length * np.exp(-(away / (NEAR * side))**2)
    points = vanishing_points(segments, near + 0.1 * length, hole.shape)
    agree = [deviation(segments, point) < ANGLE for point in points]
    part = [near[x].sum() / (near.sum() + 1e-9) for x in agree]
    found = []
    for i in range(len(points)):
        for j in range(i):
            frame = frame_of(points[i], points[j], middle)
            if frame is None or min(part[i], part[j]) < SHARE[0] or (
                    part[i] + part[j] < SHARE[1]):
                continue
            plane = Plane(frame, part[i] + part[j])
            farthest, nearest = plane.depth_of(hole)
            if DEPTH[0] < farthest and nearest < DEPTH[1] and (
                    nearest > LEAST * farthest):
                found.append(plane)
    return sorted(found, key=lambda plane: -plane.share)[:most]


def plane_of(corners: np.ndarray, hole: np.ndarray) -> list[Plane]:
    """Return the plane on which four corners (4, 2), x and y in turn, are
    those of a rectangle; none, if they are of no plane, or its horizon comes
    near the hole, (H, W) bool."""
    a, b, c, d = np.c_[corners, np.ones(4)]
    y, x = np.nonzero(hole)
    frame = frame_of(np.cross(np.cross(a, b), np.cross(d, c)),
                     np.cross(np.cross(b, c), np.cross(a, d)),
                     np.array([x.mean(), y.mean()]))
    if frame is None:
        return []
    plane = Plane(frame, 1.)
    farthest, nearest = plane.depth_of(hole)
    return [plane] if DEPTH[0] < farthest and nearest < DEPTH[1] else []


def frame_of(one: np.ndarray, other: np.ndarray,
             middle: np.ndarray) -> Optional[np.ndarray]:
    """Return the frame of two vanishing points (3, ), None if their
    directions at ``middle``, (x, y), are nearly one."""
    there = [v[:2] - v[2] * middle for v in (one, other)]
    length = [np.linalg.norm(d) for d in there]
    if min(length) < 1e-9:
        return None
    axes = [np.array(v) / n for v, n in zip((one, other), length)]
    there = [d / n for d, n in zip(there, length)]
    if abs(there[0][0] * there[1][1] - there[0][1] * there[1][0]) < SINE:
        return None
    if abs(there[0][0] * there[1][1]) < abs(there[1][0] * there[0][1]):
        axes, there = axes[::-1], there[::-1]  # the flatter one is the rows'
    axes = [axis * (np.sign(d[i]) or 1)
            for i, (axis, d) in enumerate(zip(axes, there))]
    frame = np.linalg.inv(np.c_[axes[0], axes[1], np.r_[middle, 1]])
    return frame / (frame[2] @ np.r_[middle, 1])
