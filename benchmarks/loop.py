"""Gaps of the event loop while viewers join and leave, requests with bodies up to the limits come, and pages are read.

A timer of 5 ms looks at the loop: a gap is by how much it is late.
"""

from __future__ import annotations

import http.client
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir

SECONDS, SHORT = 120, 30
WARM = 5.0
VIEWERS, STAY = 4, 2.0  # somebody leaves and somebody joins every two seconds
PAUSE = 0.25  # seconds between two requests
OFFER = b"v=0\r\n" + b"a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n" * 500
BODIES = (OFFER, b"x" * 24_000, b"x" * 64 * 1024, b"x" * 10_000_000)  # up to each limit, and far beyond
PAGES = ("/", "/api/now", "/status", "/metrics", "/static/player.js")


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        with OnAir(Path(name), [], {"seconds": seconds + 120, "gaps": True}) as channel:
            with Crowd(channel.address, VIEWERS, STAY) as crowd, Visitor(channel.address) as visitor:
                time.sleep(WARM)
                began = time.monotonic()
                time.sleep(seconds)
                ended = time.monotonic()
            status = channel.status()
        gaps = [value for at, value in channel.notes["gaps"] if began <= at <= ended]
    figures = spread(gaps, "gap_ms") | {
        "gap_ms_max": float(np.max(gaps)),
        "jumps": status["clock"]["jumps"],
        "uploads": visitor.answers.total(),
        "joined": crowd.counts["joined"],
        "left": crowd.counts["left"],
        "refused": crowd.counts["refused"],
    }
    print("answers:", dict(visitor.answers))
    keep("loop", figures, seconds=seconds)


class Visitor:
    """Sends bodies and reads pages, one after the other, on a thread, for as long as the block lasts."""

    def __init__(self, address: str) -> None:
        self._place = urlsplit(address).netloc
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._visit)
        self.answers: Counter[str] = Counter()

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _visit(self) -> None:
        turn = 0
        while not self._over.wait(PAUSE):
            body, page = BODIES[turn % len(BODIES)], PAGES[turn % len(PAGES)]
            self.answers[f"POST {len(body)}: {self._ask('POST', '/whep', body)}"] += 1
            self.answers[f"GET {page}: {self._ask('GET', page, None)}"] += 1
            turn += 1

    def _ask(self, method: str, path: str, body: bytes | None) -> str:
        """The status of the answer, or how there was none."""
        connection = http.client.HTTPConnection(self._place, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "application/sdp"})
            return str(connection.getresponse().status)
        except OSError as error:
            return type(error).__name__
        finally:
            connection.close()


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
