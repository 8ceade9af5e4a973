"""Work on a thread with a loop of its own: what it returns, raises and leaves behind."""

from __future__ import annotations

import asyncio
import threading

import pytest

from host_engine.audience.sources.apart import apart


async def test_it_works_on_another_thread_and_ends_with_the_work():
    threads: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        threads.append(threading.current_thread().name)

    await apart("elsewhere", work)
    assert threads == ["elsewhere"]


@pytest.mark.parametrize("error", [ValueError("no"), asyncio.CancelledError(), SystemExit(3)])
async def test_what_it_raises_is_raised_here_and_ends_no_process(error):
    async def work() -> None:
        raise error

    with pytest.raises(ValueError if isinstance(error, ValueError) else RuntimeError):
        await apart("elsewhere", work)


async def test_it_is_cancelled_from_here_with_all_that_it_began():
    began, ended, left = threading.Event(), threading.Event(), threading.Event()

    async def for_ever(mark: threading.Event) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            mark.set()

    async def work() -> None:
        beside = asyncio.create_task(for_ever(left))
        await asyncio.sleep(0)
        began.set()
        await for_ever(ended)
        await beside

    task = asyncio.create_task(apart("elsewhere", work))
    assert await asyncio.to_thread(began.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 20)
    assert await asyncio.to_thread(left.wait, 20)
