"""Joins what watches to the engine: viewers of our own at the targets' watch addresses, and the programme as FLV."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fastapi import FastAPI

from host_engine.alarms import Alarms
from host_engine.audience.sources.apart import apart
from host_engine.channel.outputs.outputs_at_work import Outputs
from host_engine.channel_file.config import Channel, Recording
from host_engine.control.live_flv import live_flv
from host_engine.outputs.http_flv import HttpFlv
from host_engine.outputs.monitor import Steady
from host_engine.outputs.source import Source
from host_engine.outputs.watch.judging import ALL, Limits, judge
from host_engine.outputs.watch.sent import Sent
from host_engine.outputs.watch.watcher import Watcher
from host_engine.supervise import Jobs, supervise

LOOK = 1.0  # seconds between two judgements
KEPT = 120.0  # seconds, beyond a target's delay, that a viewer may be behind and still be known


@dataclass(eq=False)
class Watch:
    """One target that is watched."""

    name: str
    output: Any
    source: Source
    sent: Sent
    watcher: Watcher
    task: asyncio.Task[None] | None = None


class Watching:
    """A viewer of each target whose file names an address to watch; what each gets is a fact of that output.

    Nothing here can hold up the show: each viewer has a thread of its own, which stands back.
    """

    def __init__(self, channel: Channel, source: Source, outputs: Outputs, alarms: Alarms, jobs: Jobs) -> None:
        """source: the programme itself."""
        self._channel, self._source, self._outputs, self._jobs = channel, source, outputs, jobs
        self.flv = HttpFlv(source)
        self._alarms, self._steady = alarms, Steady(alarms, time.monotonic)
        self._limits = Limits()
        if not channel.monitor.frozen:
            self._limits = replace(self._limits, stopped=0.0)
        self._watches: dict[str, Watch] = {}
        self._running = False
        for each in outputs:
            self.changed(each.name, each)
        outputs.hooks.append(self.changed)

    def join(self, app: FastAPI) -> None:
        """Have the app of the channel serve the programme."""
        app.include_router(live_flv(self.flv, self._channel.http.flv))

    def changed(self, name: str, output: Any) -> None:
        """There is another output of that name, or none any more."""
        self._end(name)
        wanted = self._outputs.wanted(name)
        if output is None or wanted is None or isinstance(wanted, Recording) or not wanted.watch:
            return
        source = getattr(output, "source", self._source)
        sent = Sent(source.format, KEPT + source.delay)
        watcher = Watcher(wanted.watch, sent, source.format, lambda: output.state == "live")
        self._watches[name] = watch = Watch(name, output, source, sent, watcher)
        if self._running:
            self._begin(watch)

    def facts(self, name: str) -> dict[str, Any]:
        """What a viewer of one output gets, for /status; nothing where it is not watched."""
        watch = self._watches.get(name)
        if watch is None:
            return {}
        watched = watch.watcher.watched
        facts = watched.facts
        about = {"state": watched.state, "how": watch.watcher.address.kind, "error": watched.error}
        if watched.state != "watching":
            return {"viewer": about}
        return {
            "viewer": about
            | {
                "delay_ms": _ms(facts.delay),
                "delay_ms_most": _ms(facts.delay_most),
                "av_ms": _ms(facts.skew),
                "stops": facts.stops,
                "stopped_s": round(facts.stopped_minute, 1),
                "longest_stop_ms": _ms(facts.longest),
                "fps": round(facts.fps, 1),
                "kbps": round(facts.kbps),
                "lost": facts.lost,
                "encoded_anew": facts.changed,
            }
        }

    def beside(self, facts: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
        """What is known of an output already, and with it what a viewer gets: for `Outputs.facts`."""
        return lambda name: facts(name) | self.facts(name)

    async def run(self) -> None:
        """Watch until cancelled."""
        self._running = True
        try:
            for watch in self._watches.values():
                self._begin(watch)
            while True:
                self._judge()
                await asyncio.sleep(LOOK)
        finally:
            self._running = False
            tasks = [watch.task for watch in self._watches.values() if watch.task]
            for name in list(self._watches):
                self._stop(name)
            await asyncio.gather(*tasks, return_exceptions=True)

    def _judge(self) -> None:
        now = time.monotonic()
        for name, watch in self._watches.items():
            at, late = watch.watcher.address.server, watch.source.delay
            self._steady.tell(name, judge(name, at, late, watch.watcher.watched, self._limits, now))

    def _begin(self, watch: Watch) -> None:
        job = supervise(f"watch/{watch.name}", partial(self._attend, watch), jobs=self._jobs)
        watch.task = asyncio.create_task(job, name=f"watch/{watch.name}")

    async def _attend(self, watch: Watch) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._note(watch))
            tasks.create_task(apart(f"watch {watch.name}", watch.watcher.run))

    async def _note(self, watch: Watch) -> None:
        """Remember what leaves: when it was made, however long it is held back for this target."""
        source = watch.source
        with source.fanout.reader(f"watch {watch.name}", told=False) as reader:
            while True:
                unit = await reader.get()
                watch.sent.note(unit, reader.pushed - source.delay)
                reader.left(unit)

    def _end(self, name: str) -> None:
        self._stop(name)
        if self._watches.pop(name, None) is not None:
            self._steady.tell(name, dict.fromkeys(ALL))
            for what in ALL:
                self._alarms.clear(f"{name}/{what}")

    def _stop(self, name: str) -> None:
        watch = self._watches.get(name)
        if watch is not None and watch.task is not None:
            watch.task.cancel()
            watch.task = None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
