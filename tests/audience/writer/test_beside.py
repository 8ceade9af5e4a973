"""A loop beside the loop."""

import asyncio
import threading

import pytest
from until import until

from host_engine.audience.writer.beside import Beside


async def test_work_is_done_on_a_thread_of_its_own_that_keeps_no_process_alive():
    beside = Beside("there")
    thread = await beside.call(threading.current_thread)
    assert thread is not threading.current_thread()
    assert thread.daemon
    beside.close()
    await until(lambda: not thread.is_alive())


async def test_what_runs_at_the_end_is_cancelled():
    beside, ended = Beside("there"), threading.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    future = beside.run(work())
    await beside.call(lambda: None)
    beside.close()
    await until(ended.is_set)
    await until(future.done)
    with pytest.raises(RuntimeError, match="closed"):
        beside.run(work())


async def test_what_is_raised_comes_back():
    beside = Beside("there")
    with pytest.raises(ZeroDivisionError):
        await beside.call(lambda: 1 / 0)
    beside.close()
