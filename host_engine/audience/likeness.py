"""How alike the meanings of two questions are: vectors made beside the loop, compared at once."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from host_engine.audience.event import Event
from host_engine.audience.pace import Pace

log = logging.getLogger(__name__)

REMEMBERED = 512  # texts
WAITING = 16  # texts that wait for their vectors; more are left out
A_MINUTE = 240.0  # texts that are learnt: each takes some 25 ms of a processor, which a flood must not use up

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]


class Likeness:
    """Never waits and never raises: a text whose vector is not there yet is like no other. Safe from any thread."""

    def __init__(self, vectors: Vectors, threads: Executor, clock: Callable[[], float] = time.monotonic) -> None:
        """`vectors`: (n, any) of unit length for n texts, as `Meaning.vectors`; it is called on `threads`."""
        self._vectors, self._threads, self._clock = vectors, threads, clock
        self._pace = Pace(A_MINUTE, remembered=1)
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._pending: set[str] = set()
        self._lock = threading.Lock()
        self._broken = False

    def heard(self, event: Event) -> None:
        """A hook of the desk: learns what is asked."""
        if event.what == "asked":
            self.learn(event.text)

    def learn(self, text: str) -> None:
        """Have the text's vector made, if there is room and time for it."""
        with self._lock:
            if self._broken or text in self._known or text in self._pending or len(self._pending) >= WAITING:
                return
            if not self._pace.allows("", self._clock()):
                return
            self._pending.add(text)
        self._threads.submit(self._learn, text)

    def near(self, one: str, other: str) -> float:
        """The scalar product of their vectors; 0.0 while one of them is not there."""
        with self._lock:
            a, b = self._known.get(one), self._known.get(other)
        return 0.0 if a is None or b is None else float(a @ b)

    def _learn(self, text: str) -> None:
        try:
            vector = self._vectors([text])[0]
        except Exception:  # questions are answered one by one then
            log.exception("what questions mean cannot be compared; the same question in other words is answered again")
            with self._lock:
                self._broken = True
            return
        with self._lock:
            self._pending.discard(text)
            self._known[text] = vector
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
