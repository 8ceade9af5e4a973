"""The take-over: an operator speaks in the host's place, at once, and hands back to the interrupted sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from host_engine.access.who import Audit, Who
from host_engine.host.deadline import DaemonThreads
from host_engine.media import Format
from host_engine.outputs.offer import MAX_BYTES as LONGEST_OFFER
from host_engine.outputs.offer import Refused
from host_engine.playout.ahead import Ahead
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Playout
from host_engine.show.rundown import Line
from host_engine.takeover.connection import Kind
from host_engine.takeover.prompter import Prompter
from host_engine.takeover.session import Session, make_session
from host_engine.takeover.wording import line_of

__all__ = ["LONGEST_OFFER", "Air", "Refused", "Takeover"]

log = logging.getLogger(__name__)

PACE, BURST = 1.0, 5.0  # offers answered a second, and at once after a pause: each costs the loop some milliseconds
LOOK = 0.1  # seconds between two looks at who is there
LONGEST = 4 * 3600.0  # seconds


@dataclass(frozen=True)
class Air:
    """What a take-over acts upon."""

    format: Format
    playout: Playout | Ahead
    operator: Lane
    rundown: Lane
    language: Callable[[], str]  # of the catalog in force
    camera_size: Callable[[], tuple[int, int]]
    expect: Callable[[Line], None] = lambda line: None  # has what a line shows drawn ahead
    muted: Callable[[], bool] = lambda: False


def nothing(what: str, **data: Any) -> None:
    """Nobody is told."""


def unkept(who: Who, action: str, outcome: str = "done", **facts: object) -> None:
    """Nothing is kept."""


class Takeover:
    """One human at a time. The line on air is cut at the frame at which the voice is there, and said anew when the
    human hands back, vanishes, or is cut by a take, a skip or a mute. Everything is on the event loop.

    Another connection of the same operator takes the place of the one before without a gap, once it is heard.
    """

    def __init__(
        self,
        air: Air,
        tell: Callable[..., object] = nothing,
        audit: Audit = unkept,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        cameras: bool = True,
        longest: float = LONGEST,
    ) -> None:
        """`tell` is told of happenings, `audit` keeps who did what. `longest`: seconds of one take-over."""
        self._air, self._tell, self._audit, self._now = air, tell, audit, now
        self._cameras, self._longest = cameras, longest
        self.prompter = Prompter(air.rundown)
        self._coming: Session | None = None  # answered, and not heard yet
        self._here: Session | None = None
        self._number = 0
        self._camera: str | None = None  # how it was when somebody looked last
        self._credit, self._asked = BURST, 0.0
        self._threads: tuple[DaemonThreads, DaemonThreads] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    # --- what is so ---

    @property
    def who(self) -> Who | None:
        """Who has the show, or is about to."""
        session = self._here or self._coming
        return session.who if session else None

    def state(self) -> dict[str, Any]:
        """{active, who, kind, since, on_air, level (dB), lost_ms, pauses, camera}; `active` alone where nobody is."""
        session = self._here or self._coming
        return {"active": session is not None, **(session.status() if session else {})}

    def status(self) -> dict[str, Any]:
        """For /status, which anybody may read: no names."""
        return {"active": self._here is not None, "kind": self._here.kind if self._here else None}

    def prompt(self) -> list[str]:
        """What would be said next, sentence by sentence."""
        return [line.text for line in self.prompter.lines]

    # --- what is ordered ---

    async def begin(self, who: Who, sdp: str, kind: Kind = "voice", take: bool = False) -> str:
        """Let an operator's browser in: the SDP answer to its offer. On air as soon as it is heard.

        `take`: from whoever has the show now, which an admin may. Raises Refused, a ValueError with an HTTP `status`.
        """
        try:
            self._let_in(who, kind, take)
            session = self._session(who, kind)
            before, self._coming = self._coming, session
            if before is not None:
                self._end(before, f"{who.name} took the place.", who)
            return await self._answered(session, sdp)
        except Refused as refused:
            self._audit(who, "takeover", str(refused), kind=kind)
            raise

    def end(self, who: Who) -> dict[str, Any]:
        """Hand back to the host. Raises Refused (409) where somebody else has the show, unless `who` is an admin."""
        session = self._here or self._coming
        if session is not None and session.who.name != who.name and not who.may("admin"):
            said = f"{session.who.name} has the show; only they or an admin can hand it back."
            self._audit(who, "takeover/end", said)
            raise Refused(said, 409)
        for each in (self._here, self._coming):
            if each is not None:
                self._end(each, "Handed back.", who)
        return self.state()

    def next(self, who: Who, expect: str | None = None) -> dict[str, Any]:
        """The first line of the prompter was said by the human. The lines that follow. Raises Refused."""
        if self._here is None:
            raise Refused("Nobody speaks in the host's place, so the host says her lines herself.", 409)
        try:
            line = self.prompter.next(expect)
        except LookupError as stale:
            raise Refused(str(stale.args[0]), 409) from stale
        if line is not None:
            self._audit(who, "takeover/next", line=line.id)
            self._tell("takeover", state="next", by=who.name, line=line.id)
        return {"lines": self.prompter.listed()}

    # --- what happens ---

    async def run(self) -> None:
        """Look after who is there, until cancelled; then everybody is let go."""
        try:
            while True:
                self.look()
                await asyncio.sleep(LOOK)
        finally:
            for each in (self._here, self._coming):
                if each is not None:
                    self._end(each, "The channel goes off air.")
            if self._closing:
                await asyncio.wait(self._closing, timeout=1.0)
            for threads in self._threads or ():
                threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def look(self) -> None:
        """Let go of whoever has vanished, was cut, or has been here too long."""
        loop = asyncio.get_running_loop()
        for session in (self._here, self._coming):
            if session is None:
                continue
            why = session.trouble()
            if why is None and loop.time() - session.began > self._longest:
                why = f"A take-over lasts {self._longest / 60:g} minutes at most."
            if why:
                self._end(session, why)
            elif session is self._here:
                self._tell_of_camera(session)

    def _let_in(self, who: Who, kind: Kind, take: bool) -> None:
        now = asyncio.get_running_loop().time()
        self._credit = min(BURST, self._credit + (now - self._asked) * PACE)
        self._asked = now
        if self._credit < 1:
            raise Refused("Too many tries to take over at once. Please try again in a moment.", 429)
        self._credit -= 1
        if kind == "camera" and not self._cameras:
            raise Refused("This channel shows no operator's camera (operator.takeover.camera is false).", 409)
        if self._air.muted():
            raise Refused("The channel is muted; end the mute first.", 409)
        holder = next((each.who for each in (self._here, self._coming) if each and each.who.name != who.name), None)
        if holder is None or (take and who.may("admin")):
            return
        how = "; as an admin you can take it with take=true" if who.may("admin") else "; an admin can take it from them"
        raise Refused(f"{holder.name} has the show{how}.", 409)

    def _session(self, who: Who, kind: Kind) -> Session:
        if self._threads is None:
            self._threads = DaemonThreads(1, "operator voice", background=False), DaemonThreads(1, "operator camera")
        air, size = self._air, self._air.camera_size()
        return make_session(who, kind, self._now(), air.format, self._threads, size, self._go_on_air, self._left)

    async def _answered(self, session: Session, sdp: str) -> str:
        try:
            return await session.answer(sdp)
        except BaseException as error:
            if self._coming is session:
                self._coming = None
            session.over = str(error) or "refused"
            self._close(session)
            raise

    def _go_on_air(self, session: Session) -> None:
        """Enough of the voice is there: with the next frame it is on air."""
        if session.over or self._coming is not session:
            return
        air, before = self._air, self._here
        on_air = air.playout.now
        self._number += 1
        line = line_of(self._number, air.language(), on_air.line)
        relay = session.go_on_air(line, lambda: self.prompter.card)
        self._coming, self._here = None, session
        air.expect(line)
        if before is not None:
            self._end(before, f"{session.who.name} took the place.", session.who)
        elif on_air.line is not None and on_air.lane == air.operator.name:
            air.playout.take()  # an operator's words make way as well, and are said anew afterwards
            air.operator.again(on_air.line)
        air.operator.suspend(relay)
        facts: dict[str, Any] = {"kind": session.kind, "line": on_air.line.id if on_air.line else None}
        self._audit(session.who, "takeover", **facts)
        self._tell("takeover", state="begin", by=session.who.name, **facts)

    def _tell_of_camera(self, session: Session) -> None:
        """Somebody ought to know when it is the host again who is seen."""
        camera = session.status()["camera"]
        if camera != self._camera:
            self._camera = camera
            if camera is not None:
                self._tell("takeover", state="camera", by=session.who.name, camera=camera)

    def _left(self, session: Session, why: str) -> None:
        """The browser sends nothing more."""
        self._end(session, why)

    def _end(self, session: Session, why: str, by: Who | None = None) -> None:
        if session.over:
            return
        session.over = why
        was_on_air = self._here is session
        if was_on_air:
            self._here = None
        if self._coming is session:
            self._coming = None
        self._close(session)
        seconds = round(asyncio.get_running_loop().time() - session.began, 1)
        facts: dict[str, Any] = {"why": why, "kind": session.kind, "seconds": seconds, "of": session.who.name}
        self._audit(by or session.who, "takeover/end", **facts)
        if was_on_air:
            self._tell("takeover", state="end", by=session.who.name, kind=session.kind, why=why)

    def _close(self, session: Session) -> None:
        if session.relay is not None:
            session.relay.end()  # now: the connection may take a while
        task = asyncio.create_task(session.close(), name="goodbye to an operator")
        self._closing.add(task)
        task.add_done_callback(self._closed)

    def _closed(self, task: asyncio.Task[None]) -> None:
        self._closing.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("a connection of an operator could not be closed: %s", error)
