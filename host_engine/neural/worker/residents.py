"""The avatars that are on air: each has a number for as long as somebody needs it, and one copy, whoever asks."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from host_engine.neural.order import Resident


@dataclass(slots=True)
class _Guest:
    resident: Resident
    needed: int


class Residents:
    """The same name and arrays, the same number. Safe from any thread."""

    def __init__(self) -> None:
        self._guests: dict[int, _Guest] = {}
        self._next = 0
        self._lock = threading.Lock()

    def settle(self, resident: Resident) -> tuple[int, bool]:
        """The avatar's number, and whether it is new."""
        same = [
            number for number, known in self.all().items() if _same(known, resident)
        ]  # reads much: without the lock
        with self._lock:
            for number in same:
                if guest := self._guests.get(number):
                    guest.needed += 1
                    return number, False
            number, self._next = self._next, self._next + 1
            self._guests[number] = _Guest(resident, 1)
            return number, True

    def leave(self, number: int) -> bool:
        """Whether nobody needs it any more; a number that is not known is nobody's."""
        with self._lock:
            guest = self._guests.get(number)
            if guest is None:
                return False
            guest.needed -= 1
            if guest.needed:
                return False
            del self._guests[number]
            return True

    def all(self) -> dict[int, Resident]:
        with self._lock:
            return {number: guest.resident for number, guest in self._guests.items()}


def _same(one: Resident, other: Resident) -> bool:
    """Compared by their values, which reads them once, as fast as memory goes."""
    if one.name != other.name or one.kept.shape != other.kept.shape or one.masks.shape != other.masks.shape:
        return False
    return (one.kept is other.kept or np.array_equal(one.kept, other.kept)) and np.array_equal(one.masks, other.masks)
