"""The first signal closes everything, a second one or a few seconds end the process, whatever its threads do."""

import signal
import time

import pytest
from program import Program

pytestmark = pytest.mark.alone

CODE = """
    import asyncio, sys, threading, time
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path
    from host_engine.process.ending import PROCESS, leave

    how, file = sys.argv[1], Path(sys.argv[2])
    PROCESS.listen(None if how == "another command" else 0)

    def say(what):
        print(what, file=sys.stderr, flush=True)

    async def main():
        loop = asyncio.get_running_loop()
        if how == "a voice hangs in its thread":
            loop.run_in_executor(ThreadPoolExecutor(1), time.sleep, 100)
        work = asyncio.create_task(asyncio.sleep(100))
        PROCESS.asks(lambda: loop.call_soon_threadsafe(work.cancel))
        say("started")
        if how == "the loop hangs":
            time.sleep(100)
        await asyncio.wait([work])
        if how == "closing hangs":
            say("closing")
            await asyncio.sleep(100)
        file.write_text("closed")
        leave(0)

    def render():
        PROCESS.interrupts()
        say("started")
        try:
            while True:
                time.sleep(0.01)
        except KeyboardInterrupt:
            time.sleep(3)
            file.write_text("closed")
            sys.exit(130)

    if how in ("imports", "another command"):
        say("started")
        try:
            while True:  # what catches everything, as some imports do
                try:
                    time.sleep(0.01)
                except BaseException:
                    pass
        finally:
            say("Traceback")
    elif how == "renders":
        render()
    else:
        asyncio.run(main())
"""
SIGNS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def started(folder, how):
    program = Program(folder, CODE, how, str(folder / "file"))
    program.says("started")
    return program


@pytest.mark.parametrize("sign", SIGNS)
def test_while_it_starts_a_signal_ends_it_at_once(sign, tmp_path):
    program = started(tmp_path, "imports")
    program.send(sign)
    assert program.ended(1) == 0
    assert "Traceback" not in program.said


def test_another_command_tells_the_shell_that_it_was_interrupted(tmp_path):
    program = started(tmp_path, "another command")
    program.send(signal.SIGINT)
    assert program.ended(1) == 130


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("how", ["all is well", "a voice hangs in its thread"])
def test_on_air_everything_is_closed_and_no_thread_waited_for(how, sign, tmp_path):
    program = started(tmp_path, how)
    program.send(sign)
    assert program.ended(1) == 0
    assert (tmp_path / "file").read_text() == "closed"


@pytest.mark.parametrize("how", ["closing hangs", "the loop hangs"])
def test_what_cannot_be_closed_does_not_keep_it_for_three_seconds(how, tmp_path):
    program = started(tmp_path, how)
    began = time.monotonic()
    program.send(signal.SIGTERM)
    assert program.ended(3) == 0
    assert time.monotonic() - began > 2
    assert "not everything could be closed" in program.said


def test_a_second_signal_ends_it_at_once(tmp_path):
    program = started(tmp_path, "closing hangs")
    program.send(signal.SIGINT)
    program.says("closing")
    program.send(signal.SIGINT)
    assert program.ended(1) == 0


def test_a_render_takes_the_time_that_its_file_needs(tmp_path):
    program = started(tmp_path, "renders")
    program.send(signal.SIGTERM)
    assert program.ended(5) == 130
    assert (tmp_path / "file").read_text() == "closed"
