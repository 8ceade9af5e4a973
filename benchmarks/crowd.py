"""The process in which a benchmark's viewers are, seen from the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from benchmarks.lines import ROOT

GOODBYE = 20.0  # seconds they get to leave


class Crowd:
    """So many viewers of a channel for as long as the block lasts; `counts` after it says how many came and left."""

    def __init__(self, address: str, count: int, stay: float = 0, sound: Path | None = None) -> None:
        wanted = {"address": address, "count": count, "stay": stay, "sound": str(sound or "")}
        command = [sys.executable, "-m", "benchmarks.watching", json.dumps(wanted)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Crowd:
        """Returns when all watch."""
        assert self._process.stdout
        if "all watch" not in self._process.stdout.readline():
            self._process.kill()
            self._process.wait()
            raise RuntimeError("the viewers did not come")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            said, _ = self._process.communicate("", GOODBYE)
            self.counts = json.loads(said.splitlines()[-1])
        except (subprocess.TimeoutExpired, ValueError, IndexError):
            self._process.kill()
            self._process.wait()
            if kind is None:
                raise RuntimeError("the viewers did not say how it was") from None
