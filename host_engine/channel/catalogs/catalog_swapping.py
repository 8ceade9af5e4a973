"""The catalogs of a channel at work: what may be swapped to, who follows, and the files that are watched."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from host_engine.access.who import Audit
from host_engine.channel.catalogs.catalog_air import CatalogAir
from host_engine.channel.catalogs.catalog_parts import (
    GatePart,
    PicturePart,
    RecordPart,
    ScriptPart,
    VoicePart,
    voices_for,
)
from host_engine.channel.gate.read_through import stopped_in
from host_engine.channel.studio.catalog_in_force import CatalogInForce
from host_engine.control.operators.catalogs import catalogs_routes
from host_engine.control.operators.guard import Guard
from host_engine.direction.happenings import Happenings
from host_engine.gate.gate import Gate
from host_engine.gate.lists import load_more
from host_engine.host.deadline import DaemonThreads
from host_engine.host.voice import VoiceError
from host_engine.show.change import only
from host_engine.show.scene import load_scenes, names
from host_engine.show.script import Show
from host_engine.swap.doubts import Asked
from host_engine.swap.keeping import Keeping
from host_engine.swap.part import Part
from host_engine.swap.reading import Reader
from host_engine.swap.swapping import CatalogsOnAir
from host_engine.swap.telling import INVALID, Telling
from host_engine.swap.watching import watch

if TYPE_CHECKING:
    from host_engine.channel.on_air.running import Running

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
PATIENCE = 0.7  # seconds that the lines of a catalog are read against the gate, before its diff is shown
FEW = 1000  # products of a catalog that is learnt whole for that


class CatalogsAtWork:
    """Joins the catalogs to what runs."""

    def __init__(self, running: Running, in_force: CatalogInForce, happenings: Happenings, audit: Audit) -> None:
        """Raises ValueError where the catalog in force was not loaded."""
        if in_force.opened is None:
            raise ValueError("the catalog in force is loaded first")
        self._running, self._opened = running, in_force.opened
        channel, studio, audience, now = running.channel, running.studio, running.audience, running.now
        self.air = CatalogAir(studio, audience.desk if audience else None, lambda: running.clock.n, now)
        self._record = RecordPart(studio, self.air, running.coverage, running.journal, running.report, now)
        parts: list[Part] = [
            GatePart(studio, self.air),
            VoicePart(channel, studio, self.air, now),
            PicturePart(studio),
            ScriptPart(studio, self.air),
            *([AnswersPart(audience.prepare)] if audience else []),
            self._record,
        ]
        threads, quick = DaemonThreads(3, "catalogs"), DaemonThreads(2, "products")
        telling = Telling(audit, happenings.tell, running.journal.fact, running.alarms.check)
        scenes = names(load_scenes(channel.path(channel.scenes)))
        library, store = in_force.shelves
        keeping = Keeping(in_force.opened.state, library, store, Reader(store, scenes), threads, telling, quick)
        asked = Asked(self._voiceless, self._stopped)
        border = channel.operator.border
        self.catalogs = CatalogsOnAir(
            in_force.opened, keeping, parts, self.air, threads, telling, now, asked, border, quick
        )
        self._keeping, self._more = keeping, load_more(map(channel.path, channel.audience.lists))
        if in_force.opened.note:
            log.info("%s", in_force.opened.note)
            running.journal.fact("catalog", in_force.opened.note)
        if in_force.opened.trouble:
            running.alarms.sound(INVALID, in_force.opened.trouble[:500])

    @property
    def jobs(self) -> dict[str, Job]:
        """What is to be kept running while the channel is on air."""
        return {"catalogs": self._run}

    def routes(self, guard: Guard) -> APIRouter:
        """What operators do with catalogs over HTTP."""
        return catalogs_routes(self.catalogs, guard)

    def changed(self) -> None:
        """Something else is on air now."""
        self.air.changed()
        self._record.changed()

    def status(self) -> dict[str, Any]:
        """For /status."""
        return self.catalogs.status()

    async def _run(self) -> None:
        """Keep what the channel began with, then watch its files, until cancelled."""
        await self._keeping.begin()
        await watch(self.catalogs, self._running.channel.operator.watch)

    def _voiceless(self, language: str) -> str | None:
        """What speaks against a language."""
        if language.split("-")[0] == self._running.studio.script.show.catalog.language.split("-")[0]:
            return None
        try:
            name = voices_for(self._running.channel, language).name
        except VoiceError as error:
            return f"Nobody speaks '{language}': {error}."
        return f"Another voice speaks '{language}': {name}."

    def _stopped(self, show: Show) -> list[str]:
        """The lines that the fact gate would stop, as far as they can be read within a second."""
        if show.written is None:
            return []
        catalog = show.catalog
        if len(catalog.products) > FEW:  # to learn all of a large one would take a second
            catalog = only(catalog, {each.product for each in show.written.segments if each.product})
        gate, until = Gate(catalog, self._more), monotonic() + PATIENCE
        stopped = list(stopped_in(show.written, catalog, gate, self._running.now(), lambda: monotonic() > until))
        more = [f"The fact gate would pass over {len(stopped) - 10} more lines."] if len(stopped) > 10 else []
        return [f"{place}: {said}" for place, said in stopped[:10]] + more


class AnswersPart:
    """What viewers are answered from, and the words that the ears listen for."""

    name = "answers"

    def __init__(self, prepare: Callable[..., Callable[[], None]]) -> None:
        self.prepare = prepare
