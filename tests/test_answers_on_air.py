"""A channel on air is asked over HTTP: the host answers, and the show goes on at the very word it was left at."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "host_engine"]


class Channel:
    """`host-engine run` in a process of its own, with a small picture."""

    def __init__(self, folder: Path, **fields: Any) -> None:
        self.folder, self.file = folder, folder / "channel.yaml"
        small = {
            "name": "small",
            "catalog": str(ROOT / "product_catalogs" / "tea"),
            "scenes": str(ROOT / "scenes"),
            "format": {"width": 180, "height": 320, "fps": 10},
            "cache": str(folder / "cache"),
            "journal": {"url": "small.sqlite"},
        }
        self.file.write_text(json.dumps(small | fields))
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen([*COMMAND, "run", str(self.file), "--port", "0"], stderr=log)
        self.address = self.wait(lambda: re.search(r"viewers\s+(http://\S+:\d+)/", self.log.read_text()))[1]
        self.wait(lambda: self.audience()["state"] == "open")

    def wait(self, for_what: Callable[[], Any], seconds: float = 90) -> Any:
        end = time.monotonic() + seconds
        while not (found := for_what()):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return found

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return json.load(answer)

    def audience(self) -> Any:
        return self.get("/status")["audience"]

    def ask(self, path: str, **fields: Any) -> Any:
        body = json.dumps(fields).encode()
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def desk(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        options = ["--channel", str(self.file), "--url", self.address]
        return subprocess.run([*COMMAND, "desk", *arguments, *options], capture_output=True, text=True, timeout=60)

    def rows(self) -> list[dict[str, Any]]:
        command = [*COMMAND, "as-run", str(self.file), "--format", "jsonl"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        return [json.loads(row) for row in told.splitlines()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)


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
        second = channel.ask("/api/questions", text="is the teapot dishwasher safe?", viewer="Ben")["id"]
        channel.wait(lambda: len(channel.audience()["waiting"]) == 2)
        listed = channel.desk("list")
        assert first in listed.stdout
        assert second in listed.stdout
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
