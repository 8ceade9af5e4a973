"""What Wav2Lip hears: librosa's numbers, and the windows of its inference."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import torch

from host_engine.neural.wav2lip.mel import SILENCE, STEPS, bands, mel, windows


def sound(seconds: float = 1.0) -> np.ndarray:
    t = np.arange(int(16_000 * seconds)) / 16_000
    noise = np.random.default_rng(1).normal(0, 0.02, len(t))
    return (0.3 * np.sin(2 * np.pi * (200 + 900 * t) * t) * np.hanning(len(t)) + noise).astype(np.float32)


def as_upstream(samples: np.ndarray) -> np.ndarray:
    """The recipe of Wav2Lip's audio front end, with torch's transform: librosa's takes a minute to compile itself."""
    emphasised = torch.from_numpy(np.append(samples[:1], samples[1:] - 0.97 * samples[:-1]).astype(np.float64))
    window = torch.hann_window(800, dtype=torch.float64)
    spectrum = torch.stft(emphasised, 800, 200, 800, window, center=True, pad_mode="reflect", return_complex=True)
    bank = librosa.filters.mel(sr=16_000, n_fft=800, n_mels=80, fmin=55, fmax=7600)
    decibels = 20 * np.log10(np.maximum(1e-5, bank @ spectrum.abs().numpy())) - 20
    return np.clip(8 * (decibels + 100) / 100 - 4, -4, 4)


@pytest.mark.parametrize("seconds", [0.5, 1.0, 1.2345])
def test_mel_is_librosas(seconds):
    found, meant = mel(sound(seconds)), as_upstream(sound(seconds))
    assert found.shape == meant.shape
    np.testing.assert_allclose(found, meant, atol=2e-3)
    assert found.std() > 0.5


def test_mel_of_a_known_sound_is_what_librosa_0_11_gave():
    """Every 16th band of four steps, from librosa.stft and librosa.filters.mel."""
    t = np.arange(8000) / 16_000
    chirp = (0.3 * np.sin(2 * np.pi * (200 + 900 * t) * t) + 0.05 * np.sin(2 * np.pi * 3000 * t)).astype(np.float32)
    meant = [
        [-0.4924, -4.0, -4.0, -0.2253],
        [-1.8649, -3.9988, -0.8527, 0.0509],
        [-2.5768, -4.0, -4.0, 0.3382],
        [-1.6639, -4.0, -4.0, -1.2944],
        [-1.0899, -4.0, -4.0, -1.0332],
    ]
    np.testing.assert_allclose(mel(chirp)[::16, [0, 10, 25, 40]], meant, atol=3e-3)


def test_the_bands_are_librosas():
    np.testing.assert_allclose(
        bands(), librosa.filters.mel(sr=16_000, n_fft=800, n_mels=80, fmin=55, fmax=7600), atol=1e-6
    )


def test_silence_is_the_lowest_value_and_no_sound_has_a_step():
    assert (mel(np.zeros(16_000, np.float32)) == SILENCE).all()
    assert mel(np.zeros(0, np.float32)).shape == (80, 1)
    assert mel(sound(0.01)).shape == (80, 1)


def numbered(steps: int) -> np.ndarray:
    """A mel in which each step says its own number, in every band."""
    return np.tile(np.arange(1, steps + 1, dtype=np.float32), (80, 1))


def upstreams(steps: int, fps: float) -> list[np.ndarray]:
    """The chunks of Wav2Lip's inference, frame by frame, until the sound ends."""
    heard, chunks = numbered(steps), []
    while True:
        start = int(len(chunks) * 80 / fps)
        if start + 16 > steps:
            return [*chunks, heard[:, -16:]]
        chunks.append(heard[:, start : start + 16])


@pytest.mark.parametrize("fps", [25, 30, 50])
def test_windows_are_those_of_upstreams_inference(fps):
    chunks = upstreams(81, fps)
    found = windows(numbered(81), len(chunks), fps)
    np.testing.assert_array_equal(found, np.array(chunks))


def test_frames_after_upstreams_last_hear_the_silence_that_follows():
    found = windows(numbered(81), 25, 25)
    assert found.shape == (25, 80, STEPS)
    assert found[21, 0, -1] == 81  # moved back until it fits
    assert found[24, 0].tolist() == [77, 78, 79, 80, 81] + [SILENCE] * 11


def test_the_offset_moves_what_is_heard():
    early, now = windows(numbered(81), 20, 25, -1), windows(numbered(81), 20, 25)
    np.testing.assert_array_equal(early[1:], now[:-1])
    assert early[0, 0, :5].tolist() == [SILENCE] * 4 + [1]
    half = windows(numbered(81), 20, 25, 0.5)
    assert half[0, 0, 0] == 2


@pytest.mark.parametrize("steps", [1, 7, 15])
def test_a_sound_shorter_than_a_window_is_followed_by_silence(steps):
    (found,) = windows(numbered(steps), 1, 25)
    assert found[0].tolist() == [*range(1, steps + 1)] + [SILENCE] * (16 - steps)
    assert windows(numbered(steps), 0, 25).shape == (0, 80, 16)
