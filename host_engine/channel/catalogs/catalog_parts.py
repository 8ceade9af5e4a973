"""The parts of a channel that follow its catalog: made ready beside the show, changed together between two frames."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from host_engine.channel.catalogs.catalog_air import CatalogAir
from host_engine.channel.studio.build import gender
from host_engine.channel_file.config import Channel
from host_engine.host.voice import VoiceError, Voices, open_voices
from host_engine.journal.journal import Journal
from host_engine.playout.report import Report
from host_engine.show.coverage import Coverage
from host_engine.show.rundown import Line, Place, Rundown
from host_engine.show.script import Show
from host_engine.swap.part import Change

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)

Commit = Callable[[], None]


class GatePart:
    """Who judges lines."""

    name = "gate"

    def __init__(self, studio: Studio, air: CatalogAir) -> None:
        self._keeper, self._air = studio.gatekeeper, air

    def prepare(self, change: Change) -> Commit:
        """See `Part`."""
        commit = self._keeper.prepared(change, self._air.prepared if change.products is not None else ())
        if change.products is not None:
            return commit

        def swapped() -> None:
            commit()
            self._keeper.embargo.forget()

        return swapped


class VoicePart:
    """Who speaks: another language needs other voices. The first line of another show is spoken ahead."""

    name = "voice"

    def __init__(self, channel: Channel, studio: Studio, air: CatalogAir, now: Callable[[], datetime]) -> None:
        self._channel, self._studio, self._air, self._now = channel, studio, air, now

    def prepare(self, change: Change) -> Commit:
        """See `Part`. Raises VoiceError where nobody speaks the language."""
        studio, language = self._studio, change.show.catalog.language
        if change.products is not None:
            return lambda: None
        same = language.split("-")[0] == studio.script.show.catalog.language.split("-")[0]
        voices = studio.voices if same else voices_for(self._channel, language)
        first = first_line(change.show, studio.script.show, self._air.last, self._now())
        if first is not None:
            studio.picture.expect(first)
            try:
                voices.speak(first.said)  # it is kept: where the border comes, it need not be made
            except VoiceError as error:
                log.warning("the first line of the next show cannot be spoken ahead: %s", error)

        def commit() -> None:
            if not same:
                studio.voices.become(voices)
                studio.tongues.follow(language)

        return commit


class PicturePart:
    """What the picture says of the shop: ticker, name, logo, and the words of its language."""

    name = "picture"

    def __init__(self, studio: Studio) -> None:
        self._picture, self._host = studio.picture, studio.presenting

    def prepare(self, change: Change) -> Commit:
        """See `Part`."""
        show, catalog = change.show, change.show.catalog
        if change.products is not None:
            return lambda: None
        rebrand = self._picture.rebranded(catalog.shop, catalog.logo_path, catalog.language)

        def commit() -> None:
            self._picture.set_ticker(show.ticker)
            rebrand()
            if self._host is not None:
                self._host.follow(catalog)

        return commit


class ScriptPart:
    """What is said: the rundown goes on after the line on air, and what was made ready of the old one is let go."""

    name = "rundown"

    def __init__(self, studio: Studio, air: CatalogAir) -> None:
        self._studio, self._air = studio, air
        self._rundown = studio.show.rundown  # as it came in force last, before anybody put it in another order

    def prepare(self, change: Change) -> Commit:
        """See `Part`."""
        return lambda: self._put(change)

    def _put(self, change: Change) -> None:
        script, lane, show, outline = self._studio.script, self._studio.rundown, change.show, self._outline
        again, self._air.again = self._air.again, None
        if change.products is None:
            lane.clear()
            script.swap(show, again or self._air.last)
        elif show.rundown is self._rundown:
            script.show = replace(show, rundown=script.show.rundown)  # which may be in another order by now
            if again is not None:
                script.anew(again)
        else:
            script.show = show
            self._go_on(again, outline)
        self._rundown = change.show.rundown
        lane.fill()

    @property
    def _outline(self) -> Sequence[str]:
        return self._studio.script.show.rundown.outline

    def _go_on(self, again: Line | None, outline: Sequence[str]) -> None:
        """Go on in a rundown with other lines: with the first that was withdrawn, else after the last made ready."""
        place = again.place._replace(said=False) if again and again.place else None
        if place is None:
            cues = [cue.line for cue in self._studio.rundown.cues if cue.line.place is not None]
            pulled = self._studio.playout.pulled
            after = cues[-1] if cues else pulled if pulled is not None and pulled.place is not None else self._air.last
            place = after.place._replace(said=True) if after and after.place else None
        if place is not None:
            self._studio.script.resume(place, outline)


class RecordPart:
    """What is kept of the show: the coverage map, and the outline to go on by after a restart."""

    name = "record"

    def __init__(
        self,
        studio: Studio,
        air: CatalogAir,
        coverage: Coverage,
        journal: Journal,
        report: Report,
        now: Callable[[], datetime],
    ) -> None:
        self._studio, self._air, self._coverage, self._journal = studio, air, coverage, journal
        self._report, self._now, self._outlined = report, now, studio.show.rundown
        self._rundown = studio.show.rundown

    def prepare(self, change: Change) -> Commit:
        """See `Part`."""
        show = change.show
        if show.rundown is self._rundown:
            return lambda: None
        cover = self._coverage.ready(show.rundown, lambda entry: show.on_sale(entry, self._now()))
        return lambda: self._put(show.rundown, cover)

    def changed(self) -> None:
        """Something else is on air: with the first line of another rundown its outline is kept, and not before."""
        line = self._studio.playout.now.line
        if line is None or line.place is None or self._outlined is self._rundown:
            return
        if self._rundown.entry(line.place.entry) is not None:
            self._outlined = self._rundown
            self._journal.watch(self._report, self._rundown.outline)

    def _put(self, rundown: Rundown, cover: Callable[[Place | None], None]) -> None:
        place = following(rundown, self._rundown, self._air.last)
        self._rundown = rundown
        cover(place)


def voices_for(channel: Channel, language: str) -> Voices:
    """The channel's voices for a language; what it names and does not speak it is left out. Raises VoiceError."""
    cache = channel.path(channel.cache) / "speech"
    try:
        return open_voices(channel.voice.use, language, cache, gender(channel))
    except VoiceError as error:
        log.warning("%s; another voice speaks '%s'", error, language)
        return open_voices("auto", language, cache, gender(channel))


def following(rundown: Rundown, before: Rundown, last: Line | None) -> Place | None:
    """The place at which another rundown goes on after a line of the one before."""
    if last is None or last.place is None:
        return None
    turn = rundown.resume(before.outline, last.place.entry, last.place.round)
    return Place(turn.entry.id, turn.round, 0, 0, 0)


def first_line(show: Show, before: Show, last: Line | None, now: datetime) -> Line | None:
    """The line that another show is likely to begin with."""
    place = following(show.rundown, before.rundown, last)
    entry = show.rundown.entry(place.entry) if place else show.rundown.entries[0]
    round = place.round if place else 0
    variant = entry and entry.variant(round, show.on_sale(entry, now))
    try:
        return show.line(entry, variant, 0, round, now) if entry and variant else None
    except KeyError:  # a sale that is over
        return None
