"""The command `as-run`: the log of what was on air, as a table, as JSON lines, or verified."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from host_engine.channel.studio.record import journal_address, journal_folder
from host_engine.channel_file import config
from host_engine.document import Problems
from host_engine.journal.address import address
from host_engine.journal.audit import of_audit, write_audit
from host_engine.journal.proof import Proof, proofs
from host_engine.journal.reading import AsRun, write_csv, write_jsonl
from host_engine.journal.times import instant, shown
from host_engine.journal.trouble import Trouble
from host_engine.journal.verify import verify
from host_engine.show.lines import LONGEST
from host_engine.show.script import load_show

Say = Callable[[str], object]


def print_rows(
    path: Path, journal: str | None, start: str | None, end: str | None, format: str, say: Say, audit: bool = False
) -> None:
    """Write the rows to the standard output. `audit`: only who did what.

    Raises Problems, ValueError and OSError with sentences.
    """
    channel = config.load(path)
    begin, until = instant(start) if start else None, instant(end) if end else None
    span = " ".join(f"{word} {shown(at)}" for word, at in (("from", begin), ("until", until)) if at)
    what = "who did what" if audit else "what was on air"
    say(f"{channel.name}: {what}{' ' + span if span else ''}. Times in the rows are UTC.")
    waiting = journal_folder(channel) / f"{channel.name}.waiting.jsonl"
    if journal is None and waiting.exists() and waiting.stat().st_size:
        say(f"Some rows wait in {waiting} until the database takes them; they are not among these.")
    write = write_jsonl if format == "jsonl" else write_csv
    try:
        with closing(_open(channel, journal)) as log:
            if audit:
                write_audit(of_audit(log.between(begin, until)), sys.stdout, format)
            else:
                write(log.between(begin, until), sys.stdout)
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Trouble as trouble:
        raise OSError(str(trouble)) from trouble


def prove(path: Path, journal: str | None, start: str | None, end: str | None, say: Say) -> bool:
    """Tell of each mandatory line how often it was said and the longest time without it; whether all were in time."""
    channel = config.load(path)
    begin, until = instant(start) if start else None, instant(end) if end else None
    try:
        every = {line.id: line.every for line in load_show(channel.path(channel.catalog)).rundown.mandatory}
    except Problems:  # the log tells all the same
        every = {}
    try:
        with closing(_open(channel, journal)) as log:
            found = proofs(log.between(begin, until), every)
    except Trouble as trouble:
        raise OSError(str(trouble)) from trouble
    for proof in found:
        say(_proven(proof, every.get(proof.id)))
    if not found:
        say(f"There are no mandatory lines in the as-run log of {channel.name}, and none in its rundown.")
    return not any(_late(proof, every.get(proof.id)) for proof in found)


def _proven(proof: Proof, every: timedelta | None) -> str:
    """One mandatory line, in a sentence."""
    cut = f" ({proof.cut} more were cut short and do not count)" if proof.cut else ""
    read = f" ({proof.unspoken} more could only be read and do not count)" if proof.unspoken else ""
    span = f" from {shown(proof.since)} to {shown(proof.until)}" if proof.since and proof.until else ""
    told = (
        f"{proof.id}: said {proof.times} times{cut}{read}; the longest time without it is {_spell(proof.longest)}{span}"
    )
    if every is None:
        return told + "; the rundown of today does not have it."
    verdict = "LATE" if _late(proof, every) else "in time"
    return f"{told}; it is to be said every {_spell(every.total_seconds())}: {verdict}."


def _late(proof: Proof, every: timedelta | None) -> bool:
    """By more than the line that was on air."""
    return every is not None and proof.longest > every.total_seconds() + LONGEST


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def verified(path: Path, journal: str | None, say: Say) -> bool:
    """Whether no row of the log was altered, removed, inserted or moved; says what was found."""
    channel = config.load(path)
    name = channel.journal.key_env
    key = os.environ.get(name, "") if name else ""
    try:
        with closing(_open(channel, journal)) as log:
            found = verify(log.rows, log.head, channel.name, key.encode())
    except Trouble as trouble:
        raise OSError(str(trouble)) from trouble
    if found.wrong:
        where = f"The {found.rows} rows before it hold together. " if found.rows else ""
        say(f"The as-run log of {channel.name} is not as it was written: {found.wrong}. {where}")
        return False
    say(f"All {found.rows} rows of {channel.name} hold together. Keep this elsewhere: {found.rows} {found.hash}")
    if not key:
        say("They are not signed: who can write the database could have written them all anew.")
    return True


def _open(channel: config.Channel, journal: str | None) -> AsRun:
    where = address(journal, Path.cwd()) if journal else journal_address(channel)
    return AsRun(where, channel.name)
