"""The air of a rehearsal: it steps from line to line, by the same lanes' rules, script and desk as a channel on air."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Set
from datetime import UTC, datetime
from typing import NamedTuple

from host_engine.audience.airing import Airing
from host_engine.playout.cue import PassedOver
from host_engine.rehearsal.heard import OnAir, Rehearsed, Stopped
from host_engine.show.fillers import PREFIX
from host_engine.show.reminder import Reminder
from host_engine.show.rundown import Line
from host_engine.show.script import Script
from host_engine.show.utterance import Cut, Utterance

FPS = 25
ENDS = ",;:–—-.!?…，、；：。！？"
CLOSING = "\"”»’')]}"
GAP = 0.3  # seconds that an answer's next sentence is waited for
PREPARED = 2  # answers' lines in preparation
IDLE = 0.5  # seconds of silence, where there is nothing to say
MOST = 500  # lines that may be passed over in a row


class _Phrase(NamedTuple):
    """What is said in one breath: the index behind its last token, and its seconds."""

    end: int
    seconds: float


class Stage:
    """Implements `Programme` for the audience's desk. What it has said is in `rehearsed`.

    A line takes as long as `takes` says. Nothing of the rundown is made ready ahead here: on air, what is ready is let
    go of when a segment's time comes, which is the same.
    """

    def __init__(
        self,
        script: Script,
        rehearsed: Rehearsed,
        now: Callable[[], datetime],
        takes: Callable[[Line], float],
        judge: Callable[[Line], object],
        pause: float,
    ) -> None:
        """`judge` is handed each line and may raise PassedOver. `pause`: as `audience.pause` of the channel file."""
        self.script, self.rehearsed, self.now = script, rehearsed, now
        self.airing: Airing | None = None
        self.reminder = Reminder(script, now, self.coming)
        self.told: Callable[[Utterance], None] = lambda said: None
        self._takes, self._judge, self._pause = takes, judge, pause
        self._answers: deque[Line] = deque()
        self._broken_off: tuple[Line, int, str] | None = None  # a line that was interrupted, its next token, its lane
        self._line: Line | None = None
        self._at: Line | None = None  # the line of the rundown that was on air last
        self._borders: list[float] = []
        self._answering: Line | None = None

    async def run(self) -> None:
        """Be on air until the time is over."""
        loop, end = asyncio.get_running_loop(), self.rehearsed.seconds
        while loop.time() < end:
            found = await self._next()
            if found is None:
                if self.airing:
                    self.airing.on_air(None)
                self.rehearsed.idle += IDLE
                await asyncio.sleep(IDLE)
                continue
            await self._say(*found)

    # what the desk sees of it

    @property
    def line(self) -> Line | None:
        return self._line

    @property
    def product(self) -> str | None:
        return self._at.product if self._at else None

    @property
    def segment(self) -> str:
        return self._at.segment if self._at else "answers"

    @property
    def next_product(self) -> str | None:
        entries = self.script.show.rundown.entries
        here = self._at.id.partition(":")[0] if self._at else None
        first = next((n for n, entry in enumerate(entries) if entry.id == here), -1)
        following = (entries[(first + k) % len(entries)].product for k in range(1, len(entries) + 1))
        return next((id for id in following if id and id != self.product), None)

    @property
    def border(self) -> float | None:
        now = asyncio.get_running_loop().time()
        return next((at - now for at in self._borders if at >= now), 0.0)

    def prepared(self, line: Line) -> bool:
        return True

    def coming(self, line: Line) -> bool:
        waiting = self._broken_off is not None and self._broken_off[0] is line
        return waiting or self._line is line or any(each is line for each in self._answers)

    def hurry(self) -> None:
        while self.airing and len(self._answers) < PREPARED and (line := self.airing.feed()):
            self._answers.append(line)

    def put_first(self, line: Line) -> None:
        self._answers.appendleft(line)

    def withdraw(self, lines: Set[str]) -> None:
        self._answers = deque(each for each in self._answers if each.id not in lines)

    # what is said

    async def _next(self) -> tuple[Line, str, int] | None:
        """The next line, its lane, and its first token; None where there is none."""
        for _ in range(MOST):
            line, lane, start = await self._choose()
            try:
                self._judge(line)
            except PassedOver as why:
                at = asyncio.get_running_loop().time()
                self.rehearsed.stopped.append(Stopped(at, line.id, line.text, str(why)))
            else:
                return line, lane, start
        return None

    async def _choose(self) -> tuple[Line, str, int]:
        if line := self.reminder.feed():
            return line, "mandatory", 0
        self.hurry()
        if self._answering and self.airing and not self._answers:
            await self._keep_free()
        if self._answers:
            self._answering = line = self._answers.popleft()
            return line, "answers", 0
        self._answering = None
        if self._broken_off:
            (line, start, lane), self._broken_off = self._broken_off, None
            return line, lane, start
        return self.script.next(), "rundown", 0

    async def _keep_free(self) -> None:
        """More of the answer may be coming."""
        assert self.airing
        assert self._answering
        for _ in range(10):
            if self._answers or not self.airing.follows(self._answering):
                return
            await asyncio.sleep(GAP / 10)
            self.hurry()

    async def _say(self, line: Line, lane: str, start: int) -> None:
        loop = asyncio.get_running_loop()
        began, moment = loop.time(), self.now()
        phrases = [each for each in self._phrases(line) if each.end > start]
        self._on_air(line, began, phrases)
        cut: Cut = ""
        end = start
        sharp = self._next_sharp(line)
        for n, phrase in enumerate(phrases):
            left = sum(each.seconds for each in phrases[n + 1 :])
            if sharp is not None and loop.time() + phrase.seconds > sharp:
                await asyncio.sleep(max(0.0, sharp - loop.time()))
                cut = "cut"
                break
            await asyncio.sleep(phrase.seconds)
            end = phrase.end
            self.hurry()
            if lane == "rundown" and left > self._pause and self._answers:
                cut, self._broken_off = "pause", (line, end, lane)
                break
        self._off_air(line, lane, start, end, cut, began, moment)

    def _on_air(self, line: Line, began: float, phrases: Iterable[_Phrase]) -> None:
        self._line, self._borders, at = line, [], began
        for phrase in phrases:
            at += phrase.seconds
            self._borders.append(at)
        if line.place is not None:
            self._at = line
        self.script.on_air(line)
        self.reminder.on_air(line)
        if self.airing:
            self.airing.on_air(line)

    def _off_air(self, line: Line, lane: str, start: int, end: int, cut: Cut, began: float, moment: datetime) -> None:
        now = asyncio.get_running_loop().time()
        self._line = None
        said = Utterance(
            line, lane, "rehearsed", int(began * FPS), int(now * FPS), moment, self.now(), max(0, end - 1),
            bool(end), cut, start,
        )  # fmt: skip
        if line.id.startswith(PREFIX):
            self.rehearsed.stuck += now - began
        round = line.place.round if line.place else -1
        self.rehearsed.said.append(OnAir(began, now - began, lane, line, cut, round))
        self.reminder.said(said)
        self.told(said)
        if cut == "cut":
            self._broken_off = None
            self.script.swap(self.script.show, line if line.place else None)

    def _next_sharp(self, line: Line) -> float | None:
        """When the line is cut for a segment that comes sharp, on the loop's clock; None where nothing does."""
        rundown = self.script.show.rundown
        now = self.now().astimezone(rundown.zone)
        times = [
            rundown.entries[n].rules.next_time(now)
            for n in rundown.timed
            if rundown.entries[n].rules.sharp and rundown.entries[n].segment != line.segment
        ]
        soonest = min((each for each in times if each), default=None)
        if soonest is None:
            return None
        return (soonest - self.rehearsed.begin.astimezone(UTC)).total_seconds()

    def _phrases(self, line: Line) -> list[_Phrase]:
        """The line's phrases, each as long as its share of the letters."""
        total = max(1, sum(len(token.said) for token in line.tokens))
        seconds, found, letters = self._takes(line), [], 0
        for n, token in enumerate(line.tokens, 1):
            letters += len(token.said)
            if n == len(line.tokens) or token.shown.rstrip(CLOSING).endswith(tuple(ENDS)):
                found.append(_Phrase(n, seconds * letters / total))
                letters = 0
        return found or [_Phrase(0, seconds)]
