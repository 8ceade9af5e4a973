"""From the channel file to its journal, and from the journal to the line that the show goes on with."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from host_engine.alarms import Alarms
from host_engine.channel_file.config import JOURNAL, Channel
from host_engine.direction.kept_file import KeptFile
from host_engine.host.deadline import DaemonThreads
from host_engine.journal.address import Address, address
from host_engine.journal.journal import Journal
from host_engine.playout.report import Report
from host_engine.show.coverage import Coverage
from host_engine.show.history import read_history

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)


def journal_folder(channel: Channel) -> Path:
    """Where this machine keeps what belongs to the journals of its channels."""
    return channel.path(channel.cache) / "journal"


def kept_file(channel: Channel, what: str) -> KeptFile:
    """Where this machine keeps what operators ordered of a channel, until they order otherwise."""
    threads = DaemonThreads(1, f"{what}-kept", background=False)
    return KeptFile(journal_folder(channel) / f"{channel.name}.{what}.json", threads)


def journal_address(channel: Channel) -> Address:
    """Where the journal of a channel is kept."""
    if channel.journal.url is None:
        return address(f"{channel.name}.sqlite", journal_folder(channel))
    return address(channel.journal.url, channel.path(Path()))


def make_journal(
    channel: Channel,
    keys: dict[str, str],
    alarms: Alarms,
    now: Callable[[], datetime],
    fault: Callable[[], str | None] = lambda: None,
) -> Journal:
    """The journal of a channel, which is being opened from now on; `fault` as in its `Writer`."""
    key = keys.get(JOURNAL, "").encode()
    journal = Journal(journal_address(channel), channel.name, alarms, journal_folder(channel), key, now, fault)
    journal.begin()
    return journal


def go_on(journal: Journal, studio: Studio, from_start: bool, now: Callable[[], datetime]) -> Report:
    """Let the show go on where it was cut, and have the journal told of what is on air."""
    report = Report(studio.playout, journal.said, now)
    report.changed = journal.changed
    outline = studio.show.rundown.outline
    last, place = journal.last(), None
    if last and not from_start:
        place = last.mark.place
    if last and last.mark.history:
        with suppress(ValueError):  # what somebody wrote by hand: the limits begin anew
            history = read_history(last.mark.history)
            studio.script.history = replace(history, back=None) if from_start else history
    journal.history = lambda: studio.script.history.written()
    if last and place:
        report.place = place
        studio.script.resume(place, last.outline)
    journal.watch(report, outline)
    where = "begins with its first line"
    if place:
        where = f"goes on {'after' if place.said else 'with'} the line {place.entry}"
    journal.fact("start", f"The engine starts, and the show {where}.", engine=metadata.version("host-engine"))
    return report


def cover(studio: Studio, report: Report, now: Callable[[], datetime]) -> Coverage:
    """The coverage map of the show, from where it goes on; the report tells it what was said."""
    show = studio.show
    rulings = studio.script.rulings
    coverage = Coverage(show.rundown, lambda entry: studio.script.show.on_sale(entry, now()), report.place, rulings)
    report.told = both(report.told, coverage.said)
    return coverage


def both(first: Callable[..., None], second: Callable[..., None]) -> Callable[..., None]:
    """Calls one after the other; a fault of the second is told and harms nobody."""

    def call(*arguments: Any) -> None:
        first(*arguments)
        try:
            second(*arguments)
        except Exception:
            log.exception("what is on air could not be followed")

    return call
