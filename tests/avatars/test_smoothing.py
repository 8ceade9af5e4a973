"""A face's way without trembling and without lag."""

import numpy as np
import pytest

from host_engine.avatars.smoothing import smoothed, trembling


def straight(frames: int = 80) -> tuple[np.ndarray, np.ndarray]:
    t = np.arange(frames, dtype=np.float32)[:, None]
    boxes = np.concatenate((100 + 2 * t, 50 + t, 200 + 2 * t, 170 + t), 1).astype(np.float32)
    points = (np.full((frames, 5, 2), 120.0) + t[:, :, None] * (2, 1)).astype(np.float32)
    return boxes, points


def test_an_even_motion_stays_as_it_is_to_the_ends() -> None:
    boxes, points = straight()
    steady = smoothed(boxes, points)
    assert np.abs(steady.boxes - boxes).max() < 0.01
    assert np.abs(steady.points - points).max() < 0.01


def test_trembling_is_taken_out_without_coming_late() -> None:
    boxes, points = straight()
    noise = np.random.default_rng(1).normal(0, 1.5, points.shape).astype(np.float32)
    steady = smoothed(boxes, points + noise)
    assert steady.before == pytest.approx(1.5, rel=0.15)
    assert steady.after < 0.15
    middle = slice(10, -10)
    assert abs(float((steady.points - points)[middle].mean())) < 0.15  # no lag: that would be a shift


def test_a_single_wrong_frame_is_outvoted() -> None:
    boxes, points = straight()
    wrong = boxes.copy()
    wrong[40] += 60
    assert np.abs(smoothed(wrong, points).boxes - boxes).max() < 3


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
def test_a_few_frames_are_enough(frames: int) -> None:
    boxes, points = straight(frames)
    steady = smoothed(boxes, points)
    assert steady.boxes.shape == (frames, 4)
    assert np.isfinite(steady.points).all()


def test_what_trembling_is() -> None:
    assert trembling(np.arange(50.0)[:, None] ** 2) == pytest.approx(0)
    assert trembling(np.random.default_rng(0).normal(0, 1, (4000, 2))) == pytest.approx(1, rel=0.05)
    assert trembling(np.zeros((3, 2))) == 0
