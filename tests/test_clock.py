"""Frame numbers are the only time: they follow the watch, catch up a little and jump a lot."""

import asyncio

from virtual import run

from host_engine.clock import MediaClock


async def numbers(clock, count, stalls=()):
    """The first `count` numbers with the time of each; `stalls` maps a number to seconds of work."""
    now = asyncio.get_running_loop().time
    out = []
    async for n in clock.ticks():
        out.append((n, now()))
        await asyncio.sleep(dict(stalls).get(n, 0.0))
        if len(out) == count:
            return out


def test_each_frame_is_due_n_over_fps_after_the_first():
    clock = MediaClock(25)
    out = run(numbers(clock, 100))
    assert all(abs(time - out[0][1] - n / 25) < 1e-6 for n, time in out)
    assert clock.jumps == 0


def test_a_short_delay_is_caught_up_without_losing_a_frame():
    clock = MediaClock(25)
    out = run(numbers(clock, 50, {10: 0.3}))
    assert [n for n, _ in out] == list(range(50))
    assert clock.skipped == 0
    assert abs(out[-1][1] - out[0][1] - 49 / 25) < 1e-6


def test_a_long_delay_makes_the_number_jump():
    clock = MediaClock(25)
    out = run(numbers(clock, 50, {10: 2.0}))
    assert clock.jumps == 1
    assert [n for n, _ in out] == [*range(11), *range(11 + clock.skipped, 50 + clock.skipped)]
    assert all(abs(time - out[0][1] - n / 25) < 0.05 for n, time in out[20:])


def test_ticks_started_again_go_on_with_the_numbers():
    async def main():
        clock = MediaClock(25)
        first = await numbers(clock, 10)
        again = await numbers(clock, 10)
        assert again[0][0] == first[-1][0] + 1

    run(main())
