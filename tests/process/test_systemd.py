"""systemd is told on its own socket, never waited for, and not missed where it is not there."""

import os
import socket
from pathlib import Path

import pytest

from host_engine.process.systemd import Systemd


@pytest.fixture(params=["a path", "an abstract name"])
def manager(request, tmp_path):
    """The socket of a service manager, and its name as systemd writes it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        if request.param == "a path":
            name = address = str(tmp_path / "notify")
        else:
            name, address = f"@host-engine-{os.getpid()}", f"\0host-engine-{os.getpid()}"
        listening.bind(address)
        listening.settimeout(2)
        yield listening, name


def test_facts_arrive(manager):
    listening, name = manager
    Systemd({"NOTIFY_SOCKET": name}).tell("READY=1", "STATUS=on air: fünfzehn Euro")
    assert listening.recv(4096).decode() == "READY=1\nSTATUS=on air: fünfzehn Euro"


def test_signs_of_life_at_half_the_time_for_this_process_only(manager):
    _, name = manager
    asked = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "10000000"}
    assert Systemd(asked).interval == 5
    assert Systemd({**asked, "WATCHDOG_PID": str(os.getpid())}).interval == 5
    assert Systemd({**asked, "WATCHDOG_PID": "1"}).interval is None
    assert Systemd({**asked, "WATCHDOG_USEC": "soon"}).interval is None


def test_nobody_listens():
    Systemd({}).tell("READY=1")
    assert Systemd({"WATCHDOG_USEC": "10000000"}).interval is None


def test_a_manager_that_is_gone_or_does_not_read_is_not_waited_for(tmp_path):
    path = str(tmp_path / "notify")
    Systemd({"NOTIFY_SOCKET": path}).tell("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(path)
        systemd = Systemd({"NOTIFY_SOCKET": path})
        for _ in range(2000):  # more than its queue holds
            systemd.tell("WATCHDOG=1")
    Path(path).unlink()
    systemd.tell("STOPPING=1")
