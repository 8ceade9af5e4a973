"""The voice of one take-over: from the frames that come to what waits for the air, and to the lips."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import av

from host_engine.media import Face, Format, Samples
from host_engine.takeover.intake import Heard, Intake
from host_engine.takeover.lips import Lips
from host_engine.takeover.spool import Spool

log = logging.getLogger(__name__)

FASTER, HEADSTART = 1.5, 5.0  # times as fast as sound is no microphone; seconds of sound that may come at once
WAITING = 50  # frames that may wait for the thread


class TooMuch(ValueError):
    """More sound than a microphone makes; the sentence is for the operator."""


class Spoken(NamedTuple):
    """The sound of a frame and the face that belongs to it."""

    samples: Samples
    face: Face


class Voice:
    """On the event loop; the sound is made ready on a thread, piece by piece, in order.

    `told` is called when more waits for the air. `last` is when something came last, by `clock`.
    """

    def __init__(self, format: Format, threads: Executor, clock: Callable[[], float]) -> None:
        """`threads`: one thread, as pieces are made ready in their order."""
        self.told: Callable[[], None] = lambda: None
        self.spool, self.lips = Spool(format.samples), Lips(format.fps)
        self._intake, self._threads, self._clock = Intake(), threads, clock
        self._waiting, self._seconds = 0, 0.0
        self._since = self.last = clock()
        self.left_out = 0

    @property
    def lost(self) -> int:
        """Samples that were lost on the way."""
        return self._intake.lost

    def push(self, frame: av.AudioFrame) -> None:
        """A frame has come. Raises TooMuch where they come faster than sound does."""
        now = self._clock()
        if not self._seconds:
            self._since = now
        self._seconds += frame.samples / (frame.sample_rate or 48_000)
        if self._seconds > HEADSTART + FASTER * (now - self._since):
            raise TooMuch("The browser sends more sound than a microphone makes.")
        self.last = now
        if self._waiting >= WAITING:
            self.left_out += 1
            return
        self._waiting += 1
        made = asyncio.get_running_loop().run_in_executor(self._threads, partial(self._intake, frame))
        made.add_done_callback(self._made)

    def pull(self) -> Spoken:
        """The next frame of it."""
        samples = self.spool.pull()
        return Spoken(samples, self.lips.face(self.spool.began))

    def _made(self, made: asyncio.Future[Heard]) -> None:
        self._waiting -= 1
        if made.cancelled():
            return
        if error := made.exception():
            log.warning("A piece of an operator's voice is left out: %s", error)
            return
        heard = made.result()
        self.spool.push(heard.samples)
        self.lips.push(heard.lips)
        self.told()
