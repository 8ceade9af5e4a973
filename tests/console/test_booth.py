"""The console lives on a thread of its own: requests go there and back, and what fails there is told here."""

import asyncio
import threading
from contextlib import asynccontextmanager

import httpx
import pytest
from until import until

from host_engine.console.booth import Booth, across


def opening(app, fails: list[Exception] | None = None):
    @asynccontextmanager
    async def opened():
        if fails:
            raise fails.pop()
        yield app

    return opened


async def echo(scope, receive, send):
    """Tells on which thread it is, and what it was sent."""
    body = (await receive())["body"]
    text = f"{threading.current_thread().name} {scope['path']} {body.decode()} {scope['console.who']}"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


async def test_a_request_is_answered_on_the_other_thread():
    booth = Booth(opening(echo))
    assert booth.state == "closed"
    booth.open()
    booth.open()
    await until(lambda: booth.state == "open")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(booth), base_url="http://console") as client:
        answer = await client.post("/x", content="hello")
    assert answer.text == "console /x hello None"
    await booth.close()
    assert not any(each.name == "console" for each in threading.enumerate())


async def test_an_opening_that_fails_is_told_and_tried_again_later(monkeypatch):
    booth = Booth(opening(echo, [OSError("no such library")]))
    booth.open()
    await until(lambda: booth.state == "failed")
    assert booth.error == "no such library"
    booth.open()
    assert booth.state == "failed"  # not at once
    monkeypatch.setattr("host_engine.console.booth.AGAIN", -1.0)
    booth.open()
    await until(lambda: booth.state == "open")
    await booth.close()


async def test_what_is_cancelled_here_is_cancelled_there():
    ended = threading.Event()

    async def for_ever(scope, receive, send):
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    booth = Booth(opening(for_ever))
    booth.open()
    await until(lambda: booth.state == "open")
    asked = asyncio.create_task(booth({"type": "http", "path": "/"}, None, None))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(ended.is_set)
    await booth.close()


async def test_a_socket_that_sends_nonsense_is_closed_with_one_line_in_the_log(caplog):
    async def broken(scope, receive, send):
        raise ValueError("no number: 'g'")

    booth, sent = Booth(opening(broken)), []
    booth.open()
    await until(lambda: booth.state == "open")

    async def send(message):
        sent.append(message)

    await booth({"type": "websocket", "path": "/"}, None, send)
    assert sent == [{"type": "websocket.close", "code": 1011}]
    assert "no number" in caplog.text
    assert "Traceback" not in caplog.text
    with pytest.raises(ValueError, match="no number"):
        await booth({"type": "http", "path": "/"}, None, send)
    await booth.close()


async def test_values_and_errors_cross_threads():
    async def work(fails: bool) -> int:
        if fails:
            raise ValueError("no")
        return 7

    here = asyncio.get_running_loop()
    assert await across(work(False), here) == 7
    with pytest.raises(ValueError, match="no"):
        await across(work(True), here)
