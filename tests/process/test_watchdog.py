"""A process without frames is ended, its stacks told; one that was stopped, or is not on air yet, is not."""

import signal
import subprocess
import sys
import time

import pytest
from program import Program

from host_engine.process.guard import stopped

pytestmark = pytest.mark.alone

CODE = """
    import asyncio, ctypes, logging, sys, threading, time
    from pathlib import Path
    from host_engine.process.watchdog import Watchdog

    logging.basicConfig(format="%(levelname)s %(message)s")
    folder, how, limit = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    lock = threading.Lock()

    def hang_here():
        if how == "sleeps":
            time.sleep(100)
        elif how == "spins":
            while True:
                pass
        elif how == "waits for a lock":
            lock.acquire(), lock.acquire()
        elif how == "holds the interpreter":
            ctypes.PyDLL(None).sleep(100)

    async def main():
        if how != "never on air":
            dog = Watchdog(folder, lambda: say("ready"), lambda: say("alive"), limit)
        else:
            dog = Watchdog(folder, limit=limit)
        dog.start(asyncio.get_running_loop())
        for n in range(1000):
            if how != "never on air":
                dog.beat()
            await asyncio.sleep(0.02)
            if n == 25 and how == "the reader of the log hangs too":
                logging.root.handlers[0].acquire()
                time.sleep(100)
            if n == 25:
                hang_here()

    def say(what):
        print(what, file=sys.stderr, flush=True)

    asyncio.run(main(), debug=False)
"""


def watched(folder, how, limit=0.5):
    return Program(folder, CODE, str(folder / "hung"), how, str(limit))


@pytest.mark.parametrize("how", ["sleeps", "spins", "waits for a lock"])
def test_a_loop_that_hangs_ends_the_process_with_70_and_all_stacks(how, tmp_path):
    program = watched(tmp_path, how)
    assert program.ended(20) == 70
    (file,) = (tmp_path / "hung").iterdir()
    for told in (file.read_text(), program.said):
        assert "hang_here" in told  # the threads
        assert "main" in told  # the tasks
    assert f"its stacks are in {file}" in program.said


def test_a_log_that_nobody_takes_does_not_keep_it(tmp_path):
    assert watched(tmp_path, "the reader of the log hangs too").ended(20) == 70


def test_one_that_holds_the_interpreter_is_ended_by_the_guard(tmp_path):
    program = watched(tmp_path, "holds the interpreter")
    assert program.ended(30) == -signal.SIGABRT
    assert "no thread of process" in program.said
    assert "hang_here" in program.said


def test_nothing_is_watched_before_the_first_frame(tmp_path):
    program = watched(tmp_path, "never on air")
    with pytest.raises(AssertionError, match="did not end"):
        program.ended(1.2)


def test_a_process_that_was_stopped_and_goes_on_is_left_alone(tmp_path):
    program = watched(tmp_path, "goes on", 0.5)
    program.says("alive")
    program.send(signal.SIGSTOP)
    time.sleep(4.6)  # longer than the watchdog's limit and the guard's
    program.send(signal.SIGCONT)
    with pytest.raises(AssertionError, match="did not end"):
        program.ended(1.5)
    assert "no frame" not in program.said
    assert "no thread" not in program.said


def test_only_the_latest_stacks_are_kept(tmp_path):
    folder = tmp_path / "hung"
    folder.mkdir()
    for day in range(1, 9):
        (folder / f"hung-2020010{day}-000000.txt").write_text("")
    assert watched(tmp_path, "sleeps").ended(20) == 70
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 5
    assert names[0] == "hung-20200105-000000.txt"


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path):
    (tmp_path / "hung").write_text("a file")
    program = watched(tmp_path, "sleeps")
    assert program.ended(20) == 70
    assert "could not be kept" in program.said
    assert "hang_here" in program.said


def test_the_guard_sees_who_is_stopped():
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert not stopped(sleeper.pid)
        sleeper.send_signal(signal.SIGSTOP)
        end = time.monotonic() + 5
        while not stopped(sleeper.pid):
            assert time.monotonic() < end
    finally:
        sleeper.kill()
        sleeper.wait()
    assert not stopped(sleeper.pid)
