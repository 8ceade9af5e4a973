"""A real RTMP server for the tests: Debian's nginx with its RTMP module, on a free loopback port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
INSTALL = "the tests need a real RTMP server: apt-get install --no-install-recommends nginx libnginx-mod-rtmp ffmpeg"
CONFIGURATION = """
load_module {module};
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 64; }}
rtmp {{
  access_log off;
  server {{
    listen 127.0.0.1:{port};
    chunk_size 4096;
    application live {{ live on; record all; record_path {folder}/recordings; record_unique on; }}
    application closed {{ live on; deny publish all; }}
  }}
}}
"""


def free_port() -> int:
    """A TCP port on the loopback that nobody has now, and that no connection nor another worker is given meanwhile."""
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable")


_BEGIN, _MANY = 12_000, 20_000  # below those that Linux gives to connections
_PORTS = (_BEGIN + (os.getpid() * 97 + n) % _MANY for n in count())


class RtmpServer:
    """nginx with the RTMP module; what is published to the application "live" is recorded into `recordings`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"rtmp://127.0.0.1:{self.port}/live"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "recordings").mkdir(parents=True)

    def start(self) -> None:
        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if not nginx or not MODULE.exists() or not shutil.which("ffprobe"):
            pytest.fail(INSTALL)
        file = self.folder / "nginx.conf"
        file.write_text(self.configuration())
        log = (self.folder / "error.log").open("ab")
        command = [nginx, "-e", str(self.folder / "error.log"), "-p", str(self.folder), "-c", str(file)]
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        self._wait_until_it_listens()

    def configuration(self) -> str:
        """What nginx is told."""
        user = "user root;" if os.geteuid() == 0 else ""
        return CONFIGURATION.format(module=MODULE, user=user, folder=self.folder, port=self.port)

    def _wait_until_it_listens(self) -> None:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and self.workers():
                    return
            time.sleep(0.02)
        pytest.fail("nginx did not start: " + (self.folder / "error.log").read_text())

    def workers(self) -> list[int]:
        """The process ids of the workers, which hold the connections."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def freeze(self) -> None:
        for pid in self.workers():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self.workers():
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, connections and all."""
        if self._process:
            workers = self.workers()
            self._process.kill()
            self._process.wait()
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
            self._process = None

    def recordings(self) -> list[Path]:
        """What was published so far, oldest first."""
        return sorted((self.folder / "recordings").glob("*.flv"))


class Listener:
    """FFmpeg as an RTMP server of one publisher; what it gets goes into `file`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"rtmp://127.0.0.1:{self.port}/live"
        self.file = folder / "listener.flv"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ffmpeg = shutil.which("ffmpeg") or pytest.fail(INSTALL)
        source = ["-listen", "1", "-i", f"{self.url}/host"]
        command = [ffmpeg, "-v", "error", "-y", *source, "-c", "copy", "-f", "flv", str(self.file)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        while not self._listens():
            if self._process.poll() is not None:
                pytest.fail("ffmpeg does not listen")
            time.sleep(0.02)

    def _listens(self) -> bool:
        """Seen from outside: its first connection is its only one."""
        wanted = f"0100007F:{self.port:04X}"
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        return any(fields[1] == wanted and fields[3] == "0A" for fields in map(str.split, lines))

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
