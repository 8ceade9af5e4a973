"""What the consoles are shown of a channel: taken on the loop of the tick, once a second, for all of them."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from host_engine.timing import Row, Timings, quantile

log = logging.getLogger(__name__)

VERSIONS = 12  # of catalogs that are listed
SEEN = 750  # frames that the figures above the chart are of


Section = Callable[[], Any]


class Snapshots:
    """One section a part of the channel. A part that cannot be read is left out, and that is said once."""

    def __init__(self, sections: Mapping[str, Section]) -> None:
        self._sections = dict(sections)
        self._failed: set[str] = set()

    def take(self) -> dict[str, Any]:
        """All sections as they are now: plain values."""
        taken = {}
        for name, section in self._sections.items():
            try:
                taken[name] = section()
                self._failed.discard(name)
            except Exception:
                if name not in self._failed:
                    log.exception("the consoles are not shown '%s'", name)
                    self._failed.add(name)
        return taken


class Kept:
    """A section that takes a while to make, and is made anew only when what it depends on has changed."""

    def __init__(self, make: Section, key: Callable[[], object]) -> None:
        self._make, self._key = make, key
        self._made: tuple[object, Any] | None = None

    def __call__(self) -> Any:
        key = self._key()
        if self._made is None or self._made[0] != key:
            self._made = key, self._make()
        return self._made[1]


class Frames:
    """The rows of the frames since the last look: how long each took, and how late it began, in milliseconds."""

    def __init__(self, timings: Timings, fps: int) -> None:
        self._timings, self._fps, self._last = timings, fps, -1

    def __call__(self) -> dict[str, Any]:
        rows = self._timings.latest(SEEN)
        news = [row for row in rows[-2 * self._fps :] if row.n > self._last]
        self._last = rows[-1].n if rows else self._last
        took = sorted(_took(row) for row in rows) or [0.0]
        late = sorted(row.late for row in rows) or [0.0]
        return {
            "fps": self._fps,
            "budget": round(self._timings.budget, 2),
            "p50": round(quantile(took, 0.5), 1),
            "p99": round(quantile(took, 0.99), 1),
            "late": round(quantile(late, 0.99), 1),
            "rows": [[round(_took(row), 1), round(max(0.0, row.late), 1)] for row in news],
        }


def _took(row: Row) -> float:
    """Milliseconds that the stages of a frame were at work; the waiting between threads is no work."""
    return math.fsum(row.stages.values())


def air(state: Mapping[str, Any]) -> dict[str, Any]:
    """What is on air, and what comes, from what the director says."""
    now, then = state["on_air"], state["next"]
    return {
        **{key: now.get(key) for key in ("line", "text", "lane", "segment", "product", "entry")},
        "next": then and {key: then.get(key) for key in ("line", "text", "lane", "entry")},
        "waits": (state.get("waits") or {}).get("text"),
        "held": state["held"],
        "muted": state["muted"],
        "scene": state["scene"]["name"],
        "scene_by_hand": state["scene"]["by_hand"],
        "orders": state["orders"],
        "order_by_hand": state["order_by_hand"],
    }


def rundown(segments: Sequence[Mapping[str, Any]], total: int) -> dict[str, Any]:
    """Segments and lines, without what is on air: that changes with each line, and this should not."""
    return {
        "total": total,
        "segments": [
            {
                **{key: each[key] for key in ("segment", "product", "title", "more")},
                "lines": [{"id": line["id"], "text": line["text"]} for line in each["lines"]],
            }
            for each in segments
        ],
    }


def takeover(state: Mapping[str, Any], prompt: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Who has the show, without the figures that change all the time, and what the host would say."""
    return {
        **{key: state.get(key) for key in ("active", "who", "kind", "on_air", "camera")},
        "prompt": [{"id": each["id"], "text": each["text"]} for each in prompt],
    }


def scenes(choices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The scenes that can be chosen, and whether they wait for an operator's camera."""
    return [{"name": each["name"], "camera": bool(each.get("camera"))} for each in choices]
