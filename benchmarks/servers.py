"""Real RTMP servers for the benchmarks: nginx, as in the tests, that can be killed, paused and revived."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.lines import ROOT

sys.path.append(str(ROOT / "tests"))

from rtmp_server import RtmpServer


class Server(RtmpServer):
    """One server and the output that sends to it. `received` grows while the channel arrives."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder / name)
        self.name = name

    @property
    def output(self) -> dict[str, Any]:
        """The output in a channel file."""
        return {"kind": "rtmp", "name": self.name, "url": self.url, "key_env": "STREAM_KEY"}

    @property
    def received(self) -> int:
        """Bytes of the channel that it has on disk."""
        return sum(file.stat().st_size for file in self.recordings())

    def thaw(self) -> None:
        for pid in self.workers():
            os.kill(pid, signal.SIGCONT)


@contextmanager
def servers(folder: Path, *names: str) -> Iterator[list[Server]]:
    """So many servers, started; all are ended with the block."""
    started: list[Server] = []
    try:
        for name in names:
            server = Server(folder, name)
            started.append(server)
            server.start()
        yield started
    finally:
        for server in started:
            server.kill()
