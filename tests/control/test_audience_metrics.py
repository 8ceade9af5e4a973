"""The figures of the chats, from what /status tells."""

from __future__ import annotations

from host_engine.audience.writer.record import Record
from host_engine.control.audience import audience

CHAT = {
    "name": "tube",
    "state": "live",
    "lag_s": 1.5,
    "messages": 7,
    "repeated": 1,
    "dropped": 2,
    "nonsense": 0,
    "reconnects": 3,
    "replies": {"sent": 4, "failed": 1, "impossible": 0, "dropped": 0, "waiting": 2, "error": "no"},
}


def test_each_chat_under_its_name():
    away = CHAT | {"name": "twitch", "state": "waiting", "lag_s": None}
    found = {
        sample.name: sample.value
        for family in audience({"chats": [CHAT, away]})
        for sample in family.samples
        if sample.labels == {"chat": "tube"}
    }
    assert found["host_engine_chat_live"] == 1
    assert found["host_engine_chat_lag_seconds"] == 1.5
    assert found["host_engine_chat_messages_total"] == 7
    assert found["host_engine_chat_replies_sent_total"] == 4
    lags = next(each for each in audience({"chats": [away]}) if each.name.endswith("lag_seconds"))
    assert lags.samples == []


def test_a_channel_without_chats():
    assert list(audience({})) == []


def test_what_became_of_what_viewers_said():
    section = {
        "heard": 9, "taken": 5, "answered": 4, "refused": {"abuse": 2}, "waiting": 1, "todo": 3,
        "inbox": {"waiting": 7}, "time_to_answer_s": {"p50": 1.5, "p95": 4.0},
    }  # fmt: skip
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in audience(section)
        for sample in family.samples
    }
    assert found["host_engine_audience_messages_total", "answered"] == 4
    assert found["host_engine_audience_messages_total", "vetoed"] == 0
    assert found["host_engine_audience_refused_total", "abuse"] == 2
    assert found["host_engine_audience_waiting", "messages"] == 7
    assert found["host_engine_audience_todo",] == 3
    assert found["host_engine_audience_wait_seconds", "p95"] == 4.0
    assert list(audience(section | {"time_to_answer_s": None}))


def test_how_a_model_does():
    record = Record()
    silent = {"model": {"resting": "", **record.status()}}
    assert not any(each.name.endswith("first_sentence_seconds") for each in audience(silent))
    record.late, record.answered = 2, 7
    record.spoke(0.5)
    told = {"model": {"resting": "it cannot be reached", **record.status()}}
    found = {(each.name, *each.labels.values()): each.value for family in audience(told) for each in family.samples}
    assert found["host_engine_model_calls_total", "late"] == 2
    assert found["host_engine_model_calls_total", "answered"] == 7
    assert found["host_engine_model_resting",] == 1
    assert found["host_engine_model_first_sentence_seconds",] == 0.5
