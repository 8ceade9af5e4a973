"""The as-run log as people and programs read it: row after row, however many there are."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TextIO

from sqlalchemy import func, select

from host_engine.journal.address import Address
from host_engine.journal.chain import COLUMNS, Head, Row
from host_engine.journal.database import Database
from host_engine.journal.row import compact, stamp
from host_engine.journal.tables import AS_RUN, HEAD
from host_engine.journal.trouble import Trouble

PAGE = 1000  # rows in memory at once
LONGEST = timedelta(hours=1)  # no utterance is longer: what began earlier is not looked at


class AsRun:
    """Reads the rows of one channel and never writes; the engine may go on writing. Raises Trouble with a sentence."""

    def __init__(self, address: Address, channel: str) -> None:
        self._channel = channel
        if address.file is not None and not address.file.exists():
            raise Trouble(f"there is no journal at {address.shown}; has the channel been on air?")
        self._database = Database(address, reading=True)
        try:
            self.head()
        except Trouble:
            if address.file is None or address.file.with_name(address.file.name + "-wal").exists():
                raise
            self._database.close()
            self._database = Database(address, reading=True, immutable=True)  # on a disk that cannot be written

    def head(self) -> Head | None:
        """The end of the chain as it was noted with the last row; None where the channel has none."""
        with self._database.transaction() as connection:
            found = connection.execute(select(HEAD).where(HEAD.c.channel == self._channel)).first()
        return Head(*found) if found else None

    def rows(self, after: int = 0, to: int | None = None) -> Iterator[Row]:
        """The rows behind number `after`, up to number `to`, in the order they were written."""
        wanted = select(*(AS_RUN.c[name] for name in COLUMNS)).where(AS_RUN.c.channel == self._channel)
        if to is not None:
            wanted = wanted.where(AS_RUN.c.seq <= to)
        while True:
            page = wanted.where(AS_RUN.c.seq > after).order_by(AS_RUN.c.seq).limit(PAGE)
            with self._database.transaction() as connection:
                found = connection.execute(page).mappings().all()
            if not found:
                return
            yield from map(dict, found)
            after = found[-1]["seq"]

    def between(self, start: datetime | None, end: datetime | None) -> Iterator[Row]:
        """The rows of what was on air from `start` until before `end`, by the machine's clock, in their order."""
        first, last = stamp(start) if start else "", stamp(end) if end else "~"
        earliest = stamp(start - LONGEST) if start else ""
        span = select(func.min(AS_RUN.c.seq), func.max(AS_RUN.c.seq)).where(
            AS_RUN.c.channel == self._channel, AS_RUN.c.began >= earliest, AS_RUN.c.began < last
        )
        with self._database.transaction() as connection:
            low, high = connection.execute(span).one()
        if low is None:
            return
        for row in self.rows(low - 1, high):
            if str(row["began"]) < last and str(row["ended"]) >= first:
                yield row

    def newest(self, why: str, limit: int, before: int | None = None) -> list[Row]:
        """The last rows of one reason, such as "audit", the newest first; `before`: only those of a lower number."""
        wanted = select(*(AS_RUN.c[name] for name in COLUMNS)).where(
            AS_RUN.c.channel == self._channel, AS_RUN.c.why == why
        )
        if before is not None:
            wanted = wanted.where(AS_RUN.c.seq < before)
        with self._database.transaction() as connection:
            found = connection.execute(wanted.order_by(AS_RUN.c.seq.desc()).limit(limit)).mappings().all()
        return [dict(each) for each in found]

    def close(self) -> None:
        self._database.close()


def write_jsonl(rows: Iterable[Row], file: TextIO) -> None:
    """One JSON object a line, with `details` as an object of its own."""
    for row in rows:
        file.write(compact({**row, "details": json.loads(str(row["details"]) or "{}")}) + "\n")


def write_csv(rows: Iterable[Row], file: TextIO) -> None:
    """A table for spreadsheets, in which no cell can be taken for a formula; the last column says what backs a line."""
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, "evidence"])
    for row in rows:
        writer.writerow([*(harmless(row[name]) for name in COLUMNS), harmless(evidence_of(row))])


def evidence_of(row: Row) -> str:
    """What backs the claims of a row, as people read it: "teapot.sale_price: 34.00 GBP; policies.returns: ..."."""
    try:
        found = json.loads(str(row["details"]) or "{}").get("evidence", [])
        return "; ".join(f"{f'{product}.' if product else ''}{field}: {value}" for product, field, value in found)
    except (ValueError, AttributeError, TypeError):  # a row that somebody altered; `verify` tells
        return ""


def harmless(value: object) -> object:
    """A text that a spreadsheet would compute is led by an apostrophe."""
    formula = isinstance(value, str) and value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if formula else value
