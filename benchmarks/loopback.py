"""`python -m benchmarks.loopback MODULE [ARGUMENT ...]`: run a module in a network of its own, with 127.0.0.1 only.

Viewers and servers of a benchmark then meet the engine on the loopback and nothing leaves the machine. Where no such
network can be made (that takes root, or user namespaces), it is said, and the module runs in the machine's own.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import runpy
import signal
import socket
import struct
import sys
from pathlib import Path

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
PARENT_DEATH_SIGNAL = 1  # as prctl.h numbers it
SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x41


def end_with_parent() -> None:
    """Have this process told to end when the one that started it has ended, however it did."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def enter() -> bool:
    """Move this process, which must have one thread, into a new network that has the loopback only."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_NETWORK):
        if libc.unshare(NEW_USER | NEW_NETWORK):
            return False
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP_AND_RUNNING))
    return True


if __name__ == "__main__":
    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended on the way out
    if not enter():
        print("No network of its own can be made here (as root it can): using the machine's own.", file=sys.stderr)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
