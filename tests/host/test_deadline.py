"""Calls that hang: given up at their deadline, bounded in number, and never in the way of the process's end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from host_engine.host.deadline import Caller, DaemonThreads, Hung

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parent.parent.parent


def test_what_comes_back_in_time_is_returned_or_raised() -> None:
    caller = Caller("it")
    assert caller.call(5, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        caller.call(5, divmod, 7, 0)

    def times_out() -> None:
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        caller.call(5, times_out)
    assert caller.hanging == 0


def test_what_hangs_is_given_up_and_a_bounded_number_of_times() -> None:
    caller, over = Caller("the voice", most=2), threading.Event()
    for _ in range(2):
        with pytest.raises(Hung, match="the voice did not answer within"):
            caller.call(0.02, over.wait)
    assert caller.given_up
    began, threads = time.monotonic(), threading.active_count()
    with pytest.raises(Hung, match="2 calls of it hang"):
        caller.call(60, over.wait)
    assert time.monotonic() - began < 1
    assert threading.active_count() == threads
    over.set()
    while caller.hanging:
        time.sleep(0.001)
    assert caller.call(5, over.wait)


def test_threads_that_hang_do_not_keep_the_process_alive() -> None:
    program = """
import threading
from host_engine.host.deadline import Caller, DaemonThreads, Hung
threads = DaemonThreads(2, "work")
threads.submit(threading.Event().wait)
try:
    Caller("it").call(0.05, threading.Event().wait)
except Hung:
    print("given up", flush=True)
"""
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert said.stdout == "given up\n"


def test_daemon_threads_are_an_executor() -> None:
    threads = DaemonThreads(2, "work")
    assert [future.result(5) for future in [threads.submit(pow, 2, n) for n in range(20)]] == [2**n for n in range(20)]
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 1, 0).result(5)
    gate, begun = threading.Event(), threading.Barrier(3)
    running = [threads.submit(lambda: begun.wait(5) >= 0 and gate.wait()) for _ in range(2)]
    begun.wait(5)
    waits = threads.submit(pow, 2, 2)
    threads.shutdown(wait=False, cancel_futures=True)
    assert waits.cancelled()
    gate.set()
    assert all(future.result(5) for future in running)
    threads.shutdown()
