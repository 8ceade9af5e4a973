"""What one viewer is sent: sound before its picture, evenly, and nothing twice."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest
from virtual import run

from host_engine.media import Format, Frame, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.feed import Feed

PACKET, RATE, FPS = 960, 48_000, 25


def packet(at: int, size: int = 1) -> av.Packet[Any]:
    made: av.Packet[Any] = av.Packet(bytes(size))
    made.pts, made.duration, made.time_base = at, PACKET, Fraction(1, RATE)
    return made


def sound_of(n: int, filled: int = 0) -> tuple[av.Packet[Any], ...]:
    """The two packets of frame `n`, behind so many that were filled in."""
    return tuple(packet(2 * n * PACKET + i * PACKET) for i in range(-filled, 2))


def unit(n: int, sound: tuple[av.Packet[Any], ...]) -> Unit:
    return Unit(n, packet(n), (), sound, key=True)


async def heard(feed: Feed, into: list[tuple[float, int]]) -> None:
    while True:
        at = (await feed.sound()).pts or 0
        into.append((asyncio.get_running_loop().time(), at // PACKET))


async def seen(feed: Feed) -> None:
    while True:
        await feed.picture()


def watched(send: Any) -> list[tuple[float, int]]:
    """When each packet of sound was sent, and its number, while `send` plays a channel."""

    async def main() -> list[tuple[float, int]]:
        fanout = Fanout()
        feed, sent = Feed(fanout, "viewer", 2 * FPS), list[tuple[float, int]]()
        tasks = [asyncio.create_task(each) for each in (seen(feed), heard(feed, sent))]
        await asyncio.sleep(0)
        await send(fanout)
        for task in tasks:
            task.cancel()
        return sent

    return run(main())


def test_sound_leaves_before_its_picture_and_never_twice() -> None:
    async def send(fanout: Fanout) -> None:
        for n in range(50):
            sound = sound_of(n)
            fanout.ahead(sound)
            await asyncio.sleep(0.03)
            fanout.send(unit(n, sound))
            await asyncio.sleep(0.01)

    sent = watched(send)
    numbers = [number for _, number in sent]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert numbers[-1] == 99
    first = {n: next(at for at, number in sent if number == 2 * n) for n in range(5, 50)}
    assert all(at % 0.04 < 0.025 for at in first.values())  # the picture leaves after 30 ms


@pytest.mark.parametrize("burst", [2, 5, 12])
def test_after_a_burst_sound_goes_on_evenly(burst: int) -> None:
    async def send(fanout: Fanout) -> None:
        for n in range(burst):
            fanout.send(unit(n, sound_of(n)))
        for n in range(burst, 60):
            await asyncio.sleep(0.04)
            fanout.send(unit(n, sound_of(n)))
        await asyncio.sleep(0.1)

    sent = watched(send)
    assert [number for _, number in sent] == list(range(120))
    steady = [b - a for (a, _), (b, _) in pairwise(sent[2 * burst :])]
    assert min(steady) > 0.015
    assert max(steady) < 0.025


def test_what_was_filled_in_after_a_jump_is_left_out() -> None:
    async def send(fanout: Fanout) -> None:
        for n in (0, 1, 2, 20, 21):
            fanout.send(unit(n, sound_of(n, filled=34 if n == 20 else 0)))
            await asyncio.sleep(0.04)

    assert [number for _, number in watched(send)] == [0, 1, 2, 3, 4, 5, 39, 40, 41, 42, 43]


def test_the_sound_of_a_frame_is_the_same_before_its_picture_and_with_it() -> None:
    rng = np.random.default_rng(1)
    format = Format(128, 96, FPS)
    ahead, plain = Encoder(format, bitrate=200_000), Encoder(format, bitrate=200_000)
    picture = np.full((144, 128), 90, np.uint8)
    for n in range(12):
        samples = rng.normal(0, 0.1, (2, format.samples)).astype(np.float32)
        early = [bytes(each) for each in ahead.sound(n, samples)]
        if n == 7:
            (got,), (want,) = [ahead.hold(n, samples)], [plain.hold(n, samples)]
        else:
            (got,), (want,) = ahead.encode(Frame(n, picture, samples)), plain.encode(Frame(n, picture, samples))
        assert [bytes(each) for each in got.opus] == early == [bytes(each) for each in want.opus]
        assert [bytes(each) for each in got.aac] == [bytes(each) for each in want.aac]
