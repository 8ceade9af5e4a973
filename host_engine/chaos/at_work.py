"""The faults at work at this moment: set by the clock of the plan, looked at by the parts that they break."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from host_engine.chaos.plan import Fault

F = TypeVar("F", bound=Fault)


class AtWork:
    """Read from any thread, changed by one. `sleep` is what a fault takes its time with."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.sleep = sleep
        self._faults: tuple[Fault, ...] = ()
        self._spent: set[int] = set()  # ids of the faults that only strike once
        self._lock = threading.Lock()

    @property
    def all(self) -> tuple[Fault, ...]:
        """In the order in which they began."""
        return self._faults

    def begin(self, fault: Fault) -> None:
        self._faults = (*self._faults, fault)

    def end(self, fault: Fault) -> None:
        self._faults = tuple(each for each in self._faults if each is not fault)
        with self._lock:
            self._spent.discard(id(fault))

    def has(self, fault: Fault) -> bool:
        return any(each is fault for each in self._faults)

    def of(self, kind: type[F], *names: str | None) -> F | None:
        """The fault of this kind that began first, and where there are names, is of one of them."""
        for fault in self._faults:
            if isinstance(fault, kind) and (not names or getattr(fault, "name", None) in names):
                return fault
        return None

    def strikes(self, fault: Fault) -> bool:
        """Whether the fault strikes this time: one that does not last strikes once."""
        if fault.seconds is not None:
            return True
        with self._lock:
            first = id(fault) not in self._spent
            self._spent.add(id(fault))
            return first

    def until_over(self, fault: Fault) -> None:
        """Hang until the fault is over. Blocks."""
        while self.has(fault):
            self.sleep(0.05)
