"""The program: each beat drawn, mixed and encoded, one after another, on a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from host_engine.media import Beat, Frame, Picture, Samples, Unit
from host_engine.playout.encoding import Encodes, Encoding
from host_engine.playout.faults import Faults
from host_engine.playout.ladder import Rung
from host_engine.timing import Timings


class Draws(Protocol):
    @property
    def settled(self) -> bool: ...
    def halve(self, halved: bool) -> None: ...
    def draw(self, n: int, beat: Beat) -> Picture: ...
    def close(self) -> None: ...


class Mixes(Protocol):
    def mix(self, speech: Samples) -> Samples: ...


def quiet(name: str, text: str | None) -> None:
    """Nobody is told of a trouble."""


class Program:
    """Turns beats into units. A picture that cannot be drawn is the one before; an encoder that fails is replaced.

    So no fault of a line, a picture or a codec ends the stream.
    """

    def __init__(
        self,
        picture: Draws,
        sound: Mixes,
        make_encoder: Callable[[], Encodes],
        timings: Timings,
        trouble: Callable[[str, str | None], None] = quiet,
    ) -> None:
        """`trouble` is told the name of a trouble and a sentence about it, and None when it is over."""
        self.picture, self.sound, self.make_encoder, self.timings = picture, sound, make_encoder, timings
        fps = round(1000 / timings.budget)
        self.encoding = Encoding(make_encoder, fps, lambda text: trouble("programme/encoder", text))
        self._faults = Faults(fps, lambda text: trouble("programme/picture", text))
        self._last: Picture | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")

    @property
    def encoder(self) -> Encodes:
        return self.encoding.encoder

    def take(self, rung: Rung) -> None:
        """Make pictures as this rung has it, from one of the next on; returns at once."""
        self.encoding.wanted = rung.coding
        self.picture.halve(rung.halved)

    @property
    def settled(self) -> bool:
        """Whether pictures are made as they were asked for."""
        return self.encoding.settled and self.picture.settled

    def render(self, n: int, beat: Beat) -> asyncio.Future[list[Unit]]:
        """Frame `n`, encoded. Returns at once: the render thread makes one frame after another."""
        return asyncio.get_running_loop().run_in_executor(self._thread, self._render, n, beat)

    def _render(self, n: int, beat: Beat) -> list[Unit]:
        try:
            if self.encoding.wants(n):
                return self.encode(self.draw(n, beat))
            with self.timings.stage("mix"):
                samples = self.sound.mix(beat.samples)
            with self.timings.stage("encode"):
                return self.encoding.hold(n, samples)
        finally:
            self.timings.made(n)

    def draw(self, n: int, beat: Beat) -> Frame:
        """The finished frame `n`. Raises only when the very first picture cannot be drawn."""
        with self.timings.stage("draw"):
            try:
                self._last = self.picture.draw(n, beat)
            except Exception:
                if self._last is None:
                    raise
                self._faults.at(n, "the picture could not be drawn, and the one before it stays")
            self._faults.over(n)
        with self.timings.stage("mix"):
            return Frame(n, self._last, self.sound.mix(beat.samples))

    def encode(self, frame: Frame) -> list[Unit]:
        """The units of a frame: with its sound alone where the picture cannot be encoded."""
        with self.timings.stage("encode"):
            return self.encoding.encode(frame)

    def force_key(self) -> None:
        """Make the next picture a key frame, for someone who has just joined."""
        self.encoder.force_key()

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        self.picture.close()
        self.encoding.close()
