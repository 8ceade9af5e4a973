"""The streams that targets send: which of them are one, and that each is made only while somebody wants it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from until import until

from host_engine.alarms import Alarms
from host_engine.channel.outputs.renditions_at_work import Renditions
from host_engine.channel_file.config import Channel, RtmpTarget
from host_engine.media import Coding, Frame, Unit
from host_engine.outputs import marks
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.source import Source
from host_engine.supervise import Jobs

SILENCE = np.zeros((2, 1920), np.float32)


def target(name: str = "tube", **wishes: Any) -> RtmpTarget:
    return RtmpTarget(kind="rtmp", name=name, url="rtmp://h/a", **wishes)


class AtWork:
    """A channel of 320x640 in English, labelled by its scenes, and the streams of its targets."""

    def __init__(self, **fields: Any) -> None:
        size = {"width": 320, "height": 640}
        channel = Channel(name="demo", catalog=Path("c"), format=size, encoding={"kbps": 600}, **fields)  # type: ignore[arg-type]
        encoder = SimpleNamespace(coding=Coding("libx264", "ultrafast"))
        self.program: Any = SimpleNamespace(force_key=lambda: None, encoder=encoder, drawn=None)
        catalog = SimpleNamespace(language="en")
        studio: Any = SimpleNamespace(
            program=self.program,
            show=SimpleNamespace(catalog=catalog),
            picture=SimpleNamespace(seen=(), plan=None),
            stamp=lambda n: b'{"AIGC": {"Label": "1"}}',
        )
        self.fanout, self.jobs = Fanout(), Jobs(Alarms())
        watch: Any = None
        self.renditions = Renditions(channel, studio, self.fanout, watch, self.jobs)
        self._encoder = Encoder(channel.media, preset="ultrafast")

    def add(self, name: str, **wishes: Any) -> Source:
        source = self.renditions.of(target(name, **wishes))
        self.renditions.follow(name, SimpleNamespace(source=source))
        return source

    def frame(self, n: int) -> Unit:
        picture = np.full((960, 320), 16 + n, np.uint8)
        frame = Frame(n, picture, SILENCE)
        self.program.drawn(frame)
        (unit,) = self._encoder.encode(frame)
        picture[:] = 255  # the ring is drawn in again
        self.fanout.send(unit)
        return unit

    @asynccontextmanager
    async def on_air(self) -> AsyncIterator[None]:
        job = asyncio.ensure_future(self.renditions.run())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)


def test_what_is_as_the_channel_has_it_costs_no_encode() -> None:
    at = AtWork(label="AI presenter")
    programme = at.renditions.programme
    for wishes in ({}, {"size": (320, 640), "kbps": 600}, {"label": "AI presenter"}, {"language": "en"}):
        assert at.renditions.of(target(**wishes)) is programme


@pytest.mark.parametrize(
    ("wishes", "about", "kbps"),
    [
        ({"size": (160, 320)}, "160x320, 166 kbit/s", 166),
        ({"size": (640, 1280)}, "640x1280, 600 kbit/s", 600),
        ({"kbps": 300}, "320x640, 300 kbit/s", 300),
        ({"size": (160, 320), "kbps": 900}, "160x320, 900 kbit/s", 900),
        ({"label": "AI"}, "320x640, 600 kbit/s, labelled 'AI'", 600),
        ({"language": "de"}, "320x640, 600 kbit/s, labelled in de", 600),
    ],
)
def test_a_wish_is_one_more_stream(wishes: dict[str, Any], about: str, kbps: int) -> None:
    source = AtWork().renditions.of(target(**wishes))
    assert (source.about, source.kbps, source.made) == (about, kbps, True)
    assert (source.format.width, source.format.height) == wishes.get("size", (320, 640))


def test_the_same_wishes_share_one_encode_and_one_delay() -> None:
    at = AtWork()
    first, second = at.add("one", size=[160, 320]), at.add("two", size=[160, 320])
    assert first is second
    late, later = at.add("three", size=[160, 320], delay="10s"), at.add("four", size=[160, 320], delay="20s")
    assert len({id(each.fanout) for each in (first, late, later)}) == 3
    assert at.add("five", delay="10s").format == at.renditions.programme.format
    assert at.add("six", delay="10s") is at.add("seven", delay="10s")
    told = {each["stream"]: each["targets"] for each in at.renditions.status()}
    assert told["160x320, 166 kbit/s"] == ["one", "two"]
    assert told["160x320, 166 kbit/s, 10 s later"] == ["three"]
    assert told["10 s later"] == ["five", "six", "seven"]


async def test_a_stream_is_made_only_while_a_target_wants_it() -> None:
    at = AtWork()
    async with at.on_air():
        assert not at.fanout.readers
        one, two = at.add("one", size=[160, 320]), at.add("two", size=[160, 320])
        assert one is two
        await until(lambda: at.fanout.readers)
        (rendition,) = at.renditions._at_work
        await until(lambda: rendition._thread)
        with one.fanout.reader("one") as reader:
            pictures = [at.frame(n) for n in range(3)]
            got = [await reader.get() for _ in range(3)]
        assert [unit.n for unit in got] == [0, 1, 2]
        assert [unit.aac for unit in got] == [unit.aac for unit in pictures]
        assert marks.tags(bytes(got[0].video))["AIGC"] == '{"Label":"1"}'
        assert (got[0].key, [source.about for source in at.renditions.sources]) == (True, ["160x320, 166 kbit/s"])
        at.renditions.follow("one", None)
        assert at.renditions.sources
        at.renditions.follow("two", None)
        await until(lambda: not at.fanout.readers)
        assert (at.renditions.sources, at.renditions.status()) == ([], [])
        assert [job.state for job in at.jobs.all if job.name.startswith("stream")] == ["ended"]
        at.frame(3)


async def test_a_delayed_rendition_keeps_what_it_is_made_of() -> None:
    at = AtWork()
    async with at.on_air():
        at.add("late", size=[160, 320], delay="1s")
        await until(lambda: at.fanout.readers)
        assert len(at.renditions.sources) == 1
        at.renditions.follow("late", None)
        await until(lambda: not at.fanout.readers)


async def test_a_picture_that_cannot_be_handed_over_harms_nobody() -> None:
    at = AtWork()
    async with at.on_air():
        at.add("one", kbps=300)
        del at.renditions._studio.picture.seen
        at.frame(0)
        at.frame(1)


def test_a_language_without_words_for_the_label_is_told() -> None:
    at, known = AtWork(), SimpleNamespace(text={"en": "AI host", "de": "KI-Moderation"})
    scene = SimpleNamespace(label=known)
    at.renditions._studio.picture.plan = SimpleNamespace(labels=lambda: {"studio": None}, scene=lambda name: scene)
    outputs: Any = Listed()
    at.renditions.join(outputs, SimpleNamespace(told=lambda said: None))
    assert outputs.requests.silent("de-AT") is None
    assert outputs.requests.silent("xx") == "The AI label of studio has no words in 'xx'"


class Listed(list[Any]):
    """Outputs that nobody has yet."""

    def __init__(self) -> None:
        super().__init__()
        self.hooks, self.requests = list[Any](), SimpleNamespace(silent=None)


def test_the_end_of_a_line_is_where_a_session_may_end_but_not_a_pause_in_it() -> None:
    at, told = AtWork(), list[Any]()
    report = SimpleNamespace(told=told.append)
    at.renditions.join(Listed(), report)  # type: ignore[arg-type]
    paused, over = SimpleNamespace(cut="pause", last=10), SimpleNamespace(cut="", last=30)
    for said in paused, over:
        report.told(said)
    assert told == [paused, over]
    assert not at.renditions.borders.between(5, 20)
    assert at.renditions.borders.between(25, 30)
