"""The mix: speech untouched without music; with it a bed that is quiet, makes way, never stops and never clips."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.host.loudness import measure
from host_engine.host.music import BAR, DUCK, Bed, Mixer
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import Format, Samples

FORMAT = Format()
QUIET = np.zeros(FORMAT.samples, np.float32)


def played(mixer: Mixer, speech: Samples) -> Samples:
    """The mix of whole speech, frame by frame."""
    frames = speech[: len(speech) // FORMAT.samples * FORMAT.samples].reshape(-1, FORMAT.samples)
    return np.concatenate([mixer.mix(frame) for frame in frames], axis=1)


def decibels(samples: Samples) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2))))


@pytest.fixture(scope="module")
def minute() -> Samples:
    return played(Mixer(FORMAT, True, seed=4), np.zeros(60 * 48000, np.float32))


def test_without_music_speech_passes_bit_for_bit() -> None:
    speech = np.random.default_rng(1).standard_normal(48000).astype(np.float32)
    out = played(Mixer(FORMAT, music=False), speech)
    assert out.shape == (2, 48000)
    assert out.dtype == np.float32
    assert np.array_equal(out[0], speech)
    assert np.array_equal(out[1], speech)


def test_the_bed_is_quiet_even_and_never_nothing(minute: Samples) -> None:
    left, right = (measure(channel).lufs - 3.01 for channel in minute)  # one channel alone
    assert 10 * np.log10(10 ** (left / 10) + 10 ** (right / 10)) == pytest.approx(-34, abs=1)
    seconds = [decibels(minute[:, i : i + 48000]) for i in range(0, minute.shape[1] - 48000, 24000)]
    assert max(seconds) - min(seconds) < 7
    frames = np.abs(minute).reshape(2, -1, FORMAT.samples).max(axis=(0, 2))
    assert frames.min() > 1e-4


def test_the_bed_has_no_clicks_no_dc_and_a_warm_sound(minute: Samples) -> None:
    assert np.abs(np.diff(minute)).max() < 0.008
    assert np.abs(minute.mean(axis=1)).max() < 1e-5
    power = np.abs(np.fft.rfft(minute[0])) ** 2
    hertz = np.fft.rfftfreq(minute.shape[1], 1 / 48000)
    assert power[hertz > 2500].sum() < 0.002 * power.sum()
    assert power[hertz < 50].sum() < 0.01 * power.sum()


def test_the_bed_is_stereo_of_modest_width(minute: Samples) -> None:
    width = decibels(minute[0] - minute[1]) - decibels(minute[0] + minute[1])
    assert -14 < width < -6


def test_a_quarter_of_an_hour_has_no_seam_and_does_not_grow() -> None:
    bed = Bed(Format(fps=1), seed=2)  # a frame of a whole second is the same music in fewer steps
    last = bed.next()
    quietest, steepest = 1.0, 0.0
    for _ in range(900):
        now = bed.next()
        steepest = max(steepest, float(np.abs(now[:, 0] - last[:, -1]).max()))
        quietest = min(quietest, float(np.abs(now).max()))
        last = now
    assert steepest < 0.008
    assert quietest > 0.005
    assert len(bed._sounds) < 30
    assert len(bed._chords) <= 3


def test_frames_of_any_length_play_the_same_music() -> None:
    long, short = Bed(Format(fps=1), 3), Bed(Format(fps=60), 3)
    ten = np.concatenate([short.next() for _ in range(600)], axis=1)
    reference = np.concatenate([long.next() for _ in range(10)], axis=1)
    chords_swell = 0.02  # a longer frame draws the swell of a chord with fewer, straighter lines
    assert np.abs(ten - reference).max() < chords_swell


def test_the_same_seed_plays_the_same_and_another_one_does_not() -> None:
    def piece(seed: int) -> Samples:
        bed = Bed(FORMAT, seed)
        return np.concatenate([bed.next() for _ in range(int(1.5 * BAR * 25))], axis=1)

    assert np.array_equal(piece(1), piece(1))
    assert decibels(piece(1) - piece(2)) > decibels(piece(1)) - 3


def test_the_bed_makes_way_for_speech_and_comes_back_gently() -> None:
    speech = np.concatenate([np.zeros(96000), np.full(144000, 0.02), np.zeros(192000)]).astype(np.float32)
    free = played(Mixer(FORMAT, True, 7), np.zeros_like(speech))
    bed = played(Mixer(FORMAT, True, 7), speech) - speech[: free.shape[1]]
    gain = np.array([np.dot(b.ravel(), f.ravel()) / np.dot(f.ravel(), f.ravel())
                     for b, f in zip(np.split(bed, 225, 1), np.split(free, 225, 1), strict=True)])  # fmt: skip
    assert gain[:50] == pytest.approx(np.ones(50), abs=1e-3)
    assert gain[60] == pytest.approx(DUCK, abs=0.1)  # 0.4 s into the speech
    assert gain[100:125] == pytest.approx(np.full(25, DUCK), abs=0.01)
    assert gain[130] == pytest.approx(DUCK, abs=0.02)  # a short pause does not bring it back
    assert gain[-1] == pytest.approx(1, abs=0.05)
    assert np.abs(np.diff(gain)).max() < 0.25  # and never in a step


def test_nothing_exceeds_minus_one_dbfs_and_speech_below_the_knee_is_only_added_to() -> None:
    loud = np.random.default_rng(5).uniform(-3, 3, 96000).astype(np.float32)
    assert np.abs(played(Mixer(FORMAT, True, 1), loud)).max() <= 10 ** (-1 / 20)
    speech = EspeakVoice("en").speak("hello there").samples
    bed = played(Mixer(FORMAT, True, 1), speech) - speech[: len(speech) // 1920 * 1920]
    assert np.abs(bed).max() < 0.1
