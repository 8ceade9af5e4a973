"""A real PostgreSQL for the tests: Debian's, as a cluster of its own in a temporary folder, on a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

INSTALL = "the tests need a real PostgreSQL: apt-get install --no-install-recommends postgresql"


def _program(name: str) -> str:
    """The path of a program of the newest PostgreSQL that Debian has installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = next((str(folder / name) for folder in reversed(folders) if (folder / name).exists()), shutil.which(name))
    if not found:
        pytest.fail(INSTALL)
    return found


class PostgresServer:
    """One database server: started, frozen, killed with SIGKILL and revived with its data."""

    def __init__(self) -> None:
        self._owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"postgresql+psycopg://{self._owner.pw_name}@127.0.0.1:{self.port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None
        made = self._run(_program("initdb"), "-D", str(self.folder / "data"), "-A", "trust", "-N", "-E", "UTF8")
        assert made.returncode == 0, made.stderr.decode()

    def start(self) -> None:
        """Returns when it answers."""
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder,
            "fsync": "off", "max_connections": 20,
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self.folder / "log").open("ab")
        command = [_program("postgres"), "-D", str(self.folder / "data"), *options]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **self._as_owner())
        log.close()
        for _ in range(300):
            if self._run(_program("psql"), self.url.replace("+psycopg", ""), "-c", "SELECT 1").returncode == 0:
                return
            time.sleep(0.05)
        pytest.fail("PostgreSQL did not start: " + (self.folder / "log").read_text())

    def kill(self) -> None:
        """End it at once, all of its processes."""
        if self._process:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It accepts connections, and answers nothing any more."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)

    def _signal(self, sign: signal.Signals) -> None:
        assert self._process
        for pid in _family(self._process.pid):  # its children are leaders of groups of their own
            os.kill(pid, sign)

    def _run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, capture_output=True, timeout=60, **self._as_owner())

    def _as_owner(self) -> dict:
        owner = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return {"cwd": self.folder, **(owner if os.geteuid() == 0 else {})}


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]
