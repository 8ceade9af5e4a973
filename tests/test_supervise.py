"""A job that fails is started again, later each time; one that cannot ever work is said and left."""

import asyncio
import contextlib
import logging
from itertools import pairwise

import pytest
from virtual import VirtualLoop, run

from host_engine.alarms import Alarms
from host_engine.supervise import Jobs, Repeats, supervise


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


def test_an_alarm_after_three_failures_in_a_row_that_ends_with_health():
    async def main():
        alarms = Alarms()
        jobs = Jobs(alarms)
        turns = iter(range(5))
        seen = []

        async def job():
            turn = next(turns)
            seen.append([alarm.name for alarm in alarms.raised])
            if turn == 4:
                await asyncio.sleep(59)
                seen.append([alarm.name for alarm in alarms.raised])
                await asyncio.sleep(2)
                seen.append([alarm.name for alarm in alarms.raised])
                return
            raise ConnectionError("gone")

        await supervise("tube", job, jobs=jobs)
        return seen, jobs.status()

    seen, status = run(main())
    assert seen == [[], [], [], ["tube/failing"], ["tube/failing"], ["tube/failing"], []]
    assert [(each["name"], each["state"], each["restarts"], each["error"]) for each in status] == [
        ("tube", "ended", 4, "gone")
    ]


def test_what_is_given_up_is_an_alarm():
    async def main():
        alarms = Alarms()
        jobs = Jobs(alarms)

        async def job():
            raise PermissionError("the server refused the key")

        await supervise("tube", job, hopeless=(PermissionError,), jobs=jobs)
        return alarms.raised, jobs.all

    raised, (job,) = run(main())
    assert [(alarm.name, "refused the key" in alarm.text) for alarm in raised] == [("tube/given-up", True)]
    assert (job.state, job.error) == ("given up", "the server refused the key")


def test_a_job_that_waits_says_so():
    async def main():
        jobs = Jobs(Alarms())

        async def job():
            raise ConnectionError("gone")

        task = asyncio.create_task(supervise("tube", job, jobs=jobs))
        await asyncio.sleep(0.1)
        state = jobs.all[0].state
        task.cancel()
        await asyncio.wait([task])
        return state

    assert run(main()) == "waiting"


@pytest.mark.parametrize("kind", ["swallows its cancellation", "hangs while it is cancelled"])
def test_a_job_that_will_not_end_does_not_hold_up_the_end(kind, caplog):
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                if kind == "hangs while it is cancelled":
                    await asyncio.sleep(1000)

    closed = []

    async def tidy():
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(1)
            closed.append(True)

    async def main():
        now = asyncio.get_running_loop().time
        jobs = [asyncio.create_task(supervise(job.__name__, job)) for job in (stubborn, tidy)]
        await asyncio.sleep(1)
        began = now()
        for job in jobs:
            job.cancel()
        await asyncio.wait(jobs)
        return now() - began

    loop = VirtualLoop()  # closed without waiting for the task that never ends, as the process does
    try:
        assert loop.run_until_complete(main()) < 2.5
    finally:
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False
        loop.close()
    assert closed
    assert "stubborn did not end within 2 s and is left behind" in caplog.text


def test_what_the_world_does_to_a_job_at_its_end_is_a_sentence_without_a_traceback(caplog):
    async def job():
        try:
            await asyncio.sleep(1000)
        finally:
            raise ConnectionError("there is no host called h")

    async def main():
        task = asyncio.create_task(supervise("rtmp", job))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task])

    run(main())
    assert "rtmp did not end cleanly: there is no host called h" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_job_cancelled_by_something_inside_it_is_started_again():
    async def job(turn):
        if turn == 1:
            raise asyncio.CancelledError

    assert len(starts(job)) == 2


async def test_the_troubles_of_a_watched_job_are_told_by_who_watches_it():
    alarms = Alarms()
    jobs = Jobs(alarms, watched={"tube"})
    for name in ("tube", "other"):
        jobs.running(name)
        jobs.waiting(name, "no server", 5)
        jobs.given_up(name, "no such key")
    assert [alarm.name for alarm in alarms.raised] == ["other/given-up"]
    assert [job.state for job in jobs.all] == ["given up", "given up"]


def test_what_fails_in_one_way_for_a_day_is_said_now_and_then(caplog):
    async def refused():
        raise ConnectionRefusedError("nobody listens")

    async def main():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(24 * 3600):
                await supervise("rtmp", refused, longest=3.0)

    run(main())
    said = [record for record in caplog.records if "nobody listens" in record.message]
    assert 24 <= len(said) <= 40


def test_another_trouble_is_said_at_once():
    repeats = Repeats()
    assert [repeats.new(*each) for each in (("a", 0.0), ("a", 1.0), ("b", 2.0), ("a", 3.0), ("a", 64.0))] == [
        True, False, True, True, True,
    ]  # fmt: skip
