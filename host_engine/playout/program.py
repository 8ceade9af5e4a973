"""The program: each beat drawn, mixed and encoded, one after another, on a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from host_engine.media import Beat, Frame, Picture, Samples, Unit
from host_engine.timing import Timings

log = logging.getLogger(__name__)


class Draws(Protocol):
    def draw(self, n: int, beat: Beat) -> Picture: ...
    def close(self) -> None: ...


class Mixes(Protocol):
    def mix(self, speech: Samples) -> Samples: ...


class Encodes(Protocol):
    @property
    def codec(self) -> str: ...
    def encode(self, frame: Frame) -> list[Unit]: ...
    def flush(self) -> list[Unit]: ...
    def force_key(self) -> None: ...
    def close(self) -> None: ...


class Program:
    """Turns beats into units. A picture that cannot be drawn is the one before; an encoder that fails is replaced.

    So no fault of a line, a picture or a codec ends the stream.
    """

    def __init__(self, picture: Draws, sound: Mixes, make_encoder: Callable[[], Encodes], timings: Timings) -> None:
        self.picture, self.sound, self.make_encoder, self.timings = picture, sound, make_encoder, timings
        self.encoder = make_encoder()
        self._last: Picture | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")

    async def render(self, n: int, beat: Beat) -> list[Unit]:
        """Frame `n`, encoded. Awaited by the tick; the work is done on the render thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._render, n, beat)

    def _render(self, n: int, beat: Beat) -> list[Unit]:
        return self.encode(self.draw(n, beat))

    def draw(self, n: int, beat: Beat) -> Frame:
        """The finished frame `n`. Raises only when the very first picture cannot be drawn."""
        with self.timings.stage("draw"):
            try:
                self._last = self.picture.draw(n, beat)
            except Exception:
                if self._last is None:
                    raise
                log.exception("frame %d could not be drawn; the picture before it stays", n)
        with self.timings.stage("mix"):
            return Frame(n, self._last, self.sound.mix(beat.samples))

    def encode(self, frame: Frame) -> list[Unit]:
        """The units of a frame; none when the encoder failed and had to be replaced."""
        with self.timings.stage("encode"):
            try:
                return self.encoder.encode(frame)
            except Exception:
                log.exception("frame %d could not be encoded; a new encoder takes over", frame.n)
                self.encoder.close()
                self.encoder = self.make_encoder()
                return []

    def force_key(self) -> None:
        """Make the next picture a key frame, for someone who has just joined."""
        self.encoder.force_key()

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        self.picture.close()
        self.encoder.close()
