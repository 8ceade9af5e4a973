"""The journal in its database: rows are added to the end of the channel's chain, and nowhere else."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection, func, insert, inspect, select, text, update
from sqlalchemy.schema import CreateIndex, CreateTable

from host_engine.journal.address import Address
from host_engine.journal.bookmark import Last, read_outline
from host_engine.journal.chain import Head, chained
from host_engine.journal.database import Database
from host_engine.journal.files import Hold
from host_engine.journal.mark import Mark, read_mark
from host_engine.journal.row import Entry
from host_engine.journal.tables import ABOUT, AS_RUN, HEAD, ON_AIR, SCHEMA, metadata
from host_engine.journal.trouble import Taken, Unfit, Unwritable

RECENT = 1000  # rows; after a kill the last utterance is among them


class Store:
    """Open for one engine at a time. Whatever fails raises Trouble; then `close` it and open another one."""

    def __init__(self, address: Address, channel: str, key: bytes = b"") -> None:
        self.torn: str | None = None  # what does not fit between the rows and the head, as found when it was opened
        self._address, self._channel, self._key = address, channel, key
        self._hold: Hold | None = None
        self._file: tuple[int, int] | None = None
        self._outline: int | None = None  # checksum of the one in the database
        self.head = Head(channel)
        if address.file is not None:
            address.file.parent.mkdir(parents=True, exist_ok=True)
        self._database = Database(address)

    def open(self) -> None:
        """Make sure that this engine alone writes the chain, that the tables are there, and where the chain ends."""
        if self._address.file is not None:
            lock = self._address.file.with_name(f"{self._address.file.name}.{self._channel}.lock")
            self._hold = Hold(lock, f"the journal {self._address.shown} of the channel {self._channel}")
        with self._database.transaction() as connection:
            if self._address.file is None:
                self._hold_in_postgresql(connection)
            self._examine(connection)
        self._database.settle()
        with self._database.transaction() as connection:
            self._prepare(connection)
            self._find_the_end(connection)
        self._file = self._identity()

    def append(self, entries: Sequence[Entry], mark: Mark | None = None, outline: Sequence[str] = ()) -> None:
        """Add the entries behind the last row, and note what is on air: all of it, or nothing.

        Where the connection ends in the middle nobody knows which; the `head` of the next store tells.
        """
        if self._identity() != self._file:
            raise Unwritable(f"the journal {self._address.shown} was taken away while it was written")
        rows, head = chained(self.head, entries, self._key)
        with self._database.transaction() as connection:
            if rows:
                self._move_head(connection, head)
                connection.execute(insert(AS_RUN), rows)
            if mark:
                self._note(connection, mark, outline)
        self.head = head
        if mark:
            self._outline = mark.outline

    def last(self) -> Last | None:
        """What was on air last; None where that is not known."""
        with self._database.transaction() as connection:
            row = connection.execute(select(ON_AIR).where(ON_AIR.c.channel == self._channel)).first()
        with suppress(ValueError):
            if row:
                mark = read_mark(row.mark)
                with suppress(ValueError):
                    return Last(mark, read_outline(row.outline, mark.outline))
                return Last(mark)
        return None

    def has(self, entry: Entry) -> bool:
        """Whether the utterance has a row among the last ones."""
        rows = select(AS_RUN.c.seq).where(
            AS_RUN.c.channel == self._channel,
            AS_RUN.c.seq > self.head.count - RECENT,
            AS_RUN.c.run == entry["run"],
            AS_RUN.c.kind == entry["kind"],
            AS_RUN.c.first_frame == entry["first_frame"],
        )
        with self._database.transaction() as connection:
            return connection.execute(rows).first() is not None

    def hang_up(self) -> None:
        """From any thread: what waits for the server fails at once."""
        self._database.hang_up()

    def close(self) -> None:
        self._database.close()
        if self._hold:
            self._hold.release()

    def _hold_in_postgresql(self, connection: Connection) -> None:
        """The server lets go of it when the connection ends, however it does."""
        number = zlib.crc32(f"host_engine journal {self._channel}".encode())
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}):
            raise Taken(f"another engine writes the journal {self._address.shown} of the channel {self._channel}")

    def _identity(self) -> tuple[int, int] | None:
        """Which file it is, whatever its name; None for a server, and where there is none."""
        try:
            found = os.stat(self._address.file) if self._address.file else None
        except OSError:
            return None
        return found and (found.st_dev, found.st_ino)

    def _examine(self, connection: Connection) -> None:
        """Look, and change nothing: what is there may belong to somebody else."""
        where, there = self._address.shown, set(inspect(connection).get_table_names())
        ours = {table.name for table in metadata.sorted_tables}
        if "journal_about" in there:
            schema = connection.scalar(select(ABOUT.c.value).where(ABOUT.c.name == "schema"))
            if schema not in (None, SCHEMA):  # None: another channel is making it at this moment
                raise Unfit(f"{where} is a journal of version {schema}, and this engine writes version {SCHEMA}")
        elif there & ours or (there and self._address.file):
            raise Unfit(f"{where} holds other tables than a journal")
        for table in metadata.sorted_tables:
            if table.name in there:
                connection.execute(select(table).limit(0))  # raises where it has other columns

    def _prepare(self, connection: Connection) -> None:
        first = sorted(metadata.sorted_tables, key=lambda table: table is not ABOUT)  # it says whose the others are
        for table in first:  # which another channel may be doing at this moment
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
        schema = text("INSERT INTO journal_about (name, value) VALUES ('schema', :value) ON CONFLICT DO NOTHING")
        connection.execute(schema, {"value": SCHEMA})

    def _find_the_end(self, connection: Connection) -> None:
        found = connection.execute(select(HEAD).where(HEAD.c.channel == self._channel)).first()
        last = connection.scalar(select(func.max(AS_RUN.c.seq)).where(AS_RUN.c.channel == self._channel)) or 0
        if found is None:
            connection.execute(insert(HEAD), vars(self.head))
        else:
            self.head = Head(*found)
        hash = connection.scalar(
            select(AS_RUN.c.hash).where(AS_RUN.c.channel == self._channel, AS_RUN.c.seq == self.head.count)
        )
        if last != self.head.count or (last and hash != self.head.hash):
            self.torn = (
                f"the journal {self._address.shown} was changed by somebody else: it has rows up to {last}, and its "
                f"head says {self.head.count}; keep a copy of it, and see host-engine as-run --verify"
            )
        if last > self.head.count:  # go on behind what is there: it is left for whoever looks into it
            moved = Head(self._channel, last, self.head.hash, self.head.last)
            self._move_head(connection, moved)
            self.head = moved

    def _move_head(self, connection: Connection, head: Head) -> None:
        """From where this engine knows it to be, or not at all: two engines can never fork a chain."""
        where = (HEAD.c.channel == self._channel, HEAD.c.count == self.head.count, HEAD.c.hash == self.head.hash)
        if connection.execute(update(HEAD).where(*where).values(vars(head))).rowcount != 1:
            raise Taken(f"another engine has written the journal {self._address.shown} of the channel {self._channel}")

    def _note(self, connection: Connection, mark: Mark, outline: Sequence[str]) -> None:
        values = {"turn": mark.turn, "mark": mark.written()}
        if mark.outline != self._outline:
            values["outline"] = json.dumps(list(outline), ensure_ascii=False)
        changed = connection.execute(update(ON_AIR).where(ON_AIR.c.channel == self._channel).values(values))
        if changed.rowcount == 0:
            values["outline"] = json.dumps(list(outline), ensure_ascii=False)
            connection.execute(insert(ON_AIR), {"channel": self._channel, **values})
