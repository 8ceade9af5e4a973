"""Seen from inside a channel that an operator takes over: when each burst, and the host after it, has left."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np

from host_engine.media import Beat, Unit
from host_engine.outputs.fanout import Fanout
from host_engine.playout import air
from host_engine.takeover.relay import HUMAN

LOUD, QUIET = 0.1, 0.02  # peaks of a burst, and of the silence before it
APART = 10  # frames of silence between two bursts


def look(file: Path) -> None:
    """Append a line of JSON to `file` when the unit has been sent that begins with a human, that has a burst of theirs
    in it, and that the host speaks in again: {what, at}, `at` by time.monotonic(), which all processes share."""
    watch = _Watch(file)
    send, on_air = Fanout.send, air.on_air

    def sent(fanout: Fanout, unit: Unit) -> None:
        send(fanout, unit)
        watch.sent(unit.n)

    async def watched(*arguments, **named):  # type: ignore[no-untyped-def]
        *rest, seen = arguments

        def both(n: int, beat: Beat) -> None:
            watch.seen(n, beat)
            seen(n, beat)

        await on_air(*rest, both, **named)

    Fanout.send = sent  # type: ignore[method-assign]
    from host_engine import engine

    engine.on_air = watched  # type: ignore[assignment]


class _Watch:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._human, self._silent = False, APART
        self._waiting: dict[int, list[str]] = {}

    def seen(self, n: int, beat: Beat) -> None:
        human = beat.voice == HUMAN
        peak = float(np.abs(beat.samples).max())
        what = []
        if human and not self._human:
            what.append("begin")
        if human and peak > LOUD and self._silent >= APART:
            what.append("burst")
        if self._human and not human:
            what.append("host" if beat.line else "idle")
        elif not human and beat.line and self._waiting_for_host:
            what.append("host")
        self._waiting_for_host = "idle" in what or (not human and not beat.line)
        self._silent = self._silent + 1 if peak < QUIET or not human else 0
        self._human = human
        if what:
            self._waiting[n] = what

    _waiting_for_host = False

    def sent(self, n: int) -> None:
        if what := self._waiting.pop(n, None):
            with self._file.open("a") as file:
                for each in what:
                    file.write(json.dumps({"what": each, "at": time.monotonic()}) + "\n")
