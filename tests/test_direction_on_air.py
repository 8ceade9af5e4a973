"""A channel as a process, directed over HTTP while somebody listens to its events."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from asked_channel import Channel

pytestmark = pytest.mark.alone


class Directed(Channel):
    """With the token that the run leaves beside the channel."""

    def order(self, method: str, path: str, **fields: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = json.dumps(fields).encode() if fields else None
        request = urllib.request.Request(self.address + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())

    @property
    def token(self) -> str:
        return next((self.folder / "cache").glob("*.desk")).read_text().strip()

    def listen(self) -> Iterator[dict[str, Any]]:
        """What happens, from the beginning of the run."""
        headers = {"Authorization": f"Bearer {self.token}", "Last-Event-ID": "0"}
        request = urllib.request.Request(f"{self.address}/api/events", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as stream:
            for line in stream:
                if line.startswith(b"data:"):
                    yield json.loads(line[5:])

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.order("GET", "/api/show")[1]
        return found


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Directed]:
    running = Directed(tmp_path)
    yield running
    running.end()


def until(events: Iterator[dict[str, Any]], what: str, **data: Any) -> dict[str, Any]:
    """The next happening of that kind with these facts."""
    for each in events:
        if each["what"] == what and data.items() <= each["data"].items():
            return each
    raise AssertionError(f"the stream ended before {what}")


def test_a_show_is_directed_over_http_and_all_of_it_is_told(channel: Directed) -> None:
    events = channel.listen()
    first = until(events, "line/start")
    assert until(events, "words", line=first["data"]["line"], word=0)["n"] >= first["n"]
    status, refused = channel.order("POST", "/api/take", on_air="nothing/like-this")
    assert (status, "no longer on air" in refused["detail"]) == (409, True)

    assert channel.order("POST", "/api/outputs", kind="file", name="extra")[0] == 201
    until(events, "output", name="extra", state="recording")
    status, order = channel.order("POST", "/api/say", text="Hello from the control room.")
    assert status == 202
    until(events, "line/start", lane="operator", text="Hello from the control room.")
    until(events, "order", id=order["id"], state="said")

    muted = channel.order("POST", "/api/mute", on=True)[1]
    until(events, "scene", scene="be-right-back-vertical")
    assert (muted["muted"], channel.shown()["on_air"]["line"]) == (True, None)
    wait(lambda: channel.shown()["frame"] > muted["frame"] + 25)
    on_again = channel.order("POST", "/api/mute", on=False)[1]["frame"]
    until(events, "line/start", lane="rundown")
    assert on_again > muted["frame"] + 20

    segment = channel.shown()["on_air"]["segment"]
    assert channel.order("POST", "/api/skip")[0] == 200
    left = until(events, "order", order="skip")["data"]["segment"]
    skipped = until(events, "line/start", lane="rundown")
    assert skipped["data"]["segment"] not in (left, segment)
    assert channel.order("POST", "/api/outputs/extra/stop")[1]["state"] == "stopped"

    began = time.monotonic()
    channel.end()
    assert time.monotonic() - began < 15  # who listens is not waited for
    assert muted_seconds(next((channel.folder / "recordings").glob("extra-*.mp4"))) > 1.5
    audited = [row["details"] for row in channel.rows() if row["why"] == "audit"]
    actions = [each["action"] for each in audited if each["outcome"] == "done"]
    assert actions == ["add output", "say", "mute", "unmute", "skip", "stop output"]


def wait(what: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def muted_seconds(file: Path) -> float:
    """How long a recording is silent."""
    quiet = total = 0
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            total += frame.samples
            quiet += frame.samples * bool(np.abs(frame.to_ndarray()).max() < 1e-4)
            rate = frame.sample_rate
    return quiet / rate
