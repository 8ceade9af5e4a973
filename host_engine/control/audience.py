"""The figures of the audience: where questions come from, and what becomes of answers in writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prometheus_client.core import Metric

from host_engine.control.exposition import counter, gauge


def audience(section: Mapping[str, Any]) -> Iterable[Metric]:
    """From the section `audience` of /status; nothing where there is none."""
    if "refused" in section:
        yield from questions(section)
    if listed := section.get("chats"):
        yield from chats(listed)
    if asked := section.get("model"):
        yield from model(asked)


ENDS = (
    "heard",
    "taken",
    "joined",
    "answered",
    "greeting",
    "thanks",
    "follow",
    "expired",
    "vetoed",
    "not said",
    "failed",
)


def questions(section: Mapping[str, Any]) -> Iterable[Metric]:
    """What became of what viewers said, and how long they waited."""
    ended = {name.replace(" ", "_"): float(section.get(name, 0)) for name in ENDS}
    refused = {reason: float(count) for reason, count in section["refused"].items()}
    waited = {name: float(value) for name, value in (section.get("time_to_answer_s") or {}).items()}
    waiting = {"messages": float(section["inbox"]["waiting"]), "answers": float(section["waiting"])}
    yield counter("audience_messages", "What viewers said, by what became of it.", ended, "what")
    yield counter("audience_refused", "Messages that were refused, by reason.", refused, "reason")
    yield gauge(
        "audience_waiting", "Questions for an answer, and answers for somebody to look at them.", waiting, "what"
    )
    yield gauge("audience_todo", "Questions that the team is to answer.", float(section["todo"]))
    yield gauge("audience_wait_seconds", "From a question to its answer on air, of the last ones.", waited, "quantile")


def model(section: Mapping[str, Any]) -> Iterable[Metric]:
    """How the language model does that words answers."""
    calls = {how: float(section[how]) for how in ("answered", "late", "failed", "left", "refused")}
    yield counter("model_calls", "Answers that a model was to word, by how that ended.", calls, "how")
    yield gauge("model_resting", "1 while the model is left alone, as it is down.", float(bool(section["resting"])))
    if (first := section["first_sentence_ms"]) is not None:
        yield gauge("model_first_sentence_seconds", "To its first sentence, median of the last calls.", first / 1000)


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
