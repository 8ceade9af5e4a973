"""A chat kept alive: connected anew when it drops, falls silent or lags, and all of that told."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from typing import Any

from host_engine.alarms import Alarms
from host_engine.audience.message import Message
from host_engine.audience.source import Heard, Source, SourceError
from host_engine.audience.sources.contact import Contact
from host_engine.audience.sources.intake import Intake, harmless
from host_engine.audience.sources.lag import FRESH, Lag
from host_engine.audience.sources.replies import Replies
from host_engine.audience.sources.seen import Seen
from host_engine.audience.sources.session import Session

log = logging.getLogger(__name__)

FIRST, LONGEST = 0.5, 30.0  # seconds between two tries
HEALTHY = 60.0  # seconds that a chat was heard after which the next pause is the first again
LOOK = 5.0  # seconds between two looks at silence and lag
LATE = 20.0  # seconds of lag that are too many, where a source names none
SELDOM = 300.0  # seconds between two reconnections for lag: where it stays, the platform is slow, not the line
GOODBYE = 2.0  # seconds that a source gets to close what it has open

Take = Callable[[Heard, str], object]


class Watch:
    """One chat. `run()` ends only when it is cancelled, or when the chat said that no further try will help.

    Pauses double from 0.5 to 30 s, each a little longer or shorter by chance, so that many channels do not come back at
    one instant. `take` gets each message once, on the loop: what a chat repeats after a reconnection is dropped by its
    id, what it floods beyond all reading too. `wall` gives UNIX seconds, `chance` a number from 0 to 1.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        source: Source,
        take: Take,
        alarms: Alarms,
        *,
        wall: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name, self.kind = name, kind
        self.messages = self.repeated = self.nonsense = 0
        self.contact = Contact(name, kind, alarms, wall)
        self.replies = Replies(name, source, alarms)
        self._source, self._alarms, self._wall, self._chance = source, alarms, wall, chance
        self._intake = Intake(name, lambda heard: take(heard, name))
        self._seen, self._lag = Seen(), Lag()
        self._epoch = 0.0  # UNIX seconds at the loop's zero: our clock may be set meanwhile, the loop's may not
        self._hurried = float("-inf")  # when it was last connected anew for its lag

    def reply(self, message: Message, text: str) -> None:
        """Answer in writing, as soon as the platform allows."""
        self.replies.offer(message, text)

    def status(self) -> dict[str, Any]:
        """For /status."""
        lag = self._lag.seconds(self._epoch + asyncio.get_running_loop().time())
        return {
            "name": self.name,
            "kind": self.kind,
            **self.contact.status(),
            "lag_s": None if lag is None else round(lag, 1),
            "messages": self.messages,
            "repeated": self.repeated,
            "dropped": self._intake.dropped,
            "nonsense": self.nonsense,
            "reconnects": max(0, self.contact.sessions - 1),
            "replies": self.replies.status(),
        }

    async def run(self) -> None:
        self._epoch = self._wall() - asyncio.get_running_loop().time()
        beside = [asyncio.create_task(each) for each in (self._intake.run(), self.replies.run())]
        try:
            await self._stay()
        finally:
            self.contact.closed()
            self.replies.connected(False)
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _stay(self) -> None:
        pause, now = FIRST, asyncio.get_running_loop().time
        while True:
            session = Session(self._heard, self._alive)
            self.contact.connecting()
            try:
                await self._listen(session)
                error = SourceError("the connection ended")
            except SourceError as raised:
                error = raised
            except Exception as raised:
                if not isinstance(raised, OSError | EOFError):  # those are the world's faults, not ours
                    log.warning("chat %s stopped", self.name, exc_info=raised)
                error = SourceError(str(raised) or type(raised).__name__)
            self.replies.connected(False)
            if error.final:
                self.contact.refused(str(error), session.silent)
                return
            if session.lived and now() - session.began > HEALTHY:
                pause = FIRST
            again = max(error.wait, pause * (0.8 + 0.4 * self._chance()))
            self.contact.lost(str(error), session.silent, again)
            await asyncio.sleep(again)
            pause = min(LONGEST, pause * 2)

    async def _listen(self, session: Session) -> None:
        """One connection, until it is over. Raises what the source raises, SourceError for silence and lag."""
        self._lag.anew()
        task = asyncio.ensure_future(self._source.run(session.tell, session.alive))
        try:
            while not task.done():
                left = self._source.quiet - session.silent
                if left <= 0:
                    raise SourceError(f"there was no sign of life for {self._source.quiet:g} s")
                self._judge_lag(session)
                await asyncio.wait([task], timeout=min(left, LOOK))
            if task.cancelled():
                raise SourceError("it was cancelled by something inside it")
            task.result()
        finally:
            session.close()
            await self._end(task)

    async def _end(self, task: asyncio.Future[None]) -> None:
        """A source that will not end cannot hold up the next try."""
        if not task.done():
            task.cancel()
            if not (await asyncio.wait([task], timeout=GOODBYE))[0]:
                log.warning("chat %s did not end within %g s and is left behind", self.name, GOODBYE)
                return
        if not task.cancelled():
            task.exception()  # it was told already, or came of the end

    def _judge_lag(self, session: Session) -> None:
        now = asyncio.get_running_loop().time()
        lag, late = self._lag.seconds(self._epoch + now), getattr(self._source, "late", LATE)
        if lag is None and now - session.began < FRESH:  # what was known of the connection before still holds
            return
        much = lag is not None and lag > late
        said = f"the chat '{self.name}' ({self.kind}) is heard {lag or 0:.0f} s late"
        self._alarms.check(f"chat/{self.name}/lagging", said if much else None)
        if much and now - self._hurried > SELDOM:
            self._hurried = now
            raise SourceError(f"its messages come {lag:.0f} s late")

    def _alive(self) -> None:
        self.contact.live()
        self.replies.connected(True)

    def _heard(self, heard: Heard) -> None:
        kept = harmless(heard)
        if kept is None:
            if not self.nonsense:
                log.warning("chat %s: what was told is no message: %s", self.name, type(heard).__name__)
            self.nonsense += 1
        elif self._seen.again(kept.id):
            self.repeated += 1
        else:
            self.messages += 1
            if kept.sent is not None:
                self._lag.hear(kept.sent, self._epoch + asyncio.get_running_loop().time())
            self._intake.put(kept)
