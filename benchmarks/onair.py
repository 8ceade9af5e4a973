"""The channel on air in a process of its own, as a benchmark needs it: on a free port, in its own folder, watched."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from benchmarks.lines import ROOT, demo_on_air

END = 15.0  # seconds a channel gets to end


class OnAir:
    """`host-engine run` with the demo's catalog. `notes` after the end holds what `benchmarks.probe` noted inside."""

    def __init__(
        self, folder: Path, outputs: list[dict[str, Any]], wanted: dict[str, Any], port: int = 0, **fields: Any
    ) -> None:
        """`wanted` is the probe's; `fields` are further fields of the channel file; outputs' key_env is STREAM_KEY."""
        self.folder = folder
        self._notes, self._log = folder / "notes.json", folder / "log"
        path = demo_on_air(folder, "benchmark", outputs=outputs, **fields)
        probe = json.dumps({"file": str(self._notes), **wanted})
        command = [sys.executable, "-m", "benchmarks.probe", probe, "run", str(path), "--port", str(port)]
        environment = {**os.environ, "STREAM_KEY": "benchmark", "PYTHONPATH": str(ROOT)}
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment)
        self.process = psutil.Process(self._process.pid)
        self.address = ""

    def __enter__(self) -> OnAir:
        try:
            self.address = self.wait(self._printed, 60)
            self.wait(lambda: self.status()["on_air"]["line"], 30)
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._process.send_signal(signal.SIGUSR1)  # all stacks into the log
            time.sleep(0.5)
            print(f"The channel's log:\n{self.log()}", file=sys.stderr)
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise RuntimeError(f"the channel did not end within {END:g} s of SIGTERM:\n{self.log()}") from None

    def wait(self, for_what: Callable[[], Any], seconds: float) -> Any:
        """What `for_what` returns once that is something. Raises RuntimeError, with the log, when it never is."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.alive:
            try:
                if found := for_what():
                    return found
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.1)
        state = "waited in vain" if self.alive else "the channel ended by itself"
        raise RuntimeError(f"{state}:\n{self.log()}")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def log(self, most: int = 4000) -> str:
        """The end of what the channel said."""
        return self._log.read_text(errors="replace")[-most:]

    def status(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.address + "/status", timeout=10) as answer:
            return dict(json.load(answer))

    def states(self) -> dict[str, str]:
        """The state of each output."""
        return {each["name"]: each["state"] for each in self.status()["outputs"]}

    def cpu(self) -> float:
        """Seconds of processor used so far, by all threads."""
        times = self.process.cpu_times()
        return times.user + times.system

    def rss(self) -> float:
        """Resident memory in MB (millions of bytes)."""
        return self.process.memory_info().rss / 1e6

    @property
    def notes(self) -> dict[str, Any]:
        """What was noted inside; to be had after the end."""
        return dict(json.loads(self._notes.read_text()))

    def _printed(self) -> str | None:
        found = re.search(r"viewers\s+(http://\S+:\d+)/", self._log.read_text(errors="replace"))
        return found and found[1]


def live(channel: OnAir, *names: str) -> bool:
    """Whether these outputs are live or recording."""
    states = channel.states()
    return all(states[name] in ("live", "recording") for name in names)


def recording(folder: Path) -> dict[str, Any]:
    """A file output that records into `folder`, a file a minute."""
    folder.mkdir(exist_ok=True)
    return {"kind": "file", "name": "archive", "path": str(folder / "{date}-{time}.mp4"), "segment": "60s"}
