"""The encoder on air: told how to encode the pictures, and replaced where it fails, in the end by another codec."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any, Protocol

from host_engine.host.deadline import DaemonThreads
from host_engine.media import Coding, Frame, Samples, Unit
from host_engine.playout.faults import Faults, Trouble
from host_engine.rests import Rests

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)

LAST_RESORT = Coding("libx264", "ultrafast")
NONE = Coding("")
STRIKES = 3  # failures in a row that make a codec rest
CALM = 10  # seconds without a failure that end the row
LONGEST = 32  # seconds between two tries


class Encodes(Protocol):
    @property
    def coding(self) -> Coding: ...
    def use(self, coding: Coding) -> None: ...
    def wants(self, n: int) -> bool: ...
    def sound(self, n: int, samples: Samples) -> Sequence[av.Packet[Any]]: ...
    def encode(self, frame: Frame) -> list[Unit]: ...
    def hold(self, n: int, samples: Samples) -> Unit: ...
    def flush(self) -> list[Unit]: ...
    def force_key(self) -> None: ...
    def close(self) -> None: ...


class Encoding:
    """Encodes the frames of a channel, in the render thread; codecs are opened on a thread of their own.

    A picture that cannot be encoded is left out and its sound leaves alone. A codec that failed is opened anew: at
    once, then a second later, two, four; after three failures in a row it rests and the plainest takes its place.
    """

    def __init__(
        self,
        make_encoder: Callable[[], Encodes],
        fps: int,
        trouble: Trouble = lambda text: None,
        threads: Executor | None = None,
    ) -> None:
        """`trouble` is told a sentence when pictures cannot be encoded, and None when that is over."""
        self.encoder = make_encoder()
        self.wanted = self.encoder.coding  # how the pictures ought to be encoded
        self._make, self._fps = make_encoder, fps
        self._threads = threads or DaemonThreads(1, "codec", background=False)
        self._order: Future[None] | None = None  # a codec being opened
        self._ordered = self.wanted
        self._now = 0  # the frame in work
        self._rests = Rests(lambda: self._now / fps)
        self._faults = Faults(fps, trouble)
        self._strikes = 0  # failures in a row
        self._proved = True  # the codec at work has worked for a while
        self._again = self._calm = 0  # the frames at which to try again, and at which the row of failures ends
        self._dead = False  # not even the sound can be encoded

    @property
    def failures(self) -> int:
        """Frames that could not be encoded."""
        return self._faults.count

    @property
    def fallen(self) -> dict[str, str]:
        """Codecs that rest or have not yet proved themselves again: name -> why."""
        return self._rests.reasons

    @property
    def best(self) -> Coding:
        """How the pictures can be encoded: as they ought to be, or as cheaply as possible while that codec rests."""
        if not self._rests.resting(_name(self.wanted)):
            return self.wanted
        return LAST_RESORT._replace(threads=self.wanted.threads, every=self.wanted.every)

    @property
    def settled(self) -> bool:
        """Whether pictures are encoded as well as they can be now."""
        return self.encoder.coding == self.best

    def wants(self, n: int) -> bool:
        """Whether frame `n` is to have a picture of its own; else `hold` it."""
        return self.encoder.wants(n)

    def encode(self, frame: Frame) -> list[Unit]:
        """The units of a frame: with its sound alone while no codec works, none when not even that can be encoded."""
        self._now = frame.n
        self._faults.over(frame.n)
        self._follow()
        if frame.n < self._again or (self._strikes and self._order and not self._order.done()):
            return self._held(frame.n, frame.samples)
        try:
            units = self.encoder.encode(frame)
        except Exception as error:
            self._faults.at(frame.n, "the picture could not be encoded")
            self._failed(_name(self.encoder.coding), str(error) or type(error).__name__)
            return self._held(frame.n, frame.samples)
        if not self._proved and frame.n >= self._calm:
            self._proved, self._strikes = True, 0
            if self._rests.well(name := _name(self.encoder.coding)):
                log.info("The codec %s works again", name)
        return units

    def sound(self, n: int, samples: Samples) -> Sequence[av.Packet[Any]]:
        """The sound of frame `n`, before its picture; none where it cannot be had, as `encode` or `hold` then say."""
        try:
            return self.encoder.sound(n, samples)
        except Exception:
            return ()

    def hold(self, n: int, samples: Samples) -> list[Unit]:
        """The sound of frame `n` alone: the picture before it stays."""
        self._now = n
        return self._held(n, samples)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.encoder.close()

    def _follow(self) -> None:
        """Have the codec opened that ought to be at work."""
        if self._order is not None:
            if not self._order.done():
                return
            order, self._order = self._order, None
            if error := order.exception():
                log.warning("The codec %s could not be opened: %s", _name(self._ordered), error)
                self._failed(_name(self._ordered), str(error))
        best = self.best
        if best != self._ordered and self._now >= self._again:
            self._ordered, self._proved, self._calm = best, False, self._now + CALM * self._fps
            self._order = self._threads.submit(self._open, best)

    def _open(self, coding: Coding) -> None:
        if not self._dead:
            self.encoder.use(coding)
            return
        encoder = self._make()
        if encoder.coding != coding:
            encoder.use(coding)
        self.encoder, self._dead = encoder, False

    def _failed(self, name: str, reason: str) -> None:
        """The codec is to be opened anew, or another one: at once the first time, then after a pause."""
        self._strikes += 1
        pause = min(2 ** (self._strikes - 2), LONGEST) if self._strikes > 1 else 0
        self._again = self._now + pause * self._fps
        self._calm, self._proved = self._again + CALM * self._fps, False
        self._ordered = NONE
        if self._strikes >= STRIKES and name != _name(LAST_RESORT):
            rest = self._rests.fell(name, reason)
            log.warning("The codec %s failed %d times and rests for %.0f s: %s", name, self._strikes, rest, reason)

    def _held(self, n: int, samples: Samples) -> list[Unit]:
        try:
            return [self.encoder.hold(n, samples)]
        except Exception as error:
            self._faults.at(n, "not even the sound could be encoded")
            if not self._dead and self._order is None:
                self._dead = True
                self._failed(_name(self.encoder.coding), str(error) or type(error).__name__)
            return []


def _name(coding: Coding) -> str:
    return f"{coding.codec} {coding.preset or ''}".rstrip()
