"""The chat over a real WebSocket: who is told what, and what hostile visitors can do, which is little."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from scripted_desk import ScriptedDesk
from until import until
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

from host_engine.audience.message import Receipt
from host_engine.control import visitor
from host_engine.control.api import make_app
from host_engine.control.chat import Chat
from host_engine.control.now import Now
from host_engine.control.reception import Reception, from_page
from host_engine.control.server import listen, serve_on

ANA, BO = "a" * 32, "b" * 32


class House:
    """A channel with a chat, on a free port."""

    def __init__(self, **limits: Any) -> None:
        self.desk, self.watching = ScriptedDesk(), 3
        titles = {"cup": {"id": "cup", "title": "Cup"}}
        self.chat = Chat(from_page(self.desk), titles.get, lambda: self.watching, **limits)
        reception = Reception(self.desk, chat=self.chat)
        whep: Any = None
        app = make_app(dict, lambda: True, lambda: [b""], whep, lambda: Now("Shop"), reception=reception)
        self.socket = listen("127.0.0.1", 0)
        self.port = self.socket.getsockname()[1]
        self.serving = asyncio.create_task(serve_on(self.socket, app))

    @asynccontextmanager
    async def page(self, viewer: str = ANA, name: str = "Ana", **options: Any) -> AsyncIterator["Page"]:
        async with connect(f"ws://127.0.0.1:{self.port}/api/chat", **options) as socket:
            page = Page(socket)
            await page.next("hello")
            await page.say(viewer=viewer, name=name)
            yield page


class Page:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []

    async def say(self, **fields: Any) -> None:
        await self.socket.send(json.dumps(fields))

    async def next(self, what: str) -> dict[str, Any]:
        """The next thing of that kind that the page is told."""
        async with asyncio.timeout(10):
            while True:
                for told in self.told:
                    if told["what"] == what:
                        self.told.remove(told)
                        return told
                self.told += json.loads(await self.socket.recv())

    async def ended(self) -> int:
        """The close code."""
        async with asyncio.timeout(20):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        return self.socket.close_code or 0


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    yield house
    house.serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await house.serving
    house.socket.close()


async def test_a_question_is_receipted_and_shown_to_everybody(house: House) -> None:
    async with house.page() as ana, house.page(BO, "Bo") as bo:
        await ana.say(text="Is it <b>hot</b>?", product="cup", ref=7)
        receipt = await ana.next("receipt")
        assert (receipt["ref"], receipt["id"], receipt["state"]) == (7, "q1", "taken")
        [(heard, source, product)] = house.desk.taken
        assert (heard.text, heard.viewer_id, heard.viewer_name) == ("Is it <b>hot</b>?", ANA, "Ana")
        assert (source, product) == ("page", "cup")
        for page in (ana, bo):
            asked = await page.next("asked")
            assert (asked["name"], asked["text"], asked["product"]["title"]) == ("Ana", "Is it <b>hot</b>?", "Cup")
            assert ANA not in json.dumps(asked)
        house.desk.tell("answering", "q1")
        house.desk.tell("answered", "q1", name="Ana", answer="Very.", product="cup")
        assert (await bo.next("answering"))["id"] == "q1"
        assert (await bo.next("answered"))["answer"] == "Very."


async def test_who_comes_later_sees_what_was_said(house: House) -> None:
    house.desk.tell("asked", "q9", name="Eve", text="Hello?")
    async with house.page() as ana:
        assert (await ana.next("asked"))["text"] == "Hello?"
        assert (await ana.next("viewers"))["count"] == 3
        await ana.say(text="Mine", ref=1)
        await ana.next("receipt")
        await ana.next("asked")
    async with house.page() as again, house.page(BO, "Bo") as other:
        assert (await again.next("yours"))["ids"] == ["q1"]
        await other.say(text="And I?", ref=1)
        await other.next("receipt")
        assert "yours" not in {each["what"] for each in other.told}


async def test_what_concerns_the_asker_is_told_to_them_alone(house: House) -> None:
    async with house.page() as ana, house.page(BO, "Bo") as bo:
        await ana.say(text="Price?", ref=1)
        await ana.next("receipt")
        house.desk.tell("waiting", "q1")
        house.desk.tell("expired", "q1")
        house.desk.tell("asked", "q2", text="later")
        await ana.next("expired")
        await bo.next("asked")
        await bo.next("asked")
        assert {each["what"] for each in bo.told} <= {"viewers"}


async def test_what_was_heard_reaches_every_page_of_the_viewer(house: House) -> None:
    async with house.page() as one, house.page() as two, house.page(BO) as other:
        await until(lambda: sum(house.chat.name(each) is not None for each in (ANA, BO)) == 2)
        await until(lambda: sum(each.viewer == ANA for each in house.chat._visitors) == 2)
        house.chat.heard(ANA, "what does it cost", Receipt("q5", "taken"))
        for page in (one, two):
            heard = await page.next("heard")
            assert (heard["text"], heard["id"], heard["state"]) == ("what does it cost", "q5", "taken")
        house.chat.heard(ANA, "", None, "silence")
        assert (await one.next("heard"))["reason"] == "silence"
        house.desk.tell("asked", "q6")
        await other.next("asked")
        assert "heard" not in {each["what"] for each in other.told}


async def test_a_refusal_is_told_with_its_reason(house: House) -> None:
    house.desk.refuse = ("abuse", "Please ask kindly.")
    async with house.page() as ana:
        await ana.say(text="@#!", ref=3)
        receipt = await ana.next("receipt")
        assert (receipt["state"], receipt["reason"], receipt["said"]) == ("refused", "abuse", "Please ask kindly.")
    assert house.chat.status()["abuse"] == 1


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "nonsense",
        "[" * 60_000,
        "[]",
        '{"text": 5}',
        '{"text": ""}',
        '{"viewer": "short"}',
        b"\x00\x01",
        '{"ref": -1}',
        json.dumps({"text": "x" * 2001}),
        '{"text": "a", "language": "<script>"}',
        json.dumps({"name": "x" * 81}),
    ],
)
async def test_frames_that_are_none_get_a_sentence_and_a_count(house: House, frame: str | bytes) -> None:
    async with house.page() as ana:
        await ana.socket.send(frame)
        receipt = await ana.next("receipt")
        assert (receipt["state"], receipt["reason"]) == ("refused", "malformed")
        assert receipt["said"].endswith(".")
        await ana.say(text="Still here?", ref=1)
        assert (await ana.next("receipt"))["state"] == "taken"
    assert house.chat.status()["malformed"] == 1


async def test_a_visitor_who_talks_only_nonsense_is_shown_out(house: House, monkeypatch) -> None:
    monkeypatch.setattr(visitor, "NONSENSE", 3)
    async with house.page() as ana:
        for _ in range(3):
            await ana.socket.send("nonsense")
        assert await ana.ended() == 1008
    await until(lambda: house.chat.visitors == 0)
    assert house.chat.status()["nonsense"] == 1


async def test_a_frame_of_more_than_64_kb_ends_the_connection(house: House) -> None:
    async with house.page() as ana:
        await ana.say(text="x" * 70_000)
        assert await ana.ended() == 1009


async def test_a_text_that_is_none_ends_the_connection_and_stays_out_of_the_log(house: House, caplog) -> None:
    async with house.page() as ana:
        ana.socket.protocol.send_text(b"\xff\xfe how much is it?")
        ana.socket.transport.writelines(ana.socket.protocol.data_to_send())
        assert await ana.ended() == 1007
    assert not caplog.records


@pytest.mark.parametrize(
    "flaw",
    [
        pytest.param("Content-Length: 2\r\n", id="a body"),
        pytest.param("".join(f"X-{n}: x\r\n" for n in range(300)), id="too many headers"),
        pytest.param(f"X: {'x' * 20_000}\r\n", id="too long a header"),
    ],
)
async def test_a_handshake_that_is_none_is_refused_at_once(house: House, flaw: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    begun = "GET /api/chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    keyed = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    writer.write(f"{begun}{keyed}{flaw}\r\n".encode())
    async with asyncio.timeout(20):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"no handshake" in answer
    writer.close()


async def test_a_message_in_too_many_pieces_ends_the_connection(house: House) -> None:
    async with house.page() as ana:
        pieces = [b"x"] * 300
        with contextlib.suppress(ConnectionClosed):
            await ana.socket.send(pieces)
        assert await ana.ended() in (0, 1006)


async def test_messages_that_come_too_fast_are_read_later_not_lost(house: House, monkeypatch) -> None:
    monkeypatch.setattr(visitor, "BURST", 2.0)
    monkeypatch.setattr(visitor, "RATE", 20.0)
    async with house.page() as ana:
        for n in range(12):
            await ana.say(text=f"question {n}", ref=n)
        receipts = [await ana.next("receipt") for _ in range(12)]
    assert [each["ref"] for each in receipts] == list(range(12))


async def test_a_flood_from_one_address_is_refused_and_counted() -> None:
    house = House(each=30)
    house.chat._pace._burst, house.chat._pace._rate = 5.0, 0.001
    async with contextlib.AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(house.page(f"{n:032}")) for n in range(8)]
        for page in pages:
            await page.say(text="buy now", ref=1)
        states = [(await page.next("receipt"))["state"] for page in pages]
    assert (states.count("taken"), states.count("refused")) == (5, 3)
    assert house.chat.status()["rate"] == 3
    house.serving.cancel()


async def test_only_so_many_come_in_from_one_address() -> None:
    house = House(each=2)
    async with house.page(), house.page(BO):
        async with connect(f"ws://127.0.0.1:{house.port}/api/chat") as third:
            assert await Page(third).ended() == 1013
        assert house.chat.status()["full"] == 1
    await until(lambda: house.chat.visitors == 0)
    async with house.page():
        pass
    house.serving.cancel()


async def test_a_page_that_falls_silent_is_gone(house: House, monkeypatch) -> None:
    monkeypatch.setattr(visitor, "SILENT", 0.2)
    async with house.page() as ana:
        await ana.ended()
    assert house.chat.status()["silent"] == 1


async def test_who_reads_too_slowly_is_dropped_and_hurts_nobody(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, limit=1024)
    writer.write(
        b"GET /api/chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()
    await until(lambda: house.chat.visitors == 1)
    slow = next(iter(house.chat._visitors))
    async with house.page() as ana:
        async with asyncio.timeout(30):
            while house.chat.visitors == 2:
                for _ in range(8):
                    slow.put([{"what": "asked", "text": "x" * 20_000}])
                await asyncio.sleep(0.01)
        assert house.chat.status()["slow"] == 1
        await ana.say(text="Am I heard?", ref=1)
        assert (await ana.next("receipt"))["state"] == "taken"
    writer.close()


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://evil.example", 403), ("null", 403), ("http://127.0.0.1:1", 403), ("http://[", 403), (None, 101)],
)
async def test_pages_of_others_may_not_chat(house: House, origin: str | None, status: int) -> None:
    if status == 101:
        async with house.page(origin=origin):
            return
    with pytest.raises(InvalidStatus) as refused:
        async with house.page(origin=origin):
            pass
    assert refused.value.response.status_code == status
    async with house.page(origin=f"http://127.0.0.1:{house.port}"):
        assert house.chat.status()["origin"] == 1


async def test_a_flood_of_events_shows_a_few_and_counts_the_others(house: House) -> None:
    async with house.page() as ana:
        for n in range(500):
            house.desk.tell("asked", f"f{n}", text="?")
        house.desk.tell("answered", "f0", answer="Yes.")
        await ana.next("answered")
        assert sum(each["what"] == "asked" for each in ana.told) <= 8
    assert house.chat.status()["not shown"] >= 490


async def test_a_flood_of_pings_does_not_hold_the_loop(house: House) -> None:
    async with house.page() as ana:
        transport = ana.socket.transport
        ping = Frame(Opcode.PING, b"").serialize(mask=True)
        transport.write(ping * 20_000)
        worst, loop = 0.0, asyncio.get_running_loop()
        for _ in range(100):
            before = loop.time()
            await asyncio.sleep(0.005)
            worst = max(worst, loop.time() - before)
        assert worst < 10  # seconds: the real figure is told by benchmarks
        async with house.page(BO, "Bo") as bo:
            await bo.say(text="Am I heard?", ref=1)
            assert (await bo.next("receipt"))["state"] == "taken"
        transport.abort()


async def test_the_end_of_the_channel_ends_every_chat(house: House) -> None:
    async with house.page() as ana:
        house.serving.cancel()
        assert await ana.ended() in (1001, 1006, 1012)


async def test_a_channel_without_a_chat_lets_nobody_in() -> None:
    whep: Any = None
    app = make_app(dict, lambda: True, lambda: [b""], whep, lambda: Now("Shop"))
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, app))
        with pytest.raises(InvalidStatus):
            async with connect(f"ws://127.0.0.1:{sock.getsockname()[1]}/api/chat"):
                pass
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
