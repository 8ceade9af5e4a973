"""Real servers that are killed, paused and revived under a running sender: who notices, and how soon all is well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from rtmp_server import Listener, RtmpServer
from until import until

from host_engine.alarms import Alarms
from host_engine.channel.outputs.alerting import LONGEST
from host_engine.media import Format, Frame, Unit
from host_engine.outputs.departures import Watched
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.limits import Limits
from host_engine.outputs.monitor import Monitor
from host_engine.outputs.rtmp import Refused, RtmpOutput
from host_engine.supervise import Jobs, supervise

pytestmark = pytest.mark.alone

FORMAT = Format(320, 320)
BITRATE = 4_000_000  # enough to fill what the kernel holds for a server that does not read
BACK = 5.0  # seconds from a server's return to its stream's


def noise() -> list[Unit]:
    """Two seconds that hardly compress, with sound."""
    random = np.random.default_rng(2)
    encoder = Encoder(FORMAT, bitrate=BITRATE, preset="ultrafast")
    tone = np.sin(2 * np.pi * 500 / 48_000 * np.arange(FORMAT.samples)).astype(np.float32) * 0.3
    frames = [Frame(n, random.integers(0, 255, (480, 320), dtype=np.uint8), np.stack([tone, tone])) for n in range(50)]
    return [unit for frame in frames for unit in encoder.encode(frame)]


def renumbered(unit: Unit, frames: int) -> Unit:
    sound = []
    for packet in unit.aac:
        later = av.Packet(bytes(packet))
        later.pts, later.duration = (packet.pts or 0) + frames * FORMAT.samples, packet.duration
        sound.append(later)
    return unit._replace(n=unit.n + frames, aac=tuple(sound))


class Sender:
    """A channel's outputs, supervised and watched as the engine does it, fed at the pace of the air."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.alarms, self.fanout = Alarms(), Fanout()
        self.told: list[str] = []
        self.alarms.hooks.append(lambda alarm: self.told.append(("-" if alarm.over else "+") + alarm.name))
        self.jobs = Jobs(self.alarms, watched=urls)
        self.outputs = {
            name: RtmpOutput(name, url, "host", self.fanout, lambda: None, format=FORMAT) for name, url in urls.items()
        }
        watched = [
            Watched(
                name,
                state=lambda o=output: o.state,
                error=lambda o=output: o.error,
                unsent=lambda o=output: o.unsent,
            )
            for name, output in self.outputs.items()
        ]
        limits = Limits(kbps=BITRATE / 1000, least=0.1)
        self.monitor = Monitor(self.fanout, FORMAT, watched, self.alarms, limits)
        self.first = self.last = 0

    @asynccontextmanager
    async def on_air(self) -> AsyncIterator[None]:
        jobs: list[Callable[[], object]] = [self._feed(), self.monitor.run()]
        jobs += [
            supervise(name, output.run, hopeless=(Refused,), longest=LONGEST, jobs=self.jobs)
            for name, output in self.outputs.items()
        ]
        tasks = [asyncio.ensure_future(job) for job in jobs]
        try:
            await until(lambda: all(output.state == "live" for output in self.outputs.values()))
            yield
            assert not [task for task in tasks if task.done()]
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def _feed(self) -> None:
        loop = asyncio.get_running_loop()
        units, began = noise(), loop.time()
        while True:
            turn, index = divmod(self.last, len(units))
            self.fanout.send(renumbered(units[index], turn * len(units)))
            self.last += 1
            await asyncio.sleep(max(0.0, began + self.last / FORMAT.fps - loop.time()))

    def sent(self, name: str) -> int:
        """The number of the last unit that left."""
        return max((each.departed.n for each in self.fanout.readers if each.name == name), default=-1)

    @property
    def raised(self) -> set[str]:
        return {alarm.name for alarm in self.alarms.raised}


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    server = Listener(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def bystander(tmp_path: Path) -> Iterator[RtmpServer]:
    server = RtmpServer(tmp_path / "bystander")
    server.start()
    yield server
    server.kill()


async def back(sender: Sender, name: str) -> float:
    """The seconds until the output sends again."""
    loop = asyncio.get_running_loop()
    began, before = loop.time(), sender.last
    await until(lambda: sender.sent(name) >= before, 15)
    return loop.time() - began


@pytest.mark.timeout(90)
async def test_a_killed_and_a_paused_server_are_noticed_and_back_in_time_and_harm_no_other(
    rtmp_server: RtmpServer, listener: Listener, bystander: RtmpServer
) -> None:
    sender = Sender({"killed": listener.url, "paused": rtmp_server.url, "well": bystander.url})
    async with sender.on_air():
        await until(lambda: all(sender.sent(name) >= 0 for name in sender.outputs))
        well = sender.outputs["well"]
        await until(lambda: sender.last % 50 == 40)
        dropped = well.dropped  # before its first key frame
        listener.kill()
        rtmp_server.freeze()
        await until(lambda: sender.raised == {"killed/not-sending", "paused/not-sending"}, 12)
        texts = {alarm.name: alarm.text for alarm in sender.alarms.raised}
        assert "nobody listens" in texts["killed/not-sending"]
        await until(lambda: sender.jobs.status()[0]["restarts"] >= 4, 12)  # by now the pauses are as long as they get
        listener.start()
        rtmp_server.thaw()
        took = await asyncio.gather(back(sender, "killed"), back(sender, "paused"))
        assert max(took) <= BACK
        print(f"back after {took[0]:.1f} s (killed) and {took[1]:.1f} s (paused)")
        await until(lambda: not sender.raised, 5)
        last = sender.last
        await until(lambda: sender.sent("well") >= last)
        assert (well.sessions, well.dropped, well.error) == (1, dropped, None)
        assert sender.outputs["killed"].sessions == 2
    assert sorted(sender.told) == [f"{sign}{name}/not-sending" for sign in "+-" for name in ("killed", "paused")]
    (file,) = bystander.recordings()
    with av.open(str(file)) as container:
        times = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
    assert {later - earlier for earlier, later in pairwise(times)} == {40}
    assert len(times) >= last - dropped - 25
