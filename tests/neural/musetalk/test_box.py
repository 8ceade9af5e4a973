"""The part of the face that MuseTalk paints, from a box and five points."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.neural.musetalk.box import MARGIN, musetalk_box

BOX = np.array([100, 60, 220, 218], np.float32)
POINTS = np.array([[130, 110], [190, 110], [160, 140], [138, 172], [182, 172]], np.float32)


def test_the_bridge_of_the_nose_is_half_way_between_the_top_and_the_chin() -> None:
    x0, y0, x1, y1 = musetalk_box(BOX, POINTS)
    assert (x0, x1) == (100, 220)
    assert y1 == 218 + MARGIN
    bridge = 110 + 0.65 * 30
    assert (y0 + y1 - MARGIN) / 2 == pytest.approx(bridge, abs=1)


@pytest.mark.parametrize(("lower", "chin"), [(160, 1.4), (400, 2.05)])
def test_a_box_that_ends_in_the_mouth_or_in_the_collar_is_held_to_the_chin(lower: float, chin: float) -> None:
    y1 = musetalk_box(np.array([100, 60, 220, lower], np.float32), POINTS)[3]
    assert y1 - MARGIN == pytest.approx(110 + chin * 62, abs=1)


def test_the_box_grows_with_the_face() -> None:
    one, two = musetalk_box(BOX, POINTS), musetalk_box(BOX * 2, POINTS * 2)
    size = one[3] - MARGIN - one[1], two[3] - MARGIN - two[1]
    assert size[1] == pytest.approx(2 * size[0], abs=2)


@pytest.mark.parametrize("points", [np.zeros((5, 2)), np.full((5, 2), np.nan), POINTS[::-1]])
def test_without_usable_points_the_box_serves(points: np.ndarray) -> None:
    assert musetalk_box(BOX, points.astype(np.float32)) == (100, 60, 220, 218 + MARGIN)


def test_a_face_at_the_edge_stays_in_the_picture_and_is_never_empty() -> None:
    x0, y0, _, _ = musetalk_box(BOX - np.float32(110), POINTS - np.float32(110))
    assert (x0, y0) == (0, 0)
    x0, y0, x1, y1 = musetalk_box(np.zeros(4, np.float32), np.zeros((5, 2), np.float32))
    assert x1 > x0
    assert y1 > y0
