"""The sessions of one target: at which address, for how long, and what happens when its server does not want them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from host_engine.outputs.borders import Borders
from host_engine.outputs.pauses import Pauses
from host_engine.outputs.refusal import Refused, Rejected
from host_engine.outputs.source import Source

log = logging.getLogger(__name__)

LOOK = 0.04  # seconds between two looks for the end of a line: a frame
GLANCE = 0.2  # the same, for what is not so exact
LATEST = 30.0  # seconds after its time at which a session ends without the end of a line
GOODBYE = 1.8  # seconds that a session gets to end in; whoever cancels all of this waits 2
ASK = 15.0, 600.0  # seconds until the first address is looked at again, at first and at most
SHORT = 10.0  # seconds: a session that was longer was lost, and is worth another try at the same address


class Publisher(Protocol):
    """One address of a target, spoken to as its kind wants it.

    `run()` is one session. It ends with Refused where trying again is no use (an address that is none), with Rejected
    where the server says no, with ConnectionError for all else; each holds a sentence. Cancelled, it says goodbye
    within `GOODBYE`. state: "waiting", "connecting", "live" or "refused"; sessions: how many times it went live; lead,
    apart: see `departures.Watched`.
    """

    state: str
    error: str | None
    last_error: str | None
    sessions: int
    lead: tuple[int, int]
    apart: int

    @property
    def dropped(self) -> int: ...

    @property
    def unsent(self) -> int: ...

    async def run(self) -> None: ...

    async def reachable(self) -> bool:
        """Whether somebody answers at the address; no session is begun."""

    async def hold(self) -> None:
        """Take a place in the stream and wait for its first key frame: the next session begins there, so that nothing
        is lost between the two. Where an old picture is worth nothing this does nothing."""

    def report(self) -> dict[str, Any]: ...


class Sessions:
    """One target, as the rest of the engine sees it. `run()` belongs under `supervise`.

    The second address is used while the first one cannot be, and left again at the end of a line when the first one
    answers. `rotate`: about so many seconds after it began a session is ended, at the end of a line too, and the next
    one begins at once. A server that refuses is asked again: keys become valid, and broadcasts are opened.
    """

    def __init__(
        self,
        name: str,
        publishers: Sequence[Publisher],
        source: Source,
        borders: Borders,
        *,
        rotate: float | None = None,
        trouble: Callable[[str | None], None] = lambda text: None,
    ) -> None:
        """publishers: of the first address, and of the second one where there is one. `trouble` is told a sentence
        while the second one is used, and None when that is over."""
        self.name, self.source = name, source
        self.rotations = 0
        self._publishers, self._borders = tuple(publishers), borders
        self._rotate, self._trouble = rotate, trouble
        self._now = self._publishers[0]
        self._rejected: str | None = None
        self._instead: str | None = None  # why the second address is used
        self._ask = ASK[0]

    def __repr__(self) -> str:
        return f"Sessions({self.name!r}, {self.state})"

    @property
    def state(self) -> str:
        """As of a `Publisher`; "refused" until a server that had refused lets us in."""
        state = self._now.state
        return "refused" if self._rejected and state != "live" else state

    @property
    def error(self) -> str | None:
        """What is wrong now, even though all may go well at the second address."""
        if self._now.state == "live":
            return self._instead
        return self._rejected or self._now.error

    @property
    def last_error(self) -> str | None:
        """Why the last session ended or did not begin."""
        return self._now.last_error or self._publishers[0].last_error

    @property
    def dropped(self) -> int:
        return sum(each.dropped for each in self._publishers)

    @property
    def sessions(self) -> int:
        return sum(each.sessions for each in self._publishers)

    @property
    def unsent(self) -> int:
        return self._now.unsent

    @property
    def lead(self) -> tuple[int, int]:
        """As in `departures.Watched`, as is `apart`."""
        return self._now.lead

    @property
    def apart(self) -> int:
        return self._now.apart

    @property
    def _at_first(self) -> bool:
        return self._now is self._publishers[0]

    def report(self) -> dict[str, Any]:
        """What there is to know about its sessions, for the status."""
        reports, source = [each.report() for each in self._publishers], self.source
        return {
            **self._now.report(),
            "bytes": sum(each["bytes"] for each in reports),
            "reconnects": max(0, self.sessions - 1 - self.rotations),
            "last_error": self.last_error,
            **({"rotations": self.rotations} if self._rotate else {}),
            **({"address": "first" if self._at_first else "second"} if len(reports) > 1 else {}),
            **({"delay_s": source.delay} if source.delay else {}),
            **({"rendition": source.about} if source.about else {}),
        }

    async def run(self) -> None:
        """Publish until no address can be reached, or until cancelled. Raises Refused and ConnectionError."""
        pauses = Pauses()
        try:
            await until(lambda: self.source.begun)
            while True:
                before = self.sessions
                try:
                    return await self._anywhere()
                except Rejected as error:
                    pauses = Pauses() if self.sessions > before else pauses
                    self._rejected = str(error)
                pause = pauses.next()
                log.warning("%s is refused: %s; again in %.0f s", self.name, self._rejected, pause)
                await asyncio.sleep(pause)
        finally:
            self._trouble(None)

    async def _anywhere(self) -> None:
        """At the first address, or else at the second. Raises what the first one did where neither will have us."""
        first, *others = self._publishers
        now = asyncio.get_running_loop().time
        while True:
            began = now()
            try:
                return await self._attend(first)
            except (Rejected, ConnectionError) as error:
                if not others:
                    raise
                if now() - began < SHORT and not await self._at_second(others[0], error):
                    raise

    async def _at_second(self, second: Publisher, error: Exception) -> bool:
        """Publish there until the first address answers again: True. False where the second one fails as well."""
        self._instead = f"the first address cannot be used ({error}), and the second one is"
        try:
            await self._attend(second)
        except (Refused, ConnectionError) as also:
            log.warning("%s: the second address as well: %s", self.name, also)
            return False
        finally:
            self._now, self._instead = self._publishers[0], None
            self._trouble(None)
        self._ask = min(ASK[1], 2 * self._ask)  # until the first one has proved itself
        log.info("%s: the first address answers again", self.name)
        return True

    async def _attend(self, publisher: Publisher) -> None:
        """Session after session at one address, until one fails, or until the first address can be used instead."""
        self._now = publisher
        while True:
            session = asyncio.ensure_future(publisher.run())
            end = asyncio.ensure_future(self._end(publisher))
            try:
                await asyncio.wait((session, end), return_when=asyncio.FIRST_COMPLETED)
                if session.done():
                    return session.result()
                if end.result():
                    return None
            finally:
                await _finish(session, end)
            self.rotations += 1

    async def _end(self, publisher: Publisher) -> bool:
        """Wait until the session is to end, and have the next one's place held; whether the first address has it."""
        await until(lambda: publisher.state == "live")
        self._rejected = None
        waits = [asyncio.ensure_future(self._rotation())]
        if self._at_first:
            reset = asyncio.get_running_loop().call_later(SHORT, self._prove)
        else:
            self._trouble(self._instead)
            waits.append(asyncio.ensure_future(self._first_answers()))
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            back = waits[0] not in done
            await self._border()
            await (self._publishers[0] if back else publisher).hold()
            return back
        finally:
            if self._at_first:
                reset.cancel()
            for wait in waits:
                wait.cancel()

    def _prove(self) -> None:
        self._ask = ASK[0]

    async def _rotation(self) -> None:
        if self._rotate is None:
            await asyncio.Event().wait()
        else:
            await asyncio.sleep(self._rotate)

    async def _first_answers(self) -> None:
        while True:
            await asyncio.sleep(self._ask)
            if await self._publishers[0].reachable():
                return

    async def _border(self) -> None:
        """Wait for the end of a line in the stream that is sent, which may be one of some minutes ago."""
        fanout = self.source.fanout
        begun = fanout.n
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATEST):
                await until(lambda: self._borders.between(begun, fanout.n), LOOK)


async def until(condition: Callable[[], bool], pause: float = GLANCE) -> None:
    """Look for it again and again."""
    while True:
        if condition():
            return
        await asyncio.sleep(pause)


async def _finish(*tasks: asyncio.Task[Any]) -> None:
    """End these tasks, whatever they still raise."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=GOODBYE)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()
