"""A channel as a process that is stopped for a moment: the log says so, the trace shows it, the figures count it."""

import json
import signal
import time

import pytest
from test_on_air import Running

from host_engine.control.trace_fetch import fetch

pytestmark = pytest.mark.alone

SAID = "control.explain: "


@pytest.fixture
def channel(tmp_path):
    running = Running(tmp_path, [{"kind": "file", "name": "archive", "path": "archive.mp4"}], {})
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.mark.timeout(180)
def test_a_process_that_was_stopped_is_explained(channel):
    channel.wait(lambda: channel.output("archive")["state"] == "recording", 20)
    began = time.monotonic()
    channel.wait(lambda: time.monotonic() - began > 3, 10)  # of a calm show, with medians to compare with
    before = channel.log.read_text().count(SAID)
    channel.process.send_signal(signal.SIGSTOP)
    time.sleep(0.35)
    channel.process.send_signal(signal.SIGCONT)
    channel.wait(lambda: channel.log.read_text().count(SAID) > before, 20)

    fetch(channel.address, 30, channel.folder / "trace.json")
    events = json.loads((channel.folder / "trace.json").read_text())["traceEvents"]
    stops = [e for e in events if e["ph"] == "X" and "loop_cpu_ms" in e["args"] and e["dur"] > 200_000]
    assert stops, "the loop was not seen to stand still"
    stop = max(stops, key=lambda each: each["dur"])
    assert stop["args"]["process_cpu_ms"] < stop["dur"] / 2000
    late = [e for e in events if e["ph"] == "i" and 0 <= e["ts"] - stop["ts"] < 1_000_000]
    assert late, "no late frame is marked after the stop"
    arrows = {e["id"] for e in events if e["ph"] == "s"}
    assert arrows == {e["id"] for e in events if e["ph"] == "f"}
    assert len(arrows) > 20

    figures = channel.get("/metrics")
    assert "host_engine_frames_late_total" in figures
    assert 'host_engine_job_running{job_name="air"} 1.0' in figures
    assert 'host_engine_output_live{output="archive"} 1.0' in figures
    assert "host_engine_ladder_rung" in figures
    assert channel.end() < 3
