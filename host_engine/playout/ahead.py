"""The delay line: each beat is pulled some frames before it is drawn, so that a network has time to move its lips."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from host_engine.media import Beat, Face
from host_engine.playout.cue import Cue
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Now, Playout, Stale
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

BEATS = 5  # between pulling and drawing: 0.2 s at 25 frames a second


class Pulled(NamedTuple):
    """A beat, and what the playout had on air when it gave it."""

    beat: Beat
    cue: Cue | None
    lane: Lane | None


class Ahead:
    """A `Playout` seen `beats` frames later. Beats keep their order; none is lost, none comes twice.

    Sound, words, clip and picture ride in the beat, and what is on air (`cue`, `lane`, `now`) is what belongs to the
    beat handed out last: so they stay together, whatever is cut, held or given up meanwhile. Only the first beats,
    before anything was pulled, are the idle host's.
    """

    def __init__(self, playout: Playout, shoot: Callable[[Face], Any], beats: int = BEATS) -> None:
        """`shoot` makes the picture of a face to come, as far as it can be made ahead, and is not to wait.

        Where it raises, the face goes without.
        """
        self._playout, self._shoot, self._beats = playout, shoot, beats
        self._line: deque[Pulled] = deque()  # oldest first
        self._out = Pulled(playout.idle.pull(), None, None)
        self._failing = False

    @property
    def lanes(self) -> list[Lane]:
        """As in `Playout`."""
        return self._playout.lanes

    @property
    def idle(self) -> Idle:
        """As in `Playout`."""
        return self._playout.idle

    @property
    def cue(self) -> Cue | None:
        """The cue on air."""
        return self._out.cue

    @property
    def pulled(self) -> Line | None:
        """The line whose beats are pulled now, which is on air some frames later."""
        return self._playout.pulled

    @property
    def border(self) -> int | None:
        """As in `Playout`, seen from where beats are pulled."""
        return self._playout.border

    @property
    def backed(self) -> Callable[[Line], bool]:
        """As in `Playout`."""
        return self._playout.backed

    @backed.setter
    def backed(self, backed: Callable[[Line], bool]) -> None:
        self._playout.backed = backed

    @property
    def between(self) -> Callable[[], None]:
        """As in `Playout`."""
        return self._playout.between

    @between.setter
    def between(self, between: Callable[[], None]) -> None:
        self._playout.between = between

    @property
    def refused(self) -> int:
        """As in `Playout`."""
        return self._playout.refused

    @property
    def lane(self) -> Lane | None:
        """The lane on air."""
        return self._out.lane

    @property
    def now(self) -> Now:
        """As in `Playout`."""
        cue, lane = self._out.cue, self._out.lane
        return Now(cue.line, lane.name) if cue and lane else Now(None, None)

    def coming(self, line: Line) -> bool:
        """As in `Playout`: those that are on their way through the delay count as well."""
        return self._playout.coming(line) or any(
            each.cue is not None and each.cue is not self.cue and each.cue.line is line for each in self._line
        )

    def pull(self) -> Beat:
        """The beat of this frame. Raises what the playout raises; then `rescue()` gives this frame's beat."""
        return self._next(self._playout.pull())

    def rescue(self) -> Beat:
        """The beat after a `pull()` that raised: still the one that is due; the idle host comes in its turn."""
        try:
            beat = self._playout.rescue()
        except Exception:
            log.exception("the line on air could not be given up; the host idles")
            beat = self.idle.pull()
        return self._next(beat)

    async def settled(self) -> None:
        """As in `Playout`; with the first call, the delay is filled with what is to come instead of idle beats."""
        await self._playout.settled()
        while len(self._line) < self._beats:
            self._take_in(self._playout.pull())
            await self._playout.settled()

    def take(self, expect: str | None = None) -> None:
        """Go from the line on air to the next one, as soon as the delay lets it. `expect` as in `Playout`.

        Where the next one is on its way already, nothing is left to do, but that a line interrupted in a pause does not
        go on. Raises Stale as there.
        """
        line = self.now.line
        if expect is not None and (line is None or line.id != expect):
            raise Stale(f"line {expect} is no longer on air; {line.id if line else 'the idle host'} is")
        if self._playout.cue is self.cue:
            self._playout.take()
        elif self.cue is not None:
            self._playout.give_up(self.cue)

    def cut_if(self, stale: Callable[[Line], bool]) -> Line | None:
        """As in `Playout`; what is in the delay of stale lines comes out as the idle host."""
        on_air, pulled = self.now.line, self._playout.cut_if(stale)
        kept = (each.cue is None or not stale(each.cue.line) for each in self._line)
        self._line = deque(
            each if keep else Pulled(self._shot(self.idle.pull()), None, None)
            for each, keep in zip(self._line, kept, strict=True)
        )
        return pulled or (on_air if on_air is not None and stale(on_air) else None)

    def hold(self) -> None:
        """As in `Playout`."""
        self._playout.hold()

    def release(self) -> None:
        """As in `Playout`."""
        self._playout.release()

    def mute(self, on: bool) -> None:
        """As in `Playout`; what is in the delay comes out, and it is the program that lets nobody hear it."""
        self._playout.mute(on)

    def _next(self, beat: Beat) -> Beat:
        """Take a beat in and hand out the one that is due."""
        while len(self._line) < self._beats:
            self._line.append(Pulled(self._shot(self.idle.pull()), None, None))
        self._take_in(beat)
        self._out = self._line.popleft()
        return self._out.beat

    def _take_in(self, beat: Beat) -> None:
        self._line.append(Pulled(self._shot(beat), self._playout.cue, self._playout.lane))

    def _shot(self, beat: Beat) -> Beat:
        """The beat with the picture of its face. A fault is said once, until it is over."""
        try:
            shot = self._shoot(beat.face)
        except Exception:
            if not self._failing:
                log.exception("a picture of the host could not be taken ahead; the one before it stays")
            self._failing = True
            return beat
        self._failing = False
        return beat if shot is None else beat._replace(face=beat.face._replace(shot=shot))
