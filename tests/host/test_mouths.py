"""The ladder of mouths: whatever one of them does, every line has its faces, and a good mouth comes back."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.mouth import SPEED, frames_of
from host_engine.host.mouths.chain import IDLE, Mouths, checked
from host_engine.host.mouths.loud import LoudMouth
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.media import REST, Face, MouthShape, Speech

FPS = 25


def speech(seconds: float = 2.0, level: float = 0.3) -> Speech:
    """A voice that swells four times a second."""
    t = np.arange(round(seconds * 48_000)) / 48_000
    sound = level * np.sin(2 * np.pi * 180 * t) * (0.5 - 0.5 * np.cos(2 * np.pi * 4 * t))
    return Speech("a", sound.astype(np.float32), (), (), "tone")


class Actor:
    """A mouth that does what it is told; `takes` seconds of the clock pass with each line."""

    def __init__(self, name: str, does: str = "good") -> None:
        self.name, self.does, self.takes, self.lines = name, does, 0.0, 0
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        self.lines += 1
        self.now += self.takes
        faces = [Face(MouthShape(0.5), 0.5, True)] * frames_of(speech, fps)
        if self.does == "raises":
            raise RuntimeError("out of memory")
        if self.does == "short":
            return faces[1:]
        if self.does == "nan":
            return [*faces[:-1], Face(MouthShape(float("nan")), 0.5, True)]
        if self.does == "wild":
            return [Face(MouthShape(1.7), 0.5, True), *faces[1:]]
        return faces


def good(faces: list[Face], spoken: Speech) -> bool:
    return bool(checked(faces, frames_of(spoken, FPS))) and all(face.speaking for face in faces)


@pytest.mark.parametrize("does", ["raises", "short", "nan", "wild"])
def test_a_broken_mouth_falls_to_the_next_and_comes_back_by_itself(does: str) -> None:
    best, told = Actor("best", does), list[str]()
    troubles: list[str | None] = []  # as whoever is told sees them
    mouths = Mouths([best, LoudMouth()], clock=best.clock)
    mouths.told = lambda text: (told.append(text), troubles.append(mouths.trouble))
    spoken = speech()
    assert good(mouths.faces(spoken, FPS), spoken)
    assert (mouths.used, best.lines) == ("loudness", 1)
    assert mouths.trouble
    assert "the lips are moved by 'loudness'" in mouths.trouble
    best.now += 29
    mouths.faces(spoken, FPS)
    assert best.lines == 1  # it rests
    best.now += 2
    mouths.faces(spoken, FPS)
    assert best.lines == 2  # tried, and at rest again, for twice as long
    best.does, best.now = "good", best.now + 61
    assert mouths.faces(spoken, FPS)[0].mouth.open == 0.5
    assert (mouths.used, mouths.trouble, mouths.fallen) == ("best", None, {})
    assert [trouble is None for trouble in troubles] == [False, False, True]
    assert ["rests for 30 s" in told[0], "rests for 60 s" in told[1], told[2]] == [
        True,
        True,
        "the mouth 'best' works again",
    ]


def test_a_mouth_that_is_too_slow_twice_running_falls_though_its_faces_were_good() -> None:
    slow = Actor("slow")
    mouths = Mouths([slow, LoudMouth()], clock=slow.clock)
    spoken = speech(2.0)
    slow.takes = 0.9
    for _ in range(5):
        mouths.faces(spoken, FPS)
    assert not mouths.fallen
    for takes in (1.1, 0.2, 1.1):
        slow.takes = takes
        mouths.faces(spoken, FPS)
    assert not mouths.fallen  # one slow line is one slow line
    assert mouths.faces(spoken, FPS)[0].mouth.open == 0.5
    assert "1.1 s for 2.0 s" in mouths.fallen["slow"]
    mouths.faces(spoken, FPS)
    assert mouths.used == "loudness"


def test_where_nothing_hurries_a_slow_mouth_stays() -> None:
    slow = Actor("slow")
    slow.takes = 100.0
    mouths = Mouths([slow, LoudMouth()], clock=slow.clock)
    mouths.hurried = False
    for _ in range(4):
        mouths.faces(speech(), FPS)
    assert mouths.used == "slow"


def test_a_mouth_that_does_not_answer_is_given_up_within_the_line() -> None:
    let_go = threading.Event()

    class Hanging:
        name = "hanging"

        def faces(self, speech: Speech, fps: int) -> list[Face]:
            let_go.wait(30)
            return []

    mouths, spoken = Mouths([Hanging(), LoudMouth()]), speech(0.4)
    assert good(mouths.faces(spoken, FPS), spoken)
    assert mouths.used == "loudness"
    let_go.set()


def test_when_no_mouth_works_the_host_speaks_with_her_lips_at_rest() -> None:
    mouths, spoken = Mouths([Actor("a", "raises"), Actor("b", "nan")]), speech()
    faces = mouths.faces(spoken, FPS)
    assert good(faces, spoken)
    assert {face.mouth for face in faces} == {REST}
    assert mouths.used == IDLE
    assert mouths.trouble
    assert "the lips do not move" in mouths.trouble


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["good", "raises", "short", "nan", "wild"]), max_size=3),
    st.lists(st.tuples(st.floats(0, 700), st.floats(0.02, 1.5)), max_size=6),
)
def test_whatever_the_mouths_do_every_line_has_its_faces(does: list[str], lines: list[tuple[float, float]]) -> None:
    now = 0.0
    mouths = Mouths([Actor(f"{k}", each) for k, each in enumerate(does)], clock=lambda: now)
    for wait, seconds in lines:
        now += wait
        spoken = speech(seconds)
        assert good(mouths.faces(spoken, FPS), spoken)
        assert mouths.used == next((f"{k}" for k, each in enumerate(does) if each == "good"), IDLE)


def test_loudness_opens_the_mouth_with_each_syllable_and_ahead_of_it() -> None:
    spoken = speech(3.0)
    faces = LoudMouth().faces(spoken, FPS)
    opening = np.array([face.mouth.open for face in faces])
    assert checked(faces, 75)
    assert opening[0] == opening[-1] == 0
    assert np.abs(np.diff(opening)).max() * FPS <= SPEED + 1e-6
    loudness = 0.5 - 0.5 * np.cos(2 * np.pi * 4 * (np.arange(75) + 0.5) / FPS)
    assert np.corrcoef(opening[5:-5], loudness[6:-4])[0, 1] > 0.8  # about a frame ahead
    assert opening[5:-5].max() > 0.5
    assert opening[5:-5].min() < 0.25


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 3.0), st.sampled_from([0.0, 1e-5, 0.01, 1.0]), st.sampled_from([24, 25, 30, 50]))
def test_any_sound_makes_a_mouth(seconds: float, level: float, fps: int) -> None:
    spoken = speech(seconds, level)
    for mouth in (LoudMouth(), ViseMouth()):
        faces = mouth.faces(spoken, fps)
        assert checked(faces, frames_of(spoken, fps)) is faces
        if not level:
            assert all(face.mouth.open == 0 for face in faces)
