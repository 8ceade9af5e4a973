"""Fifty operators' requests a second, and twenty who listen: whether the tick notices."""

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

from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir
from host_engine import config
from host_engine.access.making import make
from host_engine.token_places import tokens_file

RATE = 50  # requests a second
SECONDS, SHORT = 120, 20
LISTENERS = 20  # half over SSE, half over WebSocket
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
    """What one client process does to a channel, and what it is told."""

    def __init__(self, address: str, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._address = address
        self.answers: Counter[int] = Counter()
        self.took: list[float] = []  # milliseconds
        self.told = 0  # happenings, over all listeners

    async def run(self, seconds: float) -> None:
        """Listen and ask for so long."""
        async with httpx.AsyncClient(base_url=self._address, headers=self._headers, timeout=30) as http:
            listening = [asyncio.create_task(self._sse(http) if n % 2 else self._socket()) for n in range(LISTENERS)]
            asking = set()
            began, routes = time.monotonic(), cycle(ASKED)
            for number in range(int(seconds * RATE)):
                method, path, body = next(routes)
                if path == "/api/say" and method == "POST" and (number // len(ASKED)) % SAYINGS:
                    method, path, body = "GET", "/api/show", None
                task = asyncio.create_task(self._ask(http, method, path, body))
                asking.add(task)
                task.add_done_callback(asking.discard)
                await asyncio.sleep(max(0.0, began + (number + 1) / RATE - time.monotonic()))
            await asyncio.gather(*asking)
            assert not any(each.done() for each in listening), "a listener was turned away"
            for each in listening:
                each.cancel()
            await asyncio.gather(*listening, return_exceptions=True)

    async def _ask(self, http: httpx.AsyncClient, method: str, path: str, body: object) -> None:
        began = time.monotonic()
        answer = await http.request(method, path, json=body) if body else await http.request(method, path)
        self.took.append((time.monotonic() - began) * 1000)
        self.answers[answer.status_code] += 1

    async def _sse(self, http: httpx.AsyncClient) -> None:
        async with http.stream("GET", "/api/events") as events:
            events.raise_for_status()
            async for line in events.aiter_lines():
                self.told += line.startswith("data:")

    async def _socket(self) -> None:
        address = self._address.replace("http", "ws", 1) + "/api/events/ws"
        async with connect(address, additional_headers=self._headers, compression=None) as socket:
            async for _ in socket:
                self.told += 1


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        with OnAir(Path(name), [], {"seconds": seconds + 120}) as channel:
            file = tokens_file(config.load(next(Path(name).glob("*.yaml"))))
            token, _ = make(file, "benchmark", "admin", timedelta(days=1), datetime.now(UTC))
            load = Load(channel.address, token)
            time.sleep(WARM)
            jumps, cpu, began = channel.status()["clock"]["jumps"], channel.cpu(), time.monotonic()
            asyncio.run(load.run(seconds))
            ended, cpu = time.monotonic(), channel.cpu() - cpu
            status, rss = channel.status(), channel.rss()
        late = [value for at, value in channel.notes["late"] if began <= at <= ended]
    wrong = {status: number for status, number in load.answers.items() if status >= 500 or status in (401, 403, 429)}
    print("answers:", json.dumps(load.answers))
    assert not wrong, f"answers that nobody should get: {wrong}"
    figures = spread(late, "late_ms") | {
        **spread(load.took, "answer_ms"),
        "late_ms_max": float(np.max(late)),
        "jumps": status["clock"]["jumps"] - jumps,
        "cores": cpu / (ended - began),
        "rss_mb": rss,
        "asked": load.answers.total(),
        "told": load.told,
    }
    keep("api_load", figures, seconds=seconds, rate=RATE, listeners=LISTENERS)


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
