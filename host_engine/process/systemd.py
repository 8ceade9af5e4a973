"""What systemd is told: ready, alive, the line on air, stopping. Nothing happens where no systemd listens."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping


class Systemd:
    """Sends datagrams to the socket that systemd names in the environment; a send never waits and never raises.

    interval: seconds between two signs of life that systemd wants, half of WatchdogSec; None where it wants none.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        path = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + path[1:] if path.startswith("@") else path
        self._socket: socket.socket | None = None
        if self._address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)
        self.interval = _interval(environment) if self._socket else None

    def tell(self, *facts: str) -> None:
        """Send facts such as "READY=1" or "STATUS=on air"."""
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it is being restarted, or does not read: the next fact will do
                self._socket.sendto("\n".join(facts).encode(), self._address)


def _interval(environment: Mapping[str, str]) -> float | None:
    wanted, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", str(os.getpid()))
    if pid != str(os.getpid()) or not wanted.isdecimal() or wanted == "0":
        return None
    return int(wanted) / 2e6
