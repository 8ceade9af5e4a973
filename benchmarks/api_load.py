"""Fifty operators' requests a second, twenty consoles that are open, and ten who listen: whether the tick notices."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx
import numpy as np
from websockets.asyncio.client import connect

from benchmarks.consoles import Consoles
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir
from host_engine.access.making import make
from host_engine.channel.operators.token_places import tokens_file
from host_engine.channel_file import config

RATE = 50  # requests a second
SECONDS, SHORT = 120, 20
CONSOLES = 20
LISTENERS = 10  # half over SSE, half over WebSocket
WARM = 5.0
ASKED = (  # in turn: half of it looking, half of it acting
    ("GET", "/api/show", None),
    ("POST", "/api/hold", None),
    ("GET", "/api/rundown", None),
    ("POST", "/api/release", None),
    ("GET", "/api/desk", None),
    ("POST", "/api/scene", {"name": None}),
    ("GET", "/api/session", None),
    ("POST", "/api/take", {"on_air": "a line that is not on air"}),
    ("GET", "/api/catalogs", None),
    ("POST", "/api/desk/none/veto", None),
    ("GET", "/api/say", None),
    ("POST", "/api/say", {"text": "Do look at our teapots.", "when": "next"}),
)
SAYINGS = 30  # one request in so many that would say something does: a host says no more


class Load:
    """What clients do to a channel, and what they are told."""

    def __init__(self, channel: OnAir, token: str) -> None:
        self._channel, self._headers = channel, {"Authorization": f"Bearer {token}"}
        self.consoles = Consoles(channel.address, token, CONSOLES)
        self.answers: Counter[int] = Counter()
        self.took: list[float] = []  # milliseconds
        self.told = 0  # happenings, over all listeners
        self.span: list[tuple[float, float, int]] = []  # at the begin and the end: time, seconds of processor, jumps

    async def run(self, seconds: float) -> None:
        """Open the consoles, listen, and then ask for so long."""
        async with httpx.AsyncClient(base_url=self._channel.address, headers=self._headers, timeout=30) as http:
            ready = asyncio.Event()
            staying = [asyncio.create_task(self._sse(http) if n % 2 else self._socket()) for n in range(LISTENERS)]
            staying.append(asyncio.create_task(self.consoles.run(ready)))
            staying[-1].add_done_callback(lambda _: ready.set())
            await ready.wait()
            await asyncio.sleep(WARM)
            await self._look()
            await self._ask_for(seconds, http)
            await self._look()
            gone = [each for each in staying if each.done()]
            for each in staying:
                each.cancel()
            await asyncio.gather(*staying, return_exceptions=True)
            if gone:
                raise RuntimeError("somebody was turned away") from gone[0].exception()

    async def _look(self) -> None:
        status = await asyncio.to_thread(self._channel.status)
        self.span.append((time.monotonic(), self._channel.cpu(), status["clock"]["jumps"]))

    async def _ask_for(self, seconds: float, http: httpx.AsyncClient) -> None:
        asking, began, routes = set(), time.monotonic(), cycle(ASKED)
        for number in range(int(seconds * RATE)):
            method, path, body = next(routes)
            if path == "/api/say" and method == "POST" and (number // len(ASKED)) % SAYINGS:
                method, path, body = "GET", "/api/show", None
            asking.add(task := asyncio.create_task(self._ask(http, method, path, body)))
            task.add_done_callback(asking.discard)
            await asyncio.sleep(max(0.0, began + (number + 1) / RATE - time.monotonic()))
        await asyncio.gather(*asking)

    async def _ask(self, http: httpx.AsyncClient, method: str, path: str, body: object) -> None:
        began = time.monotonic()
        answer = await http.request(method, path, json=body) if body else await http.request(method, path)
        self.took.append((time.monotonic() - began) * 1000)
        self.answers[answer.status_code] += 1

    async def _sse(self, http: httpx.AsyncClient) -> None:
        async with http.stream("GET", "/api/events", timeout=60) as events:
            events.raise_for_status()
            async for line in events.aiter_lines():
                self.told += line.startswith("data:")

    async def _socket(self) -> None:
        address = self._channel.address.replace("http", "ws", 1) + "/api/events/ws"
        async with connect(address, additional_headers=self._headers, compression=None) as socket:
            async for _ in socket:
                self.told += 1


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        with OnAir(Path(name), [], {"seconds": seconds + 300}) as channel:
            file = tokens_file(config.load(Path(name) / "channel.yaml"))
            token, _ = make(file, "benchmark", "admin", timedelta(days=1), datetime.now(UTC))
            load = Load(channel, token)
            asyncio.run(load.run(seconds))
            rss = channel.rss()
        (began, used, jumps), (ended, used_then, jumps_then) = load.span
        late = [value for at, value in channel.notes["late"] if began <= at <= ended]
    wrong = {status: number for status, number in load.answers.items() if status >= 500 or status in (401, 403, 429)}
    assert load.consoles.told, "no console was told anything"
    print("answers:", json.dumps(load.answers), "told to consoles:", load.consoles.told)
    assert not wrong, f"answers that nobody should get: {wrong}"
    figures = spread(late, "late_ms") | {
        **spread(load.took, "answer_ms"),
        "late_ms_max": float(np.max(late)),
        "jumps": jumps_then - jumps,
        "cores": (used_then - used) / (ended - began),
        "rss_mb": rss,
        "asked": load.answers.total(),
        "told": load.told,
    }
    keep("api_load", figures, seconds=seconds, rate=RATE, consoles=CONSOLES, listeners=LISTENERS)


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
