"""The monitor: looks at what really left each output and sounds an alarm where that is not the show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from host_engine.alarms import Alarm, Alarms
from host_engine.media import Format
from host_engine.outputs import limits as judge
from host_engine.outputs.departures import Departures, Facts, Watched
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.limits import Limits, Troubles
from host_engine.outputs.picture_watch import Place
from host_engine.outputs.programme import NAME, Programme

PACE = 0.2  # seconds between two looks
SURE = 0.15  # seconds that a trouble must last: right after a stall of the loop, everything seems to be late
CALM = 3.0  # seconds without it before it is over: a server that takes a little now and then is one alarm
SLOW = {"bitrate": 10.0, "behind": 6.0}  # the same, of what goes up and down by itself
AT_ONCE = ("silence", "frozen", "refused")  # counted in frames: no stall can feign them
BY_THEMSELVES = ("disk-full", "cannot-write")  # what recordings say, and know better
BROADER = ("not-sending", "behind", "bitrate", "av-step")  # these give way at once to another word for the same
ALL = ("not-sending", "refused", "silence", "frozen", "bitrate", "behind", "av-step")


class Monitor:
    """Watches the programme, decoded once, and what of it each output let leave.

    A fault has one alarm: what is wrong with the programme itself is said of the programme only ("programme/silence"),
    an output that sends nothing is "NAME/not-sending" and nothing else, one that gave up "NAME/refused".
    where: see `PictureWatch`. quiet: dBFS below which nothing can be heard.
    """

    def __init__(
        self,
        fanout: Fanout,
        format: Format,
        outputs: Iterable[Watched],
        alarms: Alarms,
        limits: Limits | None = None,
        *,
        quiet: float = -60.0,
        where: Callable[[], Place | None] | None = None,
    ) -> None:
        self.programme = Programme(fanout, format, quiet, where)
        self.programme.news = self.look
        self._fanout, self._format, self._limits = fanout, format, limits or Limits()
        self._source = Departures(Watched(NAME), fanout, format)
        self._outputs = {each.name: Departures(each, fanout, format) for each in outputs}
        self._facts: dict[str, Facts] = {}
        self._alarms = Steady(alarms, fanout.now)
        self._began = fanout.now()

    async def run(self) -> None:
        """Watch until cancelled; the alarms of outputs that are no longer watched are cleared."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.programme.run())
                while True:
                    self.look()
                    await asyncio.sleep(PACE)
        finally:
            for name in (NAME, *self._outputs):
                self._alarms.tell(name, dict.fromkeys(ALL))

    def watch(self, output: Watched) -> None:
        """Watch this output too, from now on; one of the same name is forgotten."""
        self.forget(output.name)
        self._outputs[output.name] = Departures(output, self._fanout, self._format)

    def forget(self, name: str) -> None:
        """Watch it no more; its alarms are cleared."""
        if self._outputs.pop(name, None) is not None:
            self._facts.pop(name, None)
            self._alarms.forget(name)

    def look(self) -> None:
        """Judge everything now."""
        stopped, wrong = self._judge_programme()
        for name, departures in list(self._outputs.items()):
            facts = self._facts[name] = departures.facts()
            troubles = dict.fromkeys(ALL) | self._judge(departures.watched, facts, stopped, wrong)
            self._alarms.tell(name, troubles)

    def _judge_programme(self) -> tuple[bool, Troubles]:
        """Whether no frame leaves the engine, and what is wrong with those that do."""
        facts = self._facts[NAME] = self._source.facts()
        idle = self._fanout.now() - max(self._fanout.at, self._began)
        no_frame = judge.sending(self._limits, "the programme", idle, "no frame is made; see the log")
        wrong = judge.content(self._limits, "the programme", self.programme.mark)
        wrong |= judge.rate(self._limits, "the programme", facts) | judge.delivery(self._limits, "the programme", facts)
        if wrong["frozen"]:
            wrong["bitrate"] = None  # a picture that stands still needs little
        if no_frame:
            wrong = {}
        self._alarms.tell(NAME, dict.fromkeys(ALL) | wrong | {"not-sending": no_frame})
        return bool(no_frame), wrong

    def _judge(self, output: Watched, facts: Facts, stopped: bool, programme: Troubles) -> Troubles:
        """What is wrong with one output and with nothing before it."""
        limits, name = self._limits_of(output), output.name
        if output.state() == "refused":
            where = "in the channel file or the environment, or at the console"
            advice = f"put its address or stream key right {where}, and start it again"
            return {"refused": f"{output.error() or f'{name} is refused'}; it is asked again now and then: {advice}"}
        if stopped:
            return {}
        if trouble := judge.sending(limits, name, facts.idle, output.error()):
            return {} if self._told(name) else {"not-sending": trouble}
        mark = self.programme.at(facts.n) if facts.n >= 0 else None
        made = None if output.kbps else self._facts[NAME].kbps
        troubles = judge.content(limits, name, mark) | judge.rate(limits, name, facts, made)
        troubles |= judge.delivery(limits, name, facts)
        if self._alarms.lasts(f"{name}/not-sending"):  # not quite over: what is sent comes late, or is little
            late = troubles["behind"] or troubles["bitrate"]
            troubles |= {"not-sending": late, "behind": None, "bitrate": None}
        return {what: words for what, words in troubles.items() if not programme.get(what)}

    def _limits_of(self, output: Watched) -> Limits:
        """Those of the channel, for a rendition with what its own pictures need."""
        if output.kbps is None:
            return self._limits
        return replace(self._limits, kbps=output.kbps[0], usable=output.kbps[1])

    def _told(self, name: str) -> bool:
        """Whether the output has said already what is wrong with it."""
        return any(each.name in (f"{name}/{what}" for what in BY_THEMSELVES) for each in self._alarms.raised)

    def facts(self, name: str) -> dict[str, Any]:
        """What is known of one output, for /status; seconds and kbit/s, None for what is not known."""
        facts = self._facts.get(name)
        if facts is None:
            return {}
        return {
            "live_s": round(facts.live, 1),
            "kbps": facts.kbps and round(facts.kbps),
            "behind_ms": None if facts.behind is None else round(facts.behind * 1000),
            "av_ms": None if facts.skew is None else round(facts.skew * 1000, 1),
            "unsent": facts.unsent,
            "waiting": facts.depth,
        }

    def status(self) -> dict[str, Any]:
        """What the programme shows and sounds like, for /status."""
        mark, facts = self.programme.mark, self._facts.get(NAME)
        return {
            "level_dbfs": mark and round(mark.level, 1),
            "silent_s": mark and round(mark.silent, 1),
            "still_s": mark and round(mark.still, 1),
            "kbps": facts and facts.kbps and round(facts.kbps),
        }


class Steady:
    """Passes troubles on to the alarms once they are sure, and their end once it is calm."""

    def __init__(self, alarms: Alarms, now: Callable[[], float]) -> None:
        self._alarms, self._now = alarms, now
        self._since: dict[str, float] = {}  # when a trouble was first seen
        self._until: dict[str, float] = {}  # of those raised: when it was last seen

    @property
    def raised(self) -> tuple[Alarm, ...]:
        """All that is wrong now, whoever said it."""
        return self._alarms.raised

    def lasts(self, alarm: str) -> bool:
        return alarm in self._until

    def tell(self, name: str, troubles: Troubles) -> None:
        now = self._now()
        for what, words in troubles.items():
            if words:
                self._wrong(f"{name}/{what}", words, now, at_once=what in AT_ONCE)
        instead = any(words and self.lasts(f"{name}/{what}") for what, words in troubles.items())
        for what, words in troubles.items():
            if not words:
                self._calm(f"{name}/{what}", now, 0.0 if instead and what in BROADER else SLOW.get(what, CALM))

    def forget(self, name: str) -> None:
        """All troubles of that name are over, whoever told of them."""
        for what in (*ALL, *BY_THEMSELVES):
            self._since.pop(f"{name}/{what}", None)
            self._until.pop(f"{name}/{what}", None)
            self._alarms.clear(f"{name}/{what}")

    def _calm(self, alarm: str, now: float, enough: float) -> None:
        self._since.pop(alarm, None)
        if now - self._until.get(alarm, now) > enough:
            del self._until[alarm]
            self._alarms.clear(alarm)

    def _wrong(self, alarm: str, words: str, now: float, at_once: bool) -> None:
        if at_once or alarm in self._until or now - self._since.setdefault(alarm, now) >= SURE:
            self._until[alarm] = now
            self._alarms.sound(alarm, words)
