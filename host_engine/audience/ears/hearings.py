"""Utterances that wait to be transcribed, the one that is, and what became of the others."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field

from host_engine.audience.ears.heard import Heard
from host_engine.audience.transcript import DeafError, Heard16

WAITING = 6  # utterances
PATIENCE = 25.0  # seconds that one waits for its words at most

Said = tuple[Heard, str, float]
"""What was heard, by which recogniser, in how many seconds."""


class EarsBusy(DeafError):
    """So many wait already that this one is not taken; the sentence asks to come again."""


@dataclass(eq=False)
class Job:
    """One utterance, and where its words are awaited."""

    number: int
    samples: Heard16
    language: str | None
    done: asyncio.Future[Said] = field(repr=False)


class Hearings:
    """One at a time, oldest first; at most `waiting` wait. Whoever no longer awaits an answer is passed over."""

    def __init__(self, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._most = waiting
        self._waiting: deque[Job] = deque()
        self.current: Job | None = None
        self._numbers = 0
        self._counts: Counter[str] = Counter()

    def add(self, samples: Heard16, language: str | None) -> Job:
        """Raises EarsBusy."""
        if len(self._waiting) >= self._most:
            self._counts["busy"] += 1
            raise EarsBusy("many people are asking aloud; please ask again in a moment, or write")
        self._numbers += 1
        job = Job(self._numbers, samples, language, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        return job

    def next(self) -> Job | None:
        """The one to be transcribed now; None while one is, and when none waits."""
        if self.current is not None or not self._waiting:
            return None
        self.current = self._waiting.popleft()
        return self.current

    def finish(self, number: int) -> Job | None:
        """The job of that number is done; None where it is not the one at work."""
        if self.current is None or self.current.number != number:
            return None
        job, self.current = self.current, None
        return job

    def forget(self, job: Job) -> None:
        """Nobody awaits it any more. One that is being transcribed goes on to be, as the worker cannot be stopped."""
        if job in self._waiting:
            self._waiting.remove(job)

    def lose(self, why: str) -> None:
        """The worker is gone, and with it what it was at work on."""
        job, self.current = self.current, None
        if job is not None and not job.done.done():
            self._counts["lost"] += 1
            job.done.set_exception(DeafError(f"this was not understood ({why}); please ask again, or write"))

    def count(self, refused: str) -> None:
        """An utterance was transcribed, and refused for a reason or (with "") not."""
        self._counts[f"refused {refused}" if refused else "heard"] += 1

    def status(self) -> dict[str, object]:
        refused = {key.removeprefix("refused "): n for key, n in self._counts.items() if key.startswith("refused ")}
        counts = {key: self._counts[key] for key in ("heard", "busy", "lost")}
        return {"waiting": len(self._waiting) + (self.current is not None), **counts, "refused": refused}
