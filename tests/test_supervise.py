"""A job that fails is started again, later each time; one that cannot ever work is said and left."""

import asyncio
import logging
from itertools import pairwise

from virtual import run

from host_engine.supervise import supervise


def starts(job_of, **settings):
    """The times at which supervise started the job."""

    async def main():
        now = asyncio.get_running_loop().time
        at = []

        async def job():
            at.append(now())
            await job_of(len(at))

        await supervise("rtmp", job, **settings)
        return at

    return run(main())


def test_the_pause_doubles_up_to_the_longest():
    async def job(turn):
        if turn < 9:
            raise ConnectionError("gone")

    at = starts(job)
    assert [round(b - a, 1) for a, b in pairwise(at)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_minute_of_health_resets_the_pause():
    async def job(turn):
        if turn == 5:
            await asyncio.sleep(61)
        if turn < 7:
            raise ConnectionError("gone")

    at = starts(job)
    assert round(at[5] - at[4] - 61, 1) == 0.5


def test_what_can_never_work_is_said_and_not_retried(caplog):
    class BadKey(Exception):
        pass

    async def job(turn):
        raise BadKey("the server refused the key")

    with caplog.at_level(logging.ERROR):
        assert len(starts(job, hopeless=(BadKey,))) == 1
    assert "rtmp cannot work and is not tried again: the server refused the key" in caplog.text
