"""One more encode beside the programme: its pictures, the programme's sound, and what happens when there is no time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import av
import numpy as np
import pytest
from flashes import SMALL, flash_and_beep
from until import until

from host_engine.media import Coding, Frame, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.rendition import WAITING, Rendition
from host_engine.outputs.rendition_encoder import RenditionEncoder, Shot

TINY = replace(SMALL, width=160, height=200)
CODING = Coding("libx264", "ultrafast")


class Programme:
    """A programme that is drawn and encoded, and a rendition of it."""

    def __init__(self, make: Any = None) -> None:
        self.encoder, self.fanout = Encoder(SMALL, preset="ultrafast"), Fanout()
        make = make or partial(RenditionEncoder, SMALL, TINY, CODING, 200_000)
        self.rendition = Rendition("160x200", self.fanout, SMALL.fps, make)
        self.sent: list[Unit] = []
        self.got: list[Unit] = []

    def draw(self, n: int) -> Frame:
        frame = flash_and_beep(SMALL, n)
        self.rendition.take(Shot(n, frame.picture.copy(), ()))
        return frame

    def send(self, frame: Frame) -> None:
        for unit in self.encoder.encode(frame):
            self.sent.append(unit)
            self.fanout.send(unit)

    @asynccontextmanager
    async def on_air(self) -> AsyncIterator[asyncio.Task[None]]:
        job = asyncio.ensure_future(self.rendition.run())
        reading = asyncio.ensure_future(self._read())
        await until(lambda: self.fanout.readers)
        try:
            yield job
        finally:
            for task in job, reading:
                task.cancel()
            await asyncio.gather(job, reading, return_exceptions=True)

    async def _read(self) -> None:
        with self.rendition.fanout.reader("tube", 500) as reader:
            while True:
                self.got.append(await reader.get())


def decoded(units: list[Unit]) -> list[np.ndarray]:
    decoder = av.CodecContext.create("h264", "r")
    frames = [frame for unit in units if unit.video.size for frame in decoder.decode(av.Packet(bytes(unit.video)))]
    return [frame.to_ndarray(format="gray") for frame in (*frames, *decoder.decode(None))]


async def test_every_frame_has_a_picture_of_the_other_size_and_the_programmes_own_sound() -> None:
    programme = Programme()
    async with programme.on_air():
        for n in range(60):
            programme.send(programme.draw(n))
            await until(lambda n=n: programme.got and programme.got[-1].n == n)
    got, sent = programme.got, programme.sent
    assert [unit.n for unit in got] == list(range(60))
    assert all(mine.aac is theirs.aac and mine.opus is theirs.opus for mine, theirs in zip(got, sent, strict=True))
    assert [unit.n for unit in got if unit.key] == [0, 25, 50]
    pictures = decoded(got)
    assert {each.shape for each in pictures} == {(200, 160)}
    bright = [n for n, each in enumerate(pictures) if each[100:150, 40:120].mean() > 200]
    assert bright == [0, 1, 25, 26, 50, 51]
    assert sum(unit.video.size for unit in got) < sum(unit.video.size for unit in sent)
    assert programme.rendition.left_out == 0


async def test_a_key_frame_is_made_for_who_joins() -> None:
    programme = Programme()
    async with programme.on_air():
        for n in range(40):
            if n == 30:
                programme.rendition.force_key()
            programme.send(programme.draw(n))
            await until(lambda n=n: programme.got and programme.got[-1].n == n)
    assert [unit.n for unit in programme.got if unit.key] == [0, 25, 37]  # half a second after the one before


class Slow(RenditionEncoder):
    """Encodes when it is let."""

    def __init__(self) -> None:
        super().__init__(SMALL, TINY, CODING, 200_000)
        self.go, self.numbers = threading.Event(), list[int]()

    def encode(self, shot: Shot) -> Any:
        self.numbers.append(shot.n)
        assert self.go.wait(20)
        return super().encode(shot)


async def test_what_there_is_no_time_for_is_left_out_and_the_sound_goes_on() -> None:
    slow = Slow()
    programme = Programme(lambda: slow)
    async with programme.on_air():
        frames = [programme.draw(0)]
        await until(lambda: slow.numbers)
        frames += [programme.draw(n) for n in range(1, 10)]
        slow.go.set()
        for frame in frames:
            programme.send(frame)
        await until(lambda: len(programme.got) == 10)
        assert slow.numbers == [0, *range(10 - WAITING, 10)]
        assert programme.rendition.left_out == 10 - WAITING - 1
    assert [unit.n for unit in programme.got if unit.video.size] == slow.numbers
    assert [unit.aac for unit in programme.got] == [unit.aac for unit in programme.sent]
    assert len(decoded(programme.got)) == WAITING + 1


async def test_after_a_picture_that_was_encoded_and_not_sent_a_key_frame_comes_first() -> None:
    programme = Programme()
    async with programme.on_air():
        for n in range(15):
            programme.send(programme.draw(n))
            await until(lambda n=n: programme.got[-1:] and programme.got[-1].n == n)
        for n in range(15, 20):
            programme.draw(n)  # frames that the programme could not send
        await until(lambda: all(order.done() for order in programme.rendition._orders.values()))
        for n in range(20, 40):
            programme.send(programme.draw(n))
            await until(lambda n=n: programme.got[-1].n == n)
    pictures = [unit for unit in programme.got if unit.video.size and unit.n >= 20]
    assert pictures[0].key
    assert pictures[0].n <= 26
    assert len(decoded(programme.got)) == 15 + len(pictures)


async def test_a_picture_that_cannot_be_painted_is_never_sent_with_the_wrong_label() -> None:
    def fail(picture: np.ndarray, scenes: object) -> None:
        raise ValueError("no chip")

    programme = Programme(partial(RenditionEncoder, SMALL, TINY, CODING, 200_000, fail))
    async with programme.on_air() as job:
        programme.send(programme.draw(0))
        await until(job.done)
        with pytest.raises(ValueError, match="no chip"):
            job.result()
        programme.send(programme.draw(1))  # nobody takes it, and nobody minds
    assert not any(unit.video.size for unit in programme.got)
    again = asyncio.ensure_future(programme.rendition.run())
    await until(lambda: programme.fanout.readers)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


async def test_painting_leaves_the_programmes_picture_alone() -> None:
    def white(picture: np.ndarray, scenes: object) -> None:
        picture[:320] = 235

    encoder = RenditionEncoder(SMALL, TINY, CODING, 200_000, white)
    shot = Shot(0, np.full((480, 320), 60, np.uint8), ())
    (picture,) = decoded([Unit(0, encoder.encode(shot), (), (), True)])
    assert picture.mean() > 100
    assert (shot.picture == 60).all()


def test_a_codec_that_does_not_open_gives_way_to_the_plainest() -> None:
    encoder = RenditionEncoder(SMALL, TINY, Coding("libx264", "no-such-preset"), 200_000)
    assert encoder.encode(Shot(0, np.full((480, 320), 60, np.uint8), ())).is_keyframe
