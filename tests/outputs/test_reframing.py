"""Pictures in another size: all of it is seen, nothing stretched."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.media import planes
from host_engine.outputs.reframing import Reframing


def picture(width: int, height: int) -> np.ndarray:
    """A grey picture with a white square in its middle and black corners."""
    made = np.full((height * 3 // 2, width), 128, np.uint8)
    side = min(width, height) // 4
    made[height // 2 - side // 2 : height // 2 + side // 2, width // 2 - side // 2 : width // 2 + side // 2] = 235
    for y in (slice(0, 16), slice(height - 16, height)):
        made[y, :16] = made[y, width - 16 :] = 16
    return made


def test_the_same_size_is_the_same_picture() -> None:
    given = picture(320, 640)
    assert Reframing((320, 640), (320, 640))(given) is given


@pytest.mark.parametrize(("size", "to"), [((360, 640), (180, 320)), ((320, 640), (480, 960)), ((640, 360), (320, 180))])
def test_the_same_shape_is_filled(size: tuple[int, int], to: tuple[int, int]) -> None:
    made = Reframing(size, to)(picture(*size))
    assert made.shape == (to[1] * 3 // 2, to[0])
    luma = made[: to[1]]
    assert luma[:4, :4].mean() < 40 < 120 < luma[to[1] // 4, to[0] // 2] < 136
    assert luma[to[1] // 2, to[0] // 2] > 225


@pytest.mark.parametrize(
    ("size", "to"), [((720, 1280), (1280, 720)), ((640, 360), (360, 640)), ((320, 640), (406, 600))]
)
def test_another_shape_shows_all_of_it_unstretched_before_a_darker_blur(
    size: tuple[int, int], to: tuple[int, int]
) -> None:
    reframing = Reframing(size, to)
    for _ in range(7):
        made = reframing(picture(*size))
    luma, scale = made[: to[1]], min(to[0] / size[0], to[1] / size[1])
    white = luma > 220
    across, down = white.any(axis=0).sum(), white.any(axis=1).sum()
    assert across == pytest.approx(down, abs=3) == pytest.approx(min(size) // 4 * scale, abs=4)
    left, top = round((to[0] - size[0] * scale) / 2), round((to[1] - size[1] * scale) / 2)
    assert luma[top + 6 : top + 8, left + 6 : left + 8].mean() < 60  # the corner of the whole picture
    beside = luma[:, : left - 4] if left else luma[: top - 4]
    assert 60 < beside.mean() < 120
    assert all(plane.std() < 2 for plane in list(planes(made))[1:])


def test_the_planes_of_a_picture_are_views() -> None:
    made = np.zeros((12, 4), np.uint8)
    y, u, v = planes(made)
    y[:], u[:], v[:] = 1, 2, 3
    assert (y.shape, u.shape, v.shape) == ((8, 4), (4, 2), (4, 2))
    assert made.reshape(-1).tolist() == [1] * 32 + [2] * 8 + [3] * 8
