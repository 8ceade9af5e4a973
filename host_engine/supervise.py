"""Keep a job running: whatever it raises, say it, wait a little longer each time, start it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from host_engine.alarms import Alarms

log = logging.getLogger(__name__)

EXPECTED = (OSError, TimeoutError, asyncio.IncompleteReadError)  # the world's faults, not ours: no traceback
FAILING = 3  # failures without health between them are an alarm
PATIENCE = 2.0  # seconds that a cancelled job gets to close what it has open

QUIET = 60.0, 3600.0  # seconds that a job which fails in one way says no more of it: at first, and at the longest

State = Literal["running", "waiting", "given up", "ended"]


class Job(NamedTuple):
    """What one job is doing. `since` is when it began to do so, UTC; `error` is the last thing that went wrong."""

    name: str
    state: State
    restarts: int
    error: str | None
    since: datetime


class Jobs:
    """The jobs of one channel, as /status shows them. A job that cannot keep running is an alarm.

    watched: jobs of whose troubles somebody else sounds the alarms, such as the outputs' monitor; it may change.
    """

    def __init__(
        self,
        alarms: Alarms,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        watched: Container[str] = (),
    ) -> None:
        self._alarms, self._now, self.watched = alarms, now, watched
        self._jobs: dict[str, Job] = {}

    @property
    def all(self) -> tuple[Job, ...]:
        """Every job that was ever started, in that order."""
        return tuple(self._jobs.values())

    def status(self) -> list[dict[str, Any]]:
        """All of them, for /status."""
        return [each._asdict() for each in self.all]

    def running(self, name: str) -> None:
        before = self._jobs.get(name)
        restarts = before.restarts + 1 if before else 0
        self._jobs[name] = Job(name, "running", restarts, before.error if before else None, self._now())
        self._alarms.clear(f"{name}/given-up")

    def healthy(self, name: str) -> None:
        self._alarms.clear(f"{name}/failing")

    def waiting(self, name: str, error: str, failures: int) -> None:
        self._put(name, "waiting", error)
        if failures >= FAILING and name not in self.watched:
            self._alarms.sound(f"{name}/failing", f"{name} failed {failures} times in a row; the last time: {error}")

    def given_up(self, name: str, error: str) -> None:
        self._put(name, "given up", error)
        self._alarms.clear(f"{name}/failing")
        if name not in self.watched:
            self._alarms.sound(f"{name}/given-up", f"{name} cannot work and is not tried again: {error}")

    def ended(self, name: str) -> None:
        if name not in self._jobs:  # ended before it had begun
            return
        self._put(name, "ended", self._jobs[name].error)
        self._alarms.clear(f"{name}/failing")

    def _put(self, name: str, state: State, error: str | None) -> None:
        self._jobs[name] = self._jobs[name]._replace(state=state, error=error, since=self._now())


class Repeats:
    """The same words again and again are said at once, a minute later, two, four, and in the end once an hour."""

    def __init__(self) -> None:
        self._said, self._until, self._quiet = "", 0.0, 0.0

    def new(self, said: str, now: float) -> bool:
        """Whether to say it at `now`, in seconds."""
        if said != self._said:
            self._said, self._quiet = said, 0.0
        elif now < self._until:
            return False
        self._quiet = min(QUIET[1], max(QUIET[0], 2 * self._quiet))
        self._until = now + self._quiet
        return True


async def supervise(
    name: str,
    job: Callable[[], Awaitable[None]],
    *,
    hopeless: tuple[type[Exception], ...] = (),
    first: float = 0.5,
    longest: float = 30.0,
    healthy: float = 60.0,
    jobs: Jobs | None = None,
) -> None:
    """Run `job` until it returns. A failure is retried after `first` seconds, then twice as long, up to `longest`.

    A run of more than `healthy` seconds counts as recovered: the next pause is `first` again. An error of a type in
    `hopeless` can never be cured by trying again: it is said once and the job rests for good. Cancelled, the job gets
    `PATIENCE` seconds to close what it has open, and is left behind if it does not end. `jobs` is told of all this.
    """
    jobs = jobs or Jobs(Alarms())
    pause, failures, repeats = first, 0, Repeats()
    loop = asyncio.get_running_loop()
    while True:
        jobs.running(name)
        started = loop.time()
        health = loop.call_later(healthy, jobs.healthy, name)
        try:
            await _attempt(name, job)
            jobs.ended(name)
            return
        except hopeless as error:
            log.error("%s cannot work and is not tried again: %s", name, error)
            jobs.given_up(name, str(error))
            return
        except Exception as error:
            if loop.time() - started > healthy:
                pause, failures, repeats = first, 0, Repeats()
            failures += 1
            said = str(error) or type(error).__name__
            if repeats.new(said, loop.time()):
                trace = not isinstance(error, EXPECTED)
                log.warning("%s stopped: %s; again in %.1f s", name, said, pause, exc_info=trace)
            jobs.waiting(name, said, failures)
        finally:
            health.cancel()
        await asyncio.sleep(pause)
        pause = min(longest, pause * 2)


async def _attempt(name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Run the job once, in a task of its own: one that will not be cancelled cannot hold up who cancels it."""

    async def run() -> None:
        await job()

    task = asyncio.create_task(run(), name=f"{name}: at work")
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        if not (await asyncio.wait([task], timeout=PATIENCE))[0]:
            log.warning("%s did not end within %g s and is left behind", name, PATIENCE)
        elif not task.cancelled() and (error := task.exception()):
            traceback = None if isinstance(error, EXPECTED) else error
            log.warning("%s did not end cleanly: %s", name, str(error) or type(error).__name__, exc_info=traceback)
        raise
    if task.cancelled():
        raise RuntimeError("it was cancelled by something inside it")
    task.result()
