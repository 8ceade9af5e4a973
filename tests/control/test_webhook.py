"""The webhook against servers that are well, dead, slow, rude and revived; what flaps is told rarely."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rtmp_server import free_port
from until import until

from host_engine.alarms import Alarm, Alarms
from host_engine.control import webhook as module
from host_engine.control.webhook import SIGNATURE, UNREACHABLE, Damper, Webhook

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


class Server:
    """Takes POSTs; answers each with the next of `answers`, and with 204 when there are none left."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook?token=s3cret"
        self.answers: list[int] = []
        self.got: list[dict[str, Any]] = []
        self.heads: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.mute = False
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                head = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
                body = await reader.readexactly(int(head["content-length"]))
                if self.mute:
                    continue
                self.heads.append(head)
                self.bodies.append(body)
                self.got.append(json.loads(body))
                status = self.answers.pop(0) if self.answers else 204
                writer.write(b"HTTP/1.1 %d Fine\r\nContent-Length: 0\r\n\r\n" % status)
                await writer.drain()
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    it = Server()
    await it.start()
    yield it
    await it.stop()


@asynccontextmanager
async def running(webhook: Webhook) -> AsyncIterator[None]:
    task = asyncio.ensure_future(webhook.run())
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST", 0.02)
    monkeypatch.setattr(module, "LONGEST", 0.1)


def alarm(name: str = "tube/behind", over: bool = False) -> Alarm:
    return Alarm(name, "the text ü", SINCE, over)


async def test_an_alarm_and_its_end_are_told_signed_and_in_order(server: Server) -> None:
    alarms = Alarms(lambda: SINCE)
    webhook = Webhook("demo", server.url, "the secret", now=lambda: SINCE)
    alarms.hooks.append(webhook.tell)
    alarms.sound("file/disk-full", "raised before it runs")
    async with running(webhook):
        await asyncio.to_thread(alarms.sound, "tube/behind", "the text ü")
        await until(lambda: len(server.got) == 2)
        alarms.clear("tube/behind")
        await until(lambda: webhook.sent == 3)
    since = SINCE.isoformat()
    assert server.got[1] == {
        "channel": "demo",
        "alarm": "tube/behind",
        "text": "the text ü",
        "since": since,
        "over": False,
        "time": since,
        "times": 1,
    }
    assert [(each["alarm"], each["over"]) for each in server.got] == [
        ("file/disk-full", False),
        ("tube/behind", False),
        ("tube/behind", True),
    ]
    for head, body in zip(server.heads, server.bodies, strict=True):
        assert head[SIGNATURE.lower()] == "sha256=" + hmac.new(b"the secret", body, hashlib.sha256).hexdigest()
    assert (webhook.sent, webhook.lost, webhook.waiting) == (3, 0, 0)


async def test_without_a_secret_nothing_is_signed(server: Server) -> None:
    webhook = Webhook("demo", server.url)
    async with running(webhook):
        webhook.tell(alarm())
        await until(lambda: server.got)
    assert SIGNATURE.lower() not in server.heads[0]


async def test_a_dead_server_gets_everything_in_order_once_it_is_back(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    alarms = Alarms()
    webhook = Webhook("demo", server.url, trouble=lambda text: alarms.check(UNREACHABLE, text))
    alarms.hooks.append(webhook.tell)
    await server.stop()
    async with running(webhook):
        for n in range(30):
            alarms.sound(f"a{n}/x", "text")
        await until(lambda: alarms.raised[-1].name == UNREACHABLE)
        assert "s3cret" not in alarms.raised[-1].text
        assert webhook.waiting == 30
        server.answers = [500, 429]
        await server.start()
        await until(lambda: len(server.got) == 32)
        await until(lambda: UNREACHABLE not in [each.name for each in alarms.raised])
    assert [each["alarm"] for each in server.got[2:]] == [f"a{n}/x" for n in range(30)]
    assert {each["alarm"] for each in server.got[:2]} == {"a0/x"}
    assert "s3cret" not in caplog.text


async def test_a_message_that_is_refused_for_good_does_not_hold_up_the_next(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    webhook = Webhook("demo", server.url)
    server.answers = [404, 301]
    async with running(webhook):
        for n in range(3):
            webhook.tell(alarm(f"a{n}/x"))
        await until(lambda: len(server.got) == 3)
    assert "127.0.0.1 answers 404 to an alarm, which is not told again" in caplog.text


async def test_a_server_that_never_answers_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    webhook = Webhook("demo", server.url)
    server.mute = True
    async with running(webhook):
        webhook.tell(alarm())
        await until(lambda: webhook.error)
        assert webhook.error == "no answer within 0.2 s"
        server.mute = False
        await until(lambda: len(server.got) == 1)


async def test_what_waits_is_bounded_and_the_newest_is_kept(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 20)
    webhook = Webhook("demo", server.url)
    await server.stop()
    async with running(webhook):
        for n in range(100):
            webhook.tell(alarm(f"a{n}/x"))
            await asyncio.sleep(0)
        await until(lambda: webhook.error)
        assert webhook.waiting <= 20
        await server.start()
        await until(lambda: server.got and server.got[-1]["alarm"] == "a99/x")
    assert len(server.got) <= 20


async def test_a_burst_of_one_alarm_is_told_once_and_then_how_often(server: Server) -> None:
    webhook = Webhook("demo", server.url, quiet=0.3)
    async with running(webhook):
        for _ in range(10):
            webhook.tell(alarm())
            webhook.tell(alarm(over=True))
        webhook.tell(alarm())
        await until(lambda: len(server.got) == 3)
    assert [(each["over"], each["times"]) for each in server.got] == [(False, 1), (True, 1), (False, 10)]


Step = tuple[str, float]


@given(st.lists(st.tuples(st.sampled_from(["up", "down", "look"]), st.floats(0, 90)), max_size=60))
def test_whatever_an_alarm_does_it_is_told_rarely_and_its_last_word_is_true(steps: list[Step]) -> None:
    """The state that was told last is the state that is, once the quiet time is over."""
    damper, now, up = Damper(60.0), 0.0, False
    told: list[tuple[float, bool]] = []

    def tell(said: list[Any]) -> None:
        told.extend((now, not each.alarm.over) for each in said)

    raised = 0
    counted = 0
    for what, pause in [*steps, ("look", 60.0)]:
        now += pause
        ready = damper.ready(now)
        counted += sum(each.times for each in ready)
        tell(ready)
        if what != "look" and up != (what == "up"):
            up = not up
            raised += up
            said = damper.take(alarm(over=not up), now)
            counted += said.times if said and up else 0
            tell([said] if said else [])
    starts = [time for time, is_up in told if is_up]
    assert all(later - earlier >= 60 for earlier, later in pairwise(starts))
    assert [is_up for _, is_up in told] == [index % 2 == 0 for index in range(len(told))]
    assert (told[-1][1] if told else False) == up
    assert counted == raised or not up
    assert damper.due == float("inf")


async def test_a_webhook_that_hangs_costs_the_loop_nothing(server: Server) -> None:
    server.mute = True
    webhook = Webhook("demo", server.url)
    turns = 0

    async def count(enough: Callable[[], Awaitable[None]]) -> None:
        nonlocal turns
        while turns < 50:
            await enough()
            turns += 1

    async with running(webhook):
        for n in range(50):
            webhook.tell(alarm(f"a{n}/x"))
        await asyncio.wait_for(count(lambda: asyncio.sleep(0.002)), 5)
    assert turns == 50
