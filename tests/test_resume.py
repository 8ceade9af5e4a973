"""A channel that is killed comes back at the line that was cut, and its log tells all of it."""

from __future__ import annotations

import itertools
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

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "host_engine"]


class Channel:
    """`host-engine run` in a process of its own, with a small picture."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.log = folder / "log"
        self.log.write_text("")
        with self.log.open("w") as log:
            command = [*COMMAND, "run", str(folder / "channel.yaml"), "--port", "0", *options]
            self.process = subprocess.Popen(command, stderr=log)
        self.address = self.wait(lambda: re.search(r"viewers\s+(http://\S+:\d+)/", self.log.read_text()))[1]

    def wait(self, for_what: Callable[[], Any], seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while not (found := for_what()):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return found

    def status(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.address + "/status", timeout=10) as answer:
            return json.load(answer)

    def line(self) -> str:
        return self.wait(lambda: self.status()["on_air"]["line"])

    def end(self, sign: signal.Signals) -> float:
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(15)
        return time.monotonic() - began


def as_run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "as-run", str(folder / "channel.yaml"), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.timeout(240)
def test_a_killed_channel_goes_on_at_the_cut_line_and_its_log_tells_it(tmp_path: Path) -> None:
    fields = {
        "name": "small",
        "catalog": str(ROOT / "product_catalogs" / "tea"),
        "scenes": str(ROOT / "scenes"),
        "format": {"width": 180, "height": 320, "fps": 10},
        "cache": str(tmp_path / "cache"),
        "journal": {"url": "small.sqlite"},
        "http": {"viewers": 0},
    }
    (tmp_path / "channel.yaml").write_text(json.dumps(fields))
    channel = Channel(tmp_path)
    try:
        first = channel.line()
        channel.wait(lambda: channel.line() != first)
        cut = channel.line()
        mark = tmp_path / "cache" / "journal" / "small.on-air.json"
        channel.wait(lambda: f'"line":"{cut}"' in mark.read_text(), 1)
        channel.end(signal.SIGKILL)

        channel = Channel(tmp_path)
        assert channel.line() == cut
        channel.wait(lambda: channel.line() != cut)
        following = channel.line()
        assert channel.status()["journal"]["state"] == "open"
        assert channel.end(signal.SIGTERM) < 3
        assert channel.process.returncode == 0

        channel = Channel(tmp_path)
        assert channel.line() == following
        channel.wait(lambda: f'"line":"{following}"' in mark.read_text(), 1)
        channel.end(signal.SIGKILL)
        channel = Channel(tmp_path, "--from-start")
        assert channel.line() == first
        assert channel.end(signal.SIGTERM) < 3
    finally:
        channel.process.kill()

    rows = [json.loads(row) for row in as_run(tmp_path, "--format", "jsonl").stdout.splitlines()]
    said = [(row["line"], row["cut"]) for row in rows if row["kind"] == "utterance"]
    assert said[:5] == [(first, ""), (cut, "kill"), (cut, ""), (following, "end"), (following, "kill")]
    assert said[5][0] == first
    for run in {row["run"] for row in rows}:
        frames = [(row["first_frame"], row["last_frame"]) for row in rows if row["run"] == run and row["line"]]
        assert all(begin <= last for begin, last in frames)
        assert all(one[1] < other[0] for one, other in itertools.pairwise(frames))
    assert as_run(tmp_path, "--verify").returncode == 0
