"""Viewers of our own joined to the outputs of a channel: whom they watch, what is told of it, and when it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from streamed import streaming
from until import until

from host_engine.alarms import Alarms
from host_engine.channel.outputs.outputs_at_work import Outputs
from host_engine.channel.outputs.watching import Watching
from host_engine.channel_file.config import Channel
from host_engine.outputs.source import Source
from host_engine.outputs.watch.viewing import Facts
from host_engine.outputs.watch.watcher import Watched
from host_engine.supervise import Jobs

NOBODY = "rtmp://127.0.0.1:9/live/host"


class Scripted:
    """An output that is live at once."""

    def __init__(self, wanted: Any, key: str) -> None:
        self.name, self.state, self.error = wanted.name, "live", None
        self.dropped = 0

    def report(self) -> dict[str, Any]:
        return {}

    async def run(self) -> None:
        await asyncio.Event().wait()


def joined(source: Source, *wanted: dict[str, Any]) -> tuple[Watching, Outputs, Alarms, Jobs]:
    channel = Channel(name="demo", catalog=Path("c"), outputs=list(wanted))  # type: ignore[arg-type]
    alarms = Alarms()
    jobs = Jobs(alarms)
    outputs = Outputs(channel, {}, Scripted, jobs, {})  # type: ignore[arg-type]
    return Watching(channel, source, outputs, alarms, jobs), outputs, alarms, jobs


def target(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "rtmp", "name": name, "url": f"rtmp://{name}.example.com/app", **more}


async def test_targets_with_an_address_are_watched_until_they_are_gone(monkeypatch) -> None:
    monkeypatch.setattr("host_engine.outputs.watch.watcher.SETTLE", 0.0)
    async with streaming() as stream:
        watching, outputs, _, jobs = joined(stream.source, target("seen", watch=NOBODY), target("unseen"))
        running = asyncio.create_task(watching.run())
        facts = watching.beside(lambda name: {"kbps": 7})
        assert facts("unseen") == {"kbps": 7}
        await until(lambda: facts("seen")["viewer"]["error"], 20)
        assert facts("seen") == {
            "kbps": 7,
            "viewer": {"state": "connecting", "how": "rtmp", "error": "nobody listens at 127.0.0.1:9"},
        }
        await until(lambda: [each.name for each in stream.fanout.readers] == ["watch seen"], 20)
        await outputs.stop("seen")
        await until(lambda: stream.fanout.readers == (), 20)
        assert facts("seen") == {"kbps": 7}
        await outputs.start("seen")
        await until(lambda: len(stream.fanout.readers) == 1, 20)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await until(lambda: stream.fanout.readers == (), 20)
        assert [each.name for each in jobs.all] == ["watch/seen"]


async def test_what_viewers_suffer_is_an_alarm_of_that_output_until_it_is_removed() -> None:
    async with streaming() as stream:
        watching, outputs, alarms, _ = joined(stream.source, target("seen", watch=NOBODY))
        watcher = watching._watches["seen"].watcher
        watcher.watched = Watched("watching", 0.0, None, Facts(delay=40.0, skew=0.01, fps=25, kbps=900.4, lost=3))
        watching._judge()
        await asyncio.sleep(0.2)
        watching._judge()
        assert [each.name for each in alarms.raised] == ["seen/viewer-delay"]
        assert "viewers of seen at 127.0.0.1:9 are 40 s behind the show" in alarms.raised[0].text
        assert watching.facts("seen")["viewer"] | {"error": None} == {
            "state": "watching", "how": "rtmp", "error": None, "delay_ms": 40000.0, "delay_ms_most": None,
            "av_ms": 10.0, "stops": 0, "stopped_s": 0.0, "longest_stop_ms": 0.0, "fps": 25, "kbps": 900, "lost": 3,
            "encoded_anew": False,
        }  # fmt: skip
        await outputs.remove("seen")
        assert alarms.raised == ()


@pytest.mark.parametrize(
    "watch",
    [
        "https://cdn.example.com/live.m3u8",
        "ftp://cdn.example.com/x.flv",
        "https://a:b@cdn.example.com/x.flv",
        "rtmp://127.0.0.1/app",
    ],
)
def test_a_channel_file_with_an_address_that_cannot_be_watched_is_refused(watch: str) -> None:
    with pytest.raises(ValueError, match=r"write |a password") as raised:
        Channel(name="demo", catalog=Path("c"), outputs=[target("seen", watch=watch)])  # type: ignore[list-item]
    assert raised.value.errors(include_input=False)[0]["loc"][-1] == "watch"  # type: ignore[attr-defined]
