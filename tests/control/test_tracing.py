"""`host-engine trace` against an app that serves one, over HTTP; and whom it is given to."""

import asyncio
import gzip
import json
import socket

import httpx
import pytest
from fastapi import FastAPI
from guarded import Guarded
from typer.testing import CliRunner

from host_engine.commands.cli import app as command
from host_engine.control.api import make_app
from host_engine.control.server import listen, serve_on
from host_engine.control.trace_fetch import Fetched, fetch
from host_engine.control.trace_file import trace_file
from host_engine.timing import Timings
from host_engine.trace import Trace


def app() -> FastAPI:
    timings = Timings(25)
    for n in range(50):
        with timings.stage("draw"):
            pass
        timings.close(n, 0.03 if n in (7, 8) else 0.0)
    trace = Trace()
    return make_app(
        dict,
        lambda: True,
        lambda: [],
        None,
        lambda: None,
        trace=lambda seconds: trace_file(timings, trace, [], seconds),
    )


@pytest.fixture
async def address():
    """The app, served on a free port."""
    listening = listen("127.0.0.1", 0)
    serving = asyncio.create_task(serve_on(listening, app()))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    serving.cancel()
    await asyncio.wait([serving])
    listening.close()


@pytest.mark.parametrize("name", ["trace.json", "trace.json.gz"])
async def test_the_command_writes_the_file(address, tmp_path, name):
    path = tmp_path / name
    said = await asyncio.to_thread(CliRunner().invoke, command, ["trace", "--url", address, "-o", str(path)])
    assert said.exit_code == 0, said.output
    text = gzip.decompress(path.read_bytes()) if name.endswith("gz") else path.read_bytes()
    trace = json.loads(text)
    assert sum(event["name"] == "draw" for event in trace["traceEvents"]) >= 100
    assert await asyncio.to_thread(fetch, address, 10, path) == Fetched(frames=50, late=2)


async def test_what_goes_wrong_is_a_sentence(address, tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(OSError, match="is it running, and is this its port"):
            await asyncio.to_thread(fetch, nobody, 10, tmp_path / "t.json")
    with pytest.raises(OSError, match="gave no trace: There is nothing at /other/api/trace"):
        await asyncio.to_thread(fetch, f"{address}/other", 10, tmp_path / "t.json")
    with pytest.raises(OSError, match="nowhere"):
        await asyncio.to_thread(fetch, address, 10, tmp_path / "nowhere" / "t.json")
    with pytest.raises(ValueError, match="no address of a channel"):
        fetch("file:///etc/passwd", 10, tmp_path / "t.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 403),
        ("somewhere", {}, 403),
        ("127.0.0.1", {"Host": "rebound.example"}, 403),
        ("127.0.0.1", {"Host": socket.gethostname()}, 200),
    ],
)
async def test_a_trace_is_given_to_this_machine_only(client, headers, status):
    transport = httpx.ASGITransport(app(), client=(client, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        answer = await http.get("/api/trace", headers=headers)
        assert answer.status_code == status, answer.text
        assert ("traceEvents" in answer.text) == (status == 200)


async def test_operators_are_given_a_trace_wherever_they_are(tmp_path):
    site = Guarded(tmp_path)
    async with site.client(site.token(), address="192.0.2.7") as http:
        assert (await http.get("/api/trace")).status_code == 200
    async with site.client(site.token("viewer", "vera"), address="192.0.2.7") as http:
        assert (await http.get("/api/trace")).status_code == 403
    async with site.client(address="192.0.2.7") as http:
        assert (await http.get("/api/trace")).status_code == 401
    async with site.client(address="127.0.0.1") as http:
        assert (await http.get("/api/trace", headers={"Host": "localhost"})).status_code == 200
        wrong = {"Host": "localhost", "Authorization": "Bearer he_wrong"}
        assert (await http.get("/api/trace", headers=wrong)).status_code == 401


@pytest.mark.parametrize("seconds", ["0", "61", "-1", "nan", "all"])
async def test_no_more_is_asked_for_than_is_kept(seconds):
    transport = httpx.ASGITransport(app())
    async with httpx.AsyncClient(transport=transport, base_url="http://channel") as http:
        assert (await http.get("/api/trace", params={"seconds": seconds})).status_code == 422
