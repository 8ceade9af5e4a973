"""Lines that nobody says take the time to read them; what stands still in a picture is told from what moves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.host.mouths.chain import Mouths
from host_engine.host.mouths.loud import LoudMouth
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.policies.stillness import Stillness
from host_engine.policies.unspoken import NAME, Unspoken

SPEAKER = Unspoken()


@given(st.text(max_size=300))
def test_whatever_is_read_is_silent_and_has_a_time_for_each_word(text: str) -> None:
    speech = SPEAKER.speak(text)
    assert not speech.samples.any()
    assert speech.voice == NAME
    assert [word.text for word in speech.words] == text.split()
    ends = [0.0, *(word.end for word in speech.words), speech.seconds]
    assert all(a < b for a, b in pairwise(ends))
    assert all(word.start < word.end for word in speech.words)


def test_it_takes_about_as_long_as_reading_does() -> None:
    english = "Our tea is grown in the hills and picked by hand in early spring."
    assert 4 < SPEAKER.speak(english).seconds < 8
    assert 2 < SPEAKER.speak("我们的茶叶生长在山上，早春手工采摘。").seconds < 8


@pytest.mark.parametrize("mouth", [ViseMouth(), LoudMouth()])
def test_the_lips_rest_meanwhile(mouth: ViseMouth | LoudMouth) -> None:
    faces = Mouths([mouth]).faces(SPEAKER.speak("Nobody says a word of this."), 25)
    assert max(face.mouth.open for face in faces) < 0.05
    assert max(face.energy for face in faces) < 0.05


def picture(shift: int = 0) -> np.ndarray:
    room = np.tile(np.linspace(30, 220, 360, dtype=np.uint8), (640, 1))
    room[200:520, 40:320] = 120
    room[220 + shift : 320 + shift, 100:260] = 230
    return room


def test_the_share_that_stands_still_is_that_which_does() -> None:
    watch, noise = Stillness(), np.random.default_rng(1)
    assert watch.share(10, 0) is None
    for at in range(0, 31, 2):
        seen = picture(shift=40 * (at % 4)).astype(np.int16) + noise.integers(-3, 4, (640, 360))
        watch.see(np.clip(seen, 0, 255).astype(np.uint8), float(at))
        assert at >= 10 or watch.share(10, float(at)) is None
    share = watch.share(10, 30.0)
    assert share is not None
    assert 0.8 < share < 0.95  # all but where the light square jumps
    for at in range(32, 60, 2):
        watch.see(np.full((640, 360), 16 + at * 3, np.uint8), float(at))
    assert watch.share(10, 58.0) == 0.0


def test_a_slow_drift_counts_as_moving_and_another_size_begins_anew() -> None:
    watch = Stillness()
    for at in range(60):
        watch.see(np.full((64, 36), 40 + at, np.uint8), float(at))
    assert (watch.share(20, 59.0) or 0.0) < 0.01
    watch.see(np.zeros((128, 72), np.uint8), 60.0)
    assert watch.share(20, 61.0) is None
