"""Targets against real servers: a planned end loses nothing, a second address takes over and is left again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import av
import pytest
from flashes import SMALL, encoded, moved
from rtmp_server import RtmpServer
from until import until

from host_engine.media import Unit
from host_engine.outputs import sessions
from host_engine.outputs.borders import Borders
from host_engine.outputs.delay import Delay
from host_engine.outputs.fanout import Fanout, Reader
from host_engine.outputs.rtmp import RtmpOutput
from host_engine.outputs.sessions import Sessions
from host_engine.outputs.source import Source

SHOW = encoded(range(100))


class Air:
    """A programme that goes on at four times its pace, with a line that ends every ten frames; `left` is what left."""

    def __init__(self) -> None:
        self.fanout, self.borders, self.left = Fanout(watch=self), Borders(), list[int]()
        self.source = Source(self.fanout, lambda: None, SMALL, 500)
        self.last = -1

    def joined(self, reader: Reader) -> Callable[[int, float, float, float], None]:
        return lambda n, *_: self.left.append(n)

    def parted(self, reader: Reader) -> None:
        pass

    def target(self, *servers: RtmpServer, rotate: float | None = None, source: Source | None = None) -> Sessions:
        source = source or self.source
        outputs = [RtmpOutput("tube", each.url, "host", source.fanout, lambda: None, format=SMALL) for each in servers]
        return Sessions("tube", outputs, source, self.borders, rotate=rotate)

    def frame(self) -> Unit:
        turn, index = divmod(self.last + 1, len(SHOW))
        return moved(SHOW[index], turn * len(SHOW))

    @asynccontextmanager
    async def on_air(self, *targets: Sessions) -> AsyncIterator[None]:
        tasks = [asyncio.ensure_future(self._run()), *(asyncio.ensure_future(each.run()) for each in targets)]
        try:
            yield
            assert not any(task.done() for task in tasks)
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def _run(self) -> None:
        while True:
            unit = self.frame()
            self.last = unit.n
            if self.last % 10 == 0:
                self.borders.ended(self.last)
            self.fanout.send(unit)
            await asyncio.sleep(0.01)


@pytest.fixture
def another(tmp_path: Path) -> Iterator[RtmpServer]:
    server = RtmpServer(tmp_path / "another")
    server.start()
    yield server
    server.kill()


def pictures(file: Path) -> int:
    with av.open(str(file)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


async def test_a_planned_end_loses_no_picture(rtmp_server: RtmpServer) -> None:
    air = Air()
    target = air.target(rtmp_server, rotate=1.2)  # nginx names its recordings by the second
    async with air.on_air(target):
        await until(lambda: target.rotations == 1 and target.state == "live")
        reached = air.last + 30
        await until(lambda: air.left[-1] > reached)
        assert target.report()["reconnects"] == 0
    first, last = air.left[0], air.left[-1]
    assert not set(range(first, last + 1)) - set(air.left)
    assert len(air.left) - (last - first) <= 5  # few leave twice
    await until(lambda: sum(map(pictures, rtmp_server.recordings())) >= last - first)
    assert len(rtmp_server.recordings()) == 2


async def test_the_second_server_takes_over_and_the_first_one_again(
    rtmp_server: RtmpServer, another: RtmpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ASK", (0.3, 0.6))
    air = Air()
    target = air.target(rtmp_server, another)
    rtmp_server.kill()
    async with air.on_air(target):
        await until(lambda: target.state == "live")
        assert target.report()["address"] == "second"
        assert "the first address cannot be used" in str(target.error)
        await until(lambda: any(file.stat().st_size > 5000 for file in another.recordings()))
        rtmp_server.start()
        await until(lambda: target.report()["address"] == "first" and target.state == "live", 15)
        await until(lambda: any(file.stat().st_size > 5000 for file in rtmp_server.recordings()))
        assert target.error is None


async def test_a_delayed_target_gets_the_show_later(rtmp_server: RtmpServer) -> None:
    air = Air()
    delay = Delay(air.source, 0.8)
    target = air.target(rtmp_server, source=delay.source)
    job = asyncio.ensure_future(delay.run())
    async with air.on_air(target):
        await until(lambda: air.last > 20)
        assert target.state == "waiting"  # there is nothing to send yet, and nobody is kept waiting
        await until(lambda: target.state == "live" and delay.source.fanout.readers)
        (reader,) = delay.source.fanout.readers
        await until(lambda: reader.departed.n > 0)
        assert air.last - reader.departed.n >= 20
        assert target.report()["delay_s"] == 0.8
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
