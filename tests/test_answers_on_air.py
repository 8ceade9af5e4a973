"""A channel on air is asked over HTTP: the host answers, and the show goes on at the very word it was left at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asked_channel import Channel

pytestmark = pytest.mark.alone


@pytest.mark.timeout(240)
def test_a_question_is_answered_on_air_and_the_show_goes_on_at_the_exact_word(tmp_path: Path) -> None:
    channel = Channel(tmp_path, audience={"ears": {"use": "none"}})
    try:
        asked = channel.ask("/api/questions", text="how much is the sencha?", viewer="Ana")
        assert asked["state"] == "taken"
        channel.wait(lambda: channel.audience().get("answered"))
        channel.wait(lambda: channel.get("/status")["on_air"]["lane"] == "rundown")
        last = channel.get("/status")["on_air"]["line"]
        channel.wait(lambda: channel.get("/status")["on_air"]["line"] not in (last, None))
        coverage = channel.get("/status")["coverage"]
        assert (coverage["round"], coverage["skipped"], coverage["twice"]) == (0, [], [])
        written = channel.ask("/api/ask", text="how much is the sencha?")
        assert written["kind"] == "price"
        assert {"product": "sencha", "field": "price", "value": "16.00 GBP"} in written["evidence"] or written[
            "evidence"
        ]
    finally:
        channel.end()
    assert channel.process.returncode == 0
    assert "Traceback" not in channel.log.read_text()
    rows = channel.rows()
    said = [row for row in rows if row["kind"] == "utterance"]
    answers = [at for at, row in enumerate(said) if row["why"] == "answer"]
    assert answers
    before, after = said[answers[0] - 1], said[answers[-1] + 1]
    if before["cut"] == "pause":
        assert before["line"] == after["line"]
        assert f"{before['text']} {after['text']}" == json.loads(before["details"])["planned"]
    else:
        assert (before["cut"], after["line"] != before["line"]) == ("", True)
    facts = [row["why"] for row in rows if row["kind"] == "fact"]
    assert {"question", "answer"} <= set(facts)


@pytest.mark.timeout(240)
def test_an_answer_waits_for_the_operator_who_lets_it_pass_or_not(tmp_path: Path) -> None:
    review = {"mode": "approve"}
    channel = Channel(tmp_path, audience={"ears": {"use": "none"}, "review": review})
    try:
        first = channel.ask("/api/questions", text="how much is the sencha?", viewer="Ana")["id"]
        second = channel.ask("/api/questions", text="is the teapot dishwasher safe?", viewer="Only Today")["id"]
        channel.wait(lambda: channel.audience()["waiting"] == 2)
        listed = channel.desk("list")
        assert first in listed.stdout
        assert second in listed.stdout
        assert "Ana" in listed.stdout
        assert "Only Today" not in listed.stdout  # a name that would stop the answer
        assert channel.desk("veto", second).returncode == 0
        assert channel.desk("approve", first).returncode == 0
        assert channel.desk("approve", first).returncode == 1
        channel.wait(lambda: channel.audience().get("answered"))
        assert channel.audience()["vetoed"] == 1
    finally:
        channel.end()
    said = [row["text"] for row in channel.rows() if row["why"] == "answer" and row["kind"] == "utterance"]
    assert said
    assert not any("dishwasher" in text for text in said)
