"""What is on air: the most urgent lane that is ready, else the idle host, who always is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from host_engine.media import Beat, Samples
from host_engine.playout.cue import Cue
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

LONG = 100  # frames still to be said: a line with more makes way at its next pause
PATIENCE = 2  # seconds that the air is kept free for what belongs to the line before


class Now(NamedTuple):
    """What is on air: the line and the lane it came from, both None while the host idles."""

    line: Line | None
    lane: str | None


class Stale(Exception):
    """The operator acted on something that is no longer on air."""


class Playout:
    """Priority between lanes is the only rule: silence, answers, take-over and hot swap all follow from it."""

    def __init__(self, lanes: list[Lane], idle: Idle, long: int = LONG) -> None:
        """`long`: a line of which more frames are to be said makes way at its next pause, for lanes of that cut."""
        self.lanes = lanes  # most urgent first
        self.idle = idle
        self.long = long
        self.cue: Cue | None = None
        self.lane: Lane | None = None
        self.backed: Callable[[Line], bool] = lambda line: True  # asked of each line that is about to go on air
        self.between: Callable[[], None] = lambda: None  # called where no line is on air, before the next is chosen
        self.refused = 0  # lines that nothing backed any more
        self.muted = False
        self._tail: Beat | None = None  # what is heard last of a line that was cut, to fade from
        self._kept = 0  # frames for which the air has been kept free

    @property
    def now(self) -> Now:
        return Now(self.cue.line, self.lane.name) if self.cue and self.lane else Now(None, None)

    @property
    def pulled(self) -> Line | None:
        """The line whose beats are pulled now: the one on air."""
        return self.cue.line if self.cue else None

    @property
    def border(self) -> int | None:
        """Frames until a lane that waits for a pause may come on air; None where that is too far ahead to be seen."""
        return 0 if self.cue is None or self.cue.done else self.cue.border(self.long)

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
        """Whether the line is being made ready, to be said or to be said anew, or has been interrupted in a pause."""
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

    def cut_if(self, stale: Callable[[Line], bool]) -> Line | None:
        """Take the line on air off it with the next frame if it is stale: that line. It is not said again by itself."""
        line = self.pulled
        if line is None or not stale(line):
            return None
        self._cut()
        return line

    def give_up(self, cue: Cue) -> None:
        """Do not go on with a cue that was interrupted in a pause."""
        for lane in self.lanes:
            if cue in lane.cues:
                lane.cues.remove(cue)
                cue.drop()

    def hold(self) -> None:
        """Say nothing more after the line on air, but for what the operator orders."""
        self._set_held(True)

    def release(self) -> None:
        self._set_held(False)

    def mute(self, on: bool) -> None:
        """Cut the line on air, which is not said again, and say nothing at all, whoever orders it, until it is over."""
        self.muted = on
        if on:
            self._cut()
            self._tail = None  # nothing is to be heard of it

    def _set_held(self, held: bool) -> None:
        for lane in self.lanes:
            lane.held = held and not lane.ordered

    def _choose(self) -> None:
        """Put the most urgent ready cue on air."""
        if self.muted:
            return
        free = self.cue is None or self.cue.done
        if free:
            self._between_lines()
        for lane in self.lanes:
            if lane is self.lane and not free:
                return
            if (free or self._makes_way(lane)) and (cue := self._next(lane)):
                self._put_on_air(cue, lane, free)
                return
            if free and lane is self.lane and self._kept_free(lane):
                return
        if free:
            self.cue = self.lane = None

    def _between_lines(self) -> None:
        try:
            self.between()
        except Exception:
            log.exception("what was to be done between two lines failed")

    def _makes_way(self, lane: Lane) -> bool:
        """Whether the line on air goes off it for a more urgent lane before it is said."""
        if lane.cut is Cut.PAUSE:
            return self.cue is not None and self.cue.pausing(self.long)
        return lane.cut is Cut.NOW

    def _put_on_air(self, cue: Cue, lane: Lane, free: bool) -> None:
        old, old_lane = self.cue, self.lane
        if not free and old and old_lane:
            if lane.cut is Cut.PAUSE:
                self._tail = old.peek()
                old_lane.suspend(old)
            else:
                self._cut()
                old_lane.again(old.line)
        elif cue.begun:
            self._tail = self.idle.pull()  # it goes on in the middle: faded in
        self.cue, self.lane, self._kept = cue, lane, 0

    def _next(self, lane: Lane) -> Cue | None:
        """The next cue of the lane that is ready and backed."""
        while cue := lane.take():
            if self._is_backed(cue.line):
                return cue
            cue.drop()
            self.refused += 1
            log.warning("line %s is not said: what it says is no longer so", cue.line.id)
            lane.refused(cue.line)
        return None

    def _is_backed(self, line: Line) -> bool:
        try:
            return self.backed(line)
        except Exception:
            log.exception("line %s could not be checked once more; it was when it was made", line.id)
            return True

    def _kept_free(self, lane: Lane) -> bool:
        """Whether the air is kept free for more that belongs to the line that has just been said, for a while."""
        if self.cue is None or self._kept >= PATIENCE * lane.fps or not lane.follows(self.cue.line):
            return False
        self._kept += 1
        return True

    def _cut(self) -> None:
        """Take the line on air off it, keeping its next beat to fade from."""
        if self.cue is not None:
            self._tail = self.cue.pull()
            self.cue.drop()
        self.cue = self.lane = None


def _crossfade(tail: Samples, head: Samples) -> Samples:
    ramp = np.linspace(0.0, 1.0, len(head), dtype=np.float32)
    return tail * (1 - ramp) + head * ramp
