"""The program: each beat drawn, mixed and encoded, one after another, on a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from host_engine.media import Beat, Frame, Picture, Samples, Unit
from host_engine.playout.encoding import Encodes, Encoding
from host_engine.playout.faults import Faults
from host_engine.playout.ladder import Rung
from host_engine.timing import Timings

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)

BLACK, GREY = 16, 128  # of brightness and of colour


class Draws(Protocol):
    @property
    def settled(self) -> bool: ...
    def halve(self, halved: bool) -> None: ...
    def draw(self, n: int, beat: Beat) -> Picture: ...
    def draw_slate(self, n: int, at_once: bool = False) -> Picture: ...
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
        self.over: Callable[[Picture], None] | None = None  # changes each finished picture in place: a forced label
        self.hears: Callable[[Beat], bool] = lambda beat: True  # whether the speech of a beat may be heard
        self.muted = False  # from the next frame on
        self._mute = False  # of the frame in work
        self._n = -1  # that frame
        self.drawn: Callable[[Frame], None] = lambda frame: None  # each picture before it is encoded; it must not raise
        self.ahead: Callable[[Sequence[av.Packet[Any]]], None] | None = (
            None  # has each frame's sound before its picture
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="render")

    @property
    def encoder(self) -> Encodes:
        return self.encoding.encoder

    def take(self, rung: Rung) -> None:
        """Make pictures as this rung has it, from one of the next on; returns at once."""
        self.encoding.wanted = rung.coding
        self.picture.halve(rung.halved)

    def mute(self, on: bool) -> int:
        """Show the slate and let nothing be heard, or end that; the number of a frame from which on it is so.

        It is the next one that is drawn: not even those that were pulled already show anything else. From any thread.
        """
        self.muted = on
        return self._n + 1

    @property
    def settled(self) -> bool:
        """Whether pictures are made as they were asked for."""
        return self.encoding.settled and self.picture.settled

    def render(self, n: int, beat: Beat) -> asyncio.Future[list[Unit]]:
        """Frame `n`, encoded. Returns at once: the render thread makes one frame after another."""
        return asyncio.get_running_loop().run_in_executor(self._thread, self._render, n, beat)

    def _render(self, n: int, beat: Beat) -> list[Unit]:
        self._n, before, self._mute = n, self._mute, self.muted
        try:
            if self.encoding.wants(n) or before != self._mute:
                frame = self.draw(n, beat, before)
                self.drawn(frame)
                return self.encode(frame)
            with self.timings.stage("mix"):
                samples = self._heard(beat, before)
            with self.timings.stage("encode"):
                return self.encoding.hold(n, samples)
        finally:
            self.timings.made(n)

    def draw(self, n: int, beat: Beat, muted: bool = False) -> Frame:
        """The finished frame `n`. `muted`: the frame before was. Raises only when the very first picture cannot be
        drawn."""
        with self.timings.stage("mix"):
            samples = self._heard(beat, muted)
        self._leave_ahead(n, samples)
        with self.timings.stage("draw"):
            try:
                self._last = self._slate(n) if self._mute else self.picture.draw(n, beat)
            except Exception:
                if self._last is None:
                    raise
                self._faults.at(n, "the picture could not be drawn, and the one before it stays")
            self._lay_over(n, self._last)
            self._faults.over(n)
        return Frame(n, self._last, samples)

    def _leave_ahead(self, n: int, samples: Samples) -> None:
        """Hand the sound to who hears at once: it takes a fraction of a millisecond, and the picture many."""
        if self.ahead is not None:
            with self.timings.stage("encode"):
                packets = self.encoding.sound(n, samples)
            self.ahead(packets)

    def _lay_over(self, n: int, picture: Picture) -> None:
        """Lay over the picture what is to be seen whatever was drawn."""
        over = self.over
        if over is None:
            return
        try:
            over(picture)
        except Exception:
            self._faults.at(n, "the label could not be laid over the picture")

    def _slate(self, n: int) -> Picture:
        """The slate at once; a black picture where there is none, or where it cannot be drawn."""
        try:
            return self.picture.draw_slate(n, at_once=True)
        except Exception:
            if self._last is None:
                raise
            log.exception("frame %d: the slate could not be drawn, and the picture is black", n)
        black = np.full_like(self._last, GREY)
        black[: len(black) * 2 // 3] = BLACK
        return black

    def _heard(self, beat: Beat, muted: bool) -> Samples:
        """The sound of a frame: nothing at all while muted, faded in by the first frame after it. The bed goes on."""
        mixed = self.sound.mix(beat.samples if self.hears(beat) else np.zeros_like(beat.samples))
        if self._mute:
            return np.zeros_like(mixed)
        return mixed * np.linspace(0, 1, mixed.shape[-1], dtype=np.float32) if muted else mixed

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
