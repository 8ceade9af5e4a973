"""A show that is directed: the real script, lanes, playout, report and director, frame by frame in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
from on_stage import CATALOG, NOW, Inline

from host_engine.access.who import Who
from host_engine.channel.gate.embargo import Embargo
from host_engine.direction.directed import Directed
from host_engine.direction.director import Director
from host_engine.direction.kept_file import KeptFile
from host_engine.direction.lasting import Lasting
from host_engine.direction.segment_order import SegmentOrder
from host_engine.gate.verdict import Finding, Verdict
from host_engine.media import Beat, Face, Format
from host_engine.playout.ahead import Ahead
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.evidence import Evidence
from host_engine.show.rundown import Line
from host_engine.show.script import Script, Show, load_show
from host_engine.show.utterance import Utterance

FORMAT = Format(fps=25)
WORD = 8  # frames
ANNA = Who("anna")
RUNDOWN = """\
segments:
  - id: hello
    lines: [{id: one, text: Good day to you.}, {id: two, text: We are so glad.}]
  - id: tea
    product: sencha
    lines: [{id: one, text: This is a tea.}, {id: two, text: "It costs {price} now."}]
  - id: pot
    product: pot
    lines: [{id: one, text: Here is a pot.}, {id: two, text: It is quite round.}]
"""


class ScriptedJudge:
    """Stops whatever speaks of a cure, and knows what backs a price."""

    def check(self, text: str, language: str, product: str | None, now: object) -> Verdict:
        if "cure" in text:
            return Verdict(findings=(Finding("medical", "cure", "Nobody may say that."),))
        return Verdict((Evidence(product, "price", "15.00 EUR"),) if "price" in text else ())


class Program:
    muted = False

    def __init__(self) -> None:
        self.turned: list[bool] = []

    def mute(self, on: bool) -> int:
        self.muted = on
        self.turned.append(on)
        return 100


class Picture:
    by_hand: str | None = None
    shown = ("studio", 0)

    def choices(self) -> list[dict[str, Any]]:
        return [{"name": "studio", "kind": "show", "on_air": True, "by_hand": False}]

    def choose(self, scene: str | None) -> None:
        if scene not in (None, "studio", "close-up"):
            raise ValueError(f"there is no scene '{scene}'")
        self.by_hand = scene


class Tongues:
    def sayable(self, language: str) -> bool:
        return language in ("en", "de")


def show(folder: Path, rundown: str = RUNDOWN) -> Show:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalog.yaml").write_text(CATALOG)
    (folder / "rundown.yaml").write_text(rundown)
    return load_show(folder)


class Stage:
    """`ahead`: beats between pulling and drawing, as for a host who was filmed. `file`: keeps the order of segments."""

    def __init__(self, of: Show, ahead: int = 0, file: Path | None = None) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.audited: list[tuple[str, str, str]] = []
        self.facts: list[dict[str, object]] = []
        self.said: list[Utterance] = []
        self.heard: list[str | None] = []  # ids of lines, frame by frame
        self.words: list[tuple[str, int]] = []
        self.n, self.late = 0, 0.0
        self.script = Script(of, lambda: NOW)
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.next = Lane("next", self.make)
        self.next.ordered = True
        self.answers = Lane("answers", self.make, cut=Cut.PAUSE)
        self.rundown = Lane("rundown", self.make, self.script.next)
        played = Playout([self.operator, self.next, self.answers, self.rundown], Idle(FORMAT), 50)
        self.playout: Playout | Ahead = Ahead(played, lambda face: None, ahead) if ahead else played
        self.report = Report(self.playout, self._said, lambda: NOW)
        self.report.changed = self._changed
        self.report.word = lambda line, word: self.words.append((line.id, word))
        self.program, self.picture, self.judge, self.embargo = Program(), Picture(), ScriptedJudge(), Embargo()
        directed = Directed(
            self.playout, self.program, self.picture, self.script, self.operator, self.next, self.answers,
            self.rundown, self.report, lambda: self.judge, Tongues(), lambda: NOW, self.embargo.named,
        )  # fmt: skip
        order = SegmentOrder(self.script, Inline(), KeptFile(file, Inline()) if file else None)
        lasting = Lasting(KeptFile(file.with_name("direction.json"), Inline()) if file else None)
        self.director = Director(directed, Inline(), self._tell, self._audit, order, lasting)

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        await asyncio.sleep(self.late)
        if "unsayable" in line.text:
            raise RuntimeError("a fault of the test")
        count = WORD * max(1, len(line.tokens))
        for k in range(count):
            yield Beat(np.zeros(FORMAT.samples, np.float32), Face(speaking=True), line, k // WORD, left=count - 1 - k)

    async def play(self, frames: int) -> None:
        for _ in range(frames):
            beat = self.playout.pull()
            self.report.frame(self.n, beat)
            self.heard.append(beat.line.id if beat.line else None)
            self.n += 1
            await asyncio.sleep(1 / 25)

    async def until(self, what: Callable[[], object], frames: int = 1500) -> None:
        for _ in range(frames):
            if what():
                return
            await self.play(1)
        raise AssertionError(f"it never was; heard {self.lines()}")

    async def on_air(self, line: str) -> None:
        """Let the show pass until this line is on air."""
        await self.until(lambda: self.now == line)

    @property
    def now(self) -> str | None:
        line = self.playout.now.line
        return line.id if line else None

    def lines(self) -> list[str]:
        """The ids of what was heard, each once in a row; a sentence of an operator as its words."""
        found: list[str] = []
        for each in self.heard:
            name = each or "idle"
            if not found or found[-1] != name:
                found.append(name)
        return found

    def _said(self, utterance: Utterance) -> None:
        self.said.append(utterance)
        self.director.said(utterance)

    def _changed(self) -> None:
        self.director.changed()
        if line := self.playout.now.line:
            self.script.on_air(line)

    def _tell(self, what: str, **data: Any) -> None:
        self.told.append((what, data))

    def _audit(self, who: Who, action: str, outcome: str = "done", **facts: object) -> None:
        self.audited.append((who.name, action, outcome))
        self.facts.append(facts)
