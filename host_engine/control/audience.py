"""The figures of the audience: where questions come from, and what becomes of answers in writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prometheus_client.core import Metric

from host_engine.control.exposition import counter, gauge


def audience(section: Mapping[str, Any]) -> Iterable[Metric]:
    """From the section `audience` of /status; nothing where there is none."""
    if listed := section.get("chats"):
        yield from chats(listed)


def chats(listed: Sequence[Mapping[str, Any]]) -> Iterable[Metric]:
    """From the chats of /status, each under its name."""

    def of(name: str) -> dict[str, float]:
        return {each["name"]: float(each[name] or 0) for each in listed}

    def replies(name: str) -> dict[str, float]:
        return {each["name"]: float(each["replies"][name]) for each in listed}

    live = {each["name"]: float(each["state"] == "live") for each in listed}
    lag = {each["name"]: each["lag_s"] for each in listed if each["lag_s"] is not None}
    yield gauge("chat_live", "1 while the chat is heard.", live, "chat")
    yield gauge("chat_lag_seconds", "How much later than usual its messages come.", lag, "chat")
    yield counter("chat_messages", "Messages that were heard.", of("messages"), "chat")
    yield counter("chat_repeated", "Messages that were said again after a reconnection.", of("repeated"), "chat")
    yield counter("chat_dropped", "Messages that were dropped in a flood.", of("dropped"), "chat")
    yield counter("chat_nonsense", "What a source told that is no message.", of("nonsense"), "chat")
    yield counter("chat_reconnects", "Times that the chat was connected anew.", of("reconnects"), "chat")
    yield counter("chat_replies_sent", "Answers in writing that were taken.", replies("sent"), "chat")
    yield counter("chat_replies_failed", "Answers in writing that were refused or lost.", replies("failed"), "chat")
    yield counter("chat_replies_dropped", "Answers in writing that came too late.", replies("dropped"), "chat")
    yield gauge("chat_replies_waiting", "Answers in writing that wait for their turn.", replies("waiting"), "chat")
