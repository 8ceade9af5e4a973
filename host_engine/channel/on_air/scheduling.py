"""The clock of the show at work: mandatory lines come in time, and segments of a certain time come at it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from host_engine.alarms import Alarms
from host_engine.host.deadline import DaemonThreads
from host_engine.show.reminder import Reminder
from host_engine.show.rundown import Line
from host_engine.show.utterance import Utterance

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)

LOOK = 0.25  # seconds between two looks at the clock
AHEAD = timedelta(seconds=10)  # of its time, at which the first line of a sharp segment is spoken, to be ready
PATIENCE = 5.0  # seconds for that line to be ready, before the line on air is left alone
MANDATORY, STUCK = "schedule/mandatory", "schedule/stuck"  # alarms
Told = Callable[..., object]


class Scheduling:
    """Sees to it that what has a time is said at it. What it does to the lanes it does between two frames."""

    def __init__(self, studio: Studio, alarms: Alarms, now: Callable[[], datetime]) -> None:
        self._studio, self._alarms, self._now = studio, alarms, now
        self._threads = DaemonThreads(1, "schedule")
        self._spoken: tuple[str, datetime] | None = None
        self._seen: dict[str, float] = {}  # segment -> the time of it that was seen to, in UNIX seconds
        self.reminder = Reminder(studio.script, now, self._coming)
        self.told: Told = lambda what, **data: None
        studio.mandatory.feed = self.reminder.feed

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running while the channel is on air."""
        return {"schedule": self.run}

    async def run(self) -> None:
        """Watch the clock, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """See whether a segment's time has come, or a mandatory line is late."""
        self._check()
        rundown = self._studio.script.show.rundown
        if not any(rundown.entries[n].rules.at for n in rundown.timed):
            return
        now = self._now().astimezone(rundown.zone)
        for n in rundown.timed:
            entry = rundown.entries[n]
            spell = entry.rules.due(now)
            if spell is None:
                self._speak_ahead(n, now)
            elif self._seen.get(entry.segment) != spell.opens.timestamp():
                self._seen[entry.segment] = spell.opens.timestamp()
                begun = self._studio.script.history.began.get(entry.segment, ())
                if not any(at >= spell.opens.timestamp() for at in begun):
                    await self._bring(entry.segment, entry.rules.sharp)

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        self.reminder.said(utterance)

    def changed(self) -> None:
        """Something else is on air now."""
        line = self._studio.playout.now.line
        if line is not None:
            self._studio.script.on_air(line)
        self.reminder.on_air(line)

    def status(self) -> dict[str, Any]:
        """For /status: when each mandatory line was said last, and what is late or stuck."""
        script = self._studio.script
        now = self._now().timestamp()
        history = script.history.at(now)
        lines = [
            {
                "id": line.id,
                "every_s": line.every.total_seconds(),
                "said_s_ago": round(now - history.said[line.id].at, 1) if line.id in history.said else None,
                "due_in_s": round(line.deadline(history) - now, 1),
            }
            for line in script.show.rundown.mandatory
        ]
        return {"mandatory": lines, "stuck": script.stuck, "passed": dict(script.rulings.reasons)}

    async def _bring(self, segment: str, sharp: bool) -> None:
        """Let go of what is ready of the rundown, so that the segment is next; cut the line on air for a sharp one."""
        studio = self._studio
        kept = [cue for cue in studio.rundown.cues if cue.begun]  # a line that was interrupted is said to its end
        if not (kept and not sharp):
            studio.rundown.clear()
            studio.script.swap(studio.script.show, studio.playout.now.line)
        else:
            studio.rundown.withdraw({cue.line.id for cue in studio.rundown.cues if not cue.begun})
            studio.script.swap(studio.script.show, kept[0].line)
        self.told("schedule", segment=segment, sharp=sharp)
        if sharp:
            await self._cut_for(segment)

    async def _cut_for(self, segment: str) -> None:
        """Take what is on air off it, once the segment's first line is ready; an operator's words are left alone."""
        studio = self._studio
        before = studio.answers.held
        studio.answers.held = True
        try:
            async with asyncio.timeout(PATIENCE):
                while not (studio.rundown.ready and studio.rundown.cues[0].line.segment == segment):
                    if self._at(segment):
                        return
                    await asyncio.sleep(0.01)
            if not studio.rundown.held and studio.playout.now.lane in ("rundown", "answers"):
                studio.playout.take()
            async with asyncio.timeout(PATIENCE):
                while not self._at(segment) and not studio.rundown.held:  # noqa: ASYNC110 - the lanes tell nobody
                    await asyncio.sleep(0.01)
        except TimeoutError:
            log.warning("the segment %s could not come sharp at its time; it comes at the end of the line", segment)
        finally:
            studio.answers.held = before

    def _at(self, segment: str) -> bool:
        line = self._studio.playout.now.line
        return line is not None and line.segment == segment

    def _speak_ahead(self, n: int, now: datetime) -> None:
        """Have the first line of a sharp segment spoken, so that it is ready at its time."""
        show = self._studio.script.show
        entry = show.rundown.entries[n]
        at = entry.rules.next_time(now) if entry.rules.sharp else None
        if at is None or at - now > AHEAD or self._spoken == (entry.id, at):
            return
        self._spoken = entry.id, at
        variant = entry.variant(self._studio.script.round, show.on_sale(entry, now))
        if variant is not None:
            line = show.line(entry, variant, 0, self._studio.script.round, at)
            self._threads.submit(self._speak, line)

    def _speak(self, line: Line) -> None:
        try:
            self._studio.voices.speak(line.said)
        except Exception:
            log.warning("the line %s could not be spoken ahead of its time", line.id, exc_info=True)

    def _coming(self, line: Line) -> bool:
        playout = self._studio.playout
        return playout.coming(line) or playout.now.line is line

    def _check(self) -> None:
        late = ", ".join(f"'{line.id}' ({seconds:.0f} s)" for line, seconds in self.reminder.late())
        said = f"Mandatory lines are late: {late}. They come as soon as nothing more urgent is on air." if late else ""
        self._alarms.check(MANDATORY, said)
        stuck = self._studio.script.stuck
        said = f"The rules of the rundown leave nothing to say: {stuck}. Give a segment more hours or a higher limit."
        self._alarms.check(STUCK, said if stuck else "")
