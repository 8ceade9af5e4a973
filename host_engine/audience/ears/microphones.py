"""Viewers' open microphones: all of them heard on one thread that stands back, each cut into utterances."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from host_engine.audience.ears.silero import Silero
from host_engine.audience.ears.utterances import Probabilities, Utterance, Utterances
from host_engine.audience.transcript import RATE, Heard16
from host_engine.priority import stand_back

LOOK = 0.1  # seconds between two looks at microphones of which nothing came
SILENT = 0.25  # seconds without samples that count as silence from then on
BEHIND = 5.0  # seconds of samples that may wait; what is more is dropped

log = logging.getLogger(__name__)

Said = Callable[[Utterance], None]


class Taken(Exception):
    """So many microphones are open already; the sentence is for the viewer."""


class _Order(NamedTuple):
    """What is to be done for a microphone: samples, or None for the release of the button."""

    microphone: Microphone
    samples: Heard16 | None


class Microphone:
    """One viewer's microphone. Its methods return at once and are safe from any thread."""

    def __init__(self, house: Microphones, utterances: Utterances, said: Said) -> None:
        self._house, self._utterances, self._said = house, utterances, said
        self._waiting = 0  # samples
        self._heard = 0.0  # when samples came last
        self._gap = 0.0  # seconds that were counted as silence since
        self.dropped = 0  # samples that came faster than they could be heard
        self.open = True

    def feed(self, samples: Heard16) -> None:
        """Samples at 16 kHz, -1..1, as they come."""
        if not self.open or not len(samples):
            return
        if self._waiting + len(samples) > BEHIND * RATE:
            self.dropped += len(samples)
            return
        self._waiting += len(samples)
        self._house.put(_Order(self, np.nan_to_num(np.asarray(samples, np.float32))))  # one NaN would stay for ever

    def release(self) -> None:
        """The viewer lets the button go: what was said until now is an utterance."""
        if self.open:
            self._house.put(_Order(self, None))

    def close(self) -> None:
        """Hear no more. What was begun is not told."""
        self.open = False
        self._house.close_one(self)

    def hear(self, samples: Heard16 | None, now: float) -> None:
        """On the thread of all microphones."""
        if samples is None:
            ended = [self._utterances.release()]
        else:
            self._waiting -= len(samples)
            self._heard, self._gap = now, 0.0
            ended = [*self._utterances.feed(samples)]
        self._tell(ended)

    def look(self, now: float) -> None:
        """On the same thread: count as silence what does not come, as when a browser sends nothing in pauses."""
        missing = now - self._heard - SILENT - self._gap
        if self._utterances.talking and missing >= LOOK / 2:
            self._gap += missing
            self._tell([*self._utterances.gap(missing)])

    def _tell(self, ended: list[Utterance | None]) -> None:
        for each in ended:
            if each and self.open:
                self._said(each)


class Microphones:
    """At most `most` microphones at once. `said` of each is called on a thread and must hand on to the loop."""

    def __init__(
        self,
        longest: float = 20.0,
        most: int = 8,
        pause: float = 0.4,
        detector: Callable[[], Probabilities] = Silero,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """longest: seconds of an utterance; pause: seconds that end one; detector: makes what hears one speaker."""
        self._longest, self._most, self._pause = longest, most, pause
        self._detector, self._clock = detector, clock
        self._open: set[Microphone] = set()
        self._lock = threading.Lock()
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def open(self) -> int:
        return len(self._open)

    def new(self, said: Said) -> Microphone:
        """Open one; loads the voice detector at the first (some 50 ms, so not on the loop). Raises Taken."""
        with self._lock:
            if len(self._open) >= self._most:
                raise Taken(f"{len(self._open)} people are speaking already; please try again in a moment, or write")
        utterances = Utterances(self._detector(), self._longest, self._pause)
        one = Microphone(self, utterances, said)
        with self._lock:
            if len(self._open) >= self._most:
                raise Taken("too many people are speaking already; please try again in a moment, or write")
            self._open.add(one)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="microphones", daemon=True)
                self._thread.start()
        return one

    def put(self, order: _Order) -> None:
        self._orders.put(order)

    def close_one(self, one: Microphone) -> None:
        with self._lock:
            self._open.discard(one)

    def close(self) -> None:
        """Close all."""
        for one in list(self._open):
            one.close()
        self._orders.put(None)

    def _run(self) -> None:
        stand_back()
        looked = self._clock()
        while True:
            try:
                order = self._orders.get(timeout=LOOK)
            except queue.Empty:
                pass
            else:
                if order is None:
                    return
                self._do(order.microphone, lambda one, order=order: one.hear(order.samples, self._clock()))  # type: ignore[misc]
            if self._clock() - looked >= LOOK:
                looked = self._clock()
                for one in list(self._open):
                    self._do(one, lambda one: one.look(self._clock()))

    def _do(self, one: Microphone, work: Callable[[Microphone], None]) -> None:
        try:
            if one.open:
                work(one)
        except Exception:
            log.exception("a microphone could not be heard; it is closed")
            one.close()
