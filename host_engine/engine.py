"""The composition root: builds every part of a channel from its file, hands each what it needs, keeps them running."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from socket import socket
from typing import TYPE_CHECKING, Any

from host_engine.alarms import Alarms
from host_engine.channel.labels.label_at_work import make_label
from host_engine.channel.labels.marks_at_work import Marks
from host_engine.channel.obs.feeding import with_feed
from host_engine.channel.on_air.policies_at_work import PoliciesAtWork
from host_engine.channel.on_air.running import Running
from host_engine.channel.on_air.scheduling import Scheduling
from host_engine.channel.on_air.shop_window import ShopWindow
from host_engine.channel.operators.front_desk import FrontDesk
from host_engine.channel.operators.operator_at_work import OperatorAtWork
from host_engine.channel.outputs.alerting import VIEWERS, follow, make_monitor, make_webhook
from host_engine.channel.outputs.output_making import make_output
from host_engine.channel.outputs.outputs_at_work import Outputs
from host_engine.channel.outputs.renditions_at_work import Renditions
from host_engine.channel.outputs.watching import Watching
from host_engine.channel.studio.build import as_it_is, build, utc
from host_engine.channel.studio.catalog_in_force import CatalogInForce
from host_engine.channel.studio.record import both, cover, go_on, kept_file, make_journal
from host_engine.channel_file.config import Channel
from host_engine.clock import MediaClock
from host_engine.control.explain import Scene
from host_engine.control.profiler import Profiler
from host_engine.control.server import listen, serve_on
from host_engine.media import Unit
from host_engine.outputs.deliveries import Deliveries
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.whep import Whep  # now: on a thread after the first frame it makes others 0.3 s late
from host_engine.playout.air import on_air
from host_engine.playout.degradation import Degradation
from host_engine.playout.ladder import rungs
from host_engine.process.heap import keep_tidy
from host_engine.process.systemd import Systemd
from host_engine.process.watchdog import Watchdog
from host_engine.supervise import Jobs, supervise

if TYPE_CHECKING:
    from host_engine.channel.audience.audience_at_work import AudienceAtWork
    from host_engine.chaos.chaos import Chaos

log = logging.getLogger(__name__)


class Engine:
    """One channel on air. `run()` ends only when it is cancelled; then everything is closed in order."""

    def __init__(
        self, channel: Channel, keys: dict[str, str], chaos: Chaos | None = None, from_start: bool = False
    ) -> None:
        """`chaos`: a plan of faults to survive. `from_start`: with the first line, wherever the show was cut."""
        self.channel, self.chaos = channel, chaos
        self._wrap = chaos.wrap if chaos else as_it_is
        self.alarms = Alarms()
        self.jobs = Jobs(self.alarms)
        now = self._wrap("clock", "", utc)
        self.journal = make_journal(channel, keys, self.alarms, now, self._wrap("journal", "", lambda: None))
        if chaos:
            chaos.hooks.append(lambda change: self.journal.fact("chaos", str(change)))
        self.in_force = CatalogInForce(channel)
        self.studio = build(channel, alarms=self.alarms, wrap=self._wrap, load=self.in_force.load)
        self.channel = channel = self.studio.ruling.channel  # with what the platforms of its targets bring
        self.report = go_on(self.journal, self.studio, from_start, now)
        self.coverage = cover(self.studio, self.report, now)
        self.schedule = self._schedule(now)
        self.audience = self._audience(keys, now) if channel.audience.answers else None
        self.clock = MediaClock(channel.format.fps)
        self.deliveries = Deliveries(self.studio.trace)
        self.fanout = Fanout(self.studio.program.force_key, watch=self.deliveries)
        self.studio.program.ahead = self.fanout.ahead
        self.renditions = Renditions(channel, self.studio, self.fanout, self.deliveries, self.jobs)
        self.outputs = self._outputs(keys)
        self.policies = PoliciesAtWork(self.studio, self.alarms, self.outputs, self.fanout, now, self.journal.fact)
        self.marks = Marks(channel, keys, self.studio.stamp, self.alarms, self.journal.fact, self.outputs)
        self.operator = self._operator(keys, now)
        parts = self.renditions, self.operator, self.alarms, self.journal.fact
        self.label = make_label(self.studio, self.fanout, *parts)
        self.whep = Whep(self.fanout, channel.media, self.studio.program.force_key, most=channel.http.viewers)
        self.window = ShopWindow(channel, self.studio, self.healthy, lambda: self.whep.viewers)
        self.front = self._front_desk()
        self.profiler = self._profiler()
        self.monitor = make_monitor(channel, self.fanout, self.outputs, self.alarms, self.studio.picture)
        self.outputs.hooks.append(follow(self.monitor))
        self.watching = Watching(channel, self.renditions.programme, self.outputs, self.alarms, self.jobs)
        self.outputs.facts = self.watching.beside(self.monitor.facts)
        self.webhook = make_webhook(channel, keys, self.alarms)
        self.degradation = self._degradation()
        self.systemd = Systemd()
        hung = channel.path(channel.cache) / "hung"
        self.watchdog = Watchdog(hung, self._ready, self._alive, every=self.systemd.interval)
        self.studio.timings.hooks.append(self.watchdog.beat)
        self._last_frame = float("-inf")

    async def run(self, on_ready: Callable[[str], None] = lambda address: None) -> None:
        """Go on air and stay there. `on_ready` is given the address of the viewer page once it answers.

        Raises OSError, with a sentence, when the port cannot be opened.
        """
        listening = listen(self.channel.http.host, self.channel.http.port)
        address = "http://{}:{}".format(*listening.getsockname()[:2])
        jobs: dict[str, Callable[[], Awaitable[None]]] = {
            "air": self._air,
            "http": partial(self._serve, [listening]),
            "viewers": self._let_viewers_in,
            "monitor": self.monitor.run,
            **({"chaos": partial(self.chaos.run, self.healthy)} if self.chaos else {}),
            **({"webhook": self.webhook.run} if self.webhook else {}),
            "profiler": self.profiler.run,
            "renditions": self.renditions.run,
            "watching": self.watching.run,
            **(self.studio.presenting.jobs if self.studio.presenting else {}),
            "journal": self.journal.run,
            **(self.audience.jobs if self.audience else {}),
            **self.schedule.jobs,
            **self.marks.jobs,
            **self.policies.jobs,
            **self.label.jobs,
            **self.operator.jobs,
            "heap": keep_tidy,
        }
        gc.collect()
        gc.enable()
        gc.freeze()  # what is built now lives as long as the channel: no need to look through it again and again
        self.watchdog.start(asyncio.get_running_loop())
        try:
            async with asyncio.TaskGroup() as tasks:
                for name, job in jobs.items():
                    tasks.create_task(supervise(name, job, jobs=self.jobs), name=name)
                tasks.create_task(self.outputs.run(), name="outputs")
                on_ready(address)
        finally:
            self.watchdog.stop()
            await self.marks.end()
            self.journal.close()
            listening.close()
            self.studio.close()

    def _ready(self) -> None:
        self.systemd.tell("READY=1", "STATUS=on air")

    def _alive(self) -> None:
        line = self.studio.playout.now.line
        self.systemd.tell("WATCHDOG=1", f"STATUS=on air: {line.text[:200] if line else 'idle'}")

    async def _serve(self, opened: list[socket]) -> None:
        """Serve on the socket opened first; it is closed at the end, so another try opens its own."""
        http = self.channel.http
        page, trace = self.profiler.metrics.page, self.profiler.trace
        app = self.front.make_app(
            self.status, self.healthy, page, self.whep, self.window.now, trace=trace, guard=self.operator.guard
        )
        self.operator.join(app, self.front, self.window.now, partial(self.status, stages=False))
        self.watching.join(app)
        await serve_on(opened.pop() if opened else listen(http.host, http.port), app, self.front.doors)

    async def _let_viewers_in(self) -> None:
        """WHEP works by itself; this closes it together with all else, so that the end is quick."""
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.gather(self.whep.close(), self.front.close())

    async def _air(self) -> None:
        studio, trouble = self.studio, partial(self.alarms.check, "programme/fault")
        parts = studio.playout, studio.program.render, self._send, studio.timings, trouble, self.report.frame
        try:
            await on_air(self.clock, *parts)
        except asyncio.CancelledError:
            self.systemd.tell("STOPPING=1", "STATUS=going off air")
            raise

    def _send(self, unit: Unit) -> None:
        self._last_frame = asyncio.get_running_loop().time()
        self.fanout.send(unit)

    def _profiler(self) -> Profiler:
        studio = self.studio
        profiler = Profiler(
            studio.timings,
            studio.trace,
            self.clock,
            partial(self.status, stages=False),
            deliveries=self.deliveries.of,
            cache=studio.voices.cache,
            scene=lambda: Scene(*studio.picture.shown),
        )
        studio.preparation.report = profiler.cues.made
        return profiler

    def _degradation(self) -> Degradation:
        """What the channel does without while the machine is too slow; it sees each frame unless it is switched off."""
        studio, fps = self.studio, self.channel.format.fps
        program, filmed = studio.program, studio.presenting
        moves = filmed.crew if filmed else studio.mouths
        made = Degradation(rungs(program.encoder.coding), fps, program, moves, self.alarms.check)
        made.told = partial(self.journal.fact, "ladder")
        studio.mouths.told = made.mouth_changed
        if filmed:
            filmed.put_on_air(lambda: self.clock.late, made.mouth_changed, partial(self.journal.fact, "consent"))
        if self.channel.ladder:
            studio.timings.hooks.append(made.see)
        return made

    def _audience(self, keys: dict[str, str], now: Callable[[], datetime]) -> AudienceAtWork:
        from host_engine.channel.audience.audience_at_work import (
            AudienceAtWork,  # a channel that answers nobody need not load it
        )

        made = AudienceAtWork(self.channel, keys, self.studio, self.journal.fact, self.alarms, now)
        self.report.told = both(self.report.told, made.said)
        self.report.changed = both(self.report.changed, made.changed)
        return made

    def _outputs(self, keys: dict[str, str]) -> Outputs:
        make = partial(make_output, self.channel, self.renditions, self.alarms, self._wrap)
        kept = kept_file(self.channel, "outputs")
        self.jobs.watched = made = Outputs(*with_feed(self.channel, keys), make, self.jobs, kept=kept)
        self.renditions.join(made, self.report)
        return made

    def _schedule(self, now: Callable[[], datetime]) -> Scheduling:
        made = Scheduling(self.studio, self.alarms, now)
        self.report.told = both(self.report.told, made.said)
        self.report.changed = both(self.report.changed, made.changed)
        return made

    def _operator(self, keys: dict[str, str], now: Callable[[], datetime]) -> OperatorAtWork:
        parts = self.studio, self.audience, self.journal, self.report, self.coverage, self.alarms, self.clock
        made = OperatorAtWork(Running(self.channel, keys, *parts, now, self.outputs, self.in_force, self.policies))
        self.report.told = both(self.report.told, made.said)
        self.report.changed = both(self.report.changed, made.changed)
        return made

    def _front_desk(self) -> FrontDesk:
        """What viewers come through, with or without somebody who answers."""
        channel, audience, studio = self.channel, self.audience, self.studio
        desk, deaf = (audience.desk, audience.ears is None) if audience else (None, True)
        viewers, catalog = lambda: self.whep.viewers, lambda: studio.script.show.catalog
        return FrontDesk(channel.http, channel.audience, desk, deaf, catalog, viewers)

    def healthy(self) -> bool:
        """Frames leave: the last one less than two seconds ago."""
        return asyncio.get_running_loop().time() - self._last_frame < 2.0

    def status(self, stages: bool = True) -> dict[str, Any]:
        """What is on air and how it goes, for /status; without the summary of the stages, which takes the longest."""
        now, clock, studio = self.studio.playout.now, self.clock, self.studio
        line = now.line
        return {
            "channel": self.channel.name,
            "on_air": {
                "line": line and line.id,
                "text": line.text if line else "",
                "segment": line and line.segment,
                "product": line and line.product,
                "lane": now.lane or "idle",
            },
            "clock": {
                "frame": clock.n,
                "late_ms": round(clock.late * 1000, 2),
                "jumps": clock.jumps,
                "skipped": clock.skipped,
            },
            "voice": {"name": studio.voices.name, "fallen": studio.voices.fallen},
            "ladder": self.degradation.status(),
            **({"avatar": studio.presenting.status()} if studio.presenting else {}),
            "encoder": studio.program.encoder.coding.codec,
            "viewers": self.whep.viewers,
            "outputs": self.outputs.status(),
            "marks": self.marks.status(),
            "renditions": self.renditions.status(),
            "programme": self.monitor.status(),
            "watching": self.monitor.facts(VIEWERS),
            "jobs": self.jobs.status(),
            "journal": self.journal.status(),
            "gate": studio.gatekeeper.status(),
            "coverage": self.coverage.status(),
            "schedule": self.schedule.status(),
            "policies": self.policies.status(),
            "label": self.label.status(),
            "front_desk": self.front.status(),
            **({"audience": self.audience.status()} if self.audience else {}),
            "operator": self.operator.status(),
            **({"obs": self.operator.obs.status()} if self.operator.obs else {}),
            **({"chaos": self.chaos.status} if self.chaos else {}),
            "alarms": [{"name": each.name, "text": each.text, "since": each.since} for each in self.alarms.raised],
            "stages_ms": studio.timings.summary() if stages else {},
        }
