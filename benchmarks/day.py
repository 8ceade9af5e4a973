"""A day of show in virtual time, by the real script, lanes, cues and tick, without drawing: no dead air, no growth.

The report of what was said, the figures, the ladder, the watchdog's beat and the fan-out with its deliveries are the
real ones too, as hooks of the tick; nothing is written to disk. The voice and the mouth are scripted, and so is the
operator, who cuts in every ten minutes and goes on to the next line every seven; of three readers one reads, one is too
slow and one never reads at all.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np

from benchmarks.kept import Figures, keep
from benchmarks.lines import ROOT
from benchmarks.virtual import run as run_virtually
from host_engine.alarms import Alarms
from host_engine.clock import MediaClock
from host_engine.control.profiler import Profiler
from host_engine.media import Beat, Coding, Face, Format, Frame, Picture, Samples, Speech, Unit, Word
from host_engine.outputs.deliveries import Deliveries
from host_engine.outputs.fanout import Fanout, Reader
from host_engine.playout.air import on_air
from host_engine.playout.degradation import Degradation
from host_engine.playout.idle import Idle
from host_engine.playout.ladder import Rung, rungs
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.prepare import Preparation
from host_engine.playout.program import Program
from host_engine.playout.report import Report
from host_engine.process.watchdog import Watchdog
from host_engine.show.rundown import Line
from host_engine.show.script import Script, load_show
from host_engine.show.spoken import tokens
from host_engine.show.utterance import Utterance
from host_engine.timing import Timings
from host_engine.trace import Trace

HOURS, SHORT_HOURS = 24, 2
BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)  # a day with a change of the clocks in Europe
SPEAKING = 0.3  # virtual seconds to speak a line
ORDER, TAKE = 600, 420  # seconds between two orders, and between two takes
COUNTS = 96  # of what is counted


class Count(NamedTuple):
    """What there is at one instant: tasks, things in queues, Python objects, blocks of memory."""

    tasks: int
    queues: int
    objects: int
    blocks: int


class ScriptedVoice:
    """Says every word in a third of a second, as a tone."""

    name, settings = "scripted", ""

    def __init__(self) -> None:
        self._tone = (0.3 * np.sin(np.arange(48_000 * 20) * 0.05)).astype(np.float32)

    def speak(self, text: str) -> Speech:
        words = text.split()
        said = tuple(Word(word, k / 3, (k + 1) / 3) for k, word in enumerate(words))
        return Speech(text, self._tone[: len(words) * 16_000 or 480], said, (), self.name)


class ScriptedMouth:
    def faces(self, speech: Speech, fps: int) -> list[Face]:
        return [Face(speaking=True)] * (-(-len(speech.samples) * fps // 48_000))


class Watched:
    """Stands for the picture, and counts the frames in which nobody speaks once somebody has begun."""

    settled = True

    def __init__(self, format: Format) -> None:
        self.picture: Picture = np.zeros((format.height * 3 // 2, format.width), np.uint8)
        self.frames = self.silent = 0

    def draw(self, n: int, beat: Beat) -> Picture:
        if self.frames or beat.line is not None:
            self.frames += 1
            self.silent += beat.line is None
        return self.picture

    def halve(self, halved: bool) -> None: ...
    def close(self) -> None: ...


class Unmixed:
    def mix(self, speech: Samples) -> Samples:
        return speech


class Unencoded:
    """Stands for the encoder: every unit holds the same packet."""

    coding = Coding("libx264", "superfast")

    def __init__(self) -> None:
        self._packet: av.Packet[Any] = av.Packet(b"picture")

    def wants(self, n: int) -> bool:
        return True

    def encode(self, frame: Frame) -> list[Unit]:
        return [Unit(frame.n, self._packet, (), (), frame.n % 25 == 0)]

    def hold(self, n: int, samples: Samples) -> Unit:
        return Unit(n, self._packet, (), (), False)

    def use(self, coding: Coding) -> None:
        self.coding = coding

    def flush(self) -> list[Unit]:
        return []

    def force_key(self) -> None: ...
    def close(self) -> None: ...


class OneMouth:
    """Stands for the mouths that the ladder tells of."""

    used, trouble = "scripted", None


class AtTheTop:
    """What the ladder steers. A step of it would be because of this machine's noise, and changes nothing."""

    settled = True

    def take(self, rung: Rung) -> None: ...


class Day:
    """The channel between the catalog and the outputs, as the engine builds it, with nothing that draws or speaks."""

    def __init__(self, catalog: Path = ROOT / "product_catalogs" / "tea") -> None:
        format = Format(160, 160)
        self.timings, trace = Timings(format.fps), Trace()
        self.alarms = Alarms()
        self.clock = MediaClock(format.fps)
        self.picture = Watched(format)
        self.program = Program(self.picture, Unmixed(), Unencoded, self.timings)
        self.preparation = Preparation(ScriptedVoice(), ScriptedMouth(), format, clip_size=(32, 32))
        script = Script(load_show(catalog), lambda: BEGIN + timedelta(seconds=asyncio.get_running_loop().time()))
        self.operator = Lane("operator", self.preparation.make, cut=Cut.NOW, fps=format.fps)
        rundown = Lane("rundown", self.preparation.make, script.next, fps=format.fps)
        self.playout = Playout([self.operator, rundown], Idle(format))
        self.said = 0
        self.report = Report(self.playout, self._tell, lambda: BEGIN)
        deliveries = Deliveries(trace)
        self.fanout = Fanout(self.program.force_key, watch=deliveries)
        profiler = Profiler(self.timings, trace, self.clock, dict, deliveries=deliveries.of)
        self.preparation.report = profiler.cues.made
        ladder = Degradation(rungs(Unencoded.coding), format.fps, AtTheTop(), OneMouth(), self.alarms.check)
        self.timings.hooks += [Watchdog(catalog).beat, ladder.see]
        self.counts: list[Count] = []

    def _tell(self, said: Utterance) -> None:
        self.said += 1

    async def run(self, seconds: float, every: float) -> None:
        """Be on air for so many virtual seconds, counting what there is every so often."""
        trouble = partial(self.alarms.check, "programme/fault")
        program, send, seen = self.program.render, self.fanout.send, self.report.frame
        air = on_air(self.clock, self.playout, program, send, self.timings, trouble, seen)
        with self._readers() as (quick, slow):
            jobs = (air, self._read(quick, 50), self._read(slow, 20), self._order(), self._take())
            tasks = [asyncio.create_task(job) for job in jobs]
            for _ in range(int(seconds / every)):
                await asyncio.wait(tasks, timeout=every, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    if task.done():
                        task.result()  # none of them ends by itself
                if raised := self.alarms.raised:
                    raise RuntimeError(f"an alarm on a day without a fault: {raised[0].text}")
                self.counts.append(self._count())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for lane in self.playout.lanes:
            lane.clear()
        self.preparation.close()
        self.program.close()

    @contextmanager
    def _readers(self) -> Iterator[tuple[Reader, Reader]]:
        reader = self.fanout.reader
        with reader("quick") as quick, reader("slow") as slow, reader("dead"):
            yield quick, slow

    async def _read(self, reader: Reader, most: int) -> None:
        """Take up to `most` units a second, all at once."""
        while True:
            for _ in range(min(most, reader.depth)):
                reader.left(await reader.get())
            await asyncio.sleep(1)

    async def _order(self) -> None:
        while True:
            await asyncio.sleep(ORDER)
            text = "One moment please, I have news for you."
            self.operator.add(Line("order", text, tokens(text, "en", {}), "en", "operator"))

    async def _take(self) -> None:
        while True:
            await asyncio.sleep(TAKE)
            self.playout.take()

    def _count(self) -> Count:
        gc.collect()
        cues = [cue for lane in self.playout.lanes for cue in lane.cues]
        queues = len(cues) + sum(reader.depth for reader in self.fanout.readers)
        return Count(len(asyncio.all_tasks()), queues, len(gc.get_objects()), sys.getallocatedblocks())


def grown(counts: list[int]) -> int:
    """By how much the least of the last quarter is above the most of the first: what only ever comes and goes is 0."""
    quarter = max(1, len(counts) // 4)
    return max(0, min(counts[-quarter:]) - max(counts[:quarter]))


def figures(day: Day, wall: float, warm_up: float = 1 / 12) -> Figures:
    """The figures of a day. Its first two hours, or that part of it, fill what is bounded and say nothing of growth."""
    warm = day.counts[int(len(day.counts) * warm_up) :]
    every = {name: [getattr(count, name) for count in warm] for name in Count._fields}
    return {
        "wall_s": wall,
        "us_per_frame": wall / max(1, day.picture.frames) * 1e6,
        "lines": day.said,
        "dead_air": day.picture.silent,
        "jumps": day.clock.jumps,
        **{f"{name}_grown": grown(values) for name, values in every.items()},
        "objects": every["objects"][-1],
        "frames": day.picture.frames,
    }


def run(hours: int) -> None:
    day = Day()
    gc.collect()
    gc.freeze()  # as the engine does when it is built
    began = time.perf_counter()
    cpu = time.process_time()
    run_virtually(day.run(hours * 3600, hours * 3600 / COUNTS), _takes)
    cpu = time.process_time() - cpu
    keep("day", figures(day, time.perf_counter() - began) | {"cpu_s": cpu}, hours=hours)


def _takes(job: Any) -> float:
    return SPEAKING if getattr(job, "__name__", "") == "_speak" else 0.0


if __name__ == "__main__":
    run(SHORT_HOURS if "--short" in sys.argv else HOURS)
