"""A channel in a process of its own, with a small picture, that viewers ask."""

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
