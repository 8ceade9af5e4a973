"""What WebRTC brings, however odd, becomes a voice that is whole in time."""

import numpy as np
import pytest
from operator_browser import audio_frame

from host_engine.host.mouths.heard import COLUMNS
from host_engine.takeover.intake import FADE, RATE, Intake, mono


def note(count: int, rate: int = RATE, hertz: float = 300) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(count) / rate)


def taken(intake: Intake, frames: list) -> tuple[np.ndarray, np.ndarray]:
    heard = [intake(each) for each in frames]
    return np.concatenate([each.samples for each in heard]), np.concatenate([each.lips for each in heard])


def packets(
    samples: np.ndarray, size: int = 960, rate: int = RATE, lost: tuple[int, ...] = (), form: str = "s16"
) -> list:
    count = samples.shape[-1] // size
    return [
        audio_frame(samples[..., k * size : (k + 1) * size], k * size, rate, form)
        for k in range(count)
        if k not in lost
    ]


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


def test_a_voice_at_48_khz_in_stereo_keeps_its_length_and_the_lips_hear_it() -> None:
    samples, lips = taken(Intake(), packets(np.tile(note(RATE), (2, 1))))
    assert RATE - len(samples) < 0.02 * RATE
    assert pitch(samples[4800:]) == pytest.approx(300, abs=3)
    assert lips.shape[1] == COLUMNS
    assert abs(len(lips) - len(samples) // 480) <= 3
    assert lips[-1, -1] > -30  # loud


@pytest.mark.parametrize(("rate", "size"), [(8000, 160), (16_000, 320), (44_100, 882)])
def test_other_rates_are_turned_into_48_khz(rate: int, size: int) -> None:
    samples, _ = taken(Intake(), packets(note(2 * rate, rate), size, rate))
    assert 2 * RATE - len(samples) < 0.1 * RATE
    assert pitch(samples[9600:]) == pytest.approx(300, abs=3)


def test_lost_packets_are_silence_with_soft_edges() -> None:
    intake = Intake()
    samples, _ = taken(intake, packets(note(RATE), lost=(20, 21)))
    assert intake.lost == 2 * 960
    gap = samples[20 * 960 : 22 * 960]
    assert not np.abs(gap[FADE:-FADE]).max()
    assert np.abs(np.diff(samples)).max() < 0.12  # no click: a note of 300 Hz itself moves by 0.03 at most, turned up
    assert RATE - len(samples) < 0.02 * RATE


def test_a_packet_that_comes_again_or_too_late_is_left_out() -> None:
    frames = packets(note(RATE))
    frames[10:10] = [frames[3]]
    samples, _ = taken(Intake(), frames)
    assert RATE - len(samples) < 0.02 * RATE


def test_a_clock_that_jumps_is_followed_without_seconds_of_silence() -> None:
    frames = packets(note(RATE // 2))
    for k, frame in enumerate(packets(note(RATE // 2))):
        frame.pts = 10**9 + k * 960
        frames.append(frame)
    intake = Intake()
    samples, _ = taken(intake, frames)
    assert RATE - len(samples) < 0.02 * RATE
    assert intake.lost == 0


def test_what_is_no_number_is_silence() -> None:
    bad = note(960).astype(np.float32)
    bad[100:200] = np.nan
    bad[300], bad[301] = np.inf, -np.inf
    assert not mono(audio_frame(bad, 0, form="fltp"))[100:200].any()
    samples, lips = taken(Intake(), [audio_frame(bad, k * 960, form="fltp") for k in range(30)])
    assert np.isfinite(samples).all()
    assert np.isfinite(lips).all()


def test_six_channels_and_no_times_at_all_will_do() -> None:
    intake = Intake()
    frames = packets(np.tile(note(RATE), (6, 1)), form="fltp")
    for frame in frames:
        frame.pts = None
    samples, _ = taken(intake, frames)
    assert pitch(samples[4800:]) == pytest.approx(300, abs=3)
