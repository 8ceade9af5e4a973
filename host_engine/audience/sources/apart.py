"""A coroutine on a thread with a loop of its own: for libraries whose work would hold up the loop of the tick."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from host_engine.priority import stand_back


async def apart(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `work()` on a daemon thread, which stands back; return or raise what it does. Cancelled, it cancels the work.

    Work that will not be cancelled is left behind: the thread keeps nobody from ending.
    """
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    there = asyncio.new_event_loop()
    task = there.create_task(work())

    def tell(error: Exception | None) -> None:
        if over.done():
            return
        if error is None:
            over.set_result(None)
        else:
            over.set_exception(error)

    def run() -> None:
        stand_back()
        error: Exception | None = None
        try:
            there.run_until_complete(task)
        except asyncio.CancelledError:
            error = RuntimeError("it was cancelled by something inside it")
        except Exception as raised:
            error = raised
        except BaseException as raised:  # a library that wants to end the process ends its own work only
            error = RuntimeError(f"it wanted to end the process: {raised!r}")
        with contextlib.suppress(RuntimeError):  # the loop that waited is closed
            loop.call_soon_threadsafe(tell, error)
        _close(there)

    threading.Thread(target=run, name=name, daemon=True).start()
    try:
        await over
    except asyncio.CancelledError:
        with contextlib.suppress(RuntimeError):  # it has ended at this very moment
            there.call_soon_threadsafe(task.cancel)
        raise


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """End what the work has left running."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
