"""The monitor in virtual time: no alarm on a healthy channel however it stumbles, each fault found in its time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from flashes import SMALL, flash_and_beep
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.alarms import Alarms
from host_engine.media import Unit
from host_engine.outputs.departures import APART, OPUS_LEAD, Watched
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout, Reader
from host_engine.outputs.limits import Limits
from host_engine.outputs.monitor import PACE, Monitor
from host_engine.outputs.programme import Watch

FPS = SMALL.fps
RATE = 19.2  # kbit/s: so little is in these pictures
LIMITS = Limits(kbps=RATE)


@cache
def loop(moves: bool, sounds: bool) -> list[Unit]:
    """Two seconds of a show that is the same from one run to the next."""
    encoder = Encoder(SMALL, preset="ultrafast")
    units = []
    for n in range(4 * FPS):
        frame = flash_and_beep(SMALL, n if moves else 10)._replace(n=n)
        samples = flash_and_beep(SMALL, n).samples if sounds else np.zeros_like(frame.samples)
        units += encoder.encode(frame._replace(samples=samples))
    encoder.close()
    return units[2 * FPS :]  # without what sounds still from the start


def at(n: int, unit: Unit) -> Unit:
    """The unit as number `n`."""
    by = (n - unit.n) * SMALL.samples
    return unit._replace(n=n, aac=tuple(later(p, by) for p in unit.aac), opus=tuple(later(p, by) for p in unit.opus))


def later(packet: Any, samples: int) -> Any:
    other = type(packet)(bytes(packet))
    other.pts, other.duration = packet.pts + samples, packet.duration
    return other


class Output:
    """An output that lets everything leave as it comes, unless it is held up."""

    def __init__(self, name: str, readers: list[Reader]) -> None:
        self.name, self.readers = name, readers
        self.state, self.error = "live", None
        self.stuck, self.unsent = False, 0
        self.share = 1.0  # of the bytes that arrive
        self.change: Callable[[Unit], Unit] = lambda unit: unit

    def send(self) -> None:
        for reader in self.readers:
            while reader.depth and not self.stuck:
                unit = self.change(now(reader.get()))
                self.unsent += round((1 - self.share) * (unit.video.size + sum(each.size for each in unit.aac)))
                reader.left(unit, unit.opus if reader.name.startswith("viewer ") else None)

    @property
    def watched(self) -> Watched:
        return Watched(self.name, lambda: self.state, lambda: self.error, lambda: self.unsent)


def now(waiting: Any) -> Any:
    """The result of a coroutine that need not wait."""
    try:
        waiting.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


class Air:
    """A channel with two outputs and a viewer whose clock is turned by hand."""

    def __init__(self, **more: Any) -> None:
        self.time, self.n, self.frames = 100.0, 0, 0
        self.moves = self.sounds = True
        self.alarms = Alarms()
        self.told: list[tuple[str, float]] = []
        self.alarms.hooks.append(lambda alarm: self.told.append((("-" if alarm.over else "+") + alarm.name, self.time)))
        self.fanout = Fanout(now=lambda: self.time)
        names = {"tube": "tube", "file": "file", "viewers": "viewer 1"}
        self.outputs = {name: Output(name, [self.reader(of)]) for name, of in names.items()}
        watched = [self.outputs[name].watched for name in ("tube", "file")]
        viewers = Watched("viewers", lead=OPUS_LEAD, apart=APART, many="viewer ")
        self.monitor = Monitor(self.fanout, SMALL, [*watched, viewers], self.alarms, LIMITS, **more)
        self.watch = Watch(SMALL, -60.0)
        self.own, self.batch = self.reader("programme"), list[Unit]()
        self.looked = self.time
        self.loudness = 1.0

    def reader(self, name: str) -> Reader:
        self.places = getattr(self, "places", [])
        self.places.append(self.fanout.reader(name))
        return self.places[-1].__enter__()

    def frame(self) -> None:
        """One frame, made and sent."""
        units = loop(self.moves, self.sounds)
        unit = units[self.frames % len(units)]
        self.fanout.send(at(self.n, unit))
        self.n, self.frames = self.n + 1, self.frames + 1

    def deliver(self) -> None:
        """All outputs send, and the programme is looked at."""
        for output in self.outputs.values():
            output.send()
        while self.own.depth:
            unit = now(self.own.get())
            self.own.left(unit)
            self.batch.append(unit)
            if unit.key or len(self.batch) >= FPS // 2:
                self.monitor.programme.learn(self.watch.look(self.batch))
                self.batch = []

    def look(self) -> None:
        if self.time - self.looked >= PACE:
            self.looked = self.time
            self.monitor.look()

    def run(self, seconds: float) -> None:
        """On air at the clock's pace."""
        for _ in range(round(seconds * FPS)):
            self.frame()
            self.deliver()
            self.time += 1 / FPS
            self.look()

    @property
    def raised(self) -> set[str]:
        return {alarm.name for alarm in self.alarms.raised}

    def until(self, alarm: str, seconds: float) -> float:
        """Run until the alarm is raised; how long that took. Fails where it is not within `seconds`."""
        began = self.time
        while alarm not in self.raised:
            self.run(1 / FPS)
            assert self.time - began <= seconds + 1e-6, f"{alarm} was not raised; {self.told}"
        return self.time - began


def test_a_healthy_channel_has_no_alarm_and_its_figures_are_right() -> None:
    air = Air()
    air.run(30)
    assert air.told == []
    facts = air.monitor.facts("tube")
    units = loop(True, True)
    kbps = sum(unit.video.size for unit in units) * 8 / 2 / 1000
    assert facts["kbps"] == pytest.approx(kbps, rel=0.05)
    assert facts["av_ms"] == pytest.approx(0, abs=3)
    assert facts["behind_ms"] == 0
    assert facts["live_s"] == pytest.approx(30, abs=0.5)
    programme = air.monitor.status()
    assert programme["still_s"] == 0
    assert programme["silent_s"] < 1.5
    assert air.monitor.facts("viewers")["behind_ms"] == 0


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(0.0, 0.4), st.booleans(), st.booleans()), min_size=1, max_size=25),
    st.lists(st.floats(0.4, 2.9), max_size=3).filter(lambda jumps: sum(jumps) < 6),  # of 10 s that a bitrate is of
)
def test_no_alarm_ever_while_the_clock_catches_up_or_jumps(
    stumbles: list[tuple[int, float, bool, bool]], jumps: list[float]
) -> None:
    """A late frame is followed by others at once; the monitor may look before they are made, sent or delivered."""
    air = Air()
    air.run(4)
    for calm, late, look_first, look_between in stumbles + [(30, jump, True, True) for jump in jumps]:
        air.run(calm / FPS)
        air.time += late
        if look_first:
            air.look()
        missed = int(late * FPS)
        if late > 0.4:
            air.n += missed
            missed = 1
        for _ in range(missed):
            air.frame()
        if look_between:
            air.monitor.look()
        air.deliver()
    air.run(12)
    assert air.told == []


def faults() -> dict[str, tuple[Callable[[Air], None], str, float]]:
    """What goes wrong -> how, the alarm, and the seconds in which it has to be raised."""

    def output(**changes: Any) -> Callable[[Air], None]:
        return lambda air: air.outputs["tube"].__dict__.update(changes)

    def shifted(samples: int) -> Callable[[Unit], Unit]:
        return lambda unit: unit._replace(aac=tuple(later(p, samples) for p in unit.aac))

    def thin(unit: Unit) -> Unit:
        return unit._replace(video=type(unit.video)(unit.video.size // 5))

    def thick(unit: Unit) -> Unit:
        return unit._replace(video=type(unit.video)(unit.video.size * 2))

    def set_air(**changes: Any) -> Callable[[Air], None]:
        return lambda air: air.__dict__.update(changes)

    return {
        "no sound": (set_air(sounds=False), "programme/silence", LIMITS.silence + 1),
        "a picture that stands": (set_air(moves=False), "programme/frozen", LIMITS.frozen + 1),
        "an output that is stuck": (output(stuck=True), "tube/not-sending", LIMITS.stopped + 1),
        "bytes that do not arrive": (output(share=0.4), "tube/behind", 2 / 0.6 + 1),
        "sound too late": (output(change=shifted(-2000)), "tube/av-step", 1),
        "sound too early": (output(change=shifted(2100)), "tube/av-step", 1),
        "too few bytes": (output(change=thin), "tube/bitrate", 11),
        "too many bytes": (output(change=thick), "tube/bitrate", 11),
        "a key that is wrong": (output(state="refused", error="the key is wrong", stuck=True), "tube/refused", 1),
    }


@pytest.mark.parametrize("fault", faults())
def test_each_fault_is_found_in_its_time_has_one_alarm_and_is_over_when_it_is_mended(fault: str) -> None:
    spoil, alarm, seconds = faults()[fault]
    air = Air()
    air.run(12.3)
    before = {name: dict(vars(output)) for name, output in air.outputs.items()}
    spoil(air)
    took = air.until(alarm, seconds)
    if alarm.partition("/")[2] in ("silence", "frozen", "not-sending"):
        assert took >= seconds - 1 - 1 / FPS  # and not before it is true
    air.run(2)
    assert air.raised == {alarm}
    air.moves = air.sounds = True
    for name, output in air.outputs.items():
        output.__dict__.update(before[name])
    air.run(21)  # a bitrate is measured over ten seconds, and must then be right for as long
    assert air.raised == set()
    assert [name for name, _ in air.told] == [f"+{alarm}", f"-{alarm}"]


def test_a_channel_that_makes_no_frames_has_one_alarm() -> None:
    air = Air()
    air.run(5)
    for _ in range(25):
        air.time += PACE
        air.look()
    assert air.raised == {"programme/not-sending"}
    air.n += 125
    air.run(3)
    assert air.raised == set()
    assert len(air.told) == 2


def test_an_output_that_never_comes_up_is_said_with_its_reason() -> None:
    air = Air()
    tube = air.outputs["tube"]
    tube.stuck, tube.state, tube.error = True, "waiting", "nobody listens at tube:1935"
    air.run(2.5)
    assert air.raised == set()
    air.run(1.5)
    (alarm,) = air.alarms.raised
    assert alarm.name == "tube/not-sending"
    assert "nobody listens at tube:1935" in alarm.text
    tube.state, tube.error = "refused", "the key is wrong"
    air.run(2)
    (alarm,) = air.alarms.raised
    assert alarm.name == "tube/refused"
    assert "the key is wrong; it is asked again now and then: put its address or stream key right" in alarm.text


def test_what_an_output_says_itself_is_not_said_twice() -> None:
    air = Air()
    air.run(1)
    air.alarms.sound("file/disk-full", "the disk is full")
    air.outputs["file"].stuck = True
    air.run(6)
    assert air.raised == {"file/disk-full"}


def test_an_output_that_flickers_for_less_than_its_limit_is_no_alarm() -> None:
    air = Air()
    for _ in range(6):
        air.outputs["tube"].stuck = True
        air.run(1.8)
        air.outputs["tube"].stuck = False
        air.run(1.2)
    assert air.told == []


def test_without_viewers_nobody_misses_anything_and_half_of_them_speak_for_all() -> None:
    air = Air()
    air.run(2)
    air.places.pop(2).__exit__(None, None, None)
    air.outputs["viewers"].readers = []
    air.run(5)
    assert air.told == []
    crowd = Output("crowd", [air.reader(f"viewer {n}") for n in range(2, 5)])
    ill = Output("ill", [crowd.readers.pop()])
    air.outputs |= {"crowd": crowd, "ill": ill}
    ill.stuck = True
    air.run(6)
    assert air.told == []
    crowd.stuck = True
    air.until("viewers/not-sending", 4)


def test_limits_of_zero_turn_the_watches_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "LIMITS", Limits(0, 0, 0, 0, 0, RATE, 0, 0))
    air = Air()
    air.run(2)
    air.moves = air.sounds = False
    air.outputs["tube"].stuck = True
    air.run(12)
    assert air.told == []


def test_an_output_that_is_forgotten_has_no_alarms_and_one_that_comes_is_watched_from_then_on() -> None:
    air = Air()
    air.run(1)
    air.outputs["tube"].stuck = True
    air.run(6)
    assert air.raised == {"tube/not-sending"}
    air.alarms.sound("file/disk-full", "the disk is full")
    air.places[0].__exit__(None, None, None)  # its session is over
    air.monitor.forget("tube")
    air.monitor.forget("file")
    air.monitor.forget("nobody")
    assert air.raised == set()
    assert air.monitor.facts("tube") == {}
    air.run(5)
    assert air.raised == set()
    air.monitor.watch(air.outputs["tube"].watched)
    air.run(2.5)
    assert air.raised == set()  # it has just begun
    air.run(2)
    assert air.raised == {"tube/not-sending"}


class WithStream(Air):
    """Beside the programme a stream of its own, `behind` frames later, with an output that sends it."""

    def __init__(self, behind: int = 0, kbps: tuple[float, float] | None = (RATE, RATE)) -> None:
        super().__init__()
        self.behind, self.made = behind, True
        self.stream = Fanout(now=lambda: self.time)
        self.places.append(self.stream.reader("small"))
        self.outputs["small"] = Output("small", [self.places[-1].__enter__()])
        self.monitor.watch(Watched("small", fanout=self.stream, delay=behind / FPS, kbps=kbps))

    def frame(self) -> None:
        super().frame()
        n, units = self.n - 1 - self.behind, loop(self.moves, self.sounds)
        if self.made and n >= 0:
            self.stream.send(at(n, units[n % len(units)]))


@pytest.mark.parametrize("behind", [0, 5 * FPS])
def test_a_stream_beside_the_programme_is_well_however_late_it_is(behind: int) -> None:
    air = WithStream(behind)
    air.run(25)
    assert air.told == []
    assert air.monitor.facts("small")["behind_ms"] == 0


def test_a_stream_that_is_not_made_any_more_is_noticed() -> None:
    air = WithStream()
    air.run(5)
    air.made = False
    assert air.until("small/not-sending", 5.0) >= LIMITS.stopped - 0.5
    assert air.raised == {"small/not-sending"}
    air.made = True
    air.run(8)
    assert air.raised == set()


def test_a_rendition_is_judged_by_the_bitrate_set_for_it() -> None:
    air = WithStream(kbps=(RATE * 10, RATE * 10))
    air.until("small/bitrate", 25)
    assert air.raised == {"small/bitrate"}
    assert f"where {RATE * 10:.0f} are set" in air.alarms.raised[0].text
