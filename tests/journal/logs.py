"""What the tests of the journal share: utterances, journals that run for a moment, and their rows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from until import until

from host_engine.alarms import Alarms
from host_engine.journal.address import Address, address
from host_engine.journal.chain import Row
from host_engine.journal.journal import Journal
from host_engine.journal.reading import AsRun
from host_engine.journal.verify import Verdict, verify
from host_engine.show.rundown import Basis, Line, Place
from host_engine.show.spoken import tokens
from host_engine.show.utterance import Cut, Utterance

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


def line(id: str, text: str = "It costs ten euros.", entry: int = 0) -> Line:
    place = Place(f"a/{entry}", 3, 1, 0, 7)
    basis = Basis("tea", "b8c9c7174163", "15.00 EUR", "12.00 EUR")
    return Line(id, text, tokens(text, "en", {}), "en", "a", "sencha", basis=basis, place=place)


def utterance(
    id: str, first: int = 0, last: int = 99, cut: Cut = "", lane: str = "rundown", text: str = ""
) -> Utterance:
    said = line(id, text or "It costs ten euros.")
    return Utterance(said, lane, "flite:slt", first, last, NOW, NOW, word=2, whole=True, cut=cut)


class OnAir:
    """What a report would say."""

    def __init__(self) -> None:
        self.n = 0
        self.place: Place | None = None
        self.utterance: Utterance | None = None
        self.ended = False

    def put(self, id: str, first: int, entry: int = 0) -> None:
        said = line(id, entry=entry)
        self.place, self.n = said.place, first
        self.utterance = Utterance(said, "rundown", "flite:slt", first, first, NOW, NOW, word=1, whole=True)

    def end(self) -> None:
        self.ended = True


def sqlite(folder: Path) -> Address:
    return address("demo.sqlite", folder)


def make(
    where: Address, folder: Path, alarms: Alarms | None = None, key: bytes = b"", channel: str = "demo"
) -> Journal:
    return Journal(where, channel, alarms or Alarms(), folder, key)


@contextlib.asynccontextmanager
async def running(journal: Journal) -> AsyncIterator[asyncio.Task[None]]:
    """The journal at work; it ends in order."""
    task = asyncio.create_task(journal.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def written(journal: Journal, count: int, seconds: float = 20) -> None:
    """Wait until so many rows are in the database."""
    await until(lambda: (journal.status()["rows"] or 0) >= count and not journal.status()["waiting"], seconds)


async def kill(journal: Journal, task: asyncio.Task[None]) -> None:
    """End it as SIGKILL would: nothing more is written, the system lets go of its files."""
    ended = asyncio.Event()

    async def finish() -> None:
        ended.set()
        await asyncio.Event().wait()

    journal._finish = finish  # type: ignore[method-assign]
    journal._thread.submit(journal._writer.close).result()
    journal._writer.write = lambda *_: None  # type: ignore[method-assign]
    task.cancel()
    await asyncio.wait_for(ended.wait(), 10)


def rows(where: Address, channel: str = "demo") -> list[Row]:
    with contextlib.closing(AsRun(where, channel)) as log:
        return list(log.rows())


def said(where: Address) -> list[str]:
    """The lines of the utterances, and the texts of the facts of the kind "test"."""
    return [
        str(row["line"] or row["text"]) for row in rows(where) if row["kind"] == "utterance" or row["why"] == "test"
    ]


def verdict(where: Address, key: bytes = b"", channel: str = "demo") -> Verdict:
    with contextlib.closing(AsRun(where, channel)) as log:
        return verify(log.rows, log.head, channel, key)


def marked(folder: Path) -> str:
    """The mark on disk, "" where there is none."""
    path = folder / "demo.on-air.json"
    return path.read_text() if path.exists() else ""
