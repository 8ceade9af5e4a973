"""uvicorn's WebSocket, made fit for the loop of the tick: nobody can make it parse, or hold, more than a little."""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from host_engine.control.doors import Doors, problem
from host_engine.control.pace import Pace

READ = 1024  # bytes parsed at once: the smallest frames take six each, and every one costs some 20 us
READS, AT_ONCE = 30.0, 150.0  # a second, and after a pause: enough for one frame of 64 KB
PIECES = 100  # that one message may come in
PAUSE = 0.1  # seconds that a connection which sends more is not read
BUFFER = 32 * 1024  # bytes that may wait to be sent before the writer does
ABORT = "host_engine.abort"


class WebSocket(WebSocketsSansIOProtocol):
    """A connection that is counted at the doors from its upgrade to its end."""

    doors = Doors()

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._reads = Pace(READS, AT_ONCE)
        self.transport.set_write_buffer_limits(BUFFER)
        if hasattr(transport, "max_size"):  # asyncio's own transports read 256 KB at once
            transport.max_size = READ

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.handshake_initiated:  # the whole of the request has come, and is none: the library waits for ever
            head, body = problem(400, "This is no handshake of a WebSocket.")
            lines = b"".join(name + b": " + value + b"\r\n" for name, value in head)
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n" + lines + b"\r\n" + body)
            return self.transport.close()
        if self._reads.take(0) and not self.transport.is_closing():
            self.transport.pause_reading()
            self.loop.call_later(PAUSE, self._read_on)

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= PIECES:
            self.transport.abort()
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """A message is whole. uvicorn writes a traceback for each text that is none; anybody can send those."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(1007)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    async def run_asgi(self) -> None:
        extensions: Any = self.scope["extensions"]
        extensions[ABORT] = {"now": self.transport.abort}
        await super().run_asgi()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.client:
            self.doors.leave(self.client[0])

    def _read_on(self) -> None:
        if not self.read_paused and not self.transport.is_closing():
            self.transport.resume_reading()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def for_doors(doors: Doors) -> type[asyncio.Protocol]:
    """The same for a server whose connections are counted at these doors."""
    return type("CountedWebSocket", (WebSocket,), {"doors": doors})
