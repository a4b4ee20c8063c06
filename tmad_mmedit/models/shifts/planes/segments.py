"""Line segments of what is known."""
import cv2
import numpy as np

SHORTEST, PART = 10, 0.02  # pixels, and of the longer side
LOOKED_AT = 9  # places along a segment, where it may not touch the hole


def line_segments(img: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Find the segments (S, 4), x and y of both ends, that do not touch the
    hole.

    Args:
        img (np.ndarray): (H, W, 3) uint8, RGB.
        hole (np.ndarray): (H, W) bool.
    """
    grey = cv2.cvtColor(img, cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if found is None:
        return np.zeros((0, 4))
    ends = found.reshape(-1, 4).astype(float)
    length = np.hypot(*(ends[:, 2:] - ends[:, :2]).T)
    ends = ends[length >= max(SHORTEST, PART * max(grey.shape))]
    lost = cv2.dilate(hole.astype(np.uint8), np.ones((7, 7))) > 0
    way = np.linspace(0, 1, LOOKED_AT)[:, None, None]
    along = ends[:, :2] + way * (ends[:, 2:] - ends[:, :2])
    x, y = np.moveaxis(along.round().astype(int), 2, 0)
    height, width = grey.shape
    return ends[~lost[y.clip(0, height - 1), x.clip(0, width - 1)].any(0)]


def deviation(segments: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return by how many degrees segments (S, 4) miss points (..., 3),
    homogeneous: (..., S)."""
    middle = (segments[:, :2] + segments[:, 2:]) / 2
    along = segments[:, 2:] - segments[:, :2]
    to = points[..., None, :2] - points[..., None, 2:] * middle
    cross = to[..., 0] * along[:, 1] - to[..., 1] * along[:, 0]
    dot = (to * along).sum(-1)
    return np.degrees(np.arctan2(np.abs(cross), np.abs(dot)))
