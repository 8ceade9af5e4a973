"""One operator who takes over: from the offer of the browser to the end, whoever ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import Any

import av

from host_engine.access.who import Who
from host_engine.media import Format, Picture
from host_engine.show.rundown import Card, Line
from host_engine.takeover.camera import Camera
from host_engine.takeover.connection import Connection, Kind
from host_engine.takeover.relay import Relay
from host_engine.takeover.voice import Voice

SILENT = 1.0  # seconds without a packet of sound after which the browser counts as gone ...
LOOKS = 3  # ... when it is so in as many looks, because a machine that stood still has not heard what has come
CONNECT = 15.0  # seconds to connect in


class Session:
    """On the event loop. `ready` is called once, when enough of the voice waits to go on air; `ended` once, with a
    sentence, when the browser sends nothing more."""

    def __init__(
        self,
        who: Who,
        kind: Kind,
        since: datetime,
        voice: Voice,
        camera: Camera | None,
        ready: Callable[[Session], None],
        ended: Callable[[Session, str], None],
    ) -> None:
        self.who, self.kind, self.since, self.voice, self.camera = who, kind, since, voice, camera
        self.relay: Relay | None = None
        self.on_air = False  # the relay has been handed to the operator's lane
        self.over = ""  # why it has ended
        self._ready, self._ended = ready, ended
        self._connection: Connection | None = None
        self._clock = asyncio.get_running_loop().time
        self.began = self._clock()
        self._heard, self._silent = False, 0
        voice.told = self._told

    async def answer(self, sdp: str) -> str:
        """The SDP answer to the offer. Raises Refused, a ValueError."""
        offer = Connection.read(sdp, self.kind)
        self._connection = Connection(offer, self._hear, self._see, lambda why: self._ended(self, why))
        return await self._connection.answer()

    def go_on_air(self, line: Line, card: Callable[[], Card | None]) -> Relay:
        """The relay of this session, to be put on the operator's lane."""
        self.relay = Relay(line, self.voice, self.picture, card)
        self.on_air = True
        return self.relay

    def picture(self) -> Picture | None:
        """Of the camera, while it sends some."""
        return self.camera.picture if self.camera else None

    def trouble(self) -> str | None:
        """Why it is to end now, if it is."""
        now = self._clock()
        if self.relay is not None and self.relay.over:
            return "It was cut: the show went on by order."
        if not self._heard:
            return "The browser never connected." if now - self.began > CONNECT else None
        self._silent = self._silent + 1 if now - self.voice.last > SILENT else 0
        return "Nothing more was heard from the browser." if self._silent >= LOOKS else None

    async def close(self) -> None:
        """Hand back, and end the connection."""
        if self.relay is not None:
            self.relay.end()
        if self._connection is not None:
            await self._connection.close()

    def status(self) -> dict[str, Any]:
        """What there is to tell of it, in plain values."""
        spool, camera = self.voice.spool, self.camera
        return {
            "who": self.who.name,
            "kind": self.kind,
            "since": self.since.isoformat(timespec="seconds"),
            "on_air": self.on_air,
            "level": round(self.voice.lips.level, 1),
            "lost_ms": round(self.voice.lost / 48),
            "pauses": spool.dry,
            "camera": None if camera is None else "live" if camera.picture is not None else "frozen",
        }

    def _hear(self, frame: av.AudioFrame) -> None:
        self._heard = True
        self.voice.push(frame)

    def _see(self, frame: av.VideoFrame) -> None:
        if self.camera is not None:
            self.camera.push(frame)

    def _told(self) -> None:
        if not self.on_air and not self.over and self.voice.spool.ready:
            self._ready(self)


def make_session(
    who: Who,
    kind: Kind,
    since: datetime,
    format: Format,
    threads: tuple[Executor, Executor],
    size: tuple[int, int],
    ready: Callable[[Session], None],
    ended: Callable[[Session, str], None],
) -> Session:
    """A session of an operator. `threads`: one for the voice, one for pictures; `size`: of the camera's box."""
    clock = asyncio.get_running_loop().time
    camera = Camera(size, threads[1], clock) if kind == "camera" else None
    return Session(who, kind, since, Voice(format, threads[0], clock), camera, ready, ended)
