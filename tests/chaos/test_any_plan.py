"""Whatever a plan does to voices, mouths, drawing and encoding: a unit for every frame, and the show goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future
from itertools import count
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import run

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.chaos import Chaos
from host_engine.chaos.plan import Fault, Plan
from host_engine.clock import MediaClock
from host_engine.host.deadline import Hung
from host_engine.host.mouths.chain import Mouths
from host_engine.host.mouths.loud import LoudMouth
from host_engine.host.voice import Voices
from host_engine.media import Beat, Coding, Format, Frame, Phoneme, Speech, Unit, Word
from host_engine.playout.air import on_air
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.prepare import Preparation
from host_engine.playout.program import Program
from host_engine.show.rundown import Line
from host_engine.show.spoken import Token
from host_engine.timing import Timings

FORMAT = Format(32, 32, 10)
WORDS = "one two three four five"
CALM, OVER, LENGTH = 10.0, 60.0, 150.0  # seconds: faults begin after the first, are over by the second
RECOVERY = 35.0  # seconds after all faults by which a lane and a voice that rest are back


class Late(BaseException):
    """The call being made takes longer than its deadline."""


class Work:
    """What preparation does, in no time and on no thread, and the virtual seconds that it would have taken."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.taken, self.deadline, self._now = 0.0, float("inf"), now
        self.back = 0.0  # when the call that was late last will come back

    def now(self) -> float:
        return self._now() + self.taken

    def sleep(self, seconds: float) -> None:
        self.taken += seconds
        if self.taken > self.deadline:
            self.back = self.now()
            self.taken = self.deadline
            raise Late


class Faults(AtWork):
    """The faults at work, of which each call sees the end."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.sleep)
        self._work = work
        self._over: dict[int, float] = {}

    def begin(self, fault: Fault) -> None:
        super().begin(fault)
        self._over[id(fault)] = self._work.now() + (fault.seconds or 0)

    def until_over(self, fault: Fault) -> None:
        self.sleep(max(0.0, self._over[id(fault)] - self._work.now()))


class Caller:
    """As `host.deadline.Caller`, in virtual time."""

    def __init__(self, work: Work, name: str, most: int = 3) -> None:
        self.work, self.name, self.most = work, name, most
        self.until: list[float] = []

    @property
    def given_up(self) -> bool:
        return sum(until > self.work.now() for until in self.until) >= self.most

    def call(self, seconds: float, do: Callable[..., Any], *args: Any) -> Any:
        if self.given_up:
            raise Hung("given up")
        before, self.work.deadline = self.work.deadline, min(self.work.deadline, self.work.taken + seconds)
        try:
            return do(*args)
        except Late:
            self.until.append(self.work.back)
            raise Hung(f"not within {seconds} s") from None
        finally:
            self.work.deadline = before


class AtOnce(Executor):
    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Tone:
    """A voice whose every word lasts 0.6 s, said in a tenth of that."""

    def __init__(self, name: str, work: Work) -> None:
        self.name, self.settings, self.work = name, "", work

    def speak(self, text: str) -> Speech:
        words = tuple(Word(word, n * 0.6, n * 0.6 + 0.6) for n, word in enumerate(text.split()))
        self.work.sleep(0.06 * len(words))
        samples = 0.2 * np.sin(np.arange(28_800 * len(words)) * 0.05).astype(np.float32)
        return Speech(text, samples, words, tuple(Phoneme("a", w.start, w.end) for w in words), self.name)


class Nothing:
    """A picture, a sound and an encoder that do no work."""

    coding, settled = Coding("none"), True

    def use(self, coding: Coding) -> None:
        self.coding = coding

    def halve(self, halved: bool) -> None: ...
    def force_key(self) -> None: ...
    def close(self) -> None: ...

    def wants(self, n: int) -> bool:
        return True

    def draw(self, n: int, beat: Beat) -> Any:
        return np.zeros((48, 32), np.uint8)

    def mix(self, samples: Any) -> Any:
        return np.stack([samples, samples])

    def encode(self, frame: Frame) -> list[Unit]:
        return [Unit(frame.n, None, (), (), True)]  # type: ignore[arg-type]

    def hold(self, n: int, samples: Any) -> Unit:
        return Unit(n, None, (), (), False)  # type: ignore[arg-type]


class Channel:
    """Everything between the lines and the units under a plan, in virtual time."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        self.loop = asyncio.get_running_loop()
        self.work = Work(self.loop.time)
        self.chaos = Chaos(Plan.model_validate({"faults": faults}), Faults(self.work))
        wrap = self.chaos.wrap

        def caller(name: str, most: int = 3) -> Caller:
            return Caller(self.work, name, most)

        with patch("host_engine.host.voice.Caller", caller), patch("host_engine.host.mouths.chain.Caller", caller):
            voices = [wrap("voice", name, Tone(name, self.work)) for name in ("first", "second")]
            self.voices = Voices(voices, clock=self.work.now)
            self.mouths = Mouths([wrap("mouth", "visemes", LoudMouth())], clock=self.work.now)
        self.preparation = Preparation(self.voices, self.mouths, FORMAT)
        self.preparation._threads.shutdown()
        self.preparation._threads = AtOnce()  # type: ignore[assignment]
        numbers = count()
        rundown = Lane("rundown", self.make, lambda: self.line(next(numbers)), fps=FORMAT.fps)
        self.playout = Playout([Lane("operator", self.make, cut=Cut.NOW), rundown], Idle(FORMAT))
        self.timings, nothing = Timings(FORMAT.fps), Nothing()
        self.program = Program(
            wrap("picture", "", nothing), nothing, lambda: wrap("encoder", "", Nothing()), self.timings
        )
        self.beats: list[Beat] = []
        self.units: list[int] = []

    def line(self, n: int) -> Line:
        return Line(f"l{n}", WORDS, (Token(WORDS, WORDS),), "en", "s", None, None, None, None, None)

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        """As preparation makes it, and as late."""
        self.work.taken = 0.0
        try:
            made = [beat async for beat in self.preparation.make(line)]
        finally:
            taken, self.work.taken = self.work.taken, 0.0
            await asyncio.sleep(taken)
        for beat in made:
            yield beat

    async def render(self, n: int, beat: Beat) -> list[Unit]:
        self.beats.append(beat)
        taken, self.work.taken = self.work.taken, 0.0
        try:
            return self.program._render(n, beat)
        finally:
            late, self.work.taken = self.work.taken, taken
            await asyncio.sleep(late)

    async def play(self, seconds: float) -> None:
        clock = MediaClock(FORMAT.fps)
        air = on_air(clock, self.playout, self.render, lambda unit: self.units.append(unit.n), self.timings)
        jobs = [asyncio.create_task(air), asyncio.create_task(self.chaos.run(lambda: True))]
        await asyncio.wait(jobs, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for job in jobs:
            job.cancel()
        ended = await asyncio.gather(*jobs, return_exceptions=True)
        assert not [error for error in ended if isinstance(error, Exception)], ended
        self.program.close()
        self.skipped = clock.skipped


def broken(what: str, *hows: str, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A fault of that kind between CALM and OVER."""

    def fault(how: str, at: float, lasts: float, extra: dict[str, Any]) -> dict[str, Any]:
        return {"what": what, "how": how, "at": at, "for": min(lasts, OVER - at), **extra}

    seconds = st.floats(0.2, 30)
    return st.builds(
        fault, st.sampled_from(hows), st.floats(CALM, OVER - 1), seconds, st.fixed_dictionaries({}, optional=more)
    )


VOICES = ("raises", "hangs", "slow", "not-numbers", "silent", "wrong-words")
MOUTHS = ("raises", "hangs", "slow", "not-numbers")
FACTOR = st.floats(0.1, 20)
NAMED = st.sampled_from(["first", "second", "all"])
PLANS = st.lists(
    st.one_of(
        broken("voice", *VOICES, name=NAMED, factor=FACTOR),
        broken("mouth", *MOUTHS, factor=FACTOR),
        broken("encoder", "raises", "slow", ms=st.floats(1, 300)),
        broken("picture", "raises", "slow", ms=st.floats(1, 300)),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(autouse=True, scope="module")
def _quickly() -> Iterator[None]:
    """Neither the loudness nor the log is looked at here, and both take long."""
    logging.disable()
    aside = {"normalise": lambda samples: samples, "encoded": lambda samples: samples, "decoded": lambda kept: kept}
    with patch.multiple("host_engine.host.voice", **aside):
        yield
    logging.disable(logging.NOTSET)


@settings(max_examples=8, deadline=None)
@given(PLANS)
def test_every_frame_has_its_unit_and_the_show_goes_on(faults: list[dict[str, Any]]) -> None:
    async def main() -> None:
        channel = Channel(faults)
        await channel.play(LENGTH)
        frames = len(channel.beats)
        assert frames + channel.skipped >= (LENGTH - 1) * FORMAT.fps
        assert channel.units == sorted(set(channel.units))
        assert len(channel.units) >= frames - 1
        late = [beat.line for beat in channel.beats[-int((LENGTH - OVER - RECOVERY) * FORMAT.fps) :]]
        assert all(late), "the host idles long after the last fault"
        assert len({line.id for line in late}) > 5

    run(main())


@settings(max_examples=8, deadline=None)
@given(
    st.lists(broken("voice", *VOICES, factor=FACTOR) | broken("mouth", *MOUTHS, factor=FACTOR), min_size=1, max_size=4)
)
def test_while_one_voice_works_nobody_hears_a_long_pause(faults: list[dict[str, Any]]) -> None:
    async def main() -> None:
        channel = Channel(faults)
        await channel.play(OVER + 20)
        longest = run = 0
        for beat in channel.beats[int(CALM * FORMAT.fps) :]:
            run = 0 if beat.line else run + 1
            longest = max(longest, run)
        assert longest / FORMAT.fps <= 4.0

    run(main())
