"""What is on air: the most urgent lane that is ready, else the idle host, who always is."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import numpy as np

from host_engine.media import Beat, Samples
from host_engine.playout.cue import Cue
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.show.rundown import Line


class Now(NamedTuple):
    """What is on air: the line and the lane it came from, both None while the host idles."""

    line: Line | None
    lane: str | None


class Stale(Exception):
    """The operator acted on something that is no longer on air."""


class Playout:
    """Priority between lanes is the only rule: silence, answers, take-over and hot swap all follow from it."""

    def __init__(self, lanes: list[Lane], idle: Idle) -> None:
        self.lanes = lanes  # most urgent first
        self.idle = idle
        self.cue: Cue | None = None
        self.lane: Lane | None = None
        self._tail: Beat | None = None  # last beat of a line that was cut, to fade from

    @property
    def now(self) -> Now:
        return Now(self.cue.line, self.lane.name) if self.cue and self.lane else Now(None, None)

    def pull(self) -> Beat:
        """The beat of this frame. Never waits and never comes back empty-handed."""
        for lane in self.lanes:
            lane.fill()
        self._choose()
        tail, self._tail = self._tail, None
        beat = (self.cue.pull() if self.cue else None) or self.idle.pull()
        return beat if tail is None else beat._replace(samples=_crossfade(tail.samples, beat.samples))

    def rescue(self) -> Beat:
        """The beat after a `pull()` that raised: the idle host. The line on air is given up, it may be the cause."""
        cue, self.cue, self.lane, self._tail = self.cue, None, None, None
        if cue is not None:
            cue.drop()
        return self.idle.pull()

    def coming(self, line: Line) -> bool:
        """Whether the line is being made ready, to be said or to be said anew."""
        return any(cue.line is line for lane in self.lanes for cue in lane.cues)

    async def settled(self) -> None:
        """Wait until the next `pull()` need not be idle: for rendering faster or slower than real time."""
        while not self._settled():  # noqa: ASYNC110 - many cues at once, and only when rendering
            await asyncio.sleep(0.001)

    def _settled(self) -> bool:
        if self.cue is not None and not self.cue.done:
            return self.cue.stocked
        for lane in self.lanes:
            lane.fill()
        return any(lane.ready for lane in self.lanes)

    def take(self, expect: str | None = None) -> None:
        """Go to the next line with the next frame. `expect`: the id of the line that the operator saw on air.

        Raises Stale when another line has come on air since.
        """
        line = self.now.line
        if expect is not None and (line is None or line.id != expect):
            raise Stale(f"line {expect} is no longer on air; {line.id if line else 'the idle host'} is")
        self._cut()

    def hold(self) -> None:
        """Say nothing more after the line on air, but for what the operator orders."""
        self._set_held(True)

    def release(self) -> None:
        self._set_held(False)

    def _set_held(self, held: bool) -> None:
        for lane in self.lanes:
            lane.held = held and lane.cut is Cut.LINE

    def _choose(self) -> None:
        """Put the most urgent ready cue on air."""
        free = self.cue is None or self.cue.done
        for lane in self.lanes:
            if lane is self.lane and not free:
                return
            if (free or lane.cut is Cut.NOW) and (cue := lane.take()):
                old, old_lane = self.cue, self.lane
                if not free:
                    self._cut()
                self.cue, self.lane = cue, lane
                if not free and old and old_lane:
                    old_lane.again(old.line)
                return
        if free:
            self.cue = self.lane = None

    def _cut(self) -> None:
        """Take the line on air off it, keeping its next beat to fade from."""
        if self.cue is not None:
            self._tail = self.cue.pull()
            self.cue.drop()
        self.cue = self.lane = None


def _crossfade(tail: Samples, head: Samples) -> Samples:
    ramp = np.linspace(0.0, 1.0, len(head), dtype=np.float32)
    return tail * (1 - ramp) + head * ramp
