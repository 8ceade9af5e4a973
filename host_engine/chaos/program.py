"""Drawing and encoding that raise or dawdle while a plan says so."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Clapper, Encoder, Picture
from host_engine.media import Beat, Frame, Samples, Unit
from host_engine.media import Picture as Drawn

RATE = 48_000


class Draws(Protocol):
    def draw(self, n: int, beat: Beat) -> Drawn: ...


class Encodes(Protocol):
    def sound(self, n: int, samples: Samples) -> list[Any]: ...
    def encode(self, frame: Frame) -> list[Unit]: ...


class BrokenPicture:
    """Draws as the real compositor does, but for the fault at work."""

    def __init__(self, real: Draws, faults: AtWork) -> None:
        self._real, self._faults = real, faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def draw(self, n: int, beat: Beat) -> Drawn:
        _strike(self._faults, self._faults.of(Picture), "the drawing")
        return self._real.draw(n, beat)


class BrokenEncoder:
    """Encodes as the real encoder does, but for the fault at work."""

    def __init__(self, real: Encodes, faults: AtWork) -> None:
        self._real, self._faults = real, faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def sound(self, n: int, samples: Samples) -> list[Any]:
        return self._real.sound(n, _beep(n, samples) if self._faults.of(Clapper) else samples)

    def encode(self, frame: Frame) -> list[Unit]:
        _strike(self._faults, self._faults.of(Encoder), "the encoder")
        return self._real.encode(_clapped(frame) if self._faults.of(Clapper) else frame)


def _clapped(frame: Frame) -> Frame:
    """The frame with the clapper's sound, white in the first two frames of each second."""
    picture = frame.picture
    if _claps(frame.n, frame.samples):
        picture = picture.copy()
        picture[: len(picture) * 2 // 3] = 235
    return frame._replace(picture=picture, samples=_beep(frame.n, frame.samples))


def _claps(n: int, samples: Samples) -> bool:
    length = samples.shape[-1]
    return bool(n * length % RATE < 2 * length)


def _beep(n: int, samples: Samples) -> Samples:
    """The clapper's sound of a frame, as long as its own."""
    tone = np.sin(2 * np.pi * 1000 / RATE * np.arange(samples.shape[-1])) * (0.5 if _claps(n, samples) else 0)
    return np.broadcast_to(tone, samples.shape).astype(np.float32)


def _strike(faults: AtWork, fault: Encoder | Picture | None, what: str) -> None:
    if fault is None:
        return
    if fault.how == "slow":
        faults.sleep(fault.ms / 1000)
    elif faults.strikes(fault):
        raise RuntimeError(f"chaos: {what} raises")
