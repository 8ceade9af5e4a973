"""A recording is signed once it is closed, also after an end that left it unsigned; what fails is said."""

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from brand_certificates import brand
from flashes import SMALL
from marked import stamp, units
from until import until

from host_engine.alarms import Alarms
from host_engine.channel.labels.marks_at_work import ALARM, Marks
from host_engine.channel_file import config
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.recorder import Recorder
from host_engine.outputs.recording_path import RecordingPath
from host_engine.outputs.retention import Keep, Retention
from host_engine.provenance.credentials import credentials
from host_engine.provenance.signing import signed

MP4 = "video/mp4"


class Outputs(list):
    """The outputs of a channel, as far as the marks know them."""

    def __init__(self, *outputs):
        super().__init__(outputs)
        self.hooks = []


def channel(folder: Path, **changes) -> config.Channel:
    path = folder / "channel.yaml"
    recording = {"kind": "file", "name": "archive", "path": "{date}-{time}.mp4"}
    path.write_text(json.dumps({"name": "demo", "catalog": "shop", "outputs": [recording], **changes}))
    return config.load(path)


def marks(folder: Path, *outputs, facts=None, keys=None, **changes) -> Marks:
    facts = [] if facts is None else facts
    keep = lambda kind, text, **details: facts.append((kind, text, details))  # noqa: E731
    return Marks(channel(folder, **changes), keys or {}, stamp(), Alarms(), keep, Outputs(*outputs))


@asynccontextmanager
async def running(*jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def recorded(folder: Path, made: Marks | None = None, *, frames: int) -> Recorder:
    """A recording of the little show; its segments are a second long."""
    fanout = Fanout()
    recorder = Recorder(folder / "{date}-{time}.mp4", fanout, SMALL, "archive", segment=1)
    if made:
        made.follow("archive", recorder)
    async with running(recorder.run):
        await until(lambda: fanout.readers)
        for unit in units()[:frames]:
            fanout.send(unit)
        await until(lambda: not fanout.readers[0].depth)
    return recorder


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.mp4"))


async def test_each_segment_is_signed_and_found_again_by_retention(tmp_path):
    facts = []
    made = marks(tmp_path, facts=facts)
    async with running(made.run):
        await recorded(tmp_path, made, frames=50)
        await until(lambda: made.signed == 2, 60)
    assert len(files(tmp_path)) == 2
    for path in files(tmp_path):
        found = credentials(path, MP4)
        assert found.whole
        assert found.own
    assert made.status()["certificate"] == {"holder": "Self-made by host-engine, demo", "self_made": True}
    assert made.status()["waiting"] == made.failed == 0
    assert facts[0][0] == "marks"
    assert facts[0][2]["content"] == made.status()["content"]
    where = RecordingPath(tmp_path / "{date}-{time}.mp4", tmp_path)
    assert Retention(where, "archive", Keep(size=1)).sweep().files == 2


async def test_what_an_end_left_is_signed_at_the_next_start(tmp_path):
    await recorded(tmp_path, frames=50)
    (tmp_path / f".{files(tmp_path)[0].name}.123.signing").write_text("begun and not ended")
    foreign = tmp_path / "2026-01-01-000000.mp4"
    foreign.write_bytes(b"\0\0\0\x10ftypisom" + bytes(100))
    for path in files(tmp_path):
        os.utime(path, (1e9, 1e9))
    made = marks(tmp_path)
    async with running(made.run):
        await until(lambda: made.signed == 2, 60)
    assert made.failed == 0
    assert [signed(path) for path in files(tmp_path)].count(True) == 2
    assert not signed(foreign)
    assert not list(tmp_path.glob(".*.signing"))


async def test_the_end_of_the_channel_has_the_last_file_signed(tmp_path):
    made = marks(tmp_path)
    await recorded(tmp_path, made, frames=25)
    (path,) = files(tmp_path)
    assert not signed(path)
    await made.end()
    await until(lambda: signed(path), 60)
    assert credentials(path, MP4).whole


async def test_a_certificate_of_ones_own_signs_and_may_be_renewed_on_air(tmp_path):
    chain, key, root = brand()
    for name, data in (("chain.pem", chain), ("key.pem", key)):
        (tmp_path / name).write_bytes(data)
    made = marks(tmp_path, marking={"certificate": "chain.pem", "key": "key.pem"})
    await recorded(tmp_path, made, frames=25)
    async with running(made.run):
        await until(lambda: made.signed == 1, 60)
        assert credentials(files(tmp_path)[0], MP4, root.decode()).trusted
        (tmp_path / "chain.pem").write_text("gone")
        await recorded(tmp_path, made, frames=25)
        await until(lambda: made.failed == 1, 60)
        assert "no certificate in PEM" in made._alarms.raised[0].text
        assert made._alarms.raised[0].name == ALARM
        for name, data in zip(("chain.pem", "key.pem"), brand()[:2], strict=True):
            (tmp_path / name).write_bytes(data)
        await recorded(tmp_path, made, frames=25)
        await until(lambda: made.signed == 2, 60)
        assert not made._alarms.raised


async def test_one_that_is_told_to_sign_nothing_signs_nothing(tmp_path):
    made = marks(tmp_path, marking={"sign": False})
    await recorded(tmp_path, made, frames=25)
    await made.end()
    assert made.status()["waiting"] == 0
    assert not signed(files(tmp_path)[0])


@pytest.mark.parametrize("name", ["a.mkv", "gone.mp4"])
async def test_what_cannot_be_signed_and_what_is_gone_is_passed_over(tmp_path, name):
    made = marks(tmp_path)
    made.closed(tmp_path / name)
    async with running(made.run):
        await until(lambda: made._who is not None and not made.status()["waiting"])
    assert (made.signed, made.failed) == (0, 0)


async def test_a_process_that_is_killed_leaves_nothing_behind(tmp_path, monkeypatch):
    dies = "import os, pathlib; pathlib.Path('.a.mp4.7.signing').touch(); os._exit(9)"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("host_engine.provenance.apart.COMMAND", [sys.executable, "-c", dies])
    made = marks(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"a segment")
    made.closed(tmp_path / "a.mp4")
    async with running(made.run):
        await until(lambda: made.failed == 1, 60)
    assert "the process that signs ended with 9" in made.status()["error"]
    assert not list(tmp_path.glob(".*.signing"))
