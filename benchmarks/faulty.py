"""RTMP servers that fail on purpose, again and again, and note how soon the channel was back with each."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from benchmarks.lines import ROOT

sys.path.append(str(ROOT / "tests"))

from rtmp_server import free_port
from scripted_rtmp import Peer

KINDS = ("dead", "refusing", "hanging-up", "deaf", "frozen")
GOOD = 0.4  # seconds that the channel is let send
ENOUGH = 30_000  # bytes after which the channel is back: more than any command
DOWN = {"dead": 1.5, "refusing": 1.5, "hanging-up": 1.5, "deaf": 7.0, "frozen": 7.0}  # seconds of trouble
LEFTOVER = 1.0  # seconds in which what the kernels kept has come
BUFFER = 32 * 1024  # what the kernel takes for a server that does not read


@dataclass
class Faulty:
    """One server. It lets the channel send a little, fails as its kind does for a while, and is well again.

    dead: nobody listens; refusing: the stream key is denied; hanging-up: the connection is closed at the handshake;
    deaf: nothing is read of a stream that was accepted; frozen: nothing is read from the first byte on.
    """

    name: str
    kind: str
    port: int = field(default_factory=free_port)
    drops: int = 0
    backs: list[float] = field(default_factory=list)  # seconds from being well until the channel sends
    well: bool = True
    since: float = 0.0
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    healed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def output(self) -> dict[str, Any]:
        url = f"rtmp://127.0.0.1:{self.port}/live"
        return {"kind": "rtmp", "name": self.name, "url": url, "key_env": "STREAM_KEY"}

    async def run(self) -> None:
        """Fail and recover until cancelled."""
        server = await self._listen()
        self.came = asyncio.Event()
        while True:
            await self.came.wait()
            await asyncio.sleep(GOOD)
            self.well, self.drops = False, self.drops + 1
            self.healed.clear()
            if self.kind != "deaf":
                self._drop()
            if self.kind == "dead":
                server.close()
            await asyncio.sleep(DOWN[self.kind])
            if self.kind == "dead":
                server = await self._listen()
            self.came.clear()
            self.well, self.since = True, time.monotonic()
            self.healed.set()

    async def _listen(self) -> asyncio.Server:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        listening.bind(("127.0.0.1", self.port))
        return await asyncio.start_server(self._serve, sock=listening, limit=BUFFER)

    def _drop(self) -> None:
        for writer in list(self.open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        try:
            await self._talk(Peer(reader, writer), reader)
        except (OSError, asyncio.IncompleteReadError, AssertionError, asyncio.CancelledError):
            pass  # the channel has gone, as it may, or all is over
        finally:
            self.open.discard(writer)
            writer.close()

    async def _talk(self, peer: Peer, reader: asyncio.StreamReader) -> None:
        if not self.well and self.kind == "hanging-up":
            return
        if not self.well and self.kind == "frozen":
            await self.healed.wait()
        if not self.well and self.kind == "refusing":
            await self._refuse(peer)
            return
        await peer.accept()
        got = 0
        while data := await reader.read(65536):
            if not self.well and self.kind == "deaf":
                await self.healed.wait()
                if await _ended(reader):
                    return
            got += len(data)
            if got > ENOUGH and self.well and not self.came.is_set():
                if self.since:
                    self.backs.append(time.monotonic() - self.since)
                self.came.set()

    async def _refuse(self, peer: Peer) -> None:
        await peer.shake_hands()
        _, transaction, *_ = await peer.command("connect")
        peer.say("_result", transaction, {}, {"code": "NetConnection.Connect.Success"})
        _, transaction, *_ = await peer.command("createStream")
        peer.say("_result", transaction, None, 1)
        await peer.command("publish")
        peer.say("onStatus", 0, None, {"level": "error", "code": "NetStream.Publish.Denied"})
        await peer.writer.drain()
        await asyncio.sleep(0.2)


async def _ended(reader: asyncio.StreamReader) -> bool:
    """Whether all that comes is what the kernels kept of a session that the channel has given up meanwhile."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LEFTOVER):
            while await reader.read(65536):
                pass
            return True
    return False


class Servers:
    """So many of each kind, on a thread of their own for as long as the block lasts."""

    def __init__(self, each: int) -> None:
        self.all = [Faulty(f"{kind}-{n}", kind) for n in range(each) for kind in KINDS]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    @property
    def drops(self) -> int:
        return sum(each.drops for each in self.all)

    def backs(self, kind: str) -> list[float]:
        return [back for each in self.all if each.kind == kind for back in each.backs]

    def __enter__(self) -> Servers:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._end.cancel)
        self._thread.join(10)

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.ensure_future(self._all())
        self._ready.set()
        await self._end

    async def _all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for each in self.all:
                group.create_task(each.run())
