"""Picture against sound in the file of an hour of show with stalls of three seconds, and an encoder slow or failing.

The clock, the tick, the programme, the encoder and the file are the real ones, with a small picture that flashes and a
sound that beeps on the same sample once a second; time is virtual, so that the hour takes minutes. Stalls come between
two flashes: the two frames of sound that one tears are no skew.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from benchmarks.kept import Figures, keep
from benchmarks.virtual import VirtualLoop
from host_engine.clock import MediaClock
from host_engine.media import Beat, Format, Frame, Picture, Samples, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.file_writer import FileWriter
from host_engine.playout.air import on_air
from host_engine.playout.idle import Idle
from host_engine.playout.playout import Playout
from host_engine.playout.program import Program
from host_engine.timing import Timings

SECONDS, SHORT = 3600, 320
STALL, STALL_EVERY = 3.0, 113.0  # seconds
SLOW, SLOW_EVERY, SLOW_FOR = 0.06, 300.0, 20.0  # seconds a frame takes then, from when to when
FAIL_EVERY = 13_001  # frames after which the encoder fails
ON = 2  # frames of a flash
APART = 0.25  # seconds between two flashes, and between two beeps
NEAR = 0.4  # seconds in which flash and beep belong together


class Faulty(Encoder):
    """The real encoder, which is slow at times and fails at others, in virtual time."""

    def encode(self, frame: Frame) -> list[Unit]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        if loop.time() % SLOW_EVERY > SLOW_EVERY - SLOW_FOR:
            loop.stall(SLOW)
        if frame.n % FAIL_EVERY == FAIL_EVERY - 1:
            raise RuntimeError("the encoder fails, as planned")
        return super().encode(frame)


class Flashes:
    """The picture and the sound of frame n: white and a tone for the first two frames of a second, else black, silent.

    coming: the numbers of the frames that are to be made; the sound of each is asked for once, before its picture.
    """

    def __init__(self, format: Format) -> None:
        shape = (format.height * 3 // 2, format.width)
        self._dark, self._bright = (np.full(shape, 128, np.uint8) for _ in range(2))
        self._dark[: format.height], self._bright[: format.height] = 16, 235
        tone = 0.5 * np.sin(2 * np.pi * 1000 / format.sample_rate * np.arange(format.samples))
        self._tone = np.stack([tone, tone]).astype(np.float32)
        self._fps = format.fps
        self.coming: deque[int] = deque()

    def draw(self, n: int, beat: Beat) -> Picture:
        return self._bright if n % self._fps < ON else self._dark

    def mix(self, speech: Samples) -> Samples:
        return self._tone if self.coming.popleft() % self._fps < ON else 0 * self._tone

    def close(self) -> None: ...


class Show:
    """An hour on air, into a file."""

    def __init__(self, file: Path, stall_every: float = STALL_EVERY) -> None:
        format = Format(160, 160)
        flashes = Flashes(format)
        self.clock = MediaClock(format.fps)
        timings = Timings(format.fps)
        program = Program(flashes, flashes, lambda: Faulty(format, preset="ultrafast", bitrate=200_000), timings)
        self._writer = FileWriter(file, format)
        self._program, self._timings, self._flashes = program, timings, flashes
        self._playout = Playout([], Idle(format))
        self.stalls = self._began = 0
        self._stall_every = stall_every

    async def run(self, seconds: float) -> None:
        parts = self._playout, self._render, self._write, self._timings
        air = asyncio.create_task(on_air(self.clock, *parts))
        stalls = asyncio.create_task(self._stall())
        await asyncio.wait([air, stalls], timeout=seconds)
        for task in (air, stalls):
            if task.done():
                task.result()
            task.cancel()
        for unit in self._program.encoder.flush():
            self._writer.write(unit)
        self._program.close()
        self._writer.close()

    def _render(self, n: int, beat: Beat) -> Awaitable[list[Unit]]:
        self._flashes.coming.append(n)
        return self._program.render(n, beat)

    async def _stall(self) -> None:
        """Block the loop, as code that never waits would."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        while True:
            await asyncio.sleep(self._stall_every)
            while self.clock.n % self.clock.fps != self.clock.fps // 2:
                await asyncio.sleep(1 / self.clock.fps / 2)
            loop.stall(STALL)
            self.stalls += 1

    def _write(self, unit: Unit) -> None:
        self._began += 1
        if self._began > 1 or unit.key:
            self._writer.write(unit)


def flashes(file: Path) -> Iterator[float]:
    """When the picture of a file turns white after it was dark for a while; a jump can put two flashes side by side."""
    last = 0.0
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            if float(frame.to_ndarray(format="gray")[80:].mean()) > 128:
                if frame.time - last > APART:
                    yield float(frame.time)
                last = float(frame.time)


def beeps(file: Path) -> Iterator[float]:
    """When the sound of a file begins after a silence as long."""
    last = 0.0
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.1)
            if loud.size:
                at = float(frame.time) + loud / 48_000
                yield from (now for before, now in pairwise([last, *at.tolist()]) if now - before > APART)
                last = float(at[-1])


def pairs(seen: list[float], heard: list[float]) -> list[tuple[float, float]]:
    """(time of each flash, seconds by which its beep is late). Raises RuntimeError where more than 1 % have none."""
    beeps = np.array(heard)
    nearest = [(at, float(beeps[np.abs(beeps - at).argmin()] - at)) for at in seen]
    lonely = [at for at, skew in nearest if abs(skew) > NEAR]
    if len(lonely) > 0.01 * len(seen) or not seen:
        raise RuntimeError(f"{len(lonely)} of {len(seen)} flashes have no beep, the first at {lonely[:1]} s")
    return [(at, skew) for at, skew in nearest if abs(skew) <= NEAR]


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "show.mkv"
        show = Show(file)
        began = time.perf_counter()
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(show.run(seconds))
        made = time.perf_counter() - began
        found = pairs(list(flashes(file)), list(beeps(file)))
    keep("skew", figures(found, show) | {"wall_s": made}, seconds=seconds)


def figures(found: list[tuple[float, float]], show: Any) -> Figures:
    times, late = (np.array(values) for values in zip(*found, strict=True))
    last = late[times > times[-1] * 0.9]
    return {
        "skew_ms_max": float(np.abs(late).max() * 1000),
        "skew_ms_end": float(np.abs(last).max() * 1000),
        "skew_ms_p50": float(np.median(np.abs(late)) * 1000),
        "pairs": len(found),
        "stalls": show.stalls,
        "jumps_made": show.clock.jumps,
        "skipped": show.clock.skipped,
    }


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
