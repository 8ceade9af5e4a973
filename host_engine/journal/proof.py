"""Proof from the as-run log that what must be said was said in time: how often, and the longest time without it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from host_engine.journal.chain import Row
from host_engine.journal.row import UTTERANCE

NOBODY = "nobody"  # the voice of lines that were to be read, while only people were heard
_PART = ":"  # in the id of a line: a part of it that is not its first


@dataclass
class Proof:
    """What the rows say of one mandatory line. Gaps are of time on air, in seconds: while the channel was off nobody
    missed anything."""

    id: str
    times: int = 0
    cut: int = 0  # said, but not to its end, which does not count
    unspoken: int = 0  # seen in the captions only, which does not count either
    longest: float = 0.0
    since: datetime | None = None  # the begin of the longest gap
    until: datetime | None = None
    _last: datetime | None = field(default=None, repr=False)
    _spent: float = field(default=0.0, repr=False)  # on air since it was said last, before the run at hand

    def gap(self, until: datetime, begin: datetime) -> float:
        """Seconds on air from the last time it was said, or from `begin`, until an instant."""
        return self._spent + (until - (self._last or begin)).total_seconds()

    def note(self, until: datetime, begin: datetime) -> None:
        """It was not said for so long."""
        if (gap := self.gap(until, begin)) > self.longest:
            self.longest, self.since, self.until = gap, self._last or begin, until


def proofs(rows: Iterable[Row], ids: Iterable[str] = ()) -> list[Proof]:
    """What the rows of a channel, in their order, say of its mandatory lines: of all that are in them, and of `ids`."""
    found = {id: Proof(id) for id in ids}
    run, begin, end = "", None, None
    for row in rows:
        began, ended = _instant(row["began"]), _instant(row["ended"])
        if began is None or ended is None:
            continue
        if row["run"] != run:
            _close(found, begin, end)
            run, begin = str(row["run"]), began
        end = max(end, ended) if end and end > (begin or ended) else ended
        if (id := mandatory_of(row)) and begin is not None:
            _said(found.setdefault(id, Proof(id)), row, began, begin)
    _close(found, begin, end)
    return sorted(found.values(), key=lambda each: each.id)


def mandatory_of(row: Row) -> str:
    """The id of the mandatory line that a row is of, "" where it is of none."""
    if row["kind"] != UTTERANCE:
        return ""
    try:
        return str(json.loads(str(row["details"]) or "{}").get("mandatory", ""))
    except (ValueError, AttributeError):  # a row that somebody altered; `verify` tells
        return ""


def _said(proof: Proof, row: Row, began: datetime, begin: datetime) -> None:
    if _PART in str(row["line"]):
        return
    if row["cut"]:
        proof.cut += 1
        return
    if row["voice"] == NOBODY:
        proof.unspoken += 1
        return
    proof.note(began, begin)
    proof.times += 1
    proof._last, proof._spent = began, 0.0


def _close(found: dict[str, Proof], begin: datetime | None, end: datetime | None) -> None:
    """A run has ended: what was not said until then goes on not being said in the next one."""
    if begin is None or end is None:
        return
    for proof in found.values():
        proof.note(end, begin)
        proof._spent, proof._last = proof.gap(end, begin), None


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
