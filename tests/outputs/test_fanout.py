"""The fan-out: order, bounds, key frames, and readers that cannot harm each other."""

from __future__ import annotations

import asyncio

import av
import pytest
from flashes import encoded
from hypothesis import given
from hypothesis import strategies as st

from host_engine.media import Unit
from host_engine.outputs.fanout import Fanout


def unit(n: int, gop: int = 5) -> Unit:
    return Unit(n, av.Packet(1), (), (), key=n % gop == 0)


@given(st.lists(st.integers(0, 3), max_size=200), st.integers(1, 12), st.integers(0, 9))
def test_a_reader_of_any_pace_gets_whole_runs_that_begin_with_key_frames(
    reads: list[int], size: int, first: int
) -> None:
    async def scenario() -> None:
        fanout, got = Fanout(), []
        with fanout.reader("slow", size) as reader:
            for n, many in enumerate(reads, first):
                fanout.send(unit(n))
                assert reader.depth <= size
                for _ in range(min(many, reader.depth)):
                    got.append(await reader.get())
            while reader.depth:
                got.append(await reader.get())
            assert reader.sent == len(got)
            assert reader.sent + reader.dropped == len(reads)
        for before, now in zip([None, *got], got, strict=False):
            assert now.key or (before is not None and now.n == before.n + 1)

    asyncio.run(scenario())


async def test_a_slow_reader_costs_the_others_nothing() -> None:
    fanout = Fanout()
    with fanout.reader("stuck", 3) as stuck, fanout.reader("quick", 3) as quick:
        for n in range(50):
            fanout.send(unit(n))
            assert (await quick.get()).n == n
        assert (stuck.dropped, stuck.depth) == (47, 3)
        assert (quick.dropped, quick.depth) == (0, 0)


async def test_a_reader_that_starts_asks_for_a_key_frame_and_is_forgotten_at_the_end() -> None:
    asked: list[bool] = []
    fanout = Fanout(lambda: asked.append(True))
    with fanout.reader("one"), fanout.reader("one"):
        assert len(asked) == 2
        assert [reader.name for reader in fanout.readers] == ["one", "one"]
    assert fanout.readers == ()


async def test_a_reader_that_fails_is_forgotten_too() -> None:
    fanout = Fanout()
    with pytest.raises(ConnectionError), fanout.reader("one"):
        raise ConnectionError
    assert fanout.readers == ()


async def test_get_waits_for_a_unit_and_survives_being_cancelled() -> None:
    fanout = Fanout()
    with fanout.reader("one") as reader:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.get(), 0.01)
        waiting = asyncio.ensure_future(reader.get())
        await asyncio.sleep(0)
        fanout.send(unit(0))
        assert (await waiting).n == 0


async def test_the_age_is_that_of_the_oldest_unit() -> None:
    fanout = Fanout()
    with fanout.reader("one") as reader:
        assert reader.age == 0
        fanout.send(unit(0))
        await asyncio.sleep(0.02)
        fanout.send(unit(1))
        assert reader.age >= 0.02
        await reader.get()
        await reader.get()
        assert reader.age == 0


async def test_what_left_is_counted_as_it_leaves() -> None:
    now = [5.0]
    fanout = Fanout(now=lambda: now[0])
    with fanout.reader("one") as reader:
        departed = reader.departed
        assert (departed.n, departed.units, departed.sound_end, departed.at) == (-1, 0, None, 5.0)
        for made in encoded(range(3)):
            fanout.send(made)
        now[0] = 6.0
        assert (fanout.n, fanout.at, departed.units, reader.age) == (2, 5.0, 0, 1.0)
        gone = [await reader.get() for _ in range(3)]
        for each in gone:
            reader.left(each)
        assert (departed.n, departed.units, departed.at, departed.since) == (2, 3, 6.0, 5.0)
        assert departed.video_bytes == sum(len(bytes(each.video)) for each in gone)
        ends = [(packet.pts or 0) + 1024 for each in gone for packet in each.aac]
        assert departed.sound_end == ends[-1]
        assert [n for n, _ in departed.recent] == [0, 1, 2]


async def test_sound_may_leave_apart_from_the_picture() -> None:
    fanout = Fanout()
    with fanout.reader("viewer") as reader:
        for made in encoded(range(5)):
            reader.left(made, ())
            assert reader.departed.sound_end is None
        reader.sounded(made.opus[-1])
        assert reader.departed.sound_end == (made.opus[-1].pts or 0) + 960
