"""The course of a training: lessons until the time is over, looked at now and then, the best of it kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import torch

from host_engine.neural.small.net import SmallNet, quick
from host_engine.training import kept
from host_engine.training.lesson import Lessons
from host_engine.training.pupil import Pupil

LOOKS = (0.5, 0.8)  # shares of the budget at which it is looked at how good it is, besides the end
KEEP = 60.0  # seconds between two writings of where to go on
PROCESSOR = torch.device("cpu")


class Exam(Protocol):
    """Marks for what a network has not learnt from."""

    def look(self, net: SmallNet) -> dict[str, Any]:
        """mouth_psnr, openness_correlation and perhaps more, within some seconds."""
        ...

    def report(self, net: SmallNet, sheet: Path) -> dict[str, Any]:
        """All there is to say, under "summary" in short; writes pictures to look at."""
        ...


class Budget(NamedTuple):
    """When a training is over: after so many minutes of it, or so many steps, whichever comes first."""

    minutes: float
    steps: int | None = None

    def done(self, seconds: float, steps: int) -> float:
        """The share that is over, 1 at the end. Where steps are counted time only ends it: so runs are alike."""
        if seconds >= 60 * self.minutes:
            return 1.0
        return steps / self.steps if self.steps else seconds / (60 * self.minutes)


class Now(NamedTuple):
    """Where a training is."""

    done: float  # share of the budget
    steps: int
    seen: float  # what the painter missed of late
    heard: float  # what the ear missed of late
    best: dict[str, Any]  # the marks of the best network so far


class Trainer:
    """Writes the best network that it saw into its folder, and from time to time all that is needed to go on."""

    def __init__(
        self,
        folder: Path,
        lessons: Lessons,
        pupil: Pupil,
        exam: Exam,
        budget: Budget,
        show: Callable[[Now], None] = lambda now: None,
    ) -> None:
        self._folder, self._lessons, self._pupil = folder, lessons, pupil
        self._exam, self._budget, self.show = exam, budget, show
        self.seconds, self._before = 0.0, 0.0
        self._seen, self._heard = 0.0, 0.0
        self.best: dict[str, Any] = {}

    def resume(self) -> None:
        """Go on where the training in this folder was left. Raises NetError."""
        progress = kept.resume(self._folder, self._pupil)
        self._before = float(progress.get("seconds", 0.0))
        self.best = dict(progress.get("best", {}))

    def train(self) -> None:
        """Until the budget is used up; a look is taken at the end in any case."""
        began = wrote = time.monotonic()
        done = self._done(began)
        while done < 1:
            self._step(done)
            before, done = done, self._done(began)
            if any(before < share <= done < 1 for share in LOOKS):
                self._look()
            if time.monotonic() - wrote > KEEP:
                wrote = self._keep()
        self._look()
        self._keep()

    def _done(self, began: float) -> float:
        self.seconds = self._before + time.monotonic() - began
        return self._budget.done(self.seconds, self._pupil.steps)

    def _step(self, done: float) -> None:
        seen, heard = self._pupil.learn(self._lessons.lesson(), done)
        share = max(0.02, 1 / (1 + self._pupil.steps))
        self._seen, self._heard = self._seen + share * (seen - self._seen), self._heard + share * (heard - self._heard)
        self.show(Now(done, self._pupil.steps, self._seen, self._heard, self.best))

    def _look(self) -> None:
        """Has the network examined, and keeps it if it is the best so far."""
        found = self._exam.look(SmallNet(self._pupil.folded(), PROCESSOR, quick(PROCESSOR)))
        if not self.best or score(found) > score(self.best):
            self.best = {**found, "steps": self._pupil.steps}
            kept.ship(self._folder, self._pupil.folded())

    def _keep(self) -> float:
        progress = {"steps": self._pupil.steps, "seconds": round(self.seconds), "best": self.best}
        kept.keep(self._folder, self._pupil, progress)
        return time.monotonic()


def score(found: dict[str, Any]) -> float:
    """One number for how good a network is: a dB of the mouth's picture weighs as much as 0.02 of correlation."""
    return float(found["mouth_psnr"] + 50 * found["openness_correlation"] + 20 * found.get("closure_rate", 0.0))
