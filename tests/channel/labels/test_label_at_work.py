"""The label watchdog on a real program: what leaves is read, the label is forced, and in the end the slate comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from until import until

from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.channel.labels.label_at_work import LabelAtWork
from host_engine.host.compositor import Compositor
from host_engine.host.perform import Pose
from host_engine.labelling import remedy
from host_engine.labelling.expecting import Pictures
from host_engine.labelling.remedy import Step
from host_engine.media import Beat, Face, Format, Frame, Picture, Samples, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.playout.program import Program
from host_engine.show.scene import Box, load_scenes
from host_engine.timing import Timings

FORMAT = Format(360, 640)
SCENES = load_scenes(Path(__file__).parents[3] / "scenes")
BEAT = Beat(np.zeros(FORMAT.samples, np.float32), Face())
STRIDE = 60  # frames from one picture of the test to the next: each is a key frame, and is looked at


class AtOnce(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Grey:
    def __init__(self, width: int, height: int) -> None:
        self.size, self.settled = (width, height), True

    def stand_before(self, background: Picture) -> None: ...

    def draw(self, face: Face, pose: Pose, out: Picture) -> tuple[int, int, int, int]:
        out[:] = 120
        return 0, 0, *self.size


class Still:
    def pose(self, n: int, beat: Beat) -> Pose:
        return Pose()


class Silence:
    def mix(self, speech: Samples) -> Samples:
        return np.zeros((2, FORMAT.samples), np.float32)


class Air:
    """A channel of which each 50th frame is drawn, encoded and sent, and looked at before the next one comes."""

    def __init__(self) -> None:
        scenes = {name: each for name, each in SCENES.items() if each.background.studio is None or "studio" in name}
        self.picture = Compositor(FORMAT, scenes, "studio", Grey, Still(), threads=AtOnce())  # type: ignore[arg-type]
        self.fault: Callable[[Picture], None] = lambda picture: None  # of what draws
        self.spoilt: Callable[[Picture], None] = lambda picture: None  # of what comes after us
        self.program = Program(self, Silence(), lambda: Encoder(FORMAT, preset="ultrafast"), Timings(25))
        self.fanout, self.alarms = Fanout(), Alarms()
        self.orders, self.facts, self.told = list[tuple[bool, str]](), list[str](), list[dict[str, Any]]()
        studio = SimpleNamespace(picture=self.picture, program=self.program)
        self.work = LabelAtWork(studio, self.alarms, self, self.keep, self.tell)  # type: ignore[arg-type]
        self.work.follow(self.fanout)
        self.n = 0

    settled = True

    def draw(self, n: int, beat: Beat) -> Picture:
        picture = self.picture.draw(n, beat)
        self.fault(picture)
        return picture

    def draw_slate(self, n: int, at_once: bool = False) -> Picture:
        return self.picture.draw_slate(n, at_once)

    def mute(self, on: bool, who: Who = Who("nobody")) -> dict[str, Any]:  # noqa: B008
        self.orders.append((on, who.name))
        return {"frame": self.program.mute(on)}

    def keep(self, kind: str, text: str, **details: Any) -> None:
        self.facts.append(text)

    def tell(self, what: str, **data: Any) -> None:
        self.told.append(data)

    def halve(self, halved: bool) -> None: ...
    def close(self) -> None: ...

    def unit(self) -> Unit:
        self.n += STRIDE
        self.program._mute = self.program.muted  # as the render thread does for each frame
        frame = self.program.draw(self.n, BEAT)
        picture = frame.picture.copy()
        self.spoilt(picture)
        (unit,) = self.program.encode(Frame(self.n, picture, frame.samples))
        return unit

    async def show(self, pictures: int, of: str = "programme") -> list[str]:
        """So many more; the alarms after them."""
        for _ in range(pictures):
            self.fanout.send(self.unit())
            await until(lambda: self.work.looked.get(of) == self.n)
        return [each.name for each in self.alarms.raised]

    @property
    def box(self) -> Box:
        return self.picture.plan.labels()[self.picture.shown[0]].box

    def hide(self, picture: Picture) -> None:
        """A white card over the place of the scene's label."""
        box = self.box
        picture[box.y - 4 : box.bottom + 4, box.x - 4 : box.right + 4] = 235


@pytest.fixture
def air() -> Iterator[Air]:
    made = Air()
    yield made
    made.program.close()


@asynccontextmanager
async def at_work(air: Air) -> AsyncIterator[Air]:
    (job,) = air.work.jobs.values()
    task = asyncio.ensure_future(job())
    await until(lambda: air.fanout.readers)
    try:
        yield air
    finally:
        task.cancel()
        await asyncio.wait([task])


def run(air: Air, play: Callable[[Air], Any]) -> None:
    async def whole() -> None:
        async with at_work(air):
            await play(air)

    asyncio.run(whole())


def test_a_label_that_is_there_is_no_alarm_whatever_scene_comes(air: Air) -> None:
    async def play(air: Air) -> None:
        for scene in (None, "be-right-back", None):
            air.picture.choose(scene)
            assert await air.show(3) == []

    run(air, play)
    assert air.work.watchdog.remedy.step == Step.NONE
    assert air.program.over is None
    (told,) = air.work.status()["pictures"]
    assert told["labelled"] is True
    assert told["without"] == 0


def test_a_label_that_is_covered_is_forced_and_left_alone_when_it_is_there_again(air: Air) -> None:
    async def play(air: Air) -> None:
        await air.show(2)
        air.fault = air.hide
        assert await air.show(2) == ["programme/label"]
        assert air.program.over is not None
        assert await air.show(6) == ["programme/label"]
        assert air.work.watchdog.status()["pictures"][0]["labelled"] is True
        assert air.work.watchdog.remedy.step == Step.IN_PLACE
        air.fault = lambda picture: None
        assert await air.show(6) == []

    run(air, play)
    assert air.program.over is None
    assert [each["step"] for each in air.told] == ["in_place", "none"]
    assert "forced" in air.facts[0]


def test_what_is_laid_over_it_behind_us_makes_it_come_elsewhere(air: Air) -> None:
    async def play(air: Air) -> None:
        await air.show(1)
        air.spoilt = air.hide
        await air.show(8)
        assert air.work.watchdog.remedy.step == Step.ELSEWHERE
        (told,) = air.work.status()["pictures"]
        assert told["labelled"] is True
        assert told["forced"] is True
        air.spoilt = lambda picture: None
        assert await air.show(5) == []

    run(air, play)
    assert air.orders == []


def test_where_nothing_helps_the_slate_comes_and_whoever_ends_it_is_not_overruled(air: Air) -> None:
    def blank(picture: Picture) -> None:
        picture[:640] = 90

    async def play(air: Air) -> None:
        await air.show(1)
        air.spoilt = blank
        await air.show(9)
        assert air.orders == [(True, "the label watchdog")]
        assert air.program.muted
        air.program.mute(False)
        await air.show(8)
        assert air.orders == [(True, "the label watchdog")]
        assert "All that can be done" in air.alarms.raised[0].text

    run(air, play)


def test_the_show_comes_back_by_itself_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remedy, "AGAIN", 12.0)
    air = Air()

    async def play(air: Air) -> None:
        air.spoilt = lambda picture: picture[:640].fill(90)
        await air.show(9)
        assert air.program.muted
        air.spoilt = lambda picture: None
        await air.show(12)

    run(air, play)
    air.program.close()
    assert air.orders == [(True, "the label watchdog"), (False, "the label watchdog")]
    assert not air.alarms.raised
    assert air.program.over is None


def test_a_rendition_is_looked_at_by_its_own_words(air: Air) -> None:
    other = Fanout()

    async def play(air: Air) -> None:
        air.work.follow(other, "tall", Pictures(text="KI-Host"))
        await until(lambda: other.readers)
        for _ in range(3):
            other.send(air.unit())
            air.fanout.n = air.n
            await until(lambda: air.work.looked.get("tall") == air.n)
        assert [each.name for each in air.alarms.raised] == ["tall/label"]
        air.work.leave("tall")
        await until(lambda: not other.readers)
        assert air.alarms.raised == ()

    run(air, play)


def test_packets_that_nobody_can_decode_are_an_alarm(air: Air) -> None:
    async def play(air: Air) -> None:
        for _ in range(8):
            unit = air.unit()
            broken = av.Packet(b"\0\0\0\1" + bytes(200))
            air.fanout.send(unit._replace(video=broken))
            await until(lambda: air.work.looked.get("programme") == air.n)
        assert [each.name for each in air.alarms.raised] == ["programme/label-unseen"]
        await air.show(1)
        assert air.alarms.raised == ()

    run(air, play)
