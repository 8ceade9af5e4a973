"""A small Python program in a process of its own, for what ends processes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Program:
    """Runs `code`; what it prints on standard error goes to a file, so that nothing waits for a reader."""

    def __init__(self, folder: Path, code: str, *arguments: str, **environment: str) -> None:
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), *arguments],
            stderr=self.log.open("w"),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def says(self, words: str, seconds: float = 20) -> None:
        """Wait until it has said so."""
        end = time.monotonic() + seconds
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, f"'{words}' was not said:\n{self.said}"
            time.sleep(0.02)

    def send(self, sign: int) -> None:
        self.process.send_signal(sign)

    def ended(self, seconds: float) -> int:
        """Wait until it has ended, for so long at most; its exit status, below 0 a signal."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"it did not end within {seconds} s:\n{self.said}") from None
