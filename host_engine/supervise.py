"""Keep a job running: whatever it raises, say it, wait a little longer each time, start it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

EXPECTED = (OSError, TimeoutError, asyncio.IncompleteReadError)  # the world's faults, not ours: no traceback


async def supervise(
    name: str,
    job: Callable[[], Awaitable[None]],
    *,
    hopeless: tuple[type[Exception], ...] = (),
    first: float = 0.5,
    longest: float = 30.0,
    healthy: float = 60.0,
) -> None:
    """Run `job` until it returns. A failure is retried after `first` seconds, then twice as long, up to `longest`.

    A run of more than `healthy` seconds counts as recovered: the next pause is `first` again. An error of a type in
    `hopeless` can never be cured by trying again: it is said once and the job rests for good.
    """
    now = asyncio.get_running_loop().time
    pause = first
    while True:
        started = now()
        try:
            await job()
            return
        except hopeless as error:
            log.error("%s cannot work and is not tried again: %s", name, error)
            return
        except Exception as error:
            if now() - started > healthy:
                pause = first
            said = str(error) or type(error).__name__
            log.warning("%s stopped: %s; again in %.1f s", name, said, pause, exc_info=not isinstance(error, EXPECTED))
            await asyncio.sleep(pause)
            pause = min(longest, pause * 2)
