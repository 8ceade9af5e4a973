"""What of OBS is put right at once, and what is left as it is: changes by hand, refusals, and what is fought over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from host_engine.obs.aspects import Aspect
from host_engine.obs.diff import RUNNING
from host_engine.show.obs_scene import Hand

TIMES, WITHIN, AWAY = 5, 10.0, 30.0  # what is put right so often in so many seconds is then left alone for so many
FIRST, MOST = 0.25, 60.0  # seconds until OBS is asked again for what it refused
TOLD = 1.0  # seconds: what is refused for no longer than it takes OBS to clear something away is not told
AGAIN, BEGINNING = 3.0, 20.0  # seconds until a stream that did not begin is begun again; that one may take to begin
BREATH = 0.5  # seconds that OBS gets to end a stream, before another begins
TRIES = 2  # of a stream, before somebody is told

_NEVER = object()


class _Rest(NamedTuple):
    until: float
    length: float
    sentence: str = ""


class Sorted(NamedTuple):
    """What is to be done now; and sentences: what somebody changed by hand and is left so, and troubles."""

    due: list[Aspect]
    drift: list[str]
    refused: list[str]
    contested: list[str]
    stream: list[str]


class ByHand:
    """Remembers what was already as it should be: what is different since then was changed by somebody.

    enforce: all of it is put right, but what is put right again and again. follow: it stays, until another scene is on
    air; a stream that somebody stopped stays so until everything is put right by order. Times are seconds.
    """

    def __init__(self) -> None:
        self._once: dict[str, Any] = {}  # what was so once
        self._rests: dict[str, _Rest] = {}
        self._done: dict[str, deque[float]] = {}

    def sort(self, aspects: Iterable[Aspect], hand: Hand, now: float) -> Sorted:
        """Look through all that is wanted. What is as it should be is remembered as such."""
        found = Sorted([], [], [], [], [])
        for each in aspects:
            rest = self._rests.get(each.key)
            if each.alike:
                self._well(each)
            elif hand == "follow" and self._once.get(each.key, _NEVER) == each.value:
                found.drift.append(each.reason)
            elif each.key == RUNNING:
                if len(self._done.get(RUNNING, ())) >= TRIES:
                    found.stream.append(f"{each.reason} It is begun again every {AGAIN:.0f} s.")
                if rest is None or rest.until <= now:
                    found.due.append(each)
            elif rest is not None and rest.until > now:
                if rest.length >= TOLD:
                    (found.contested if rest.length == AWAY else found.refused).append(rest.sentence)
            elif not each.requests:
                found.refused.append(each.reason)
            elif self._fought_over(each, now):
                found.contested.append(self._rests[each.key].sentence)
            else:
                found.due.append(each)
        return found

    def put_right(self, aspect: Aspect, now: float) -> None:
        """It was done: OBS did not refuse."""
        if aspect.key == RUNNING:
            self._rests[RUNNING] = _Rest(now + AGAIN, AGAIN)
        if aspect.key == RUNNING or self._once.get(aspect.key, _NEVER) == aspect.value:
            self._done.setdefault(aspect.key, deque(maxlen=TIMES)).append(now)

    def refused(self, aspect: Aspect, why: str, now: float) -> bool:
        """OBS did not do it; it is asked again later, and a little later each time. Whether that is to be told now."""
        before = self._rests.get(aspect.key)
        length = min(MOST, before.length * 2) if before and before.length != AWAY else FIRST
        if aspect.key == RUNNING:
            length = AGAIN
            self._done.setdefault(RUNNING, deque(maxlen=TIMES)).append(now)
        self._rests[aspect.key] = _Rest(now + length, length, f"{aspect.reason} OBS refuses to change that: {why}.")
        return TOLD <= length < 2 * TOLD

    def stream_begins(self, now: float) -> None:
        """OBS is about to stream, whoever ordered it: a second order meanwhile would do harm."""
        self._rests[RUNNING] = _Rest(now + BEGINNING, BEGINNING)

    def stream_began(self) -> None:
        """It runs: if it ends, it may be begun again."""
        self._rests.pop(RUNNING, None)

    def stream_ended(self, now: float, by_somebody: bool) -> None:
        """It ended. Where nobody ended it, nobody's wish is respected by leaving it so."""
        if not by_somebody:
            self._once.pop(RUNNING, None)
        pause = BREATH if by_somebody else AGAIN
        self._rests[RUNNING] = _Rest(now + pause, pause)

    def another_scene(self) -> None:
        """What somebody changed is no longer respected, but for a stream that was stopped; nor what is fought over."""
        self._once = {key: value for key, value in self._once.items() if key == RUNNING}
        self._rests = {key: rest for key, rest in self._rests.items() if rest.length != AWAY}

    def all_anew(self) -> None:
        """Everything is to be put right now, whoever changed it."""
        self._once.clear()
        self._rests.clear()
        self._done.clear()

    def soonest(self) -> float | None:
        """When the first of those that rest is to be looked at again."""
        return min((rest.until for rest in self._rests.values()), default=None)

    def _well(self, aspect: Aspect) -> None:
        self._once[aspect.key] = aspect.value
        rest = self._rests.get(aspect.key)
        if rest is not None and rest.length != AWAY:
            del self._rests[aspect.key]
        if aspect.key == RUNNING:
            self._done.pop(RUNNING, None)

    def _fought_over(self, aspect: Aspect, now: float) -> bool:
        times = self._done.get(aspect.key)
        if times is None or len(times) < TIMES or now - times[0] > WITHIN:
            return False
        times.clear()
        said = f"{aspect.reason} It was put right {TIMES} times, and somebody or something changes it again and again."
        self._rests[aspect.key] = _Rest(now + AWAY, AWAY, f"{said} It is left alone for {AWAY:.0f} s.")
        return True
