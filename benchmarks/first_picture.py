"""Lines never said before, given to a channel on air in this process; and when the first picture of each has left.

Nothing is cached of such a line, and nobody says anything before it: what is measured begins when its samples are
ready and ends when the first encoded picture with its mouth is in the queues of the outputs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from benchmarks.probe import AUDIBLE
from host_engine.engine import Engine
from host_engine.media import Beat, Face, Picture, Speech, Unit
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens

LONGEST = 15.0  # seconds in which a line must be seen on air
STARTING = 900.0  # seconds that a network may take to be at work
PREFIX = "first-picture-"


class Said(NamedTuple):
    """One line: milliseconds from its samples to its first picture sent, and of silence that it begins with."""

    air_ms: float
    silence_ms: float


class Watch:
    """Looks on from inside an engine: at the voice, at each picture that is drawn, at each unit that leaves."""

    def __init__(self, engine: Engine) -> None:
        self.ready: dict[str, float] = {}  # text -> when its samples were there
        self.silence: dict[str, float] = {}
        self.drawn: dict[int, str] = {}  # number of the first picture of a text -> the text
        self.sent: dict[str, float] = {}
        studio = engine.studio
        self._speak, self._draw = studio.preparation.voice.speak, studio.program.picture.draw
        self._send = engine.fanout.send
        self._seen: set[str] = set()
        studio.preparation.voice = Watched(studio.preparation.voice, "speak", self._spoken)
        studio.program.picture = Watched(studio.program.picture, "draw", self._shown)
        engine.fanout.send = self._left  # type: ignore[method-assign]

    def _spoken(self, text: str) -> Speech:
        speech: Speech = self._speak(text)
        self.ready[text] = time.monotonic()
        self.silence[text] = float(np.argmax(np.abs(speech.samples) > AUDIBLE)) / 48
        return speech

    def _shown(self, n: int, beat: Beat) -> Picture:
        picture = self._draw(n, beat)
        line = beat.line
        if line is not None and line.id.startswith(PREFIX) and line.said not in self._seen and moves(beat.face):
            self._seen.add(line.said)
            self.drawn[n] = line.said
        return picture

    def _left(self, unit: Unit) -> None:
        self._send(unit)
        text = self.drawn.get(unit.n)
        if text is not None and text not in self.sent:
            self.sent[text] = time.monotonic()

    def said(self) -> list[Said]:
        """What was measured of each line that came on air."""
        known = {text: at for text, at in self.sent.items() if text in self.ready}
        return [Said((at - self.ready[text]) * 1000, self.silence[text]) for text, at in known.items()]


class Watched:
    """A part with one of its verbs looked at."""

    def __init__(self, part: Any, verb: str, instead: Any) -> None:
        self._part = part
        setattr(self, verb, instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


def moves(face: Face) -> bool:
    """Whether a face is shown as it speaks: of someone filmed, with the network's lips in the picture."""
    shot = getattr(face, "shot", None)
    if shot is None:
        return face.speaking
    lips = shot.lips
    return lips is not None and lips.done() and not lips.cancelled() and lips.exception() is None


async def measure(engine: Engine, lines: int) -> list[Said]:
    """Run the engine, have so many lines said into a silence, end it. Raises RuntimeError for lines never seen."""
    watch = Watch(engine)
    running = asyncio.get_running_loop().create_task(engine.run())
    try:
        await _until(lambda: engine.clock.n > 3 * engine.clock.fps and _manned(engine), STARTING, running)
        engine.studio.playout.hold()
        for k in range(lines):
            await _until(lambda: engine.studio.playout.now.line is None, 60, running)
            await asyncio.sleep(1 + k % 10 * 0.0037)
            text = f"Number {(time.time_ns() + k) % 10_000}, and what belongs to it."
            line = Line(f"{PREFIX}{k}", text, tokens(text, "en", {}), "en", "operator")
            engine.studio.operator.add(line)
            await _until(lambda said=line.said: said in watch.sent, LONGEST, running)
    finally:
        running.cancel()
        await asyncio.wait([running])
    found = watch.said()
    if len(found) < 0.9 * lines:
        raise RuntimeError(f"only {len(found)} of {lines} lines were seen on air with their lips")
    return found


async def _until(there: Callable[[], bool], seconds: float, running: asyncio.Task[None]) -> None:
    """Wait for it, so many seconds at most. Raises what ended the engine, where that ends first."""
    until = time.monotonic() + seconds
    while not there() and time.monotonic() < until:
        await asyncio.sleep(0.05)
        if running.done():
            running.result()
            raise RuntimeError("the channel ended by itself")


def _manned(engine: Engine) -> bool:
    """Whether whoever is to move the lips is at work."""
    presenting = engine.studio.presenting
    return presenting is None or presenting.crew.at_work
