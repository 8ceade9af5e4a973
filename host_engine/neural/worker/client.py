"""`Lips` of a worker in another process: found again when it was away, with the avatars settled anew."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Any

from host_engine.media import Picture
from host_engine.neural.net import NetError
from host_engine.neural.order import Missed, Order, Resident
from host_engine.neural.worker.line import Line, Owed
from host_engine.neural.worker.nets import Wanted
from host_engine.neural.worker.residents import Residents
from host_engine.neural.worker.wire import Kind, WireError

FIRST, MOST = 0.1, 2.0  # seconds between two tries to find the worker
LOOK = 0.1  # seconds between two looks at what is overdue
ASKED = 1.0  # seconds between two questions for the worker's status
OVERDUE = 0.05  # seconds after its deadline at which an order counts as missed here
SILENCE = 5.0  # seconds without a word after which the worker is left
SETTLING = 30.0  # seconds that settling may take before it goes on by itself

log = logging.getLogger(__name__)


class SharedLips:
    """Answers every order, whatever becomes of the worker: while it is away each one is `Missed` at once.

    Nothing but `settle` waits. A worker that says nothing for `SILENCE` seconds, though it is asked for its status each
    second, is left and looked for again. Safe from any thread.
    """

    def __init__(self, path: Path, wanted: Wanted, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._wanted, self._clock = path, wanted, clock
        self._residents = Residents()
        self._refused: dict[int, str] = {}
        self._line: Line | None = None
        self._why = f"the shared worker at {path} has not been found yet"
        self._theirs: dict[str, Any] = {}
        self._orders = self._done = self._missed = 0
        self._changed = threading.Condition()  # the line, and what is settled on it
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="shared lips", daemon=True)
        self._thread.start()

    def settle(self, resident: Resident) -> int:
        """As in `Lips`; waits until the worker has it, where one is there. Raises NetError where it refuses it."""
        number, _ = self._residents.settle(resident)
        line = self._line
        if line:
            with contextlib.suppress(OSError):
                line.settle(number, resident)
            with self._changed:
                self._changed.wait_for(lambda: self._line is not line or self._answered(line, number), SETTLING)
                why = self._refused.pop(number, None)
            if why is not None:
                self._residents.leave(number)
                raise NetError(why)
        return number

    def leave(self, avatar: int) -> None:
        line = self._line
        if self._residents.leave(avatar) and line:
            with contextlib.suppress(OSError):
                line.leave(avatar)

    def order(self, order: Order) -> Future[Picture]:
        future: Future[Picture] = Future()
        future.set_running_or_notify_cancel()
        self._orders += 1
        line = self._line
        try:
            why = line.ask(order, future) if line else self._why
        except OSError as error:
            why = f"the shared worker cannot be reached: {error.strerror}"
        if why is not None:
            self._miss(future, why)
        return future

    def status(self) -> dict[str, Any]:
        """As `Worker.status`, of the worker when it was last asked; and `here`: what this channel knows itself."""
        line = self._line
        here = {"path": str(self._path), "connected": line is not None, "worker": line.pid if line else None}
        here |= {"orders": self._orders, "done": self._done, "missed": self._missed}
        here["waiting"] = len(line.owed()) if line else 0
        return (self._theirs if line else {"rung": "away", "why": self._why}) | {"here": here}

    def ready(self, seconds: float) -> bool:
        """Wait until a worker is there; for starts and tests."""
        with self._changed:
            return self._changed.wait_for(lambda: self._line is not None, seconds)

    def close(self) -> None:
        self._over.set()
        self._lose(self._line, "the channel ends")
        self._thread.join(2.0)

    def _answered(self, line: Line, number: int) -> bool:
        return number in line.settled or number in self._refused

    def _run(self) -> None:
        """Find the worker, hear it until it is lost, and again."""
        pause = FIRST
        while not self._over.is_set():
            line: Line | None = None
            try:
                line = self._found()
                pause = FIRST
                self._hear(line)
                why = "the channel ends"
            except EOFError:
                why = "the shared worker has ended"
            except (OSError, WireError) as error:
                why = f"the shared worker at {self._path} cannot be used: {error}"
            except Exception as error:
                why = f"the shared worker was misunderstood: {error}"
                log.exception(why)
            self._lose(line, why)
            self._over.wait(pause)
            pause = min(MOST, pause * 2)

    def _found(self) -> Line:
        """A line to the worker, on which all avatars have been sent."""
        line = Line(self._path, self._wanted)
        log.info("lips come from the shared worker at %s, process %d", self._path, line.pid)
        with self._changed:
            self._line = line
            self._changed.notify_all()
        for number, resident in self._residents.all().items():
            line.settle(number, resident)
        return line

    def _hear(self, line: Line) -> None:
        """Until it is lost, or silent."""
        line.socket.settimeout(LOOK)
        heard = looked = self._clock()
        asked = 0.0
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                self._take(line, *line.hear())
                heard = self._clock()
            now = self._clock()
            if now - looked >= LOOK:
                looked = now
                self._sweep(line, now)
            if now - asked >= ASKED:
                asked = now
                line.ask_status()
            if now - heard > SILENCE:
                raise WireError(f"it has said nothing for {SILENCE:g} s")

    def _take(self, line: Line, kind: int, what: Any) -> None:
        if kind in (Kind.DONE, Kind.MISSED):
            number, why = what
            if (answered := line.answered(number, kind == Kind.DONE)) is not None:
                self._hand(*answered, why)
        elif kind == Kind.STATUS:
            self._theirs = what["status"]
        elif kind in (Kind.SETTLED, Kind.REFUSED) and "avatar" in what:
            with self._changed:
                if kind == Kind.SETTLED:
                    line.settled.add(int(what["avatar"]))
                else:
                    self._refused[int(what["avatar"])] = str(what["why"])
                    log.error("the shared worker does not take an avatar: %s", what["why"])
                self._changed.notify_all()
        else:
            raise WireError(str(what.get("why", f"a packet of kind {kind} has no place here")))

    def _hand(self, owed: Owed, picture: Picture | None, why: str) -> None:
        if picture is None or self._clock() > owed.deadline:
            self._miss(owed.future, why or "the lips came too late")
            return
        with contextlib.suppress(InvalidStateError):  # it was overdue
            owed.future.set_result(picture)
            self._done += 1

    def _miss(self, future: Future[Picture], why: str) -> None:
        with contextlib.suppress(InvalidStateError):
            future.set_exception(Missed(why))
            self._missed += 1

    def _sweep(self, line: Line, now: float) -> None:
        """Answer what is overdue; its place stays the worker's."""
        for owed in line.owed():
            if now > owed.deadline + OVERDUE and not owed.future.done():
                self._miss(owed.future, "the shared worker did not answer in time")

    def _lose(self, line: Line | None, why: str) -> None:
        """The line is of no use any more."""
        with self._changed:
            if why != self._why and not self._over.is_set():
                log.warning("lips are away: %s", why)
            self._why, self._line, self._theirs = why, None, {}
            self._changed.notify_all()
        for owed in line.close() if line else ():
            self._miss(owed.future, why)
