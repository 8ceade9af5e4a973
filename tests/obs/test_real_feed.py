"""A real OBS, set up and fed: what it shows while the engine is there, away, and back; what it is asked and told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from obs_broker import Broker
from obs_program import ObsProgram, RefusedByObs
from until import until

from host_engine import frame_code
from host_engine.channel_file.steering import Feed, Obs
from host_engine.media import Format, Frame
from host_engine.obs import screenshot
from host_engine.obs.client import Client
from host_engine.obs.collection import collection_of
from host_engine.obs.feed import stream_address
from host_engine.obs.feed_watch import FeedWatch
from host_engine.obs.inspection import OnAir, inspect, inspect_feed, inspect_files
from host_engine.obs.profile import Shape
from host_engine.obs.setup_live import SetUp
from host_engine.obs.wanted import wanted_of
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.rtmp import RtmpOutput
from host_engine.show.scene import Scene
from host_engine.supervise import supervise

pytestmark = pytest.mark.alone

FORMAT = Format(320, 180, 25)
SIZE = (FORMAT.width, FORMAT.height)
PAGE = "http://127.0.0.1:8080"
LONG = 60.0  # seconds; all of it together takes some ten where nothing else runs


class Engine:
    """The sending half of an engine: numbered pictures and silence, to where OBS is fed from."""

    def __init__(self, feed: Feed, n: int) -> None:
        self.encoder, self.n = Encoder(FORMAT, preset="ultrafast"), n
        self.fanout = Fanout(self.encoder.force_key)
        self.output = RtmpOutput("feed", feed.url, feed.key, self.fanout, self.encoder.force_key, format=FORMAT)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[Engine]:
        jobs = [supervise("feed", self.output.run, longest=1), self._show()]
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _show(self) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time() - self.n / FORMAT.fps
        while True:
            picture = np.full((FORMAT.height * 3 // 2, FORMAT.width), 128, np.uint8)
            picture[: FORMAT.height] = 180
            frame_code.write(picture, self.n)
            for unit in self.encoder.encode(Frame(self.n, picture, np.zeros((2, FORMAT.samples), np.float32))):
                self.fanout.send(unit)
            self.n += 1
            await asyncio.sleep(max(0.0, start + self.n / FORMAT.fps - loop.time()))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    made = Broker(tmp_path_factory.mktemp("broker") / "nginx")
    try:
        made.start()
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def obs(tmp_path_factory: pytest.TempPathFactory, broker: Broker) -> Iterator[ObsProgram]:
    made = ObsProgram(tmp_path_factory.mktemp("obs"), FORMAT, Obs(feed=Feed(url=broker.url)))
    made.network.outward(broker.port)
    try:
        made.start()
        yield made
    finally:
        made.end()


def seen(obs: ObsProgram, source: str) -> tuple[int | None, float]:
    """The number that a source or scene shows, and how bright it is in its middle, 0 to 255."""
    try:
        picture = screenshot.brightness(obs.ask(screenshot.REQUEST, **screenshot.asked(source)))
    except RefusedByObs:
        return None, 0.0
    assert picture is not None
    return frame_code.read(picture), float(picture[60:120].mean())


async def shows(obs: ObsProgram, wanted: Callable[[int | None, float], bool]) -> None:
    """Wait until the scene on air looks so."""
    async with asyncio.timeout(LONG):
        while not wanted(*await asyncio.to_thread(seen, obs, "studio")):
            await asyncio.sleep(0.05)


@pytest.mark.timeout(240)
async def test_obs_shows_the_engine_or_the_slate_and_never_a_picture_that_stands_still(
    obs: ObsProgram, broker: Broker
) -> None:
    with ThreadPoolExecutor(1) as thread, _connected(obs) as client:
        ask = partial(thread.submit, client.request)
        async with Engine(obs.obs.feed, 1000).sending() as engine:
            watch = _watch(obs, ask, engine)
            await shows(obs, lambda n, light: n is not None and n >= 1000 and light > 150)
            await _until(lambda: _alive(watch))
        await shows(obs, lambda n, light: n is None and light < 60)
        async with Engine(obs.obs.feed, 9000).sending() as engine:
            await until(lambda: engine.output.state == "live", LONG)
            await _watch(obs, ask, engine)._arrive()
            await shows(obs, lambda n, light: n is not None and n >= 9000 and light > 150)
    assert stream_address(obs.obs.feed) == f"{broker.url}/host"


@contextmanager
def _connected(obs: ObsProgram) -> Iterator[Client]:
    client = Client("127.0.0.1", obs.port, obs.password, lambda name, data: None)
    client.connect()
    try:
        yield client
    finally:
        client.close()


def _watch(obs: ObsProgram, ask: Callable[..., Future[dict[str, Any]]], engine: Engine) -> FeedWatch:
    scenes = {"studio": Scene.model_construct(name="studio", size=SIZE)}
    feed = collection_of(obs.obs, "test", scenes, SIZE, FORMAT.fps, PAGE, None).feed
    live = lambda: engine.output.state == "live"  # noqa: E731
    return FeedWatch(feed, FORMAT.fps, ask, lambda: engine.n, live, key=engine.encoder.force_key)


async def _alive(watch: FeedWatch) -> bool:
    await watch.look()
    return watch.status()["state"] in ("alive", "late")  # late: a machine that has no time for OBS


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LONG):
        while not await condition():
            await asyncio.sleep(0.1)


@pytest.mark.timeout(240)
def test_an_obs_at_work_gets_what_the_channel_needs_beside_what_it_has(obs: ObsProgram) -> None:
    """Last, as it leaves OBS with another collection."""
    steered = obs.obs.model_copy(update={"scenes": {"studio": "Studio 🫖"}})
    scenes = {name: Scene.model_construct(name=name, size=SIZE) for name in ("studio", "be-right-back")}
    collection = collection_of(steered, "Tea", scenes, SIZE, FORMAT.fps, PAGE, None)
    wanted = wanted_of(steered, scenes, SIZE, collection.feed, beneath=collection.slate)["studio"]
    wanted, shape = replace(wanted, collection="Tea", profile="Tea"), Shape(FORMAT, 900)
    with _connected(obs) as client:
        before = [each.said for each in inspect(client.request, collection, shape, wanted) if each.mark == "wrong"]
        assert before == [
            "OBS has no scene collection 'Tea': run obs setup",
            "OBS has no profile 'Tea': run obs setup",
        ]
        first = SetUp(client.request)
        first.make(collection, shape, wanted)
        assert first.left == []
        again = SetUp(client.request)
        again.make(collection, shape, wanted)
        assert (again.done, again.left) == ([], [])
        found = inspect(client.request, collection, shape, wanted)
        assert [each.said for each in found if each.mark == "wrong"] == []
        assert "the profile says what it should" in [each.said for each in found]
        assert [each.mark for each in inspect_feed(client.request, collection.feed.name, None)] == ["doubtful"]
        on_air = OnAir(FORMAT.fps, lambda: 9000)
        assert [each.mark for each in inspect_feed(client.request, collection.feed.name, on_air)] == ["wrong"]
    assert {each["sceneName"] for each in obs.ask("GetSceneList")["scenes"]} == {"Studio 🫖", "be-right-back", "human"}
    assert obs.ask("GetSceneCollectionList")["sceneCollections"] == ["Tea", "test"]
    assert obs.ask("GetVideoSettings")["baseWidth"] == FORMAT.width
    assert [each.mark for each in inspect_files(obs.home)] == ["right"]
    assert _kept(obs.home.profiles / "Tea" / "basic.ini", "VBitrate=900")


def _kept(path: Path, line: str) -> bool:
    return line in path.read_text().splitlines()
