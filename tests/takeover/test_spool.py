"""The voice leaves frame by frame, whatever the network and the clocks do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from operator_browser import audio_frame

from host_engine.takeover.intake import Intake
from host_engine.takeover.spool import RATE, WAIT, Spool

SIZE = 1920


def ramp(first: int, count: int) -> np.ndarray:
    """Samples that tell their own place."""
    return (np.arange(first, first + count) / RATE).astype(np.float32)


class Stream:
    """Pushes packets of 20 ms of a sound whose samples are their places."""

    def __init__(self, spool: Spool) -> None:
        self.spool, self.sent = spool, 0

    def push(self, count: int = 960) -> None:
        self.spool.push(ramp(self.sent, count))
        self.sent += count


def test_nothing_leaves_before_enough_waits_and_then_all_of_it_in_order() -> None:
    spool = Spool(SIZE)
    stream = Stream(spool)
    assert not spool.pull().any()
    while not spool.ready:
        stream.push()
    assert stream.sent == pytest.approx(WAIT * RATE, abs=960)
    first = spool.pull()
    assert first.shape == (SIZE,)
    assert first[0] == 0  # it rises
    np.testing.assert_array_equal(first[240:], ramp(240, SIZE - 240))
    assert spool.began == 0
    stream.push()
    stream.push()
    second = spool.pull()
    assert spool.began == SIZE
    np.testing.assert_array_equal(second, ramp(SIZE, SIZE))
    assert spool.dry == 0


def test_where_it_runs_dry_it_fades_and_begins_anew_a_little_later() -> None:
    spool = Spool(SIZE)
    stream = Stream(spool)
    while not spool.ready:
        stream.push()
    frames = [spool.pull() for _ in range(5)]
    assert spool.dry == 1
    assert not frames[-1].any()
    before = spool.waiting
    stream.push()
    assert not spool.pull().any()  # not at once: no stutter
    assert spool.waiting == before + 960
    for _ in range(8):
        stream.push()
    assert spool.pull().any()


def test_a_burst_after_a_stall_is_not_heard_for_ever() -> None:
    spool = Spool(SIZE)
    stream = Stream(spool)
    while not spool.ready:
        stream.push()
    spool.pull()
    for _ in range(40):  # 0.8 s at once
        stream.push()
    spool.pull()
    assert spool.waiting < 0.3 * RATE
    assert spool.skipped > 0.3 * RATE


def test_a_pause_is_shortened_where_too_much_waits() -> None:
    spool = Spool(SIZE)
    silence = np.zeros(960, np.float32)
    for _ in range(7):
        spool.push(silence)
    spool.pull()
    for _ in range(8):
        spool.push(silence)
    for _ in range(6):
        spool.pull()
        spool.push(silence)
        spool.push(silence)
    assert spool.skipped
    assert spool.waiting <= (WAIT + 0.05) * RATE


@pytest.mark.parametrize("drift", [0.9995, 1.0, 1.0005])
def test_clocks_that_drift_are_followed_for_two_hours_in_bounded_memory(drift: float) -> None:
    spool = Spool(SIZE)
    for _ in range(7):
        spool.push(np.full(960, 0.1, np.float32))
    spool.pull()
    skipped, owed, waits = spool.skipped, 0.0, []
    for _ in range(2 * 3600 * 25 // 10):
        owed += SIZE * drift
        spool.push(np.full(int(owed), 0.1, np.float32))
        owed -= int(owed)
        out = spool.pull()
        waits.append(spool.waiting)
        assert len(out) == SIZE
    assert spool.dry == 0
    assert spool.skipped == skipped
    assert max(waits[500:]) - min(waits[500:]) < 0.06 * RATE
    assert len(spool._held) < 0.5 * RATE


def test_another_speed_bends_nothing_but_the_time() -> None:
    spool = Spool(SIZE)
    at, wave = 0, []
    owed = 0.0
    for frame in range(400):
        owed += SIZE * 1.004 if frame else 8 * 960
        count = int(owed)
        owed -= count
        spool.push((0.5 * np.sin(2 * np.pi * 440 * (at + np.arange(count)) / RATE)).astype(np.float32))
        at += count
        wave.append(spool.pull())
    late = np.concatenate(wave[200:])
    assert np.abs(np.diff(late)).max() < 0.5 * 2 * np.pi * 450 / RATE * 1.02  # no clicks
    assert np.abs(late).max() == pytest.approx(0.5, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 20_000), st.just(-1)), max_size=60))
def test_frames_are_always_whole_and_numbers(orders: list[int]) -> None:
    spool = Spool(SIZE)
    for order in orders:
        if order < 0:
            out = spool.pull()
            assert out.shape == (SIZE,)
            assert np.isfinite(out).all()
        else:
            spool.push(np.ones(order, np.float32))
    assert spool.waiting >= 0


def test_a_sample_waits_for_its_frame_for_a_sixth_of_a_second_at_most() -> None:
    """In virtual time: packets of 20 ms that come when they are full, frames every 40 ms, at any moment of a packet."""
    first, later = [], []
    for phase in range(0, 1920, 80):
        spool, intake = Spool(SIZE), Intake()
        ages: list[float] = []
        bursts = {0: 0, 20: 0, 37: 0, 52: 0, 75: 0}  # packets whose first sample is the first of a burst
        sent, packet = 0, 0
        begun = False
        for tick in range(phase, phase + 1920 * 45, 1920):
            while (packet + 1) * 960 <= tick:
                loud = np.zeros(960, np.float32)
                if packet in bursts:
                    loud[:] = 0.5 * np.sin(np.arange(960) / 3)
                spool.push(intake(audio_frame(loud, packet * 960)).samples)
                packet += 1
            if not (begun or spool.ready):
                continue
            begun = True
            spool.pull()
            began, sent = spool.began, spool.began + SIZE
            ages += [(tick - at * 960) / RATE for at in bursts if began <= at * 960 < sent]
        first.append(ages[0])
        later += ages[1:]
    assert len(later) == 4 * len(first)
    assert max(first) < 0.19  # the frame is made in 0.02 to 0.04 s: on air within 0.25 s
    assert max(later) < 0.19
