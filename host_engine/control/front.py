"""The figures of the front desk: who is here, who speaks, and what was refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.core import Metric

from host_engine.control.exposition import counter, gauge


def front_desk(section: Mapping[str, Any]) -> Iterable[Metric]:
    """From the section `front_desk` of /status; nothing where there is none."""
    if doors := section.get("doors"):
        yield counter("address_refused", "What one address asked for too often.", doors["refused"], "what")
    if "refused" in section:
        yield counter("asked_refused", "Questions over HTTP that were refused.", section["refused"], "reason")
    if chat := section.get("chat"):
        counts = {name: number for name, number in chat.items() if name != "visitors"}
        yield gauge("chat_visitors", "Pages whose chat is open.", chat["visitors"])
        yield counter("chat_page", "What became of messages and connections of the page.", counts, "what")
    if microphones := section.get("microphones"):
        yield gauge("microphones_open", "Microphones of viewers that are open.", microphones["open"])
        yield gauge("microphones_speaking", "Viewers who are speaking.", microphones["speaking"])
