"""A network with nothing but its own loopback, for programs that listen on all addresses, and wires that lead there."""

from __future__ import annotations

import ctypes
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

NEW_NETWORK = 0x40000000
# It lasts as long as somebody holds the other end of the holder's input.
HOLDER = """
import ctypes, fcntl, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x40000000):
    sys.exit(1)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 0x41))
print("up", flush=True)
sys.stdin.read()
"""


class Network:
    """A network of its own where this machine lets one be made; else, or where it is not wanted, the one we are in.

    `inward` and `outward` are wires between the two: a port of our loopback that leads to one in there, and the other
    way round.
    """

    def __init__(self, own: bool = True) -> None:
        self._holder: subprocess.Popen[str] | None = None
        self._wires: list[_Wire] = []
        if own:
            self._hold()

    @property
    def path(self) -> str | None:
        """The network as a file, None for the one we are in."""
        return f"/proc/{self._holder.pid}/ns/net" if self._holder else None

    @property
    def command(self) -> list[str]:
        """What a command is begun with to run in there."""
        return ["nsenter", f"--net={self.path}", "--"] if self._holder else []

    def inward(self, port: int) -> int:
        """A port here whose connections arrive at `port` in there."""
        return self._wire(None, self.path, 0, port) if self._holder else port

    def outward(self, port: int) -> None:
        """Have connections to `port` in there arrive at the same port here."""
        if self._holder:
            self._wire(self.path, None, port, port)

    def close(self) -> None:
        for wire in self._wires:
            wire.close()
        if self._holder:
            self._holder.communicate()
            self._holder = None

    def _hold(self) -> None:
        command = [sys.executable, "-I", "-S", "-c", HOLDER]
        holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if holder.stdout and holder.stdout.readline() == "up\n":
            self._holder = holder
            return
        holder.communicate()
        print("No network of its own can be made here (as root it can): using the machine's.", file=sys.stderr)

    def _wire(self, listens: str | None, connects: str | None, at: int, to: int) -> int:
        wire = _Wire(listens, connects, at, to)
        self._wires.append(wire)
        return wire.port


class _Wire:
    """Carries connections from a port of one network to a port of another, on threads."""

    def __init__(self, listens: str | None, connects: str | None, at: int, to: int) -> None:
        self._connects, self._to = connects, to
        self._ears = _within(listens, lambda: socket.create_server(("127.0.0.1", at)))
        self.port = int(self._ears.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._ears.shutdown(socket.SHUT_RDWR)
        self._ears.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._carry, args=(self._ears.accept()[0],), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with suppress(OSError), here, self._connected() as there:
            other = {here: there, there: here}
            for end in other:
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                for end in select.select(list(other), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    other[end].sendall(data)

    def _connected(self) -> socket.socket:
        return _within(self._connects, lambda: socket.create_connection(("127.0.0.1", self._to), 10))


def _within(network: str | None, make: Callable[[], socket.socket]) -> socket.socket:
    """A socket made on a thread in another network: it stays in the one in which it was made. Raises OSError."""
    made: list[socket.socket] = []
    wrong: list[OSError] = []

    def enter() -> None:
        try:
            if network is not None:
                libc = ctypes.CDLL(None, use_errno=True)
                with open(network) as file:
                    if libc.setns(file.fileno(), NEW_NETWORK):
                        raise OSError(ctypes.get_errno(), "that network cannot be entered")
            made.append(make())
        except OSError as error:
            wrong.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if wrong:
        raise wrong[0]
    return made[0]
