"""What a viewer gets, as the players take it out of whatever it came in."""

from __future__ import annotations

from typing import NamedTuple


class Picture(NamedTuple):
    """One picture in H.264: its NAL units, parameter sets among them where it brings any, and when it is to be shown,
    in seconds of the stream's own time; None while that is not known."""

    units: list[bytes]
    stamp: float | None

    @property
    def key(self) -> bool:
        return any(unit[0] & 31 == 5 for unit in self.units)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.units))


class Sound(NamedTuple):
    """One packet of sound, AAC or Opus, and when it is to be heard, in the same time as the pictures."""

    packet: bytes
    stamp: float | None


Came = Picture | Sound
