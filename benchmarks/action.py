"""From an operator's order over HTTP to the first encoded unit that shows it: take, words, mute, another scene."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.actions_seen import Shown
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir

ORDERS, SHORT = 60, 12  # of each kind
WARM = 8.0  # seconds after the first line is on air
REST = 0.9  # seconds between two orders, at another moment of the frame each time
WORDS = "One moment please, I have news for you."


class Operator:
    """One connection that stays open, as a console's does."""

    def __init__(self, channel: OnAir) -> None:
        parts = urlsplit(channel.address)
        self._http = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        token = next((channel.folder / "cache").glob("*.desk")).read_text().strip()
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, **body: Any) -> tuple[float, dict[str, Any]]:
        """When the request was sent, and what was answered. Raises RuntimeError where it was refused."""
        text = json.dumps(body) if method == "POST" else None
        began = time.monotonic()
        self._http.request(method, path, text, self._headers)
        answer = self._http.getresponse()
        told = json.loads(answer.read() or b"{}")
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status}: {told}")
        return began, told

    def line(self) -> str | None:
        found: str | None = self.ask("GET", "/api/show")[1]["on_air"]["line"]
        return found


Order = tuple[str, float, dict[str, Any]]  # kind, when it was sent, what is looked for


def give_orders(operator: Operator, count: int) -> list[Order]:
    """So many of each kind, one after another."""
    given: list[Order] = []
    operator.ask("POST", "/api/say", text=WORDS)  # said once, they are in the cache
    time.sleep(4)
    for k in range(count):
        given.append(_take(operator))
        time.sleep(REST + k % 10 * 0.0037)
        at, told = operator.ask("POST", "/api/say", text=WORDS)
        given.append(("say", at, {"line": told["id"]}))
        time.sleep(REST + k % 7 * 0.0053)
        operator.ask("POST", "/api/next")
        time.sleep(0.3)
        at, told = operator.ask("POST", "/api/mute", on=True)
        given.append(("mute", at, {"frame": told["frame"]}))
        time.sleep(0.3 + k % 9 * 0.0041)
        at, _ = operator.ask("POST", "/api/mute", on=False)
        given.append(("unmute", at, {}))
        time.sleep(REST)
        for name in ("flash-sale", None):
            at, _ = operator.ask("POST", "/api/scene", name=name)
            given.append(("scene", at, {"flash": name is not None}))
            time.sleep(REST + k % 10 * 0.0037)
    return given


def _take(operator: Operator) -> Order:
    """From whatever is on air, once there is a line of which not all has been said."""
    while (line := operator.line()) is None:
        time.sleep(0.1)
    at, _ = operator.ask("POST", "/api/take", on_air=line)
    return "take", at, {"not": line}


def shows(order: Order) -> Callable[[Shown], bool]:
    """Whether a unit shows that the order was carried out."""
    kind, _, wanted = order
    if kind == "take":
        return lambda shown: shown[2] is not None and shown[2] != wanted["not"]
    if kind == "say":
        return lambda shown: (shown[2] or "").startswith(wanted["line"])
    if kind == "mute":
        return lambda shown: shown[4] and not shown[5]
    if kind == "unmute":
        return lambda shown: not shown[4]
    return lambda shown: ("flash" in shown[3]) == wanted["flash"]


def run(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, notes = Path(name), Path(name) / "shown.json"
        seconds = count * 9 + 60
        with OnAir(folder, [], {"seconds": seconds, "actions": str(notes)}) as channel:
            time.sleep(WARM)
            given = give_orders(Operator(channel), count)
            time.sleep(1)
            late = channel.status()["clock"]
        units: list[Shown] = [tuple(json.loads(line)) for line in notes.read_text().splitlines()]
        rows = channel.notes["late"]
    took: dict[str, list[float]] = {}
    beyond: list[int] = []  # units of the show from the frame on that the mute was promised for
    for order in given:
        kind, at, wanted = order
        first = next(each for each in units if each[0] >= at and shows(order)(each))
        took.setdefault(kind, []).append((first[0] - at) * 1000)
        if kind == "mute":
            beyond.append(sum(wanted["frame"] <= each[1] < first[1] for each in units))
    ordered = [value for kind in ("take", "say", "mute", "scene") for value in took[kind]]
    figures = spread(ordered, "action_ms")
    for kind in ("take", "say", "mute", "unmute", "scene"):
        figures |= spread(took[kind], f"{kind}_ms")
    figures |= {
        "mute_frames_late": float(max(beyond)),
        "late_ms_p99": float(np.quantile([each[1] for each in rows], 0.99)),
    }
    figures |= {"jumps": late["jumps"]}
    keep("action", figures, orders=count)


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else ORDERS)
