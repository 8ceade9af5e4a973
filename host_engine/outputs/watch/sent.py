"""What left the engine in the last minutes, to be known again where a viewer gets it."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple
from zlib import crc32

from host_engine import frame_code
from host_engine.media import Format, Unit
from host_engine.outputs import h264

SHORTEST = 24  # bytes: shorter packets, of silence and of pictures that stand still, are all alike
Sum = tuple[int, int]


class Made(NamedTuple):
    """One picture: which it is of all that were made, its number, and when it was made."""

    rank: int
    n: int
    at: float


class Sent:
    """Known by sums over what is in each packet, which servers pass on as it is whatever they put around it.

    What comes twice says nothing and is forgotten. Noted on one thread, and asked on another.
    """

    def __init__(self, format: Format, seconds: float) -> None:
        """seconds: for how long it is kept."""
        self._format, self._seconds = format, seconds
        self._pictures: dict[Sum, Made | None] = {}
        self._sounds: dict[Sum, int | None] = {}
        self._numbers: dict[int, Made] = {}
        self._old: deque[tuple[float, tuple[Sum, ...], tuple[Sum, ...], int]] = deque()
        self._count = 0

    def note(self, unit: Unit, at: float) -> None:
        """A unit was made at a time."""
        pictures = tuple(filter(None, [_sum(h264.first_slice(h264.units(bytes(unit.video))))]))
        for each in pictures:
            self._count += 1
            made = Made(self._count, unit.n, at)
            self._pictures[each] = None if each in self._pictures else made
            self._numbers[unit.n % frame_code.COUNT] = made
        sounds = []
        for packet in (*unit.aac, *unit.opus):
            if known := _sum(bytes(packet)):
                self._sounds[known] = None if known in self._sounds else packet.pts or 0
                sounds.append(known)
        self._old.append((at, pictures, tuple(sounds), unit.n % frame_code.COUNT))
        self._forget(at - self._seconds)

    def picture(self, units: list[bytes]) -> Made | None:
        """The picture that these NAL units are."""
        found = _sum(h264.first_slice(units))
        return self._pictures.get(found) if found else None

    def sound(self, packet: bytes) -> int | None:
        """The place, in samples, at which the sound in an AAC or Opus packet begins."""
        found = _sum(packet)
        return self._sounds.get(found) if found else None

    def numbered(self, code: int) -> Made | None:
        """The picture with this frame code in it."""
        return self._numbers.get(code)

    def _forget(self, before: float) -> None:
        while self._old and self._old[0][0] < before:
            _, pictures, sounds, number = self._old.popleft()
            for each in pictures:
                self._pictures.pop(each, None)
            for each in sounds:
                self._sounds.pop(each, None)
            self._numbers.pop(number, None)


def _sum(data: bytes | None) -> Sum | None:
    return (len(data), crc32(data)) if data and len(data) >= SHORTEST else None
