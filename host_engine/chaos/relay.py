"""A relay on the loopback between an RTMP output and its server, which does what a bad server does, on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Output

CHUNK = 16 * 1024
BUFFER = 64 * 1024  # what the relay takes unseen: small, so that one that never reads is felt within seconds
LOOK = 0.05  # seconds
RESET = struct.pack("ii", 1, 0)  # SO_LINGER for a close that is a reset

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """Stands in for `asyncio.open_connection` of one output: what it opens goes through the relay to the real server.

    A fault of the plan refuses new connections and cuts those that are there, resets them, leaves them open without
    reading, or reads slowly.
    """

    def __init__(self, name: str, real: Callable[..., Any], faults: AtWork) -> None:
        self._name, self._real, self._faults = name, real, faults
        self._door: socket.socket | None = None
        self._port = 0  # any at first, then always the same
        self._listening: asyncio.Server | None = None
        self._changing = asyncio.Lock()
        self._where = ("", 0)
        self._peers: set[asyncio.StreamWriter] = set()  # the output's ends

    async def open(self, host: str, port: int, *, ssl: Any = None, **options: Any) -> Opened:
        """As `asyncio.open_connection`."""
        self._where = host, port
        await self._be(self._faults.of(Output, self._name))
        if ssl:
            options.setdefault("server_hostname", host)
        opened: Opened = await self._real("127.0.0.1", self._port, ssl=ssl, **options)
        return opened

    async def watch(self) -> None:
        """Follow the plan, until cancelled."""
        before: Output | None = None
        try:
            while True:
                fault = self._faults.of(Output, self._name)
                if fault is not before:
                    before = fault
                    await self._be(fault)
                await asyncio.sleep(LOOK)
        finally:
            self._close_door()
            self._cut()

    async def _be(self, fault: Output | None) -> None:
        """What the server is to the world while `fault` is at work."""
        if fault and fault.how in ("refuses", "resets"):
            self._cut()
        refuses = fault is not None and fault.how == "refuses"
        async with self._changing:
            if self._door is None or refuses == (self._listening is not None):
                self._close_door()
                await self._open_door(listens=not refuses)

    async def _open_door(self, listens: bool) -> None:
        """Have the port; bound and not listened to, it refuses."""
        self._door = socket.socket()
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._door.bind(("127.0.0.1", self._port))
        self._port = self._door.getsockname()[1]
        if listens:
            self._listening = await asyncio.start_server(self._serve, sock=self._door, limit=CHUNK)

    def _close_door(self) -> None:
        listening, self._listening = self._listening, None
        if listening:
            listening.close()
        elif self._door:
            self._door.close()

    def _cut(self) -> None:
        for peer in self._peers:
            with contextlib.suppress(OSError):
                peer.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            peer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._faults.of(Output, self._name)
        self._peers.add(writer)
        there: asyncio.StreamWriter | None = None
        try:
            if fault and fault.how == "resets":
                self._cut()
                return
            answers, there = await asyncio.open_connection(*self._where)
            ways = [asyncio.ensure_future(way) for way in (self._pass(reader, there), self._pass(answers, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for each in ways:
                each.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:  # the real server is not there: so the relay's connection ends
            pass
        finally:
            self._peers.discard(writer)
            for end in (writer, there):
                if end:
                    end.close()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(CHUNK):
            while fault := self._holds_up():
                if fault.how == "slow":
                    await asyncio.sleep(len(data) * 8 / (fault.kbps * 1000))
                    break
                await asyncio.sleep(LOOK)
            target.write(data)
            await target.drain()

    def _holds_up(self) -> Output | None:
        fault = self._faults.of(Output, self._name)
        return fault if fault and fault.how in ("never-reads", "slow") else None
