"""Notes from inside what each encoded unit shows and lets be heard, and when it left: for the operator's orders."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, TextIO

from host_engine.engine import Engine
from host_engine.media import Beat, Picture, Samples, Unit
from host_engine.outputs.fanout import Fanout

Shown = tuple[float, int, str | None, str, bool, bool]  # left at, frame, line, scene, slate, whether it can be heard


class Seen:
    """The picture and the sound of a program, looked at while a frame is made of them."""

    def __init__(self, of: Engine, file: TextIO) -> None:
        self._file = file
        self._program = of.studio.program
        self._picture, self._mix = self._program.picture, self._program._heard
        self.frames: dict[int, list[Any]] = {}  # of those that have not left: line, scene, slate, heard
        self._now = 0
        self._program.picture = self
        self._program._heard = self._heard  # type: ignore[method-assign]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)

    def draw(self, n: int, beat: Beat) -> Picture:
        picture: Picture = self._picture.draw(n, beat)
        self._note(n, beat.line.id if beat.line else None, slate=False)
        return picture

    def draw_slate(self, n: int, at_once: bool = False) -> Picture:
        picture: Picture = self._picture.draw_slate(n, at_once)
        self._note(n, None, slate=True)
        return picture

    def sent(self, unit: Unit) -> None:
        if (found := self.frames.pop(unit.n, None)) is not None:
            self._file.write(json.dumps([time.monotonic(), unit.n, *found]) + "\n")

    def _note(self, n: int, line: str | None, slate: bool) -> None:
        self._now = n
        self.frames[n] = [line, self._picture.shown[0], slate, True]

    def _heard(self, beat: Beat, muted: bool) -> Samples:
        samples = self._mix(beat, muted)
        if self._now in self.frames:
            self.frames[self._now][3] = bool(samples.any())
        return samples


def look(file: Path) -> None:
    """Have every engine of this process looked at; `file` gets a line of JSON for each unit."""
    build, send = Engine.__init__, Fanout.send
    seen: list[Seen] = []
    notes = file.open("w", buffering=1)

    def built(of: Engine, *arguments: Any, **named: Any) -> None:
        build(of, *arguments, **named)
        seen.append(Seen(of, notes))

    def noted(of: Fanout, unit: Unit) -> None:
        send(of, unit)
        for each in seen:
            each.sent(unit)

    Engine.__init__ = built  # type: ignore[method-assign]
    Fanout.send = noted  # type: ignore[method-assign]
