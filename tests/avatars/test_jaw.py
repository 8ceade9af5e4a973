"""The soft shape in which a network's face is seen."""

import numpy as np
import pytest

from host_engine.avatars.finders import typical_points
from host_engine.avatars.jaw import jaw_mask

BOX = np.array([100, 100, 300, 360], np.float32)
POINTS = typical_points(BOX)
CROP = (60, 80, 340, 400)


def value(mask: np.ndarray, x: float, y: float) -> int:
    """At a place of the footage."""
    x0, y0, x1, y1 = CROP
    side = len(mask)
    return int(mask[round((y - y0) / (y1 - y0) * side), round((x - x0) / (x1 - x0) * side)])


def test_the_mouth_and_chin_are_the_networks_and_the_eyes_are_not() -> None:
    mask = jaw_mask(POINTS, CROP, 256)
    assert mask.shape == (256, 256)
    assert mask.dtype == np.uint8
    for corner in POINTS[3:]:
        assert value(mask, *corner) == 255
    middle = POINTS[3:].mean(0)
    assert value(mask, middle[0], middle[1] + 30) == 255
    for point in POINTS[:2]:
        assert value(mask, *point) == 0
    assert value(mask, *POINTS[2]) < 40  # the tip of the nose


def test_its_edge_is_soft() -> None:
    mask = jaw_mask(POINTS, CROP, 256).astype(int)
    steps = max(np.abs(np.diff(mask, axis=axis)).max() for axis in (0, 1))
    assert steps <= 28  # of 255: no edge can be seen
    assert ((mask > 0) & (mask < 255)).mean() > 0.05


@pytest.mark.parametrize("crop", [(100, 100, 300, 330), (100, 240, 300, 360), (160, 100, 240, 330)])
def test_the_edges_of_the_crop_are_the_footage(crop: tuple[int, int, int, int]) -> None:
    for side in (96, 160, 256):
        mask = jaw_mask(POINTS, crop, side)
        assert not mask[0].any()
        assert not mask[-1].any()
        assert not mask[:, 0].any()
        assert not mask[:, -1].any()
        assert mask.max() > 200


def test_it_turns_and_moves_with_the_face() -> None:
    middle = POINTS.mean(0)
    angle = 0.4
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = ((POINTS - middle) @ turn + middle).astype(np.float32)
    mask = jaw_mask(turned, CROP, 256)
    for corner in turned[3:]:
        assert value(mask, *corner) == 255
    assert value(mask, *turned[0]) == 0
    heart = np.argwhere(mask > 128).mean(0)
    assert heart[1] < np.argwhere(jaw_mask(POINTS, CROP, 256) > 128).mean(0)[1]  # the chin goes to the left


def test_a_crop_that_is_no_square_is_scaled_each_way() -> None:
    wide = jaw_mask(POINTS, (0, 80, 400, 400), 200)
    narrow = jaw_mask(POINTS, (60, 80, 340, 400), 200)
    across = [(mask > 128).any(0).sum() for mask in (wide, narrow)]
    down = [(mask > 128).any(1).sum() for mask in (wide, narrow)]
    assert across[0] / across[1] == pytest.approx(280 / 400, abs=0.03)
    assert abs(int(down[0]) - int(down[1])) <= 1


def test_a_face_in_profile_still_has_a_jaw() -> None:
    profile = POINTS.copy()
    profile[0] = profile[1]
    assert (jaw_mask(profile, CROP, 128) > 128).mean() > 0.03
