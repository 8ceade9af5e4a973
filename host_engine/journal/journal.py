"""The journal of a channel: what is on air, kept for the next start, and the as-run log of all that was."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from host_engine.alarms import Alarm, Alarms
from host_engine.journal import row
from host_engine.journal.address import Address
from host_engine.journal.bookmark import Last
from host_engine.journal.mark import Mark, outline_checksum
from host_engine.journal.row import Entry
from host_engine.journal.writer import Writer
from host_engine.priority import stand_back
from host_engine.show.rundown import Place
from host_engine.show.utterance import Utterance

log = logging.getLogger(__name__)

QUEUE = 10_000  # entries that nobody has taken to the disk yet
PERIOD = 1.0  # seconds between two marks
PATIENCE = 3.0  # seconds for a database to answer
GOODBYE = 1.0  # seconds for the last rows
STEP = 2.0  # seconds by which a clock is set, rather than corrected


class Watched(Protocol):
    """Where the journal reads what is on air."""

    @property
    def n(self) -> int: ...
    @property
    def utterance(self) -> Utterance | None: ...
    @property
    def place(self) -> Place | None: ...
    def end(self) -> None: ...


class Journal:
    """`said` and `fact` put an entry into a bounded queue, and neither wait nor raise; `run` has it written.

    All work on disk and database is done by one thread. `begin` starts it, `last` asks it what was on air when the
    channel was on air last, `run` ends with everything written or put beside for the next start.
    """

    def __init__(
        self,
        address: Address,
        channel: str,
        alarms: Alarms,
        folder: Path,
        key: bytes = b"",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        fault: Callable[[], str | None] = lambda: None,
    ) -> None:
        """folder: where this machine keeps what waits for the database, and what is on air. fault: see `Writer`."""
        self.run_id = f"{now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        self.lost = 0
        self.history: Callable[[], Mapping[str, Any]] = dict  # of the show, kept with the place in it
        self._address, self._channel, self._now = address, channel, now
        self._writer = Writer(address, channel, folder, key, alarms, self.fact, fault)
        self._queue: deque[Entry] = deque()
        self._lock = threading.Lock()
        self._count = 0
        self._watched: Watched | None = None
        self._outline: tuple[str, ...] = ()
        self._checksum = 0
        self._wake: asyncio.Event | None = None
        self._offset = time.monotonic() - now().timestamp()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal", initializer=stand_back)
        self._opening: Future[Last | None] | None = None
        self._state = "opening"
        alarms.hooks.append(self._alarm)

    def begin(self) -> None:
        """Open the journal, on its thread; returns at once."""
        self._opening = self._thread.submit(self._writer.open)

    def last(self, seconds: float = 2.0) -> Last | None:
        """What was on air last, or None where nothing is known of it. Blocks, not longer than so many seconds."""
        if self._opening is None:
            self.begin()
        assert self._opening
        try:
            found = self._opening.result(seconds)
        except TooLate:
            self.fact("journal", f"The journal {self._address.shown} did not answer in {seconds:g} s at the start.")
            found = self._writer.bookmarked
        except Exception:
            log.exception("the journal could not be opened; the show begins with its first line")
            return None
        if found and found.mark.run != self.run_id:
            self._take_up(found.mark)
        return found

    def watch(self, report: Watched, outline: Sequence[str]) -> None:
        """Mark once a second what this report says to be on air, in a show of that outline."""
        self._watched, self._outline = report, tuple(outline)
        self._checksum = outline_checksum(outline)

    def said(self, utterance: Utterance) -> None:
        """An utterance has gone off the air. On the event loop."""
        self._put(lambda id: row.utterance(id, self.run_id, utterance))

    def changed(self) -> None:
        """Something else is on air now: it is marked at once. On the event loop."""
        if self._wake:
            self._wake.set()

    def fact(self, kind: str, text: str, **details: Any) -> None:
        """Something else that the as-run log should tell: of which kind, and a sentence. From any thread."""
        frame = self._watched.n if self._watched else -1
        self._put(lambda id: row.fact(id, self.run_id, kind, text, frame, self._now(), details))

    async def run(self) -> None:
        """Write what comes, until cancelled. Then what is on air is cut, and everything is written and closed."""
        self._wake = asyncio.Event()
        if self._opening is None:
            self.begin()
        self._state = "open"
        try:
            while True:
                await self._flush(PATIENCE)
                try:
                    async with asyncio.timeout(PERIOD):
                        await self._wake.wait()
                except TimeoutError:
                    self._look_at_the_clock()
                self._wake.clear()
        except asyncio.CancelledError:
            await self._finish()
            raise

    def status(self) -> dict[str, Any]:
        """For /status: the state, where it is, the rows in the chain and its last hash, and what waits."""
        writer = self._writer
        store, trouble = writer.store, writer.trouble
        return {
            "state": trouble.alarm if trouble else self._state,
            "where": self._address.shown,
            "run": self.run_id,
            "rows": store.head.count if store else None,
            "head": store.head.hash if store else None,
            "waiting": len(self._queue) + len(writer.waiting),
            "lost": self.lost + writer.waiting.lost,
        }

    def close(self) -> None:
        """End the thread; for where `run` was never begun. Harmless after it."""
        if self._state != "closed":
            self._state = "closed"
            self._thread.submit(self._writer.close)
            self._writer.hang_up()
            self._thread.shutdown(wait=False)

    def _put(self, make: Callable[[str], Entry]) -> None:
        try:
            with self._lock:
                self._count += 1
                if len(self._queue) >= QUEUE:
                    self.lost += 1
                    return
                self._queue.append(make(f"{self.run_id}-{self._count}"))
        except Exception:
            log.exception("a row of the as-run log could not be made")

    def _take_up(self, mark: Mark) -> None:
        """What an earlier run could not write any more, as it was killed."""
        if mark.on_air is not None and not mark.closed:
            killed: Entry = {**mark.on_air, "id": f"{mark.run}-killed"}
            self._put(lambda id: killed)
        if not mark.closed:
            text = f"The engine had been killed: its last mark is of {mark.at}, frame {mark.frame}."
            self.fact("recovery", text, run=mark.run, frame=mark.frame, at=mark.at)

    def _mark(self, closed: bool = False) -> Mark | None:
        if self._watched is None:
            return None
        said = self._watched.utterance
        on_air = row.utterance("", self.run_id, replace(said, cut="kill")) if said and not closed else None
        at = row.stamp(self._now())
        place, history = self._watched.place, self.history()
        return Mark(self.run_id, at, self._watched.n, place, on_air, self._checksum, closed, history=history)

    async def _flush(self, patience: float, closed: bool = False) -> None:
        """Have the thread write the queue and a mark. A database that does not answer for that long is hung up on."""
        loop = asyncio.get_running_loop()
        writing = loop.run_in_executor(self._thread, self._write, self._mark(closed))
        started = time.monotonic()
        while not writing.done():
            await asyncio.wait({writing}, timeout=patience)
            if not writing.done() and time.monotonic() - started >= patience:
                self._writer.hang_up()
                if closed:
                    await asyncio.wait({writing}, timeout=0.5)
                    break
        if writing.done():
            writing.result()

    def _write(self, mark: Mark | None) -> None:
        """On the journal's thread."""
        with self._lock:
            entries, lost = list(self._queue), self.lost
        self._writer.write(entries, mark, self._outline)
        for _ in entries:
            self._queue.popleft()
        if lost:
            self.lost -= lost
            self.fact("lost", f"{lost} rows came faster than they could be kept, and are lost.")

    async def _finish(self) -> None:
        if self._watched:
            self._watched.end()
        self.fact("stop", "The channel goes off air in order.")
        try:
            await self._flush(GOODBYE, closed=True)
        except Exception:
            log.exception("the last rows of the as-run log could not be written")
        closing = asyncio.get_running_loop().run_in_executor(self._thread, self._writer.close)
        await asyncio.wait({closing}, timeout=0.5)
        self.close()

    def _look_at_the_clock(self) -> None:
        """A clock that was set is a fact: the times of the rows jump there, their order does not."""
        now = self._now()
        offset = time.monotonic() - now.timestamp()
        moved, self._offset = self._offset - offset, offset
        if abs(moved) >= STEP:
            before = row.stamp(now - timedelta(seconds=moved))
            way = "forward" if moved > 0 else "back"
            text = f"The machine's clock was set {way} by {abs(moved):.1f} s; before, it would show {before} now."
            self.fact("clock", text, seconds=round(moved, 1))
            log.warning("%s", text)

    def _alarm(self, alarm: Alarm) -> None:
        over = " is over" if alarm.over else ""
        self.fact("alarm", f"{alarm.name}{over}: {alarm.text}", alarm=alarm.name, over=alarm.over)
