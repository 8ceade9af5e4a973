"""Serving: what is said when it cannot be done, and how it ends."""

import asyncio
import contextlib
import json
import socket

import httpx
import pytest

from host_engine.control import server
from host_engine.control.doors import Doors
from host_engine.control.server import CannotListen, listen, serve, serve_on


async def slow(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    await asyncio.sleep(3600)


async def hello(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def test_a_port_in_use_is_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"port {port} of 127.0.0.1 is in use .* --port"):
            await serve(hello, "127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "sentence"), [("no such host", "there is no address 'no such host'"), ("192.0.2.213", "not an address of")]
)
def test_an_address_that_is_not_here_is_a_sentence(host: str, sentence: str) -> None:
    with pytest.raises(CannotListen, match=sentence):
        listen(host, 0)


def test_answers_leave_at_once_and_do_not_wait_for_the_other_side() -> None:
    with listen("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        came, _ = door.accept()
        with came:
            assert came.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_serves_until_cancelled_and_lets_the_port_go() -> None:
    sock = listen("127.0.0.1", 0)
    port = sock.getsockname()[1]
    serving = asyncio.create_task(serve_on(sock, hello))
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"http://127.0.0.1:{port}/")).text == "hello"
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    sock.close()
    listen("127.0.0.1", port).close()


async def test_an_answer_in_progress_does_not_hold_up_the_end() -> None:
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, slow))
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"begun")
        serving.cancel()
        async with asyncio.timeout(30):
            with contextlib.suppress(asyncio.CancelledError):
                await serving
        writer.close()


async def test_once_the_doors_are_closed_nobody_is_let_in_and_nothing_is_read() -> None:
    """A channel that ends under a flood must not answer all of it first."""
    asked: list[str] = []

    async def noting(scope, receive, send) -> None:
        asked.append(scope["path"])
        await hello(scope, receive, send)

    doors = Doors()
    with listen("127.0.0.1", 0) as sock:
        at = sock.getsockname()
        serving = asyncio.create_task(serve_on(sock, noting, doors))
        async with asyncio.timeout(30):
            reader, writer = await asyncio.open_connection(*at)
            writer.write(b"GET /before HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b"hello")
            await asyncio.to_thread(doors.close)  # as by a signal
            writer.write(b"GET /after HTTP/1.1\r\nHost: x\r\n\r\n")
            with contextlib.suppress(OSError):
                late, writing = await asyncio.open_connection(*at)
                writing.write(b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
                assert await late.read() == b""
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()
    assert asked == ["/before"]


async def test_a_burst_of_connections_is_answered_whole() -> None:
    """Few are accepted in a turn of the loop, and those that wait are not turned away."""
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, hello))
        every = [socket.create_connection(sock.getsockname(), timeout=30) for _ in range(100)]  # the loop waits
        for each in every:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            each.setblocking(False)
        async with asyncio.timeout(60):
            for each in every:
                reader, writer = await asyncio.open_connection(sock=each)
                assert (await reader.read()).endswith(b"hello")
                writer.close()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def test_who_is_cut_off_at_the_end_is_told_so_without_a_traceback(caplog) -> None:
    began = asyncio.Event()

    async def patient(scope, receive, send) -> None:
        began.set()
        await asyncio.sleep(3600)

    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, patient))
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(30):
            await began.wait()
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            assert b" 503 " in await reader.readline()
        writer.close()
    assert not [record for record in caplog.records if record.exc_info]


async def test_what_is_no_request_is_not_worth_a_line_in_the_log(caplog) -> None:
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, hello))
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(b"what is this?\r\n\r\n")
        async with asyncio.timeout(20):
            assert (await reader.read()).startswith(b"HTTP/1.1 400")
        writer.close()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    assert not caplog.records


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-a: "])
async def test_a_connection_that_brings_no_request_is_closed(monkeypatch, start: bytes) -> None:
    monkeypatch.setattr(server, "REQUEST", 0.2)
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, hello))
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(start)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        monkeypatch.setattr(server, "REQUEST", 1.5)  # more than a busy machine takes between two of them
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        for _ in range(3):  # one that does is kept, over several requests
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200 OK" in await reader.readuntil(b"hello")
            await asyncio.sleep(0.6)
        writer.close()
        serving.cancel()


async def test_a_head_without_end_is_refused_in_a_sentence_and_told() -> None:
    doors, told = Doors(), list[tuple[str, str]]()
    doors.told = lambda address, sentence: told.append((address, sentence))
    with listen("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(serve_on(sock, hello, doors))
        reader, writer = await asyncio.open_connection(*sock.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + b"x" * 1_000_000 + b"\r\n\r\n")
        async with asyncio.timeout(20):
            answer = await reader.read()
        writer.close()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["detail"] == "The head of the request is longer than 64 KB."
    assert told == [("127.0.0.1", "The head of the request is longer than 64 KB.")]
    assert doors.status()["refused"] == {"heads": 1}
