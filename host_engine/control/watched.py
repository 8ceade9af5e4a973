"""The figures of what viewers get at the addresses where targets can be watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.core import Metric

from host_engine.control.exposition import counter, gauge

MS = 0.001


def watched(outputs: Iterable[Mapping[str, Any]]) -> Iterable[Metric]:
    """From the section `outputs` of /status; nothing where no target is watched."""
    seen = {str(each["name"]): each["viewer"] for each in outputs if "viewer" in each}
    if not seen:
        return
    on = {name: float(viewer["state"] == "watching") for name, viewer in seen.items()}
    yield gauge("watched", "1 while a viewer of our own gets the output where viewers watch it.", on, "output")
    known = {name: viewer for name, viewer in seen.items() if on[name]}
    delay = {name: each["delay_ms"] * MS for name, each in known.items() if each["delay_ms"] is not None}
    yield gauge("watched_delay_seconds", "From a picture being made until that viewer has it.", delay, "output")
    skew = {name: each["av_ms"] * MS for name, each in known.items() if each["av_ms"] is not None}
    yield gauge("watched_av_seconds", "Sound after (positive) or before the picture for it.", skew, "output")
    stops = {name: float(each["stops"]) for name, each in known.items()}
    yield counter("watched_stops", "Times the picture stood still for it, over half a second.", stops, "output")
