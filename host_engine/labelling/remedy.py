"""What is done about a label that is not seen: it is forced, forced elsewhere, and in the end the host goes."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Step(IntEnum):
    """How far it has come."""

    NONE = 0
    IN_PLACE = 1  # the label is laid over everything, where it belongs
    ELSEWHERE = 2  # and larger, at another place: what is put over it behind us may not reach so far
    SLATE = 3  # nobody is seen who would need a label


SURE = 2  # looks in a row without a label, before anything is done: one may be torn
SETTLES = 1.5  # seconds until a step can be seen in what leaves
FAR = 4.0  # the same, where pictures come back from elsewhere, as from OBS
OVER = 3  # looks in a row with the scene's own label, before it is left alone again
AGAIN, LONGEST = 60.0, 960.0  # seconds of slate before the show is tried again, twice as long each time


class Look(NamedTuple):
    """What one look found, for what is to be done. own: the scene's own label was seen as it has to be; forced: the one
    that is laid over it was; human: no host is seen, so no slate is needed; far: the picture was made elsewhere."""

    of: str
    own: bool
    forced: bool
    human: bool = False
    far: bool = False


class Remedy:
    """One step after the other, each with the time to help; back to none when every label is there by itself.

    A picture without its label takes the next step after `SURE` looks. Pure: it knows no time but what it is told, and
    does nothing itself.
    """

    def __init__(self) -> None:
        self.step = Step.NONE
        self.cause = ""  # whose label it is about
        self.helpless: set[str] = set()  # those whose label is not seen though all has been done
        self._bad: dict[str, int] = {}
        self._good: dict[str, int] = {}
        self._since = float("-inf")
        self._pause = AGAIN
        self._trying = False  # the show is on again after a slate, to see whether it can be
        self._left_alone = False  # somebody ended the slate by hand

    def consider(self, look: Look, at: float, lowest: Step = Step.SLATE) -> Step:
        """The step that is to hold from now on. `lowest`: how far it may go for this picture. `at`: seconds."""
        if at - self._since < (FAR if look.far else SETTLES):
            return self.step
        if look.own or look.forced:
            self._bad[look.of] = 0
            self.helpless.discard(look.of)
        else:
            self._bad[look.of] = self._bad.get(look.of, 0) + 1
            self._worse(look, at, lowest)
        self._good[look.of] = self._good.get(look.of, 0) + 1 if look.own else 0
        self._better(at)
        return self.step

    def ended_by_hand(self, at: float) -> None:
        """Somebody has put the show on again: the slate does not come back before all has been well for once."""
        self._left_alone = True
        self._go(Step.ELSEWHERE, at)

    def forget(self, of: str) -> None:
        """These pictures are looked at no more."""
        for kept in (self._bad, self._good):
            kept.pop(of, None)
        self.helpless.discard(of)
        if self.cause == of and not any(self._bad.values()):
            self._reset()

    def _worse(self, look: Look, at: float, lowest: Step) -> None:
        enough = 1 if self._trying else SURE
        if self._bad[look.of] < enough:
            return
        lowest = min(lowest, Step.ELSEWHERE) if look.human or self._left_alone else lowest
        if self.step >= lowest:
            self.helpless.add(look.of)
            return
        if self._trying:
            self._pause = min(2 * self._pause, LONGEST)
        wanted = Step.SLATE if self._trying and lowest == Step.SLATE else Step(self.step + 1)
        self.cause, self._trying = look.of, False
        self._go(wanted, at)

    def _better(self, at: float) -> None:
        if self.step == Step.SLATE:
            if at - self._since >= self._pause:
                self._trying = True
                self._go(Step.ELSEWHERE, at)
        elif self.step and self._good and all(each >= OVER for each in self._good.values()):
            self._reset()

    def _go(self, step: Step, at: float) -> None:
        self.step, self._since = step, at
        self._bad.clear()
        self._good = dict.fromkeys(self._good, 0)

    def _reset(self) -> None:
        self.step, self.cause = Step.NONE, ""
        self._pause, self._trying, self._left_alone = AGAIN, False, False
