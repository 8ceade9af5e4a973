"""A viewer of our own at the address where a target can be watched: what it gets, as facts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, NamedTuple, Protocol

import av

from host_engine import frame_code
from host_engine.media import Format
from host_engine.outputs.picture_watch import decoder, luma
from host_engine.outputs.watch.address import Address, Kind, read_address
from host_engine.outputs.watch.came import Came, Picture
from host_engine.outputs.watch.flv_player import FlvPlayer
from host_engine.outputs.watch.rtmp_player import RtmpPlayer
from host_engine.outputs.watch.sent import Sent
from host_engine.outputs.watch.viewing import Facts, Viewing
from host_engine.outputs.watch.whep_player import WhepPlayer

SETTLE = 2.0  # seconds from a target being live until there is something to watch
LOOK = 0.25  # seconds between two looks at whether it is
NOTHING = 6.0  # seconds without anything: the session is given up
FIRST, LONGEST = 1.0, 10.0  # seconds between two tries
MOST = 2000  # pictures and packets a second: servers send some seconds at once to who begins, but none sends more


class Player(Protocol):
    """One way of watching."""

    @property
    def server(self) -> str: ...
    def watch(self) -> AsyncIterator[Came]: ...


PLAYERS: dict[Kind, Callable[[str], Player]] = {"rtmp": RtmpPlayer, "flv": FlvPlayer, "whep": WhepPlayer}


class Watched(NamedTuple):
    """What a viewer of a target has at one moment. since: when it began to be so, by `time.monotonic`."""

    state: str  # "waiting" for the target, "connecting", "watching"
    since: float
    error: str | None  # why it is not watched, or was not the last time
    facts: Facts


class Watcher:
    """One viewer, who comes again and again for as long as the target is live. `run()` wants a thread of its own.

    live: whether the target is. `watched` may be read from any thread.
    """

    def __init__(self, address: str, sent: Sent, format: Format, live: Callable[[], bool]) -> None:
        """Raises ValueError for an address at which nothing can be watched."""
        self.address: Address = read_address(address)
        self._live = live
        self._viewing = Viewing(sent, format.fps, format.sample_rate, CodeReader().read)
        self._error: str | None = None
        self.watched = Watched("waiting", time.monotonic(), None, Facts())

    async def run(self) -> None:
        """Watch until cancelled."""
        pause = FIRST
        while True:
            if not self._live():
                self._say("waiting")
                await asyncio.sleep(LOOK)
                continue
            self._say("connecting")
            await asyncio.sleep(SETTLE if pause == FIRST else 0)
            began = time.monotonic()
            try:
                await self._session()
            except (OSError, av.FFmpegError) as error:  # a timeout is one
                self._error = str(error) or "nothing comes"
            self._say("connecting" if self._live() else "waiting")
            pause = FIRST if time.monotonic() - began > LONGEST else min(LONGEST, pause * 2)
            await asyncio.sleep(pause)

    async def _session(self) -> None:
        player = PLAYERS[self.address.kind](self.address.url)
        told = second = 0.0
        count = 0
        async with aclosing(player.watch()) as coming:  # type: ignore[type-var]
            self._viewing.begin(time.monotonic())
            while True:
                try:
                    async with asyncio.timeout(NOTHING):
                        came = await anext(coming)
                except TimeoutError:
                    raise ConnectionError(f"nothing comes from {player.server}") from None
                except StopAsyncIteration:
                    raise ConnectionError(f"{player.server} has nothing more to show") from None
                now = time.monotonic()
                self._viewing.take(came, now)
                if now - second > 1.0:
                    second, count = now, 0
                count += 1
                if count > MOST:
                    raise ConnectionError(f"{player.server} sends more than any viewer can watch")
                if now - told > LOOK:
                    told = now
                    self._say("watching")

    def _say(self, state: str) -> None:
        now, before = time.monotonic(), self.watched
        if state == "watching":
            self._error = None
        since = before.since if before.state == state else now
        facts = self._viewing.facts(now) if state == "watching" else before.facts
        self.watched = Watched(state, since, self._error, facts)


class CodeReader:
    """Reads the frame code in key pictures."""

    def __init__(self) -> None:
        self._decoder: Any = None

    def read(self, picture: Picture) -> int | None:
        """None where there is none, or nothing that can be decoded."""
        self._decoder = self._decoder or decoder()
        seen = luma(self._decoder, b"".join(b"\0\0\0\1" + unit for unit in picture.units))
        return None if seen is None else frame_code.read(seen)
