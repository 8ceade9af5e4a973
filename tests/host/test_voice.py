"""The chain of voices and its cache: what is broken is passed over and tried again, what is kept is what was made."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from host_engine.host.loudness import measure
from host_engine.host.voice import Voice, VoiceError, Voices, list_voices, open_voices
from host_engine.host.voice_cache import VoiceCache, decoded, encoded
from host_engine.host.voices.utterance import Utterance, resample, speech, trim
from host_engine.media import Phoneme, Samples, Speech, Word

TEXT = "hello dear viewers"


class Tone:
    """A voice for tests: a tone a third of a second long for each word; `spoil` may break what it returns."""

    def __init__(self, name: str, spoil: Callable[[Speech], Speech] | None = None, settings: str = "") -> None:
        self.name, self.settings, self.spoil, self.calls = name, settings, spoil, 0

    def speak(self, text: str) -> Speech:
        self.calls += 1
        words = text.split()
        samples = 0.2 * np.sin(np.arange(16000 * len(words)) * 0.05).astype(np.float32)
        marks = tuple(Word(w, i / 3, (i + 1) / 3) for i, w in enumerate(words))
        made = Speech(text, samples, marks, tuple(Phoneme("a", w.start, w.end) for w in marks), self.name)
        return self.spoil(made) if self.spoil else made


def broken(made: Speech) -> Speech:
    raise RuntimeError("the model melted")


def with_samples(samples: Samples) -> Callable[[Speech], Speech]:
    return lambda s: Speech(s.text, samples, s.words, s.phonemes, s.voice)


RUBBISH: dict[str, Callable[[Speech], Speech]] = {
    "raises": broken,
    "no samples": with_samples(np.zeros(0, np.float32)),
    "not numbers": with_samples(np.full(48000, np.nan, np.float32)),
    "silence": with_samples(np.zeros(48000, np.float32)),
    "stereo": with_samples(np.ones((2, 48000), np.float32)),
    "words missing": lambda s: Speech(s.text, s.samples, s.words[1:], s.phonemes, s.voice),
    "words backwards": lambda s: Speech(
        s.text, s.samples, tuple(w._replace(start=0.9 - w.start, end=1.0) for w in s.words), s.phonemes, s.voice
    ),
    "too late": lambda s: Speech(s.text, s.samples, s.words, (Phoneme("a", 0.0, 99.0),), s.voice),
    "times not numbers": lambda s: Speech(s.text, s.samples, s.words, (Phoneme("a", 0.0, float("nan")),), s.voice),
    "not speech": lambda s: None,  # type: ignore[return-value, dict-item]
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_a_voice_that_fails_falls_to_the_next_one(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    voices = Voices([Tone("first", RUBBISH[kind]), Tone("second")])
    assert voices.name == "first"
    with caplog.at_level(logging.WARNING):
        assert voices.speak(TEXT).voice == "second"
    assert voices.name == "second"
    assert list(voices.fallen) == ["first"]
    assert "Traceback" in caplog.text


def test_a_fallen_voice_rests_twice_as_long_each_time_and_comes_back(tmp_path: Path) -> None:
    now = 0.0
    first = Tone("first", broken)
    voices = Voices([first, Tone("second")], VoiceCache(tmp_path), clock=lambda: now)  # kept, to be quick
    tried_at = []
    while now < 4000:
        before = first.calls
        voices.speak(TEXT)
        if first.calls > before:
            tried_at.append(now)
        now += 30
    assert np.diff(tried_at).tolist() == [30, 60, 120, 240, 480, 600, 600, 600, 600, 600]
    first.spoil = None
    now += 600
    assert voices.speak(TEXT).voice == "first"
    assert voices.fallen == {}
    first.spoil = broken
    voices.speak("something else")
    now += 30
    first.spoil = None
    assert voices.speak("something else").voice == "first"  # the rest begins short again


def test_when_none_can_speak_the_line_is_given_up_with_every_reason() -> None:
    voices = Voices([Tone("first", broken), Tone("second", RUBBISH["silence"])])
    with pytest.raises(VoiceError, match=r"first: the model melted; second: the voice second returned silence"):
        voices.speak(TEXT)
    with pytest.raises(VoiceError, match="no voice can speak now"):
        voices.speak(TEXT)


@pytest.mark.parametrize("text", ["", "  ", "…", "🎉 –"])
def test_where_there_is_nothing_to_say_there_is_a_breath(text: str) -> None:
    voices = Voices([Tone("first", broken)])
    made = voices.speak(text)
    assert 0.1 < made.seconds < 1
    assert not made.samples.any()
    assert [w.text for w in made.words] == text.split()
    assert voices.fallen == {}


def test_kept_speech_is_the_made_one_to_the_bit(tmp_path: Path) -> None:
    voice = Tone("first")
    made = Voices([voice], VoiceCache(tmp_path)).speak(TEXT)
    kept = Voices([voice], VoiceCache(tmp_path)).speak(TEXT)
    assert voice.calls == 1
    assert np.array_equal(kept.samples, made.samples)
    assert (kept.words, kept.phonemes, kept.voice, kept.text) == (made.words, made.phonemes, made.voice, made.text)
    assert np.array_equal(decoded(encoded(made.samples)), made.samples)


def test_another_voice_setting_or_text_is_made_anew(tmp_path: Path) -> None:
    cache = VoiceCache(tmp_path)
    for name, settings, text in [("a", "", "x"), ("b", "", "x"), ("a", "fast", "x"), ("a", "", "X"), ("a", "", "x ")]:
        voice = Tone(name, settings=settings)
        Voices([voice], cache).speak(text)
        assert voice.calls == 1


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nothing", b"\x93NUMPY", None, "short"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes | str | None) -> None:
    voice = Tone("first")
    voices = Voices([voice], VoiceCache(tmp_path))
    made = voices.speak(TEXT)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    if isinstance(damage, bytes):
        file.write_bytes(damage)
    elif damage == "short":
        file.write_bytes(whole[: len(whole) // 2])
    else:
        file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    assert np.array_equal(voices.speak(TEXT).samples, made.samples)
    assert voice.calls == 2
    assert np.array_equal(voices.speak(TEXT).samples, made.samples)
    assert voice.calls == 2


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    voices = Voices([Tone("first")], VoiceCache(tmp_path))
    voices.speak(TEXT)
    (file,) = tmp_path.iterdir()
    with file.open("wb") as opened:
        np.savez(opened, samples=np.array([object()]), about=np.zeros(1, np.uint8))
    assert voices.speak(TEXT).words


def test_the_cache_stays_within_its_limit_and_keeps_what_is_used(tmp_path: Path) -> None:
    cache = VoiceCache(tmp_path, limit=400_000)
    voice = Tone("first")
    voices = Voices([voice], cache)
    for i in range(12):
        voices.speak(f"word {i}")
        for age, file in enumerate(sorted(tmp_path.glob("*.npz"), key=lambda p: p.stat().st_mtime)):
            os.utime(file, (1000 + age, 1000 + age))
        voices.speak("word 0")
    assert sum(f.stat().st_size for f in tmp_path.iterdir()) <= 400_000
    assert voice.calls == 12
    assert VoiceCache(tmp_path)._size == cache._size


def test_a_folder_that_cannot_be_written_does_not_stop_the_voice(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Voices([Tone("first")], VoiceCache(tmp_path / "file")).speak(TEXT).seconds == 1.0


def test_many_threads_speak_and_keep_at_once(tmp_path: Path) -> None:
    voices = Voices([Tone("first")], VoiceCache(tmp_path))
    made: list[Speech] = []
    threads = [threading.Thread(target=lambda i=i: made.append(voices.speak(f"word {i % 3}"))) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 12
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("n", [1, 7, 4410, 16001])
def test_resampling_keeps_every_sample_and_its_time(rate: int, n: int) -> None:
    out = resample(np.ones(n, np.float32), rate)
    assert len(out) == round(n * 48000 / rate)
    if n > 1000:
        assert np.abs(out[1:-1] - 1).max() < 0.7  # the edges are there, no silence crept in
        assert out[len(out) // 2] == pytest.approx(1, abs=1e-3)
        for at in (0, n // 3, n - 1):
            click = np.zeros(n, np.float32)
            click[at] = 1
            assert abs(int(np.argmax(np.abs(resample(click, rate)))) - at * 48000 / rate) <= 1.5


def test_edges_are_trimmed_to_known_silence_and_times_follow() -> None:
    for lead in (0.0, 0.02, 0.5):
        quiet = np.zeros(round(lead * 48000), np.float32)
        tone = np.full(24000, 0.5, np.float32)
        samples, moved = trim(np.concatenate([quiet, tone, quiet]))
        assert len(samples) == 24000 + 2880 + 10560
        assert np.flatnonzero(samples > 0.4)[0] == 2880
        assert moved == pytest.approx(0.06 - lead, abs=1e-4)
    made = speech("a", Utterance(np.concatenate([quiet, tone]), 48000, [Phoneme("a", 0.5, 1.0)], {0: (0.5, 1.0)}), "v")
    assert made.words == (Word("a", pytest.approx(0.06), pytest.approx(0.56)),)
    assert made.phonemes[0].start == pytest.approx(0.06)


def test_open_voices_prefers_what_sounds_best_and_ends_with_espeak(tmp_path: Path) -> None:
    english = open_voices("auto", "en", tmp_path)
    assert english.name in ("flite:slt", "espeak:en-us+f3")
    assert english.speak(TEXT).voice == english.name
    assert open_voices("auto", "en-US", gender="man").name in ("flite:rms", "espeak:en-us+m3")
    assert open_voices("auto", "de").name == "espeak:de+f3"
    assert open_voices("espeak:en-gb-x-rp+f5", "en").name == "espeak:en-gb-x-rp+f5"
    assert open_voices(["espeak:fr", "espeak:es"], "de").name == "espeak:fr-fr+f3"


@pytest.mark.parametrize("wanted", ["festival", "coqui:", "auto:x", "", "espeak:xx", "coqui:/nowhere"])
def test_a_voice_that_does_not_exist_is_refused_with_a_sentence(wanted: str) -> None:
    with pytest.raises(VoiceError, match=r"there is no|has no"):
        open_voices(wanted, "en")


def test_the_list_tells_what_is_here_and_what_is_not() -> None:
    found = {voice.name: voice for voice in list_voices()}
    assert found["espeak"].here
    assert {"flite:slt", "flite:rms", "coqui:MODEL"} <= set(found)
    assert all(voice.about for voice in found.values())


@pytest.mark.parametrize("wanted", ["espeak", "auto"])
def test_every_line_comes_out_at_one_loudness(wanted: str) -> None:
    voices: Voice = open_voices(wanted, "en")
    for text in ["Yes!", "Only today: twenty percent off.", "And this is the lamp that you have all been waiting for."]:
        heard = measure(voices.speak(text).samples)
        assert heard.lufs == pytest.approx(-16, abs=1)
        assert heard.peak <= -1
