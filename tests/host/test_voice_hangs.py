"""A voice that does not answer: the next one says the same line, and nothing is lost when it comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from host_engine.alarms import Alarms
from host_engine.host.voice import VoiceError, Voices
from host_engine.host.voice_cache import VoiceCache
from host_engine.media import Phoneme, Speech, Word

TEXT = "hello dear viewers"


class Tone:
    """A tone a third of a second long for each word; `before` may make it wait."""

    def __init__(self, name: str, before: Callable[[], object] = lambda: None) -> None:
        self.name, self.settings, self.before, self.calls = name, "", before, 0

    def speak(self, text: str) -> Speech:
        self.calls += 1
        self.before()
        words = text.split()
        samples = 0.2 * np.sin(np.arange(16000 * len(words)) * 0.05).astype(np.float32)
        marks = tuple(Word(w, i / 3, (i + 1) / 3) for i, w in enumerate(words))
        return Speech(text, samples, marks, tuple(Phoneme("a", w.start, w.end) for w in marks), self.name)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_the_next_voice_says_the_line_and_the_alarm_ends_with_the_trouble(tmp_path: Path) -> None:
    now, over, alarms = 0.0, threading.Event(), Alarms()
    first = Tone("first", over.wait)
    voices = Voices([first, Tone("second")], VoiceCache(tmp_path), lambda: now, alarms)
    voices.patience = 0.8
    assert voices.speak(TEXT).voice == "second"
    assert voices.speak("another line").voice == "second"  # at once: the first rests
    assert first.calls == 1
    assert [alarm.name for alarm in alarms.raised] == ["voice/hung"]
    assert "first" in alarms.raised[0].text
    now += 1
    over.set()
    until(lambda: not alarms.raised)
    until(lambda: VoiceCache(tmp_path).get("first", "", TEXT))  # what came late is not lost
    assert list(voices.fallen) == ["first"]  # it has its rest all the same: voices do not change with every line
    now += 31
    assert voices.speak("a third line").voice == "first"
    assert voices.fallen == {}
    assert voices.speak(TEXT).voice == "first"
    assert first.calls == 2


def test_a_voice_that_hangs_every_time_is_given_up_until_one_call_comes_back() -> None:
    now, gates, alarms = 0.0, [], Alarms()

    def wait() -> None:
        gates.append(threading.Event())
        gates[-1].wait()

    first = Tone("first", wait)
    voices = Voices([first, Tone("second")], clock=lambda: now, alarms=alarms)
    voices.patience = 0.8
    for _ in range(30):
        assert voices.speak(TEXT).voice == "second"
        now += 601
    assert first.calls == 3
    assert "given up" in alarms.raised[0].text
    gates[0].set()
    until(lambda: not alarms.raised)
    first.before = lambda: None
    until(lambda: voices.speak(TEXT).voice == "first")
    for gate in gates:
        gate.set()


def test_a_slow_voice_gets_the_time_it_needs_but_not_more_than_the_air_can_wait() -> None:
    now = 0.0

    def slowly() -> None:
        nonlocal now
        now += 2.0

    voices = Voices([Tone("slow", slowly), Tone("second")], clock=lambda: now)
    assert voices.patience_for("slow", TEXT) == 5
    assert voices.speak(TEXT).voice == "slow"  # 2 s for a second of speech
    assert voices.patience_for("slow", "x" * 28) == 5
    assert voices.patience_for("slow", "x" * 70) == pytest.approx(10)  # two lines of five seconds are ready before it
    assert voices.patience_for("second", "x" * 600) == 5


def test_a_voice_that_rests_is_better_than_none() -> None:
    def fail() -> None:
        raise RuntimeError("not now")

    only = Tone("only", fail)
    voices = Voices([only], clock=lambda: 0.0)
    for _ in range(3):
        with pytest.raises(VoiceError, match="not now"):
            voices.speak(TEXT)
    only.before = lambda: None
    assert voices.speak(TEXT).voice == "only"  # not 30 s later


def test_two_lines_that_fail_at_once_are_one_failure() -> None:
    now, both = 0.0, threading.Barrier(2)

    def fail() -> None:
        both.wait(5)
        raise RuntimeError("not now")

    voices = Voices([Tone("first", fail), Tone("second")], clock=lambda: now)
    threads = [threading.Thread(target=voices.speak, args=[text]) for text in ("one line", "another line")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = 30.1
    threads = [threading.Thread(target=voices.speak, args=[TEXT]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert both.n_waiting == 0  # both tried it again after 30 s, not 60
