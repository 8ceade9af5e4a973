"""Watching over RTMP, on a socket of our own: connect, play, and what comes then."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Any, NoReturn

from host_engine.outputs import chunks, flv
from host_engine.outputs.chunks import ChunkReader, Message
from host_engine.outputs.flv import Tag
from host_engine.outputs.refusal import Refused
from host_engine.outputs.rtmp_session import Session
from host_engine.outputs.rtmp_target import Target
from host_engine.outputs.watch.came import Came
from host_engine.outputs.watch.tags import LARGEST, TagReader

CONNECT, CREATE, PLAY = 1, 2, 3  # transactions
MOST_CHUNKS = 8_000  # a second: some servers cut into 128 bytes
BEGIN = 8.0  # seconds from the first packet to the server's yes
AGGREGATE = 22


class RtmpPlayer:
    """One viewer of rtmp[s]://HOST/APP/STREAM."""

    def __init__(self, url: str) -> None:
        try:
            self._target = Target.parse(url, "")
        except Refused as error:
            raise ConnectionError(str(error)) from None

    @property
    def server(self) -> str:
        return self._target.server

    async def watch(self) -> AsyncIterator[Came]:
        """Watch until the server ends it. Raises ConnectionError with a sentence."""
        target, writer = self._target, None
        reading = TagReader()
        try:
            async with asyncio.timeout(BEGIN):
                tls = ssl.create_default_context() if target.tls else None
                reader, writer = await asyncio.open_connection(target.host, target.port, ssl=tls)
                playing = _Playing(target, reader, writer)
                await playing.play()
            while True:
                for tag in await playing.next_tags():
                    for came in reading.read(tag):
                        yield came
        except (OSError, asyncio.IncompleteReadError, Refused) as error:
            if isinstance(error, Refused):
                raise ConnectionError(str(error)) from None
            raise target.explain(error) from None
        finally:
            if writer is not None:
                writer.transport.abort()


class _Playing(Session):
    """The conversation of a player; a publisher's, but for what is asked for and what comes."""

    def __init__(self, target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(target, reader, writer)
        self._chunks = ChunkReader(reader, LARGEST, MOST_CHUNKS)

    async def play(self) -> None:
        """All up to the server's yes; what comes from then on is to be had from `next_tags`."""
        await self._shake_hands()
        target = self.target
        self._command(0, "connect", CONNECT, self._introduction())
        await self._answer(CONNECT)
        self._command(0, "createStream", CREATE, None)
        self._stream = self._stream_of(await self._answer(CREATE))
        self._command(self._stream, "play", PLAY, None, target.key, -2000)

    async def next_tags(self) -> list[Tag]:
        """Those of the next message that holds any."""
        while True:
            message = await self._chunks.message()
            self._acknowledge()
            if message.kind in (flv.AUDIO, flv.VIDEO):
                return [Tag(message.kind, message.time, message.body)]
            if message.kind == AGGREGATE:
                return _apart(message)
            if message.kind in (chunks.COMMAND, chunks.COMMAND_AMF3):
                values = self._decode(message)
                if values and isinstance(values[0], str):
                    self._judge(values)
            else:
                self._obey(message)

    def _introduction(self) -> dict[str, Any]:
        return {
            "app": self.target.app,
            "flashVer": "LNX 10,0,32,18",
            "tcUrl": self.target.tc_url,
            "fpad": False,
            "capabilities": 15.0,
            "audioCodecs": 4071.0,
            "videoCodecs": 252.0,
            "videoFunction": 1.0,
        }

    def _judge(self, values: list[Any]) -> str:
        code = super()._judge(values)
        if code in ("NetStream.Play.UnpublishNotify", "NetStream.Play.Stop", "NetStream.Play.Complete"):
            raise ConnectionError(f"{self.target.server} has nothing more to show")
        return code

    def _refuse(self, status: Mapping[str, Any]) -> NoReturn:
        said = self.target.quote(f"{status.get('code', '')} {status.get('description', '')}") or "no reason given"
        raise ConnectionError(f"{self.target.server} does not show the stream ({said})")


def _apart(message: Message) -> list[Tag]:
    """The tags of an aggregate message; their times go on from the message's."""
    body, at, tags = message.body, 0, list[Tag]()
    first: int | None = None
    while at + 11 <= len(body):
        size = int.from_bytes(body[at + 1 : at + 4], "big")
        time = int.from_bytes(body[at + 4 : at + 7], "big") | body[at + 7] << 24
        first = time if first is None else first
        tags.append(Tag(body[at], message.time + time - first, body[at + 11 : at + 11 + size]))
        at += 11 + size + 4
    return tags
