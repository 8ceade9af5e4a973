from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from host_engine.host.perform import OPEN, Moments, Noise, Performer, Pose, Spring
from host_engine.media import Beat, Face

NOTHING = np.zeros(1920, np.float32)
FASTEST = {
    "yaw": 0.05, "pitch": 0.05, "roll": 0.02, "brow": 0.3, "smile": 0.1, "breath": 0.05, "sway": 0.05, "lean": 0.05
}  # fmt: skip


def line(name: str, gesture: str | None = None, card: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(id=name, gesture=gesture, card=card)


def show(frames: int) -> list[Beat]:
    """A show that cuts hard between loud lines and idling."""
    asked = [("wave", None), (None, "bag"), ("nod", None), ("point", "cup"), ("present", None)]
    lines = [line(str(n), gesture, card) for n, (gesture, card) in enumerate(asked)]
    beats = []
    for n in range(frames):
        part = n // 75
        if part % 3 == 2:
            beats.append(Beat(NOTHING, Face()))
        else:
            energy = 0.5 + 0.5 * np.sin(n * 0.9) if n % 75 > 3 else 1.0
            beats.append(Beat(NOTHING, Face(energy=float(energy), speaking=True), lines[part % 5]))
    return beats


def play(beats: list[Beat], seed: int = 1) -> list[Pose]:
    performer = Performer(25, seed)
    return [performer.pose(n, beat) for n, beat in enumerate(beats)]


@pytest.mark.parametrize("seed", range(5))
def test_motion_is_smooth_across_cuts(seed: int) -> None:
    poses = play(show(1500), seed)
    for name, most in FASTEST.items():
        steps = np.abs(np.diff([getattr(pose, name) for pose in poses]))
        assert steps.max() <= most, name
    assert max(abs(p.yaw) for p in poses) < 0.45
    assert max(abs(p.pitch) for p in poses) < 0.3
    assert max(abs(p.roll) for p in poses) < 0.12


def test_performance_is_the_seeds() -> None:
    beats = show(300)
    assert play(beats) == play(beats)
    assert play(beats) != play(beats, 2)


def test_frames_may_be_dropped() -> None:
    beats = show(1500)
    performer = Performer(25)
    kept = [n for n in range(1500) if n % 7 and not 400 < n < 600]
    poses = {n: performer.pose(n, beats[n]) for n in kept}
    whole = play(beats)
    assert abs(poses[1499].yaw - whole[1499].yaw) < 0.02
    assert poses[1499].eye_open == whole[1499].eye_open
    assert all(np.isfinite(pose[:4]).all() for pose in poses.values())


def test_frame_numbers_may_be_huge() -> None:
    performer = Performer(25)
    poses = [performer.pose(n, Beat(NOTHING, Face())) for n in range(10**9, 10**9 + 50)]
    assert all(abs(b.yaw - a.yaw) < 0.05 for a, b in pairwise(poses))


def test_she_blinks_as_people_do() -> None:
    openness = np.array([pose.eye_open for pose in play([Beat(NOTHING, Face())] * 25 * 240)])
    shut = openness < 0.15
    blinks = (np.diff(shut.astype(int)) == 1).sum()
    assert 9 * 4 <= blinks <= 28 * 4
    assert shut.mean() < 0.06
    assert openness.max() == pytest.approx(OPEN)


def test_idle_she_looks_at_the_viewer() -> None:
    poses = play([Beat(NOTHING, Face())] * 1500)
    near = [abs(pose.gaze[0] + 0.8 * pose.yaw) < 0.25 and abs(pose.gaze[1]) < 0.2 for pose in poses]
    assert np.mean(near) > 0.85
    assert all(pose.arm == "rest" and pose.arm_amount == 0 for pose in poses)
    assert np.std([pose.yaw for pose in poses]) > 0.005


@pytest.mark.parametrize("gesture", ["wave", "point", "present"])
def test_gestures_are_made_held_and_ended(gesture: str) -> None:
    beats = [Beat(NOTHING, Face(energy=0.5, speaking=True), line("x", gesture))] * 125
    poses = play(beats)
    amounts = np.array([pose.arm_amount if pose.arm == gesture else 0.0 for pose in poses])
    assert 25 * 0.9 <= (amounts > 0.9).sum() <= 25 * 2.9
    assert amounts[-1] < 0.05
    assert np.abs(np.diff(amounts)).max() < 0.2
    changes = [a.arm_amount for a, b in pairwise(poses) if a.arm != b.arm]
    assert max(changes) < 0.03


def test_a_new_card_draws_her_eyes() -> None:
    before, after = line("a", None, "bag"), line("b", None, "cup")
    beats = [Beat(NOTHING, Face(speaking=True), before)] * 100 + [Beat(NOTHING, Face(speaking=True), after)] * 100
    gaze = [pose.gaze[0] for pose in play(beats)]
    assert max(gaze[102:125]) > 0.5
    assert max(gaze[175:]) < 0.5


def test_nod_is_a_nod() -> None:
    quiet = [Beat(NOTHING, Face(), line("x", "nod"))] * 50
    still = [Beat(NOTHING, Face(), line("x"))] * 50
    nods = np.array([a.pitch - b.pitch for a, b in zip(play(quiet), play(still), strict=True)])
    assert nods.max() > 0.06
    assert abs(nods[-1]) < 0.01


def test_talking_she_opens_her_hands_now_and_then() -> None:
    poses = play([Beat(NOTHING, Face(energy=0.6, speaking=True), line("x"))] * 1500)
    assert {pose.arm for pose in poses} == {"rest", "present"}


def test_moments_are_the_same_from_anywhere() -> None:
    moments = Moments(3, "blink", 0.5, 2.0)
    there = [moments.last(t) for t in np.arange(200, 300, 0.37)]
    again = [Moments(3, "blink", 0.5, 2.0).last(t) for t in np.arange(200, 300, 0.37)]
    assert there == again
    times = sorted({m.at for m in there})
    assert min(np.diff(times)) >= 0.5


def test_spring_is_exact_for_any_step() -> None:
    fine, coarse = Spring(), Spring()
    for _ in range(100):
        fine.step(1.0, 7.0, 0.01)
    assert coarse.step(1.0, 7.0, 1.0) == pytest.approx(fine.value)


def test_noise_stays_within_one() -> None:
    values = [Noise(1, "yaw", 0.2).at(t) for t in np.arange(0, 100, 0.1)]
    assert max(map(abs, values)) <= 1
