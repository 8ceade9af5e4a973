"""The tables of a journal, the same in SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

from host_engine.journal.row import NUMBERS, TEXTS

SCHEMA = "1"  # of these tables; another number means other tables

metadata = MetaData()

AS_RUN = Table(
    "as_run",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in TEXTS),
    *(Column(name, BigInteger, nullable=False) for name in NUMBERS),
    Column("signed", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("as_run_began", AS_RUN.c.channel, AS_RUN.c.began)

HEAD = Table(
    "as_run_head",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

ON_AIR = Table(
    "on_air",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Column("mark", Text, nullable=False),
    Column("outline", Text, nullable=False),
)

ABOUT = Table(
    "journal_about",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
