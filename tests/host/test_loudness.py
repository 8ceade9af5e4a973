"""One loudness for all speech, judged by a second meter written from ITU-R BS.1770."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from host_engine.host.loudness import measure, normalise
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.flite import FliteVoice
from host_engine.media import Samples

LINES = ["Welcome back to the show, dear friends!", "It costs nineteen euros, today only, and the shipping is free.",
         "Yes, really: a lamp that follows you from the kitchen to the garden, all evening long."]  # fmt: skip


def lufs(samples: Samples) -> float:
    """Integrated loudness of sound at 48 kHz that is the same on two channels: K-weighting, blocks of 400 ms, gates."""
    n = 2 * len(samples)
    z = np.exp(2j * np.pi * np.fft.rfftfreq(n))
    shelf = (1.53512485958697 - 2.69169618940638 / z + 1.19839281085285 / z**2) / (
        1 - 1.69065929318241 / z + 0.73248077421585 / z**2
    )
    high = (1 - 2 / z + 1 / z**2) / (1 - 1.99004745483398 / z + 0.99007225036621 / z**2)
    heard = np.fft.irfft(np.fft.rfft(samples.astype(np.float64), n) * shelf * high, n)[: len(samples)]
    blocks = 2 * np.array([np.mean(heard[i : i + 19200] ** 2) for i in range(0, len(heard) - 19199, 4800)])
    loud = blocks[-0.691 + 10 * np.log10(blocks + 1e-12) > -70]
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(loud[-0.691 + 10 * np.log10(loud) > gate].mean()))


def true_peak(samples: Samples) -> float:
    return float(20 * np.log10(np.abs(soxr.resample(samples, 48000, 8 * 48000, quality="VHQ")).max()))


def tone(hertz: float, level: float, seconds: float = 2.0) -> Samples:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * 48000)) / 48000)).astype(np.float32)


def test_the_second_meter_knows_the_reference_tone() -> None:
    assert lufs(tone(997, 10 ** (-20 / 20), 5)) == pytest.approx(-20.0, abs=0.1)
    assert measure(tone(997, 0.1, 5)).lufs == pytest.approx(-20.0, abs=0.1)


@pytest.mark.parametrize("voice", [EspeakVoice("en"), EspeakVoice("de", "man"), FliteVoice("slt"), FliteVoice("rms")],
                         ids=lambda v: v.name)  # fmt: skip
@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_speech_comes_out_at_minus_16(voice: EspeakVoice | FliteVoice, line: str) -> None:
    samples = voice.speak(line).samples
    out = normalise(samples)
    assert len(out) == len(samples)
    assert lufs(out) == pytest.approx(-16, abs=1)
    assert true_peak(out) <= -0.9  # -1 by FFmpeg's meter, which looks at fewer points


@pytest.mark.parametrize("level", [1e-5, 1e-3, 0.02, 0.3, 1.0, 4.0])
@pytest.mark.parametrize("hertz", [120, 997, 6000])
def test_tones_of_any_level_come_out_at_minus_16(level: float, hertz: float) -> None:
    out = normalise(tone(hertz, level))
    assert lufs(out) == pytest.approx(-16, abs=1)
    assert true_peak(out) <= -0.9


@pytest.mark.parametrize("seconds", [0.001, 0.05, 0.2, 0.39, 0.41, 0.9, 1.1])
def test_short_utterances_are_as_loud_as_long_ones(seconds: float) -> None:
    out = normalise(tone(997, 0.01, seconds))
    assert len(out) == round(seconds * 48000)
    assert np.sqrt(np.mean(out**2)) == pytest.approx(10 ** (-19 / 20), rel=0.13) or seconds < 0.01
    assert np.abs(out).max() <= 10 ** (-0.9 / 20)


def test_loud_clicks_are_held_where_they_are() -> None:
    samples = tone(300, 0.02)
    clicks = [0, 20_000, 50_001, len(samples) - 1]
    samples[clicks] = 0.9
    out = normalise(samples)
    assert len(out) == len(samples)
    assert true_peak(out) <= -0.9
    for click in clicks:  # the limiter looks ahead without moving anything
        near = np.abs(out[max(0, click - 200) : click + 200])
        assert int(np.argmax(near)) == min(click, 200)


def test_nothing_moves_in_time() -> None:
    samples = FliteVoice("slt").speak(LINES[0]).samples
    out = normalise(samples)
    shifts = range(-5, 6)
    likeness = [float(np.dot(np.roll(out, s), samples)) for s in shifts]
    assert shifts[int(np.argmax(likeness))] == 0


@pytest.mark.parametrize("n", [0, 1, 100, 48000])
def test_silence_stays_silence(n: int) -> None:
    assert not normalise(np.zeros(n, np.float32)).any()


def test_the_same_again_is_left_as_it_is() -> None:
    once = normalise(FliteVoice("slt").speak(LINES[1]).samples)
    twice = normalise(once)
    assert lufs(twice) == pytest.approx(lufs(once), abs=0.7)
