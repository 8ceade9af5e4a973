"""The event stream as its listeners have it: over real connections, with everything that goes wrong on them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import HTTPException
from guarded import Guarded
from until import until
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from host_engine.control.operators import events
from host_engine.control.operators.events import Streams, events_routes, kinds, last_id
from host_engine.control.server import listen, serve_on
from host_engine.direction.happenings import BEHIND, Happenings


class Site(Guarded):
    """The event routes behind a real guard, on a real port."""

    def __init__(self, folder: Path, most: int = 100, each: int = 50) -> None:
        super().__init__(folder)
        self.n = 0
        self.happenings = Happenings(lambda: self.n)
        self.streams = Streams(self.happenings, most, each)
        self.app.include_router(events_routes(self.streams, self.guard))
        self.secret = self.token("viewer")

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[httpx.AsyncClient]:
        socket = listen("127.0.0.1", 0)
        self.address = f"127.0.0.1:{socket.getsockname()[1]}"
        jobs = [asyncio.create_task(serve_on(socket, self.app)), asyncio.create_task(self.streams.run())]
        headers = {"Authorization": f"Bearer {self.secret}"}
        try:
            async with httpx.AsyncClient(base_url=f"http://{self.address}", headers=headers, timeout=10) as http:
                yield http
        finally:
            for each in jobs:
                each.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def listening(self, http: httpx.AsyncClient, path: str = "", **headers: str) -> AsyncIterator[Heard]:
        before = self.happenings.listeners
        async with http.stream("GET", f"/api/events{path}", headers=headers) as answer:
            heard = Heard(answer)
            if answer.status_code == 200:
                await until(lambda: self.happenings.listeners > before)
            yield heard
        await until(lambda: self.happenings.listeners <= before)


class Heard:
    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The next event, by its fields; a comment has only that."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line:
                    return fields
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        raise EOFError

    async def data(self) -> Any:
        while True:
            found = await self.next()
            if "data" in found:
                return json.loads(found["data"])


async def test_what_happens_is_told_with_its_frame_and_id(tmp_path: Path) -> None:
    site = Site(tmp_path)
    async with site.served() as http, site.listening(http) as heard:
        assert heard.answer.headers["content-type"].startswith("text/event-stream")
        assert await heard.next() == {"retry": "2000"}
        site.n = 1500
        site.happenings.tell("line/start", line="tea/1", text="Grün\nund frisch")
        found = await heard.next()
        assert (found["id"], found["event"]) == ("1", "line/start")
        told = json.loads(found["data"])
        assert (told["n"], told["what"], told["data"]) == (
            1500,
            "line/start",
            {"line": "tea/1", "text": "Grün\nund frisch"},
        )


async def test_who_comes_again_is_told_what_was_missed_and_only_what_is_wanted(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for n in range(4):
        site.happenings.tell("words" if n % 2 else "line/start", id=n)
    async with site.served() as http:
        async with site.listening(http, **{"Last-Event-ID": "1"}) as heard:
            assert [(await heard.data())["id"] for _ in range(3)] == [2, 3, 4]
        async with site.listening(http, "?what=line,alarm&since=0") as heard:
            site.happenings.tell("line/end")
            assert [(await heard.data())["id"] for _ in range(3)] == [1, 3, 5]


async def test_a_heartbeat_comes_while_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.05)
    site = Site(tmp_path)
    async with site.served() as http, site.listening(http) as heard:
        await heard.next()
        assert await heard.next() == {"": "still here"}
        site.happenings.tell("mute", on=True)
        assert (await heard.data())["what"] == "mute"


async def test_listeners_are_counted_and_leave_their_place(tmp_path: Path) -> None:
    site = Site(tmp_path, most=2, each=1)
    other = {"Authorization": f"Bearer {site.token('viewer', 'ben')}"}
    third = {"Authorization": f"Bearer {site.token('viewer', 'cleo')}"}
    async with site.served() as http:
        async with site.listening(http):
            assert (await http.get("/api/events")).status_code == 429
            async with site.listening(http, **other):
                refused = await http.get("/api/events", headers=third)
                assert (refused.status_code, "listen already" in refused.json()["detail"]) == (503, True)
        await until(lambda: site.happenings.listeners == 0)
        async with site.listening(http, **third) as heard:
            assert heard.answer.status_code == 200


async def test_strangers_and_nonsense_are_refused_with_a_sentence(tmp_path: Path) -> None:
    site = Site(tmp_path)
    async with site.served() as http:
        assert (await http.get("/api/events", headers={"Authorization": "Bearer no"})).status_code == 401
        for query in ("?what=weather", "?since=-1", "?since=99999999999999999999", f"?what={'x' * 400}"):
            assert (await http.get(f"/api/events{query}")).status_code == 422
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://{site.address}/api/events/ws")
        assert refused.value.response.status_code == 401
        with pytest.raises(InvalidStatus) as refused:
            await connect(
                f"ws://{site.address}/api/events/ws?what=weather",
                additional_headers={"Authorization": f"Bearer {site.secret}"},
            )
        assert refused.value.response.status_code == 422
    assert site.happenings.listeners == 0


async def test_a_web_socket_is_told_the_same(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.happenings.tell("hold", on=True)
    headers = {"Authorization": f"Bearer {site.secret}"}
    async with site.served():
        async with connect(f"ws://{site.address}/api/events/ws?since=0", additional_headers=headers) as socket:
            assert json.loads(await socket.recv())["data"] == {"on": True}
            await socket.send("nonsense")
            site.happenings.tell("hold", on=False)
            assert json.loads(await socket.recv())["id"] == 2
        await until(lambda: site.happenings.listeners == 0)


async def test_streams_end_at_once_when_the_channel_does(tmp_path: Path) -> None:
    site = Site(tmp_path)
    headers = {"Authorization": f"Bearer {site.secret}"}
    async with site.served() as http, site.listening(http) as heard:
        async with connect(f"ws://{site.address}/api/events/ws", additional_headers=headers) as socket:
            ending = asyncio.create_task(site.streams.run())
            await asyncio.sleep(0)
            ending.cancel()
            await heard.next()
            with pytest.raises(EOFError):
                await heard.next()
            with pytest.raises(ConnectionClosed):
                await socket.recv()
        assert (await http.get("/api/events")).status_code == 503


async def test_a_listener_who_does_not_read_loses_the_oldest_and_holds_up_nobody(tmp_path: Path) -> None:
    site = Site(tmp_path)
    listening = site.happenings.listen()
    first = asyncio.ensure_future(anext(listening))
    await asyncio.sleep(0)
    for n in range(BEHIND * 3):
        site.happenings.tell("words", word=n)
    assert (await first).data["word"] == 2 * BEHIND
    await listening.aclose()
    assert site.happenings.listeners == 0


def test_the_filter_and_the_last_id() -> None:
    assert kinds(None) == kinds(" , ") == frozenset()
    assert kinds("line, mute") == {"line/start", "line/end", "mute"}
    with pytest.raises(HTTPException):
        kinds("lin")
    assert [last_id(each, 7) for each in ("12", "", None, "x", "-1", "９", "9" * 30)] == [12, 7, 7, 7, 7, 7, 7]
