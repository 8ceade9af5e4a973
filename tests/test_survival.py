"""A whole channel under a plan of faults: one process, every frame there, picture and sound in step, all back again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
import pytest
from flashes import beeps, flashes, sound
from rtmp_server import RtmpServer

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parent.parent
FPS = 25
# Seconds count from the first frame; the clapper gives a mark before and after the loop is blocked.
BLOCKED, BLOCK, CLAPS, HANG = 5.0, 3.0, 12.5, 9.0
FAULTS = [
    {"what": "clapper", "at": 1.5, "for": CLAPS - 1.5},
    {"what": "loop", "how": "blocked", "at": BLOCKED, "for": BLOCK},
    {"what": "output", "name": "tube", "how": "refuses", "at": 10, "for": 2},
    {"what": "voice", "how": "hangs", "at": CLAPS, "for": HANG},
    {"what": "disk", "name": "small", "how": "full", "at": 12, "for": 3},
    {"what": "mouth", "how": "not-numbers", "at": 12, "for": 3},
    {"what": "clock", "by": -3600, "at": 13, "for": 4},
    {"what": "journal", "at": 14, "for": 4},
    {"what": "encoder", "how": "raises", "at": 16},
    {"what": "picture", "how": "raises", "at": 17, "for": 1},
    {"what": "output", "name": "tube", "how": "resets", "at": 18.5},
]
END = 26.0
ALARMS = "voice/hung", "small/disk-full", "tube/not-sending", "journal/unreachable"


class Channel:
    """`host-engine run --chaos` in a process of its own, looked at several times a second."""

    def __init__(self, folder: Path, url: str, faults: list[dict[str, Any]]) -> None:
        self.folder, self.log = folder, folder / "log"
        fields = {
            "name": "survivor",
            "catalog": str(ROOT / "product_catalogs" / "tea"),
            "scenes": str(ROOT / "scenes"),
            "format": {"width": 180, "height": 320, "fps": FPS},
            "encoding": {"preset": "ultrafast", "kbps": 400},
            "voice": {"use": ["espeak:en-gb-x-rp+f3", "espeak:en-us+f3"], "music": False},
            "ladder": False,  # whether this machine is quick enough is not the question
            "outputs": [
                {"kind": "rtmp", "name": "tube", "url": f"{url}/show"},
                {"kind": "file", "name": "archive", "path": "archive.mp4"},
                {"kind": "file", "name": "small", "path": "small.mp4"},
            ],
        }
        (folder / "channel.yaml").write_text(json.dumps(fields))
        (folder / "plan.yaml").write_text(json.dumps({"faults": faults}))
        command = [sys.executable, "-m", "host_engine", "run", str(folder / "channel.yaml"), "--port", "0"]
        command += ["--chaos", str(folder / "plan.yaml")]
        environment = {**os.environ, "HOME": str(folder)}
        self.process = subprocess.Popen(command, stderr=self.log.open("w"), env=environment, cwd=folder)
        self.address = ""
        self.seen: list[tuple[float, dict[str, Any]]] = []

    def look(self) -> dict[str, Any] | None:
        """The status now, None while there is none."""
        assert self.process.poll() is None, self.log.read_text()
        found = re.search(r"viewers\s+(http://\S+:\d+)/", self.log.read_text())
        if not found:
            return None
        self.address = found[1]
        try:
            with urllib.request.urlopen(self.address + "/status", timeout=8) as answer:
                status: dict[str, Any] = json.load(answer)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None
        self.seen.append((time.monotonic(), status))
        return status

    def until(self, condition: Callable[[dict[str, Any]], object], seconds: float) -> dict[str, Any]:
        """Look until a status fulfils the condition."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (status := self.look()) and condition(status):
                return status
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s in vain:\n{self.log.read_text()}")

    def since(self, end: float) -> float:
        """When the show had come to so many seconds."""
        return next(at for at, status in self.seen if status["clock"]["frame"] >= end * FPS)

    def end(self) -> float:
        """Ask it to end; the seconds until it has."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(15)
        return time.monotonic() - began


@pytest.fixture
def channel(tmp_path: Path, rtmp_server: RtmpServer) -> Iterator[Channel]:
    running = Channel(tmp_path, rtmp_server.url, FAULTS)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def as_run(channel: Channel, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "host_engine", "as-run", str(channel.folder / "channel.yaml"), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def output(status: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in status["outputs"] if each["name"] == name)


def well(status: dict[str, Any]) -> bool:
    """Whether the plan is over, and what it did as well."""
    raised = {each["name"] for each in status["alarms"]}
    over = status["clock"]["frame"] > END * FPS and not status["chaos"] and not raised & set(ALARMS)
    return over and len(status["voice"]["fallen"]) <= 1 and output(status, "tube")["state"] == "live"


@pytest.mark.timeout(200)
def test_a_channel_survives_what_a_plan_does_to_it(channel: Channel) -> None:
    first = channel.until(lambda status: status["clock"]["frame"] > 0, 60)
    last = channel.until(well, 90)  # a machine that is busy takes longer to see that all is over
    log = channel.log.read_text()
    assert channel.end() < 3.0
    assert channel.process.returncode == 0, channel.log.read_text()

    # It was one process, and the show went on in it.
    assert last["clock"]["frame"] > first["clock"]["frame"]
    assert last["chaos"] == []
    assert "Chaos is on: 11 planned faults" in log
    for word in {fault["what"] for fault in FAULTS}:
        assert re.search(rf"chaos: {word}\b.* begins", log), word
        assert re.search(rf"chaos: {word}\b.* is over", log), word
    lines = list(dict.fromkeys(status["on_air"]["line"] for _, status in channel.seen))
    assert len(lines) >= 4

    # Alarms were raised and are over.
    for alarm in ALARMS:
        raised = f"alarm {alarm}: " in log
        assert raised or alarm == "tube/not-sending", alarm  # an outage that is over soon is none
        assert (f"alarm {alarm} is over" in log) == raised, alarm
        assert alarm not in [each["name"] for each in last["alarms"]]
    assert len(last["voice"]["fallen"]) <= 1  # the preferred one rests for half a minute

    # All of it is in the as-run log, and the log is whole.
    told = as_run(channel, "--format", "jsonl")
    assert sum(json.loads(row)["why"] == "chaos" for row in told.stdout.splitlines()) == 2 * len(FAULTS), told.stdout
    assert as_run(channel, "--verify").returncode == 0

    # The output was back within five seconds, both times.
    assert output(last, "tube")["state"] == "live"
    for fault in (each for each in FAULTS if each.get("name") == "tube"):
        over = channel.since(fault["at"] + fault.get("for", 0.2))
        back = next(at for at, status in channel.seen if at > over and output(status, "tube")["state"] == "live")
        assert back - over <= 5.0, fault
    assert output(last, "small")["state"] == "recording"

    # The long stall begins a new file.
    before, *_, after = files = sorted(channel.folder.glob("archive*.mp4"), key=lambda file: file.stat().st_mtime)
    resumes = BLOCKED + BLOCK  # by the plan; what the second file begins with
    in_step(before, 1.5, BLOCKED)
    in_step(after, 0, CLAPS - resumes - 1)
    nothing_missing(files, last["clock"]["skipped"])
    heard(after, CLAPS - resumes + 0.5)


def in_step(file: Path, start: float, end: float) -> None:
    """Flashes between two times have their beeps at the same moment. A stall of the machine may tear one of them."""
    marks = [each for each in flashes(file) if start + 1 < each < end]
    sounds = [each for each in beeps(file) if start + 0.5 < each < end + 0.5]
    assert marks
    assert sounds
    assert median(min(abs(mark - sound) for sound in sounds) for mark in marks) <= 0.040


def nothing_missing(files: list[Path], skipped: int) -> None:
    """Each frame that the clock did not give up is there, once and in its place."""
    frames = holes = 0
    for file in files:
        with av.open(str(file)) as container:
            numbers = [round(float(frame.time or 0) * FPS) for frame in container.decode(video=0)]
        assert numbers == sorted(set(numbers))
        holes += numbers[-1] + 1 - len(numbers)
        frames += len(numbers)
    blocked = BLOCK * FPS * 0.8
    assert skipped >= blocked
    # The stall is between two files; an encoder that raises costs one picture.
    assert holes <= skipped - blocked + 2, (holes, skipped)
    assert frames >= END * FPS - skipped - 2 * FPS


def heard(file: Path, start: float) -> None:
    """The host speaks, and a voice that hangs makes the pause between two lines no longer than two seconds."""
    _, values = sound(file)
    speech = values[int(start * 48_000) :]
    loud = np.abs(speech[: len(speech) // 480 * 480]).reshape(-1, 480).max(1) > 0.01  # each 10 ms
    longest = run = 0
    for each in loud:
        run = 0 if each else run + 1
        longest = max(longest, run)
    assert longest / 100 <= 2.0, f"{longest / 100} s of silence"
    assert loud.mean() > 0.2
