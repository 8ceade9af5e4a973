"""The ladder: what a picture may do without, rung by rung, and the rule by which the channel goes down it and up."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from host_engine.media import Coding
from host_engine.timing import Row

WORK = ("draw", "mix", "encode")  # the stages that a lower rung makes cheaper
DOWN, UP = 0.9, 0.8  # of the frame's budget: above the one a step down, below the other, as foreseen, a step up
BEHIND = 0.6  # of the budget: a clock that falls further and further behind is slow for this reason from here on
MOST = 2.0  # budgets that one frame counts for at most: a single slow frame says nothing
FEWEST = 8  # frames that are looked at, however slow they are
EARLY = 5  # seconds at the start that say nothing: scenes are drawn and caches filled beside the show
FIRST, LONGEST = 30, 600  # seconds of calm before a step up, at first and at most
GIVEN = 10  # seconds that a step may take until it is in effect
DOUBT = 120  # seconds without room above, after which what the rung above is thought to cost is thought to be less
LEAST, GREATEST = 1.05, 2.2  # what a rung may cost, as a multiple of the one below

X264 = ("slow", "medium", "fast", "faster", "veryfast", "superfast", "ultrafast")


class Rung(NamedTuple):
    """How pictures are made: the higher the number of a rung, the cheaper."""

    name: str
    lost: str  # what a viewer may notice, to go after "for now"
    coding: Coding
    halved: bool = False  # the host is drawn at half her size and enlarged


def rungs(coding: Coding) -> tuple[Rung, ...]:
    """The ladder of a channel encoded with `coding`: cheaper presets, a coarser host, half the pictures."""
    found = [Rung("full", "nothing is missing", coding)]
    for preset in _cheaper(coding):
        coding = coding._replace(preset=preset)
        found.append(Rung(f"preset {preset}", f"pictures are encoded at '{preset}'", coding))
    found.append(Rung("half host", "the host is drawn at half her size and enlarged", coding, True))
    coding = coding._replace(every=2)
    found.append(Rung("half rate", "every second picture is left out", coding, True))
    return tuple(found)


def _cheaper(coding: Coding) -> tuple[str, ...]:
    if coding.codec != "libx264":
        return () if coding.preset == "p1" else ("p1",)
    now = X264.index(coding.preset) if coding.preset in X264 else X264.index("veryfast")
    return X264[max(now + 1, X264.index("superfast")) :]


class Ladder:
    """Says on which rung pictures ought to be made, from what each frame took. Time is the frame number.

    Down: for a second draw, mix and encode took over 90 % of the frame's time, or over 60 % while the clock fell ever
    further behind. Lateness alone says nothing: whoever blocks the loop is not helped by cheaper pictures. Up: for 30
    seconds there was room for the rung above, as far as its cost is known. A step up that has to be taken back within
    that time doubles it, to ten minutes at most; one that lasts brings it back to 30 seconds.
    """

    def __init__(self, rungs: int, fps: int) -> None:
        self.rung = 0
        self.reason = ""  # of the last step
        self.since = 0  # the frame of the last step
        self.wait = FIRST  # seconds of calm that the next step up needs
        self._lowest, self._fps, self._budget = rungs - 1, fps, 1000 / fps
        self._rows: deque[tuple[int, float, float]] = deque()  # n, budgets taken, ms late; about a second of them
        self._sum = 0.0  # of the budgets taken
        self._left: float | None = None  # what a frame took on the rung above when it was left, in budgets
        self._ratios: dict[int, float] = {}  # rung -> what a frame takes on the rung above, as a multiple
        self._doubt = 0  # the frame of the last doubt about such a ratio
        self._first: int | None = None  # the first frame looked at
        self._calm = 0  # the frame since when there has been room above
        self._rose: int | None = None  # the frame of the last step up
        self.waiting = False  # the last step is not in effect yet

    def see(self, row: Row, settled: bool = True) -> int:
        """The rung for the next frames. `settled`: pictures are made as the present rung has it."""
        self._add(row)
        if self._first is None:
            self._begin(row.n + EARLY * self._fps)
        if self.waiting:
            if not settled and row.n - self.since < GIVEN * self._fps:
                return self.rung
            self.waiting = False
            self._begin(row.n)
        if self._rose is not None and row.n - self._rose >= self.wait * self._fps:
            self.wait, self._rose = FIRST, None
        if len(self._rows) < FEWEST or row.n - (self._first or 0) < self._fps - 1:
            return self.rung
        taken = self._sum / len(self._rows)
        if self._left is not None:  # the first second down here
            self._ratios[self.rung] = min(GREATEST, max(LEAST, self._left / max(taken, 0.01)))
            self._left = None
        if taken > DOWN or (taken > BEHIND and self._falling_behind()):
            self._step_down(row.n, taken)
        elif self.rung:
            self._look_up(row.n, taken)
        return self.rung

    def _add(self, row: Row) -> None:
        stages, rows, since = row.stages, self._rows, row.n - self._fps
        taken = 0.0
        for stage in WORK:  # not sum(): it costs the tick a microsecond more
            taken += stages.get(stage, 0.0)
        taken = min(MOST, taken / self._budget)
        rows.append((row.n, taken, row.late))
        self._sum += taken
        while len(rows) > FEWEST and rows[0][0] <= since:
            self._sum -= rows.popleft()[1]

    def _begin(self, n: int) -> None:
        """Look at no frame before this one any more."""
        self._rows.clear()
        self._sum, self._first, self._calm, self._doubt = 0.0, n + 1, n, n

    def _falling_behind(self) -> bool:
        """Every frame of this second began more than a frame late, the last ones later than the first."""
        late = [late for _, _, late in self._rows]
        third = len(late) // 3
        return min(late) > self._budget and min(late[-third:]) > max(late[:third])

    def _step_down(self, n: int, taken: float) -> None:
        self._calm = n
        if self.rung == self._lowest:
            return
        self.wait = min(2 * self.wait, LONGEST) if self._rose is not None else FIRST
        self._rose = None
        self._left = taken
        self._go(n, self.rung + 1, f"a frame took {taken:.0%} of its time")

    def _look_up(self, n: int, taken: float) -> None:
        ratio = self._ratios.get(self.rung, LEAST)
        if taken * ratio > UP:
            self._calm = n
            if n - self._doubt >= DOUBT * self._fps:
                self._doubt, self._ratios[self.rung] = n, (ratio + LEAST) / 2
        elif n - self._calm >= self.wait * self._fps:
            self._rose, self._left = n, None
            self._go(n, self.rung - 1, f"a frame would take {taken * ratio:.0%} of its time")

    def _go(self, n: int, rung: int, reason: str) -> None:
        self.rung, self.reason, self.since, self.waiting = rung, reason, n, True
        self._begin(n)
