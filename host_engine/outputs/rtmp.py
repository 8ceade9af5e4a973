"""The channel pushed to an RTMP or RTMPS server over a socket of our own, which nothing the server does can block.

A slow server fills its own queue in the fan-out and loses pictures up to the next key frame; one that takes nothing
for some seconds, says nonsense or goes away ends the session with an error, and whoever runs it starts it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host_engine.media import Format
from host_engine.outputs.departures import AAC_LEAD
from host_engine.outputs.fanout import Fanout, Reader
from host_engine.outputs.flv import Tags
from host_engine.outputs.reach import Connection, reachable
from host_engine.outputs.refusal import Refused
from host_engine.outputs.rtmp_session import Session
from host_engine.outputs.rtmp_target import Target

__all__ = ["Patience", "Refused", "RtmpOutput"]

SEND_BUFFER = 128 * 1024  # small, so that a server which stopped reading is noticed within seconds
RECEIVE_LIMIT = 16 * 1024  # what a server can make us hold, and work through in one go
QUEUE = 50  # units
AT_ONCE = 3.0  # seconds in which a server that hangs up means: not this stream
HELD = 5.0  # seconds that a place in the stream is kept for the next session
KEY = 1.5  # seconds in which a key frame comes, whoever asks for it


@dataclass(frozen=True)
class Patience:
    """How long an output waits, in seconds."""

    connect: float = 5.0  # from the first packet to the server's permission to publish
    stall: float = 4.0  # with a full buffer of which the server takes nothing
    crawl: float = 12.0  # for one picture, of which the server does take something
    goodbye: float = 1.0  # for the last bytes, after which the connection is cut
    let_go: float = 0.5  # for the server to say that the stream has ended, so that its name is free


class RtmpOutput:
    """One server that gets the channel, a `Publisher`. `run()` is one session; no word it says holds the key.

    url: rtmp://host[:port]/app or rtmps://...; key: the stream key, or "" where the last part of the URL names the
    stream. state: "waiting" (between sessions), "connecting", "live" or "refused". ca: a file of certificates to trust
    besides the system's. insecure: do not check the server's certificate. `sessions` counts the times it went live;
    `last_error` is why the last one ended or did not begin, kept when all is well again.
    """

    lead, apart = AAC_LEAD, 0

    def __init__(
        self,
        name: str,
        url: str,
        key: str,
        fanout: Fanout,
        force_key: Callable[[], None],
        *,
        format: Format,
        ca: Path | None = None,
        insecure: bool = False,
        patience: Patience | None = None,
        open_connection: Callable[..., Awaitable[Connection]] = asyncio.open_connection,
    ) -> None:
        """`open_connection` stands in for asyncio's, where something is to lie between the engine and the server."""
        self.name = name
        self.state = "waiting"
        self.error: str | None = None
        self.last_error: str | None = None
        self.sessions = 0
        self.bytes_sent = 0
        self._session: Session | None = None
        self.dropped = 0  # units lost because the server was too slow
        self._url, self._key = url, key
        self._fanout, self._force_key, self._format = fanout, force_key, format
        self._ca, self._insecure = ca, insecure
        self._patience = patience or Patience()
        self._open_connection = open_connection
        self._context: ssl.SSLContext | None = None
        self._held: tuple[contextlib.ExitStack, Reader] | None = None

    def __repr__(self) -> str:
        return f"RtmpOutput({self.name!r}, {self.state})"

    @property
    def unsent(self) -> int:
        """Bytes on their way that have not reached the server's machine."""
        return self._session.unsent if self._session else 0

    def report(self) -> dict[str, Any]:
        """What there is to know about its sessions, for the status."""
        again = max(0, self.sessions - 1)
        return {"reconnects": again, "last_error": self.last_error, "bytes": self.bytes_sent}

    async def run(self) -> None:
        """Publish until it fails or is cancelled.

        Raises Refused for what trying again will not mend (a URL that is none, a refused stream key), ConnectionError
        for all else; both with a sentence for people.
        """
        self.state = "connecting"
        try:
            target = Target.parse(self._url, self._key)
            try:
                await self._publish(target)
            except (OSError, asyncio.IncompleteReadError) as error:
                raise target.explain(error) from error
        except Refused as error:
            self.state, self.error, self.last_error = "refused", str(error), str(error)
            raise
        except ConnectionError as error:
            self.error = self.last_error = str(error)
            raise
        finally:
            if self.state != "refused":
                self.state = "waiting"

    async def _publish(self, target: Target) -> None:
        session = await self._connect(target)
        try:
            with self._place() as reader:
                self.state, self.error, self._session = "live", None, session
                self.sessions += 1
                await self._until_lost(session, reader)
        except asyncio.CancelledError:
            session.leave()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.let_go):
                    await session.gone()
            raise
        finally:
            self._session = None
            session.writer.close()
            asyncio.get_running_loop().call_later(self._patience.goodbye, session.writer.transport.abort)

    async def reachable(self) -> bool:
        """Whether somebody listens there; see `Publisher`."""
        try:
            target = Target.parse(self._url, self._key)
        except Refused:
            return False
        return await reachable(target.host, target.port, open_connection=self._open_connection)

    async def hold(self) -> None:
        """Keep a place in the stream for the next session, and wait for its key frame; see `Publisher`."""
        self._let_go()
        place = contextlib.ExitStack()
        reader = place.enter_context(self._fanout.reader(self.name, QUEUE))
        self._force_key()
        self._held = place, reader
        asyncio.get_running_loop().call_later(HELD, self._let_go, place)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KEY):
                await reader.filled()

    def _let_go(self, place: contextlib.ExitStack | None = None) -> None:
        """Give up the place that is kept: this one, or whichever it is."""
        if self._held and place in (None, self._held[0]):
            self._held[0].close()
            self._held = None

    @contextlib.contextmanager
    def _place(self) -> Iterator[Reader]:
        """The place in the stream that was kept, or one at its end."""
        if self._held:
            (place, reader), self._held = self._held, None
            with place:
                yield reader
        else:
            with self._fanout.reader(self.name, QUEUE) as reader:
                self._force_key()
                yield reader

    async def _until_lost(self, session: Session, reader: Reader) -> None:
        now = asyncio.get_running_loop().time
        began = now()
        try:
            await self._send_and_listen(session, reader)
        except (ConnectionResetError, BrokenPipeError, asyncio.IncompleteReadError):
            if now() - began > AT_ONCE:
                raise
            reason = "it may not want this stream key"
            raise ConnectionError(f"{session.target.server} closed the connection at once: {reason}") from None

    async def _send_and_listen(self, session: Session, reader: Reader) -> None:
        """Both at the same time, until one of them fails."""
        jobs = [asyncio.ensure_future(session.listen()), asyncio.ensure_future(self._send(session, reader))]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _send(self, session: Session, reader: Reader) -> None:
        tags = session.tags = Tags(self._format)
        before = self.dropped
        while True:
            unit = await reader.get()
            self.dropped = before + reader.dropped
            self.bytes_sent += sum(session.send(tag) for tag in tags.push(unit))
            await self._drain(session)
            reader.left(unit)

    async def _drain(self, session: Session) -> None:
        """Wait until the kernel has all of it. A server that takes something now and then is slow, not gone."""
        stall, crawl, server = self._patience.stall, self._patience.crawl, session.target.server
        try:
            async with asyncio.timeout(crawl):
                while True:
                    before = session.unsent
                    try:
                        async with asyncio.timeout(stall):
                            return await session.writer.drain()
                    except TimeoutError:
                        if session.unsent >= before:
                            raise ConnectionError(f"{server} took nothing for {stall:g} s") from None
        except TimeoutError:
            raise ConnectionError(f"{server} is too slow: one picture took more than {crawl:g} s") from None

    async def _connect(self, target: Target) -> Session:
        """A session that may send. Everything up to there has one deadline."""
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(self._patience.connect):
                reader, writer = await self._open(target)
                session = Session(target, reader, writer)
                await session.publish()
                return session
        except BaseException:
            if writer:
                writer.transport.abort()
            raise

    async def _open(self, target: Target) -> Connection:
        if target.tls and self._context is None:
            self._context = await asyncio.to_thread(self._tls)  # reading the certificates takes longer than a frame may
        tls = self._context if target.tls else None
        reader, writer = await self._open_connection(target.host, target.port, ssl=tls, limit=RECEIVE_LIMIT)
        writer.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        writer.transport.set_write_buffer_limits(high=1, low=0)  # so that what has drained is in the kernel's hands
        return reader, writer

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._ca:
            context.load_verify_locations(self._ca)
        if self._insecure:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context
