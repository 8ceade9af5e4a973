"""The channel as a process: on air, watched over HTTP, pushed to a real RTMP server, recorded, ended by a signal."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import av
import pytest
from marked import copied

from host_engine.provenance.reading import read

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parent.parent


class Running:
    """`host-engine run` in a process of its own."""

    def __init__(self, folder: Path, outputs: list[dict], environment: dict[str, str]) -> None:
        self.folder = folder
        path = folder / "channel.yaml"
        fields = {
            "name": "test",
            "catalog": str(ROOT / "product_catalogs" / "tea"),
            "scenes": str(ROOT / "scenes"),
            "cache": str(folder / "cache"),
            "outputs": outputs,
        }
        path.write_text(json.dumps(fields))
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "host_engine", "run", str(path), "--port", "0"],
            stderr=self.log.open("w"),
            env={**os.environ, **environment},
        )
        self.address = self._wait(self._printed, 60)
        self._wait(lambda: self.status()["on_air"]["line"], 20)

    def _wait(self, for_what, seconds):
        for _ in range(seconds * 10):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if found := for_what():
                    return found
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s in vain:\n{self.log.read_text()}")

    wait = _wait

    def _printed(self):
        found = re.search(r"viewers\s+(http://\S+:\d+)/", self.log.read_text())
        return found and found[1]

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return answer.read().decode()

    def status(self) -> dict:
        return json.loads(self.get("/status"))

    def output(self, name: str) -> dict:
        return next(each for each in self.status()["outputs"] if each["name"] == name)

    def end(self, sign=signal.SIGTERM) -> float:
        """Send a signal; the seconds until the process has ended."""
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(15)
        return time.monotonic() - began


def streams(url: str) -> dict[str, dict]:
    """What ffprobe finds in a stream that is being sent: codec name -> its facts."""
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", url]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout)
    return {stream["codec_name"]: stream for stream in found["streams"]}


@pytest.fixture
def on_air(tmp_path, rtmp_server):
    outputs = [
        {"kind": "rtmp", "name": "tube", "url": rtmp_server.url, "key_env": "TUBE_KEY"},
        {"kind": "rtmp", "name": "nobody", "url": "rtmp://127.0.0.1:9/live", "key_env": "TUBE_KEY"},
        {"kind": "file", "name": "archive", "path": "archive.mp4"},
        {
            **{"kind": "rtmp", "name": "small", "url": "rtmp://127.0.0.1:9/live", "backup": rtmp_server.url},
            **{"key_env": "SMALL_KEY", "size": [180, 320], "label": "KI", "language": "de", "delay": "1s"},
            "watch": f"{rtmp_server.url}/small",
        },
    ]
    running = Running(tmp_path, outputs, {"TUBE_KEY": "s3cret-key-of-the-test", "SMALL_KEY": "small"})
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.mark.timeout(180)
def test_a_channel_on_air(on_air, rtmp_server):
    status = on_air.status()
    assert set(status["on_air"]) >= {"line", "text", "segment", "product", "lane"}
    assert status["on_air"]["lane"] == "rundown"
    assert set(status["clock"]) >= {"frame", "late_ms", "jumps"}
    assert status["voice"]["name"]
    assert json.loads(on_air.get("/healthz"))
    assert "host_engine_stage_seconds_bucket" in on_air.get("/metrics")

    on_air.wait(lambda: on_air.output("tube")["state"] == "live", 20)
    on_air.wait(lambda: on_air.output("archive")["state"] == "recording", 20)
    on_air.wait(lambda: on_air.output("nobody")["error"], 20)
    seen = streams(f"{rtmp_server.url}/s3cret-key-of-the-test")
    assert (seen["h264"]["width"], seen["h264"]["height"], seen["aac"]["sample_rate"]) == (720, 1280, "48000")
    sent = copied(f"{rtmp_server.url}/s3cret-key-of-the-test", on_air.folder / "sent.flv", "-t", "2")
    assert read(sent).contents == (("test", status["marks"]["content"]),)

    on_air.wait(lambda: on_air.output("small")["state"] == "live", 20)
    small = on_air.output("small")
    assert (small["address"], small["delay_s"]) == ("second", 1.0)
    assert "small/second-address" in {alarm["name"] for alarm in on_air.status()["alarms"]}
    picture = streams(f"{rtmp_server.url}/small")["h264"]
    assert (picture["width"], picture["height"]) == (180, 320)

    on_air.wait(lambda: (on_air.output("small")["viewer"].get("delay_ms") or 0) > 1000, 30)
    assert "viewer" not in on_air.output("tube")
    with urllib.request.urlopen(on_air.address + "/live.flv", timeout=10) as film:
        assert film.read(5) == b"FLV\1\5"

    rtmp_server.kill()
    on_air.wait(lambda: on_air.output("tube")["state"] != "live", 20)
    before = on_air.status()["clock"]["frame"]
    rtmp_server.start()
    on_air.wait(lambda: on_air.output("tube")["state"] == "live", 40)
    assert on_air.status()["clock"]["frame"] > before

    assert "s3cret" not in on_air.get("/status") + on_air.get("/metrics") + on_air.log.read_text()
    assert on_air.end() < 3
    assert on_air.process.returncode == 0, on_air.log.read_text()
    assert "Traceback" not in on_air.log.read_text()
    with av.open(on_air.folder / "archive.mp4") as file:
        frames = sum(1 for _ in file.decode(video=0))
    assert frames > 25
    found = read(on_air.folder / "archive.mp4")
    assert found.marked == found.key_frames > 0
    assert found.contents == (("test", status["marks"]["content"]),)
