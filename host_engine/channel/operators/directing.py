"""The direction of a channel put together: the director, the event stream, the outputs, who speaks and appears."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter

from host_engine.access.who import Audit
from host_engine.alarms import Alarm
from host_engine.channel.studio.recasting import Cast
from host_engine.channel.studio.record import kept_file
from host_engine.control.operators.cast import cast_routes
from host_engine.control.operators.events import Streams, events_routes
from host_engine.control.operators.guard import Guard
from host_engine.control.operators.orders import orders_routes
from host_engine.control.operators.outputs import outputs_routes
from host_engine.direction.directed import Directed
from host_engine.direction.director import Director
from host_engine.direction.happenings import Happenings
from host_engine.direction.lasting import Lasting
from host_engine.direction.segment_order import SegmentOrder
from host_engine.host.deadline import DaemonThreads
from host_engine.outputs.recorder import Recorder
from host_engine.show.rundown import Line, Rundown
from host_engine.show.utterance import Utterance

if TYPE_CHECKING:
    from host_engine.audience.event import Event
    from host_engine.channel.on_air.running import Running
    from host_engine.timing import Row

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


class Directing:
    """Joins the director to what runs, and tells the happenings what is on air, word by word."""

    def __init__(self, running: Running, happenings: Happenings, audit: Audit) -> None:
        self._running, self._happenings = running, happenings
        studio, threads = running.studio, DaemonThreads(2, "direction", background=False)
        directed = Directed(
            studio.playout, studio.program, studio.picture, studio.script, studio.operator, studio.next,
            studio.answers, studio.rundown, running.report, lambda: studio.gatekeeper.judge, studio.tongues,
            running.now, studio.gatekeeper.embargo.named,
        )  # fmt: skip
        order = SegmentOrder(studio.script, threads, kept_file(running.channel, "order"), self._follow)
        lasting = Lasting(kept_file(running.channel, "direction"))
        self.director = Director(directed, threads, happenings.tell, audit, order, lasting)
        for sentence in self.director.resumed:
            log.warning("%s", sentence)
            running.journal.fact("direction", sentence)
        self.streams = Streams(happenings)
        self.outputs, self.cast = running.outputs, Cast(running.channel, studio, DaemonThreads(1, "casting"))
        self.outputs.tell = self.cast.tell = happenings.tell
        self.outputs.audit = self.cast.audit = audit
        self.outputs.alarm = running.alarms.check
        if filmed := studio.presenting:
            self.outputs.requests.may_record = lambda: filmed.asked("recordings")
            filmed.recorded = lambda: any(isinstance(each, Recorder) for each in running.outputs)
        self._product: str | None = None
        self._scene = studio.picture.shown
        self._loop: asyncio.AbstractEventLoop | None = None
        running.report.word = self._word
        running.alarms.hooks.append(self._alarm)
        studio.timings.hooks.append(self._frame)
        if running.audience:
            running.audience.desk.hooks.append(self._question)

    @property
    def jobs(self) -> dict[str, Job]:
        """What is to be kept running while the channel is on air."""
        return {"events": self._run}

    def routes(self, guard: Guard) -> APIRouter:
        """What operators do and hear over HTTP."""
        router = APIRouter()
        router.include_router(orders_routes(self.director, guard))
        router.include_router(events_routes(self.streams, guard))
        router.include_router(outputs_routes(self.outputs, guard))
        router.include_router(cast_routes(self.cast, guard))
        return router

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        self.director.said(utterance)
        line, frames = utterance.line, {"first": utterance.first, "last": utterance.last}
        self._happenings.tell("line/end", line=line.id, lane=utterance.lane, cut=utterance.cut, **frames)

    def changed(self) -> None:
        """Something else is on air now."""
        playing = self._running.studio.playout.now
        self.director.changed()
        if (line := playing.line) is None:
            return
        facts = {"lane": playing.lane, "segment": line.segment, "product": line.product, "language": line.language}
        self._happenings.tell("line/start", line=line.id, text=line.text, **facts)
        if line.product != self._product:
            self._product = line.product
            self._happenings.tell("product", product=line.product, title=line.card.title if line.card else "")

    async def _run(self) -> None:
        """Hear of alarms from all threads, and keep those who listen, until cancelled."""
        self._loop = asyncio.get_running_loop()
        for alarm in self._running.alarms.raised:
            self._sounded(alarm)
        await self.streams.run()

    def _word(self, line: Line, word: int) -> None:
        if word < len(line.tokens):
            self._happenings.tell("words", line=line.id, word=word, of=len(line.tokens), text=line.tokens[word].shown)

    def _frame(self, row: Row) -> None:
        """Tell of another scene; the render thread puts it on air."""
        shown = self._running.studio.picture.shown
        if shown is not self._scene:
            self._scene = shown
            self._happenings.tell("scene", scene=shown[0], frame=shown[1])

    def _question(self, event: Event) -> None:
        facts = event._asdict()
        self._happenings.tell("question", state=facts.pop("what"), **facts)

    def _alarm(self, alarm: Alarm) -> None:
        """From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._sounded, alarm)

    def _sounded(self, alarm: Alarm) -> None:
        since = alarm.since.isoformat(timespec="seconds")
        self._happenings.tell("alarm", name=alarm.name, text=alarm.text, since=since, over=alarm.over)

    def _follow(self, rundown: Rundown) -> Callable[[], None]:
        """Make the coverage map ready for another order of the segments."""
        show, now, report = self._running.studio.script.show, self._running.now, self._running.report
        cover = self._running.coverage.ready(rundown, lambda entry: show.on_sale(entry, now()))
        return lambda: cover(report.place)
