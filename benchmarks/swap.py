"""A swap to 10 000 products while on air: check and diff, from the border until it is in force, late frames caused."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.catalog_load import HEAD, PRODUCT
from benchmarks.kept import Figures, keep, spread
from benchmarks.onair import OnAir
from host_engine.access.making import make
from host_engine.channel.operators.token_places import tokens_file
from host_engine.channel_file import config

PRODUCTS, SHORT = 10_000, 1000
SEGMENTS = 300
WARM, CALM, AFTER = 15.0, 20.0, 15.0  # seconds: until the catalog is learnt, of comparison, and after the swap
LATE = 40.0  # milliseconds: a frame that begins a whole frame late
SEGMENT = (
    "- id: s{k}\n  product: sku-{k}\n  lines:\n  - Look at {{title}}, made of {{material}}.\n  - It costs {{price}}.\n"
)


def catalog(folder: Path, products: int) -> Path:
    """A catalog of so many products in a folder of its own."""
    folder.mkdir(parents=True)
    text = "".join(PRODUCT.format(k=k, euros=5 + k % 90) for k in range(products))
    (folder / "catalog.yaml").write_text(HEAD + text)
    rundown = "".join(SEGMENT.format(k=k) for k in range(min(SEGMENTS, products)))
    (folder / "rundown.yaml").write_text("segments:\n" + rundown)
    return folder


def token_of(folder: Path) -> str:
    """A token for the channel whose file lies in a folder."""
    file = tokens_file(config.load(folder / "channel.yaml"))
    return make(file, "benchmark", "admin", timedelta(days=1), datetime.now(UTC))[0]


class Operator:
    """An operator of a channel, by its API."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address, token

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer. Raises HTTPError."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


def late(notes: list[list[float]], began: float, ended: float) -> list[float]:
    """By how many milliseconds frames began late between two times."""
    return [value for at, value in notes if began <= at <= ended]


def run(products: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalog(folder / "catalogs" / "big", products)
        seen = folder / "swaps.jsonl"
        fields = {"operator": {"catalogs": str(folder / "catalogs"), "console": False}}
        with OnAir(folder, [], {"seconds": 240, "swaps": str(seen)}, **fields) as channel:
            operator = Operator(channel.address, token_of(folder))
            time.sleep(WARM)
            calm = time.monotonic()
            time.sleep(CALM)
            before = time.monotonic()
            operator.ask("POST", "/api/catalog/diff", {"name": "big"})
            compared = time.monotonic()
            done = operator.ask("POST", "/api/catalog/swap", {"name": "big", "border": "sentence"})
            swapped = time.monotonic()
            first = channel.wait(lambda: _sells(channel, "sku-"), 30)
            time.sleep(AFTER)
            ended = time.monotonic()
            back = operator.ask("POST", "/api/catalog/rollback", {"border": "now"})
            status = channel.status()
        notes, swaps = channel.notes, [json.loads(each) for each in seen.read_text().splitlines()]
    assert done["name"] == "big"
    assert first
    assert back["what"] == "rollback"
    (at,) = (each for each in swaps if each["catalog"] == "big")
    figures: Figures = {
        "check_diff_s": compared - before,
        "prepared_s": swapped - compared,
        "in_force_s": at["line"] - at["border"],
        "commit_ms": at["took_ms"],
        **spread(late(notes["late"], before, ended), "late_ms"),
        "calm_late_ms_p99": float(np.percentile(late(notes["late"], calm, before), 99)),
        "late_frames": float(_count(notes["late"], before, ended) - _count(notes["late"], calm, before)),
        "jumps": float(status["clock"]["jumps"]),
    }
    keep("swap", figures, products=products)


def _count(notes: list[list[float]], began: float, ended: float) -> float:
    """Late frames in so much time as the calm part lasted."""
    return sum(each > LATE for each in late(notes, began, ended)) * CALM / (ended - began)


def _sells(channel: OnAir, prefix: str) -> bool:
    return str(channel.status()["on_air"]["product"] or "").startswith(prefix)


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else PRODUCTS)
