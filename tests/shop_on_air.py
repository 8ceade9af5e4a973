"""A shop on a real playout with the real gate and script, in virtual time; threads do their work at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from on_stage import Inline

from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.channel.catalogs.catalog_air import CatalogAir
from host_engine.channel.catalogs.catalog_parts import GatePart, ScriptPart
from host_engine.channel.gate.gatekeeping import Gatekeeper
from host_engine.direction.happenings import Happenings
from host_engine.media import Beat, Face, Format
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.rundown import Line
from host_engine.show.script import Script, Show
from host_engine.show.utterance import Utterance
from host_engine.swap.keeping import Keeping
from host_engine.swap.library import Library
from host_engine.swap.opening import open_in_force
from host_engine.swap.part import Change
from host_engine.swap.reading import Reader
from host_engine.swap.store import Store
from host_engine.swap.swapping import CatalogsOnAir
from host_engine.swap.telling import Telling

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FORMAT = Format(fps=25)
WORD = 3  # frames
ANNA = Who("anna")
TEA = """\
name: tea
shop: Leaf
language: en
products:
- {id: sencha, title: Sencha, description: A green tea., price: 15.00 EUR, material: leaves}
- {id: pot, title: Clay Pot, description: A brown pot., price: 40.00 EUR}
- {id: cup, title: Cup, description: A small cup., price: 9.00 EUR}
"""
TEA_LINES = """\
ticker: ["Welcome to {shop}"]
segments:
- id: hello
  lines: [Hello and welcome.]
- id: sencha
  product: sencha
  lines: ["This is the {title}.", "It costs {price} at our shop.", "It is made of {material}."]
- id: pot
  product: pot
  lines: ["Here is the {title}.", "It costs {price}."]
- id: cup
  product: cup
  lines: ["And a {title} for {price}."]
"""
SKIN = """\
name: skin
shop: Dew
language: en
products:
- {id: cream, title: Day Cream, description: A cream., price: 20.00 EUR}
- {id: pot, title: Clay Pot, description: A white pot., price: 44.00 EUR}
"""
SKIN_LINES = """\
segments:
- id: cream
  product: cream
  lines: ["The {title} costs {price}.", "It is a cream."]
- id: pot
  product: pot
  lines: ["The {title} is {price}."]
"""


def write(folder: Path, catalog: str, rundown: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalog.yaml").write_text(catalog)
    (folder / "rundown.yaml").write_text(rundown)
    return folder


def shelves(folder: Path) -> Path:
    """The two catalogs in a folder; that of tea is the channel's."""
    write(folder / "tea", TEA, TEA_LINES)
    write(folder / "skin", SKIN, SKIN_LINES)
    return folder


class Noted:
    """A part that notes what it was given, and fails where it is to."""

    name = "noted"

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.shows: list[Show] = []
        self.fails = False

    def prepare(self, change: Change) -> Callable[[], None]:
        if self.fails:
            raise RuntimeError("a fault of the test")
        self.changes.append(change)
        return lambda: self.shows.append(change.show)


class Desk:
    """The audience's desk, as far as changes concern it."""

    def __init__(self) -> None:
        self.paused: list[bool] = []
        self.withdrawn: list[set[str]] = []

    def pause(self, on: bool) -> None:
        self.paused.append(on)

    def withdraw(self, products: set[str]) -> None:
        self.withdrawn.append(set(products))


class Shop:
    """What is on air, frame by frame. `begun`: each line that came on air, with the show in force at that moment."""

    def __init__(self, folder: Path, threads: Executor | None = None) -> None:
        """`folder`: as `shelves` makes it; what is in force is kept beside the catalogs. `threads`: that read them."""
        self.folder, threads = folder, threads or Inline()
        library, store = Library(folder, folder / "tea"), Store(folder / "kept" / "channel")
        self.opened = opened = open_in_force(store, library)
        self.alarms, self.happenings = Alarms(), Happenings(lambda: self.n)
        self.audited: list[tuple[str, str, str]] = []
        self.facts: list[str] = []
        self.n = 0
        self.told: list[Utterance] = []
        self.begun: list[tuple[Line, Show, frozenset[str]]] = []
        self.beats: list[Beat] = []
        self.keeper = Gatekeeper(opened.show, now=lambda: NOW)
        self.script = Script(opened.show, lambda: NOW)
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.answers = Lane("answers", self.make, cut=Cut.PAUSE)
        self.rundown = Lane("rundown", self.make, self.script.next)
        self.rundown.refused = lambda line: (self.rundown.clear(), self.script.back(line))
        self.playout = Playout([self.operator, self.answers, self.rundown], Idle(FORMAT), 50)
        self.playout.backed = self.keeper.backed
        self.report = Report(self.playout, self.told.append, lambda: NOW)
        self.report.changed = self._changed
        self.desk, self.noted = Desk(), Noted()
        picture = SimpleNamespace(doubt=lambda stale: None)
        studio: Any = SimpleNamespace(
            playout=self.playout, rundown=self.rundown, script=self.script, gatekeeper=self.keeper, picture=picture,
            show=opened.show,
        )  # fmt: skip
        desk: Any = self.desk
        self.air = CatalogAir(studio, desk, lambda: self.n, lambda: NOW)
        self.telling = Telling(self._audit, self.happenings.tell, self._fact, self.alarms.check)
        keeping = Keeping(opened.state, library, store, Reader(store, None), threads, self.telling, Inline())
        parts = [GatePart(studio, self.air), self.noted, ScriptPart(studio, self.air)]
        self.keeping = keeping
        self.catalogs = CatalogsOnAir(
            opened, keeping, parts, self.air, threads, self.telling, lambda: NOW, quick=Inline()
        )

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        """Judged as a line is, and spoken in a tenth of a second."""
        line = self.keeper.judged(line)
        await asyncio.sleep(0.1)
        count = WORD * max(1, len(line.tokens))
        for k in range(count):
            yield Beat(
                np.zeros(FORMAT.samples, np.float32),
                Face(speaking=True),
                line,
                k // WORD,
                None,
                "v",
                False,
                count - 1 - k,
            )

    async def play(self, frames: int) -> None:
        """Let so many frames pass."""
        for _ in range(frames):
            beat = self.playout.pull()
            self.report.frame(self.n, beat)
            self.beats.append(beat)
            self.n += 1
            await asyncio.sleep(1 / 25)

    async def until(self, what: Callable[[], object], frames: int = 2000) -> None:
        """Let the show pass until something is so."""
        for _ in range(frames):
            if what():
                return
            await self.play(1)
        raise AssertionError("it never was")

    async def do(self, order: Any, frames: int = 2000) -> Any:
        """What comes of an order, which the show goes on meanwhile."""
        task = asyncio.ensure_future(order)
        await self.until(task.done, frames)
        return task.result()

    def texts(self) -> list[str]:
        return [line.text for line, _, _ in self.begun]

    def _changed(self) -> None:
        self.air.changed()
        line = self.playout.now.line
        if line is not None:
            recalled = frozenset(self.catalogs.products.overlay.recalled)
            self.begun.append((line, self.catalogs.show, recalled))

    def _audit(self, who: Who, action: str, outcome: str = "done", **facts: object) -> None:
        self.audited.append((who.name, action, outcome))

    def _fact(self, kind: str, text: str, **details: object) -> None:
        self.facts.append(text)
