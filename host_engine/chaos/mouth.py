"""A mouth that raises, hangs, dawdles or makes shapes that are no numbers while a plan says so."""

from __future__ import annotations

from typing import Any, Protocol

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Mouth
from host_engine.media import Face, MouthShape, Speech

NAN = float("nan")


class Moves(Protocol):
    def faces(self, speech: Speech, fps: int) -> list[Face]: ...


class BrokenMouth:
    """Moves as the real mouth does, but for the fault at work."""

    def __init__(self, real: Moves, faults: AtWork) -> None:
        self._real, self._faults = real, faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        fault = self._faults.of(Mouth)
        if fault is None:
            return self._real.faces(speech, fps)
        if fault.how == "raises":
            raise RuntimeError("chaos: the mouth raises")
        if fault.how == "hangs":
            self._faults.until_over(fault)
        if fault.how == "slow":
            self._faults.sleep(fault.factor * speech.seconds)
        faces = self._real.faces(speech, fps)
        if fault.how == "not-numbers":
            return [Face(MouthShape(NAN, NAN, NAN, NAN, NAN, NAN), NAN, True) for _ in faces]
        return faces
