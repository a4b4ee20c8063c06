import cv2
import numpy as np
import pytest

from tmad_mmedit.models.shifts.planes.frames import (
    frame_of,
    plane_of,
    planes_under,
)
from tmad_mmedit.models.shifts.planes.segments import deviation
from tmad_mmedit.models.shifts.planes.vanishing import vanishing_points

SIZE = 300, 400
HOLE = np.zeros(SIZE, bool)
HOLE[120:200, 150:250] = True
# of a floor of 8 x 8 units to pixels
FLOOR = cv2.getPerspectiveTransform(
    np.float32([[-4, -4], [4, -4], [4, 4], [-4, 4]]),
    np.float32([[120, 30], [260, 20], [420, 290], [-60, 310]]))


def through(homography, points):
    """(..., 2), where points are seen."""
    seen = np.concatenate([points, np.ones((*points.shape[:-1], 1))], -1)
    seen = seen @ homography.T
    return seen[..., :2] / seen[..., 2:]


def lines_of(homography, noise=0.):
    """Segments (S, 4) of a grid on a plane."""
    span = np.arange(-4., 5)
    found = [((a, b), (a, b + 1)) for a in span for b in span[:-1]]
    found += [((b, a), (b + 1, a)) for a in span for b in span[:-1]]
    seen = through(homography, np.array(found)).reshape(-1, 4)
    return seen + noise * np.random.default_rng(0).normal(size=seen.shape)


def test_segments_of_a_direction_miss_its_vanishing_point_by_nothing():
    miss = deviation(lines_of(FLOOR), FLOOR[:, [0, 1]].T)
    half = miss.shape[1] // 2
    assert np.allclose(miss[1, :half], 0, atol=1e-4)
    assert np.allclose(miss[0, half:], 0, atol=1e-4)
    assert (miss[0, :half] > 5).all()


def test_vanishing_points_are_found_among_other_segments():
    rng = np.random.default_rng(1)
    other = rng.uniform(0, 300, (20, 4))
    segments = np.concatenate([lines_of(FLOOR, 0.1), other])
    points = vanishing_points(segments, np.ones(len(segments)), SIZE)
    found = [p[:2] / p[2] for p in points[:2]]
    true = [v[:2] / v[2] for v in FLOOR[:, [0, 1]].T]
    for v in true:
        middle = np.array([200., 150])
        angles = [np.degrees(np.arctan2(*(p - middle)[::-1])) for p in found]
        angle = np.degrees(np.arctan2(*(v - middle)[::-1]))
        assert min(abs((a - angle + 90) % 180 - 90) for a in angles) < 2


def test_in_its_frame_a_plane_has_equal_steps():
    plane, = planes_under(lines_of(FLOOR, 0.05), HOLE)
    grid = np.stack(np.meshgrid(np.arange(-1., 2), np.arange(-1., 2)), -1)
    seen = through(FLOOR, grid)
    u, v, depth = plane.seen(*np.moveaxis(seen, 2, 0))
    assert (depth > 0).all()
    for t in (u, v):
        for steps in (np.diff(t, axis=0), np.diff(t, axis=1)):
            assert np.ptp(steps) < 0.05 * np.hypot(np.ptp(u), np.ptp(v))
    assert plane.share > 0.9


def test_the_hole_s_middle_keeps_its_scale():
    middle = np.array([200., 160])
    frame = frame_of(*FLOOR[:, [0, 1]].T, middle)
    at = np.array([middle, middle + [1e-3, 0], middle + [0, 1e-3]])
    u, v, w = frame @ np.c_[at, np.ones(3)].T
    here = np.stack([u / w, v / w], 1)
    assert np.allclose(here[0], 0, atol=1e-6)
    step = (here[1:] - here[0]) / 1e-3
    assert abs(np.linalg.det(step)) > 0.5
    directions = [v[:2] - v[2] * middle for v in FLOOR[:, [0, 1]].T]
    for d in directions:  # lengths along the plane's directions stay
        d = d / np.linalg.norm(d)
        assert abs(np.linalg.norm(d @ step) - 1) < 0.02


@pytest.mark.parametrize('segments', [
    np.zeros((0, 4)),
    np.c_[np.zeros(30), np.arange(30) * 9, np.full(30, 99), np.arange(30) * 9],
    lines_of(np.array([[20., 0, 200], [0, 20, 150], [0, 0, 1]])),
], ids=['none', 'all parallel', 'seen from straight ahead'])
def test_there_is_no_plane(segments):
    assert planes_under(segments, HOLE) == []


def test_a_hole_that_the_horizon_crosses_has_no_plane():
    below = np.array([[1, 0, 0], [0, 1, 300.], [0, 0, 1]]) @ FLOOR
    a, b, c = np.cross(below[:, 0], below[:, 1])
    row = int(-(c + 200 * a) / b)
    hole = np.zeros((700, 400), bool)
    hole[row - 30:row + 50, 150:250] = True
    assert planes_under(lines_of(below), hole) == []
    hole = np.roll(hole, 250, 0)
    assert len(planes_under(lines_of(below), hole)) == 1


def test_a_plane_that_is_seen_edge_on_has_no_frame():
    one, other = np.array([500., 100, 1]), np.array([900., 101, 1])
    assert frame_of(one, other, np.array([0., 99])) is None


def test_four_corners_give_the_plane_that_lines_would():
    corners = through(FLOOR, np.array([[-2., -2], [2, -2], [2, 2], [-2, 2]]))
    plane, = plane_of(corners, HOLE)
    found, = planes_under(lines_of(FLOOR), HOLE)
    x, y = np.array([150., 200, 240]), np.array([130., 150, 190])
    for one, other in zip(plane.seen(x, y), found.seen(x, y)):
        assert np.allclose(one, other, rtol=0.02, atol=0.5)
