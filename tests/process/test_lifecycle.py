"""A channel as a process from its start to its end: signals at every moment, parts that hang, what systemd is told."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from program import ROOT, Program

pytestmark = pytest.mark.alone

# Runs the command line with some part of the engine replaced, as the first argument says.
CODE = """
    import asyncio, sys, threading, time
    from concurrent.futures import ThreadPoolExecutor
    from host_engine.process.ending import PROCESS

    how = sys.argv.pop(1)
    PROCESS.listen()
    from host_engine import engine
    from host_engine.commands import cli

    async def stubborn(self):
        while True:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                pass

    def hang(*_):
        time.sleep(1000)

    def hang_soon(self):
        self.beats = getattr(self, "beats", 0) + 1
        if self.beats == 50:
            hang_the_loop()
        return pull(self)

    def hang_the_loop():
        time.sleep(1000)

    from host_engine.playout.playout import Playout
    pull = Playout.pull
    if how == "a voice hangs, a job will not end":
        from host_engine.host.voice import Voices
        Voices.speak = hang
        engine.Engine._let_viewers_in = stubborn
    elif how == "the loop hangs":
        Playout.pull = hang_soon
    cli.main()
"""
PLAIN = """
    from host_engine.__main__ import main
    main()
"""


def channel(folder):
    path = folder / "channel.yaml"
    outputs = [{"kind": "file", "name": "archive", "path": "archive/{date}-{time}.mp4"}]
    fields = {"name": "test", "catalog": str(ROOT / "product_catalogs" / "tea"), "scenes": str(ROOT / "scenes")}
    path.write_text(json.dumps({**fields, "cache": str(folder / "cache"), "outputs": outputs}))
    return str(path)


def running(folder, how="", **environment):
    arguments = ["run", channel(folder), "--port", "0"]
    return Program(folder, CODE if how else PLAIN, *([how] if how else []), *arguments, **environment)


def hears(program, folder):
    caught = re.search(r"SigCgt:\s*(\w+)", proc(program, "status"))
    return caught and int(caught[1], 16) & 1 << signal.SIGTERM - 1


MOMENTS = {
    "imports": hears,
    "imports what is large": lambda program, folder: "skia" in proc(program, "maps"),
    "builds": lambda program, folder: (folder / "cache" / "test.lock").exists(),
    "draws": lambda program, folder: any((folder / "cache").glob("drawn/*.npz")),
}


def proc(program, name):
    return Path(f"/proc/{program.process.pid}/{name}").read_text()


@pytest.mark.parametrize(
    ("moment", "sign"), [*((moment, signal.SIGINT) for moment in MOMENTS), ("builds", signal.SIGTERM)]
)
def test_while_it_starts_a_signal_ends_it_without_a_traceback(moment, sign, tmp_path):
    program = running(tmp_path)
    end = time.monotonic() + 30
    while not MOMENTS[moment](program, tmp_path):
        assert program.process.poll() is None, program.said
        assert time.monotonic() < end, program.said
        time.sleep(0.01)
    program.send(sign)
    assert program.ended(3) == 0
    assert "Traceback" not in program.said
    assert "is on air" not in program.said


def test_on_air_a_signal_ends_it_within_three_seconds_whatever_hangs(tmp_path):
    program = running(tmp_path, "a voice hangs, a job will not end")
    program.says("is on air", 60)
    archive = tmp_path / "archive"
    end = time.monotonic() + 30
    while not any(path.stat().st_size > 1000 for path in archive.glob("*")):
        assert time.monotonic() < end, program.said
        time.sleep(0.1)
    program.send(signal.SIGTERM)
    assert program.ended(3) == 0
    assert "Off air." in program.said
    for path in archive.glob("*.mp4"):
        subprocess.run(["ffprobe", "-v", "error", str(path)], check=True)


@pytest.mark.timeout(90)
def test_a_loop_that_hangs_on_air_ends_it_with_70_and_systemd_is_told_until_then(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        facts = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1500000"}
        program = running(tmp_path, "the loop hangs", **facts)
        assert manager.recv(4096).startswith(b"READY=1")
        assert re.match(rb"WATCHDOG=1\nSTATUS=on air: .+", manager.recv(4096))
        assert program.ended(30) == 70
        manager.settimeout(0.1)
        told = 0
        while True:
            try:
                manager.recv(4096)
                told += 1
            except TimeoutError:
                break
        assert told < 8  # none came while it hung
    (stacks,) = (tmp_path / "cache" / "hung").iterdir()
    assert "hang_the_loop" in stacks.read_text()
    assert "hang_the_loop" in program.said


def test_a_channel_that_ends_says_so_to_systemd_and_one_that_is_on_air_is_not_started_twice(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        program = running(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify"))
        assert manager.recv(4096).startswith(b"READY=1")
        program.says("is on air", 60)

        second = Program(tmp_path / "cache", PLAIN, "run", str(tmp_path / "channel.yaml"), "--port", "0")
        assert second.ended(30) == 1
        assert f"'test' is on air already, as process {program.process.pid}" in second.said
        assert "Traceback" not in second.said

        address = re.search(r"status\s+(http://\S+)", program.said)[1]
        with urllib.request.urlopen(address, timeout=10) as answer:
            jobs = {job["name"]: job for job in json.load(answer)["jobs"]}
        assert {"air", "http", "viewers", "archive"} <= jobs.keys()
        assert all(job["state"] == "running" and job["restarts"] == 0 for job in jobs.values())

        program.send(signal.SIGTERM)
        assert program.ended(3) == 0
        facts = []
        while not facts or "STOPPING=1" not in facts[-1]:
            facts.append(manager.recv(4096).decode())
