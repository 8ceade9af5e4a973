"""Two hundred messages a second from a chat to a channel on air: what becomes of each, and whether the tick notices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.corpus import attacks, honest
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir

RATE = 200  # messages a second
SECONDS, SHORT = 60, 15
FRAMES = 50  # a second
VIEWERS = 4000
WARM = 5.0
SETTLE = 30.0  # seconds in which what was sent must have been heard
PRODUCTS = ("teapot", "kettle", "Assam", "Sencha", "rooibos", "matcha bowl", "infuser", "milk jug")
ASKED = (
    "how much is the {}",
    "is the {} in stock",
    "what size is the {}",
    "how heavy is the {}",
    "can the {} go in the dishwasher",
    "do you ship the {} to {}",
    "is there a discount on {} if I buy {}",
    "how long does the {} last, {} years?",
)
GREETINGS = ("hi", "hello everyone", "ciao a tutti", "love it", "thank you", "guten Abend", "hola", "你好")


def messages(seed: int = 1) -> Iterator[dict[str, Any]]:
    """A chat without end: questions that many ask, questions of one, greetings, attacks, and much too long ones."""
    chance = random.Random(seed)
    bad, good = [each.text for each in attacks()], [each.text for each in honest()]
    for number in range(10**9):
        kind = chance.random()
        if kind < 0.45:
            text = chance.choice(ASKED).format(chance.choice(PRODUCTS), chance.randrange(2, 400))
        elif kind < 0.65:
            text = chance.choice(good)
        elif kind < 0.80:
            text = chance.choice(GREETINGS)
        elif kind < 0.98:
            text = chance.choice(bad)
        else:
            text = chance.choice(good) * 40
        viewer = chance.randrange(VIEWERS)
        yield {"text": text, "viewer": f"Viewer {viewer}", "viewer_id": viewer, "buyer": viewer % 20 == 0, "id": number}


class Chat:
    """A chat that the channel connects to; it says so much a second once it is told to, on a thread of its own."""

    def __init__(self) -> None:
        self.port, self.sent = 0, 0
        self._start, self._over = threading.Event(), threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Chat:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the chat did not open within 10 s")
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def flood(self, seconds: float) -> None:
        """Say it all; returns when it has been said."""
        self._seconds = seconds
        self._start.set()
        until = time.monotonic() + seconds + SETTLE
        while self._start.is_set():
            if time.monotonic() > until:
                raise RuntimeError(f"only {self.sent} messages could be sent")
            time.sleep(0.05)

    async def _serve(self) -> None:
        server: Server
        async with serve(self._talk, "127.0.0.1", 0, compression=None) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._ready.set()
            while not self._over.is_set():
                await asyncio.sleep(0.05)

    async def _talk(self, connection: ServerConnection) -> None:
        hear = asyncio.create_task(self._hear(connection))
        while not self._start.is_set():
            await asyncio.sleep(0.02)
        chat, began = messages(), time.monotonic()
        for frame in range(int(self._seconds * FRAMES)):
            lines = [json.dumps(next(chat)) for _ in range(RATE // FRAMES)]
            await connection.send("\n".join(lines))
            self.sent += len(lines)
            await asyncio.sleep(max(0.0, began + (frame + 1) / FRAMES - time.monotonic()))
        self._start.clear()
        await hear

    async def _hear(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for _ in connection:  # the answers in writing
                pass


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name, Chat() as chat:
        source = {"kind": "feed", "name": "flood", "url": f"ws://127.0.0.1:{chat.port}/"}
        audience = {"chats": [source], "ears": {"use": "none"}}
        with OnAir(Path(name), [], {"seconds": seconds + 360}, audience=audience) as channel:
            channel.wait(lambda: channel.status()["audience"]["state"] == "open", 90)
            channel.wait(lambda: channel.status()["audience"]["answers"]["meaning"] == "learnt", 120)
            time.sleep(WARM)
            jumps, cpu, began = channel.status()["clock"]["jumps"], channel.cpu(), time.monotonic()
            chat.flood(seconds)
            ended, cpu = time.monotonic(), channel.cpu() - cpu
            channel.wait(lambda: heard_of(channel.status()["audience"]) >= chat.sent, SETTLE)
            status = channel.status()
            rss = channel.rss()
        late = [value for at, value in channel.notes["late"] if began <= at <= ended]
    fates = fates_of(status["audience"])
    figures = spread(late, "late_ms") | {
        "late_ms_max": float(np.max(late)),
        "jumps": status["clock"]["jumps"] - jumps,
        "cores": cpu / (ended - began),
        "rss_mb": rss,
        "sent": chat.sent,
        "lost": chat.sent - heard_of(status["audience"]),
        "dropped": dropped(status["audience"]),
        **fates,
    }
    print("refused:", json.dumps(status["audience"]["inbox"]["refused"] | status["audience"]["refused"]))
    keep("flood", figures, seconds=seconds, rate=RATE)


def dropped(audience: dict[str, Any]) -> int:
    """Messages that the chat's queue had no room for, as it counts them."""
    return sum(each["dropped"] for each in audience["chats"])


def heard_of(audience: dict[str, Any]) -> int:
    """Messages of which it is known what became of them: heard, or dropped and counted."""
    return int(audience.get("heard", 0)) + dropped(audience)


def fates_of(audience: dict[str, Any]) -> dict[str, float]:
    """What became of all that was heard, from the channel's status, and how many of them are nowhere."""
    inbox = audience["inbox"]
    turned_away = audience["heard"] - inbox["heard"]  # before the inbox: by the firewall, too long, empty
    at_the_door = sum(audience["refused"].values())
    held = inbox["messages_waiting"] + inbox["messages_in_hand"]
    ended = sum(inbox[how] for how in ("answered", "joined", "expired")) + sum(inbox["refused"].values())
    reasons = {"rate", "full", "duplicate", "answered"}
    by_firewall = at_the_door - sum(audience["refused"].get(reason, 0) for reason in reasons)
    return {
        "unaccounted": abs(inbox["heard"] - ended - held) + abs(turned_away - by_firewall),
        "stopped": turned_away,
        "refused": sum(inbox["refused"].values()),
        "answered": inbox["answered"],
        "clustered": inbox["joined"],
        "expired": inbox["expired"],
        "held": held,
        "waited_s_p50": inbox["waited_s"]["p50"],
        "waited_s_p95": inbox["waited_s"]["p95"],
    }


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
