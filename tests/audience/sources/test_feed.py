"""The generic feed against a real WebSocket server: lines of JSON, a token, heartbeats, replies."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from chat_watch import asked, watched
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from irc_server import trusting, write_certificate
from pydantic import ValidationError
from until import until
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from host_engine.audience.source import Heard
from host_engine.audience.sources.feed import Feed, heard_in, lines_of

SOME = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


class Shop:
    """A feed that the tests write; `said` is what came back."""

    def __init__(self, token: str) -> None:
        self.token, self.port = token, 0
        self.said: list[dict[str, object]] = []
        self.connections: list[ServerConnection] = []

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return connection.respond(HTTPStatus.UNAUTHORIZED, "no\n")
        return None

    async def serve(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        async for frame in connection:
            self.said.append(json.loads(frame))

    async def write(self, *lines: object) -> None:
        await self.connections[-1].send("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines))

    def url(self, scheme: str = "ws") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/chat"


@asynccontextmanager
async def shop(token: str = "", tls: ssl.SSLContext | None = None) -> AsyncIterator[Shop]:
    made = Shop(token)
    async with serve(made.serve, "127.0.0.1", 0, process_request=made.admit, ssl=tls) as server:
        made.port = next(iter(server.sockets)).getsockname()[1]
        yield made


FULL = {
    "text": "is it vegan?",
    "viewer": "Ana",
    "id": "m1",
    "buyer": True,
    "kind": "question",
    "language": "de",
    "sent": 1_640_000_000.5,
}


async def test_messages_and_replies():
    async with shop("secret") as feed, watched(Feed({"url": feed.url(), "key": "secret"})) as chat:
        await until(lambda: chat.state == "live", 20)
        await feed.write(FULL, {"text": "", "viewer": "Bo", "kind": "follow"})
        await until(lambda: len(chat.desk.heard) == 2, 20)
        wanted = Heard("is it vegan?", "Ana", "Ana", "question", True, "de", 1_640_000_000.5, "m1", "m1")
        assert chat.desk.heard == [wanted, Heard("follow", "Bo", "Bo", "follow")]
        chat.watch.reply(asked(reply_to="m1"), "Yes, it is.")
        await until(lambda: feed.said, 20)
        assert feed.said == [{"reply_to": "m1", "text": "Yes, it is.", "viewer": "id-Ana"}]


async def test_a_refused_token_is_final():
    async with shop("secret") as feed, watched(Feed({"url": feed.url(), "key": "wrong"})) as chat:
        await until(lambda: chat.state == "refused", 20)
        assert "refuses the token" in (chat.watch.contact.error or "")


async def test_through_tls(tmp_path):
    certificate = write_certificate(tmp_path)
    async with shop(tls=trusting(certificate)) as feed:
        source = Feed({"url": feed.url("wss"), "ca": "certificate.pem", "folder": tmp_path})
        async with watched(source) as chat:
            await until(lambda: chat.state == "live", 20)


async def test_a_feed_that_closes_is_opened_again_and_repeats_are_dropped():
    async with shop() as feed, watched(Feed({"url": feed.url()})) as chat:
        await until(lambda: chat.state == "live", 20)
        await feed.write(FULL)
        await until(lambda: chat.desk.heard, 20)
        await feed.connections[-1].close(1012)
        await until(lambda: chat.watch.contact.sessions == 2, 20)
        await feed.write(FULL, FULL | {"id": "m2", "text": "two"})
        await until(lambda: len(chat.desk.heard) == 2, 20)
        assert chat.watch.status()["repeated"] == 1


async def test_a_server_that_does_not_answer_is_noticed():
    """It opens the feed and then answers no ping, as a machine that has been cut off."""

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        from websockets.utils import accept_key

        key = next(x.split(": ")[1] for x in request.split("\r\n") if x.lower().startswith("sec-websocket-key"))
        head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        writer.write(f"{head}Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n".encode())
        await reader.read()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with watched(Feed({"url": url, "heartbeat": "0.1"})) as chat:
        await until(lambda: "no sign of life" in (chat.watch.contact.error or ""), 20)
    server.close()


async def test_what_is_no_message_is_answered_with_an_error_and_the_feed_goes_on():
    async with shop() as feed, watched(Feed({"url": feed.url()})) as chat:
        await until(lambda: chat.state == "live", 20)
        await feed.write("{broken", [1], {"viewer": "Ana"}, {"text": "no viewer"}, FULL)
        await until(lambda: chat.desk.texts == ["is it vegan?"], 20)
        await until(lambda: feed.said, 20)
        assert feed.said == [{"error": "a line is no JSON"}]
        assert chat.state == "live"


async def test_a_frame_that_is_too_big_ends_the_connection_only():
    async with shop() as feed, watched(Feed({"url": feed.url()})) as chat:
        await until(lambda: chat.state == "live", 20)
        await feed.write({"text": "x" * 1_000_000, "viewer": "Ana"})
        await until(lambda: chat.watch.contact.sessions == 2, 20)
        await feed.write(FULL)
        await until(lambda: chat.desk.texts == ["is it vegan?"], 20)


@SOME
@given(st.text() | st.binary())
def test_nothing_that_comes_makes_it_fail(frame):
    for line in lines_of(frame):
        assert isinstance(heard_in(line), str | Heard)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@SOME
@given(st.dictionaries(st.sampled_from([*FULL, "viewer_id"]), JSON), st.booleans())
def test_no_field_of_a_wrong_kind_gets_through(told, named):
    told |= {"text": "is it vegan?", "viewer": "Ana"} if named else {}
    heard = heard_in(json.dumps(told))
    if isinstance(heard, Heard):
        assert (heard.text, heard.buyer) == (told["text"], told.get("buyer") is True)
        assert all(isinstance(each, str) for each in (heard.viewer_id, heard.viewer_name, heard.id, heard.reply_to))
        assert heard.language is None or isinstance(heard.language, str)


@pytest.mark.parametrize("url", ["http://x/", "wss://", "wss://me:s3cret@x/"])
def test_wrong_addresses_are_said_without_their_secrets(url):
    with pytest.raises(ValidationError) as caught:
        Feed({"url": url})
    assert "s3cret" not in str(caught.value.errors()[0]["msg"])


def test_a_file_of_certificates_that_holds_none(tmp_path: Path):
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(ValueError, match="holds no certificate"):
        Feed({"url": "wss://x/", "ca": "empty.pem", "folder": tmp_path})
