"""What MuseTalk hears is what its weights were trained to hear, at every frame rate and however long the sound."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from host_engine.neural.musetalk import load_blank
from host_engine.neural.musetalk.blank import TINY
from host_engine.neural.musetalk.ears import first_steps, places, spans
from host_engine.neural.musetalk.musetalk import MuseTalk


def speech(seconds: float) -> np.ndarray:
    """Noise that comes and goes as syllables do, at 16 kHz."""
    chance = np.random.default_rng(11)
    time = np.arange(int(seconds * 16_000)) / 16_000
    return (0.3 * chance.standard_normal(len(time)) * np.sin(2 * np.pi * 2 * time) ** 2).astype(np.float32)


@pytest.fixture(scope="module")
def net() -> MuseTalk:
    torch.set_num_threads(1)
    return load_blank(sizes=TINY)


def as_published(net: MuseTalk, samples: np.ndarray, fps: int) -> np.ndarray:
    """The windows by the published recipe: layers stacked, zeros on both sides, ten steps from floor(f * 50 / fps)."""
    ears = net._ears
    features = ears._extractor(samples, sampling_rate=16_000, return_tensors="pt").input_features
    assert features.shape == (1, 80, 3000)
    with torch.inference_mode():
        layers = ears._encoder(features, output_hidden_states=True).hidden_states
    assert len(layers) == 5
    states = torch.stack(layers, dim=2)[:, : int(len(samples) / 16_000 * 50)]
    padding = int(np.ceil(50 / fps))
    states = torch.cat([torch.zeros(1, 2 * padding, 5, 24), states, torch.zeros(1, 6 * padding, 5, 24)], 1)
    frames = int(len(samples) / 16_000 * fps)
    starts = [int(f * 50 / fps) for f in range(frames)]
    windows = torch.stack([states[0, at : at + 10].reshape(50, 24) for at in starts])
    place, two = np.arange(50)[:, None], np.arange(0, 24, 2)
    table = np.zeros((50, 24))
    table[:, 0::2] = np.sin(place * np.exp(-two * np.log(10_000) / 24))
    table[:, 1::2] = np.cos(place * np.exp(-two * np.log(10_000) / 24))
    return windows.numpy() + table


@pytest.mark.parametrize("fps", [25, 30])
def test_windows_are_those_of_the_published_recipe(net: MuseTalk, fps: int) -> None:
    samples = speech(2.0)
    windows = net.hear(samples, fps)
    assert windows.shape == (2 * fps, 50, 24)
    assert windows.dtype == np.float16
    np.testing.assert_allclose(windows, as_published(net, samples, fps), atol=4e-3)


@pytest.mark.parametrize("fps", [24, 25, 30, 48, 50, 60])
def test_a_frame_hears_from_80_ms_before_to_120_ms_after_its_start(fps: int) -> None:
    starts = first_steps(fps, fps)
    late = np.arange(fps) * 1000 / fps - (starts + 4) * 20  # ms; steps are 20 ms long
    assert (late >= 0).all()
    assert (late < 20).all()
    assert (first_steps(fps, fps, 80) == starts + 4).all()
    assert (first_steps(fps, fps, -20) == starts - 1).all()


def test_later_sound_is_heard_by_the_offset(net: MuseTalk) -> None:
    samples = speech(1.0)
    later = load_blank(sizes=TINY)
    later._ears._offset_ms = 80
    places_of = places(50, 24).numpy().astype(np.float16)
    plain, moved = net.hear(samples, 25) - places_of, later.hear(samples, 25) - places_of
    np.testing.assert_allclose(moved[:-2], plain[2:], atol=4e-3)


def test_before_and_after_the_sound_nothing_is_heard(net: MuseTalk) -> None:
    windows = net.hear(speech(1.0), 25) - places(50, 24).numpy()
    assert np.abs(windows[0, :20]).max() < 2e-3  # four steps of five layers
    assert np.abs(windows[0, 20:]).max() > 0.1
    assert np.abs(windows[-1, 30:]).max() < 2e-3
    assert net.hear(speech(0.0), 25).shape == (0, 50, 24)
    assert net.hear(speech(0.01), 25).shape == (1, 50, 24)


def test_spans_meet_without_a_gap_and_are_never_kept_at_a_cut() -> None:
    for length in (1, 480_000, 480_001, 16_000 * 65, 16_000 * 301 + 77):
        kept: list[int] = []
        for start, first, last in spans(length):
            assert start % 320 == 0
            kept += range(start // 320 + first, start // 320 + last)
            assert start == 0 or first * 320 == 16_000
        assert kept == list(range(len(kept)))
        assert len(kept) * 320 >= length
    assert len(list(spans(480_000))) == 1
    assert list(spans(0)) == []


def test_long_speech_is_heard_to_its_end(net: MuseTalk) -> None:
    samples = speech(40.0)
    windows = net.hear(samples, 25)
    assert windows.shape == (1000, 50, 24)
    np.testing.assert_allclose(windows[:600], net.hear(samples[:480_000], 25)[:600], atol=4e-3)
    tail = net.hear(samples[28 * 16_000 :], 25)
    np.testing.assert_allclose(windows[740:], tail[40:], atol=4e-3)


def test_two_threads_may_hear_at_once(net: MuseTalk) -> None:
    alone = [net.hear(speech(seconds), 25) for seconds in (0.5, 1.0)]
    heard: dict[int, np.ndarray] = {}

    def listen(which: int) -> None:
        heard[which] = net.hear(speech((0.5, 1.0)[which]), 25)

    threads = [threading.Thread(target=listen, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for which in (0, 1):
        np.testing.assert_array_equal(heard[which], alone[which])
