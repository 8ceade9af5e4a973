"""Lines never said before, given to a channel on air in this process; and when the first picture of each has left.

Nothing is cached of such a line, and nobody says anything before it: what is measured begins when its samples are
ready and ends when the first encoded picture with its mouth is in the queues of the outputs.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, NamedTuple

import numpy as np

from benchmarks.probe import AUDIBLE
from host_engine.engine import Engine
from host_engine.media import Beat, Face, Picture, Speech, Unit
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens

PAUSE = 3.0  # seconds between two lines
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


async def measure(engine: Engine, lines: int, settle: float = 3.0) -> list[Said]:
    """Run the engine, have so many lines said into a silence, end it."""
    watch = Watch(engine)
    running = asyncio.get_running_loop().create_task(engine.run())
    try:
        await _silence(engine, running, settle)
        for k in range(lines):
            text = f"Number {(time.time_ns() + k) % 10_000}, and what belongs to it."
            engine.studio.operator.add(Line(f"{PREFIX}{k}", text, tokens(text, "en", {}), "en", "operator"))
            await asyncio.sleep(PAUSE + k % 10 * 0.0037)
            if running.done():
                running.result()
    finally:
        running.cancel()
        await asyncio.wait([running])
    found = watch.said()
    if len(found) < 0.8 * lines:
        raise RuntimeError(f"only {len(found)} of {lines} lines were seen on air; the log says why")
    return found


async def _silence(engine: Engine, running: asyncio.Task[None], settle: float) -> None:
    """Wait until the channel is on air, then let it fall silent."""
    await asyncio.sleep(settle)
    engine.studio.playout.hold()
    until = time.monotonic() + 60
    while engine.studio.playout.now.line and time.monotonic() < until and not running.done():
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)
