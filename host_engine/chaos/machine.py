"""What befalls a machine: a blocked or starved event loop, memory taken away, a process killed or stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Fault, Loop, Memory, Process

STOP = 'kill -STOP "$0"; sleep "$1"; kill -CONT "$0"'  # a stopped process cannot wake itself


def strike(fault: Fault, faults: AtWork) -> None:
    """Do what the fault does to the whole process; called on the event loop. Other faults do nothing here."""
    match fault:
        case Loop(how="blocked", seconds=float(seconds)):
            time.sleep(seconds)
        case Loop(how="starved", ms=ms):
            _in_thread(lambda: _hog(ms / 1000, lambda: faults.has(fault)))
        case Memory(mb=mb):
            _in_thread(lambda: _hoard(mb, fault, faults))
        case Process(how="killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        case Process(how="stopped", seconds=float(seconds)):
            child = subprocess.Popen(["/bin/sh", "-c", STOP, str(os.getpid()), str(seconds)])
            _in_thread(child.wait)


def _in_thread(work: Callable[[], object]) -> None:
    threading.Thread(target=work, name="chaos", daemon=True).start()


def _hog(seconds: float, goes_on: Callable[[], bool]) -> None:
    """Hold the interpreter for so many seconds at a time: adding up a range lets nobody else in until it is done."""
    began, count = time.perf_counter(), 100_000
    sum(range(count))
    count = max(1, round(count * seconds / (time.perf_counter() - began)))
    while goes_on():
        sum(range(count))


def _hoard(mb: int, fault: Fault, faults: AtWork) -> None:
    hoard = b"\1" * (mb << 20)  # written to, so that it is really there
    faults.until_over(fault)
    del hoard
