"""Where a spoken line can be interrupted: behind its phrases, where nothing is heard, never inside a word."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.host.voice import VoiceError, open_voices
from host_engine.media import Speech, Word
from host_engine.playout.pauses import pauses
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens

SIZE = 1920


def line(text: str) -> Line:
    return Line("l", text, tokens(text, "en", {}), "en", "s")


def speech(text: str, gap: float, noise: float = 0.0) -> Speech:
    """Each word half a second of tone, and `gap` seconds behind each, in which there is some noise."""
    words, parts, at = [], [], 0.0
    tone = np.sin(np.arange(24_000) / 10).astype(np.float32) * 0.5
    for word in text.split():
        words.append(Word(word, at, at + 0.5))
        parts += [tone, np.full(round(gap * 48_000), noise, np.float32)]
        at += 0.5 + gap
    return Speech(text, np.concatenate(parts), tuple(words), (), "tone")


def found(text: str, gap: float, noise: float = 0.0) -> list[int]:
    said = line(text)
    return [k for k, pause in enumerate(pauses(said, speech(said.said, gap, noise), SIZE)) if pause]


def test_pauses_are_behind_phrases_only() -> None:
    frames = found("one two, three four", 0.2)  # the gap behind "two," is 1.2 to 1.4 s: frames 30 to 34
    assert frames == [30, 31, 32, 33]


@pytest.mark.parametrize("sign", [",", ";", ":", " –", ".", "!"])
def test_every_sign_that_ends_a_phrase(sign: str) -> None:
    assert found(f"one two{sign} three four", 0.2)


def test_a_gap_too_short_or_too_loud_is_no_pause() -> None:
    assert not found("one two, three", 0.05)
    assert not found("one two, three", 0.2, noise=0.2)
    assert not found("one two three", 0.2)


def test_the_end_of_a_line_is_no_pause() -> None:
    assert not found("one, ", 0.3)
    assert not found("one two.", 0.3)


@pytest.mark.parametrize("voice", ["flite", "espeak"])
def test_a_real_voice_pauses_at_its_commas(voice: str) -> None:
    try:
        voices = open_voices(voice, "en")
    except VoiceError as missing:
        pytest.skip(str(missing))
    said = line("The cup is copper red, malty and full, and it stands up to milk.")
    spoken = voices.speak(said.said)
    marks = pauses(said, spoken, SIZE)
    ends = [word.end for word in spoken.words if word.text.endswith(",")]
    runs = [k for k, mark in enumerate(marks) if mark and not marks[k - 1]]
    assert len(runs) == len(ends)
    for first, end in zip(runs, ends, strict=True):
        assert -0.02 <= first / 25 - end < 0.2
