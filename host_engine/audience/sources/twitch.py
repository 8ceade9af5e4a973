"""Twitch chat, or that of any IRC server: listened to anonymously, written to with a token.

By Twitch's IRC guide (dev.twitch.tv/docs/chat/irc): tags tell who writes and when, USERSTATE that a reply was taken.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from pydantic import Field, field_validator, model_validator

from host_engine.audience.message import Message
from host_engine.audience.source import SourceError, Tell
from host_engine.audience.sources.http_json import client, load
from host_engine.audience.sources.irc import Line, Lines, compose, parse
from host_engine.audience.sources.login import Login
from host_engine.audience.sources.pace import Pace
from host_engine.audience.sources.settings import Certificates
from host_engine.audience.sources.twitch_words import NOT_LET_IN, heard_in, refusal, reply_text

log = logging.getLogger(__name__)

CONNECT = 15.0  # seconds from the first packet until the channel is joined
CONFIRM = 2.0  # seconds in which Twitch says what became of a reply
PIECE = 16_384  # bytes that are read in one go
BREATH, MANY = 0.005, 40  # seconds of rest after each piece and so many lines: the loop has other work
UNREAD = 65_536  # bytes for a server that asks and does not listen
CAPABILITIES = "twitch.tv/tags twitch.tv/commands"
TOKENS = "https://id.twitch.tv/oauth2/token"
HOST = "irc.chat.twitch.tv"


class TwitchSettings(Certificates):
    """`key` is the OAuth token of the account that writes, made anew with a refresh token; without either the chat is
    only read."""

    channel: str = Field(description="Name of the channel, as in twitch.tv/NAME.")
    login: str = Field("", pattern=r"^[A-Za-z0-9_]{0,40}$", description="Account whose token key_env holds.")
    host: str = Field(HOST, min_length=1, description="Another IRC server.")
    port: int | None = Field(None, ge=1, le=65_535, description="6697 with TLS, 6667 without.")
    tls: bool = True
    client: str = Field("", description="Client id of the application that the token was made for.")
    secret: str = Field("", repr=False)
    refresh: str = Field("", repr=False)
    tokens: str = Field(TOKENS, description="Another address that gives access tokens.")
    heartbeat: float = Field(30.0, ge=0.1, le=300, description="Seconds between two questions whether it is there.")

    @field_validator("channel")
    @classmethod
    def _name(cls, channel: str) -> str:
        name = re.sub(r"^(https?://)?(www\.)?twitch\.tv/", "", channel.strip()).strip("#@/").lower()
        if not re.fullmatch(r"[\w-]{1,50}", name):
            raise ValueError(f"'{channel[:60]}' is not the name of a channel, as in twitch.tv/NAME")
        return name

    @model_validator(mode="after")
    def _who(self) -> TwitchSettings:
        if (self.key or self.refresh) and not self.login:
            raise ValueError("a token needs 'login', the name of the account that it belongs to")
        if self.refresh and not (self.client and self.secret):
            raise ValueError("refresh_env needs 'client' and 'secret_env', of the application that it was made for")
        return self


class Twitch:
    """One channel's chat. A token lets it reply, at most 20 times in 30 seconds, as Twitch allows every account."""

    Settings = TwitchSettings
    pace = Pace(20, 30.0)

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = TwitchSettings.model_validate(settings)
        wanted = self._settings
        self._trust = wanted.context()
        self._tls = self._trust if wanted.tls else None
        self._login: Login | None = None
        if wanted.refresh:
            load()
            self._login = Login(wanted.key, wanted.client, wanted.secret, wanted.refresh, wanted.tokens)
        self._refused = False  # the login was refused, and nobody was let in since
        self._channel = f"#{self._settings.channel}"
        self._nick = ""
        self._writer: asyncio.StreamWriter | None = None
        self._tagged = False  # the server tells tags, and takes them
        self._joined = False
        self._verdict: asyncio.Future[str] | None = None  # on the reply that was sent last: "", or why not

    @property
    def quiet(self) -> float:
        return self._settings.heartbeat * 3

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        """Connect, join and listen. Raises SourceError, final where the login is wrong or the channel is closed."""
        wanted = self._settings
        port = wanted.port or (6697 if self._tls else 6667)
        self._joined = self._tagged = False
        key = await self._key()
        try:
            async with asyncio.timeout(CONNECT) as limit:
                reader, writer = await asyncio.open_connection(wanted.host, port, ssl=self._tls)
                self._writer = writer
                beat = asyncio.create_task(self._beat(writer))
                try:
                    self._sign_on(writer, key)
                    await self._listen(reader, writer, tell, alive, limit)
                finally:
                    beat.cancel()
        except OSError as error:
            if limit.expired():
                said = f"{wanted.host} did not let us into {self._channel} within {CONNECT:g} s; is the name right?"
                raise SourceError(said) from None
            raise SourceError(f"{wanted.host}:{port} cannot be reached: {error}") from error
        finally:
            self._hang_up()
        raise SourceError(f"{wanted.host} closed the connection")

    async def reply(self, message: Message, text: str) -> bool:
        """Answer in the thread of the message. Raises SourceError where Twitch refuses it."""
        writer, said = self._writer, reply_text(text)
        if not (self._settings.login and self._joined and said) or writer is None:
            return False
        if not (self._tagged and message.reply_to):
            name = message.viewer.name and f"@{message.viewer.name} "
            writer.write(compose("PRIVMSG", self._channel, reply_text(name + said)))
            await writer.drain()
            return True
        self._verdict = asyncio.get_running_loop().create_future()
        writer.write(compose("PRIVMSG", self._channel, said, tags={"reply-parent-msg-id": message.reply_to}))
        await writer.drain()
        done, _ = await asyncio.wait([self._verdict], timeout=CONFIRM)
        if done and (refused := self._verdict.result()):
            raise SourceError(refused)
        return True

    async def _key(self) -> str:
        """The token to sign on with, "" to listen only."""
        if self._login is None:
            return self._settings.key
        async with client(self._trust) as http:
            return await self._login.token(http)

    def _sign_on(self, writer: asyncio.StreamWriter, key: str) -> None:
        login = self._settings.login
        self._nick = login.lower() or f"justinfan{random.randrange(1000, 99999)}"
        writer.write(compose("CAP", "REQ", CAPABILITIES))
        if key:
            twitch = self._settings.host.endswith("twitch.tv") and not key.startswith("oauth:")
            writer.write(compose("PASS", f"oauth:{key}" if twitch else key))
        writer.write(b"NICK %b\r\n" % self._nick.encode())
        writer.write(compose("USER", self._nick, "0", "*", self._nick))
        writer.write(b"CAP END\r\n")

    async def _listen(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        tell: Tell,
        alive: Callable[[], None],
        limit: asyncio.Timeout,
    ) -> None:
        async for line in _lines(reader):
            if line.command == "PING":
                self._pong(line, writer)
            else:
                self._obey(line, writer)
            if self._joined:
                if limit.when() is not None:
                    limit.reschedule(None)
                alive()
            if heard := heard_in(line, self._channel, self._nick):
                tell(heard)

    def _pong(self, line: Line, writer: asyncio.StreamWriter) -> None:
        if writer.transport.get_write_buffer_size() > UNREAD:
            raise SourceError("the server does not read what we send")
        writer.write(compose("PONG", line.last))

    def _obey(self, line: Line, writer: asyncio.StreamWriter) -> None:
        """What the server says of the connection itself."""
        command = line.command
        if command == "001":
            writer.write(compose("JOIN", self._channel))
        elif command == "CAP" and "ACK" in line.params:
            self._tagged = "twitch.tv/tags" in line.last
        elif (command == "JOIN" and line.nick.lower() == self._nick) or command == "366":
            self._joined, self._refused = True, False
        elif command == "RECONNECT":
            raise SourceError("Twitch asked to connect anew")
        elif command == "USERSTATE":
            self._judged("")
        elif said := refusal(line, self._joined):
            if self._joined and command == "NOTICE":
                self._judged(said)
            else:
                raise SourceError(said, final=command != "433" and not self._another_key())
        elif command in NOT_LET_IN:
            raise SourceError(f"the server does not let us into {self._channel}: {line.last[:200]}", final=True)
        elif command == "ERROR":
            raise SourceError(f"the server ended the connection: {line.last[:200]}")

    def _another_key(self) -> bool:
        """Whether it is worth trying with another token: a refused one may only be too old."""
        before, self._refused = self._refused, True
        return self._login is not None and self._login.forget() and not before

    def _judged(self, said: str) -> None:
        if self._verdict and not self._verdict.done():
            self._verdict.set_result(said)

    async def _beat(self, writer: asyncio.StreamWriter) -> None:
        """Ask now and then, so that a connection which is dead is not taken for a chat that is silent."""
        while True:
            await asyncio.sleep(self._settings.heartbeat)
            if self._joined:
                writer.write(compose("PING", "host-engine"))

    def _hang_up(self) -> None:
        writer, self._writer, self._joined = self._writer, None, False
        self._judged("the connection was lost")
        if writer:
            writer.transport.abort()  # a server that does not answer cannot hold up the end


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[Line]:
    """The commands as they come, with rests between them: a flood waits in the socket, not in our memory."""
    lines = Lines()
    while data := await reader.read(PIECE):
        for n, text in enumerate(lines.feed(data), 1):
            if line := parse(text):
                yield line
            if n % MANY == 0:
                await asyncio.sleep(BREATH)
        await asyncio.sleep(BREATH)
