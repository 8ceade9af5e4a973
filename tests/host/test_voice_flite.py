"""flite: human speech whose words and sounds lie where they are heard; a clear reason where the library is missing."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from host_engine.host.voice import check, open_voices
from host_engine.host.voices import flite
from host_engine.host.voices.flite import FliteVoice, tokens
from host_engine.host.voices.utterance import VoiceError, speakable

LINE = 'Hello — "everyone", it’s €25 & 100% café (twenty-five)... and welcome!'
NASTY = [
    "",
    "—",
    "'",
    "IIII MCMXCIX $1.2.3",
    "0" * 60 + " " + "a-" * 40,
    "St. 1:2:3 1/2/3 %d %s %n",
    "x" * 500,
    "1-1-1-1-1 1--1",
    "www.a.com/b?c=d <b>now</b> \x00\x1b[1m \ud800",
    "$5bn 12:99pm 99999999999999999999999",
]


@pytest.mark.parametrize("text", NASTY)
def test_every_text_gives_its_words_and_does_no_harm(text: str) -> None:
    speech = FliteVoice("slt").speak(text)
    assert [w.text for w in speech.words] == text.split()
    if speakable(flite._ascii(text)):
        check(speech, text)


@pytest.mark.parametrize("name", ["slt", "rms"])
def test_each_word_of_the_text_has_its_sounds(name: str) -> None:
    speech = check(FliteVoice(name).speak(LINE), LINE)
    spoken = {w.text: "".join(p.symbol for p in speech.phonemes if w.start <= p.start < w.end) for w in speech.words}
    assert spoken["Hello"] == "həloʊ"
    assert spoken["€25"].startswith("tw")
    assert spoken["€25"].endswith("z")  # twenty-five euros
    assert spoken["welcome!"] == "wɛlkəm"
    assert spoken["—"] == ""


def test_words_sound_when_they_are_said_and_pauses_are_quiet() -> None:
    speech = FliteVoice("slt").speak("Hello, everyone.")
    first, second = speech.words

    def level(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(speech.samples[int(start * 48000) : int(end * 48000)] ** 2)))

    assert level(first.start, first.end) > 0.02
    assert level(second.start, second.end) > 0.02
    assert level(first.end + 0.05, second.start - 0.03) < 0.2 * level(first.start, first.end)


def test_sounds_tile_the_speech() -> None:
    utterance = FliteVoice("rms").utter(LINE)
    for before, after in zip(utterance.phonemes, utterance.phonemes[1:], strict=False):
        assert after.start == before.end
    assert utterance.phonemes[-1].end == pytest.approx(len(utterance.samples) / utterance.rate, abs=0.03)


def test_another_script_goes_to_the_next_voice_and_flite_stays_in_use() -> None:
    voices = open_voices("flite", "en")
    assert voices.speak("大家好").voice == "espeak:en-us+f3"
    assert voices.fallen == {}
    assert voices.speak("hello").voice == "flite:slt"


def test_tokens_are_plain_and_each_belongs_to_its_word() -> None:
    found = tokens(LINE)
    assert [t.name for t in found][:6] == ["Hello", "everyone", "it's", "25", "euros", "and"]
    assert [t.word for t in found][:6] == [0, 2, 3, 4, 4, 5]
    assert found[0].punctuation == ","  # the dash is heard as a pause
    assert all(t.name.isascii() and len(t.name) <= 30 for t in tokens("x" * 500 + " naïve Ωmega"))


def test_an_unknown_voice_is_refused_with_those_near_it() -> None:
    with pytest.raises(VoiceError, match=r"flite has no voice 'slk'; near it are: slt"):
        FliteVoice("slk")


def test_other_languages_are_refused() -> None:
    with pytest.raises(VoiceError, match="flite speaks English only"):
        open_voices("flite", "de")


def test_where_the_library_is_missing_the_reason_is_told_and_auto_takes_espeak() -> None:
    program = """
import ctypes
load = ctypes.CDLL.__init__
def gone(self, name, *a, **k):
    if "flite" in str(name):
        raise OSError("not found")
    load(self, name, *a, **k)
ctypes.CDLL.__init__ = gone
from host_engine.host.voice import VoiceError, open_voices
print(open_voices("auto", "en").name)
try:
    open_voices("flite:slt", "en")
except VoiceError as problem:
    print(problem)
"""
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert out[0].startswith("espeak:en-us")
    assert out[1] == "flite is not here: libflite.so.1 cannot be loaded (on Debian: apt install libflite1)"
