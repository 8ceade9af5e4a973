"""The connection to a journal's database, and what its errors mean in sentences."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from host_engine.journal.address import Address
from host_engine.journal.trouble import Trouble, Unfit, Unwritable

BUSY = 1.0  # seconds that an SQLite file may be locked by somebody else
POSTGRESQL = {
    "connect_timeout": 2,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "application_name": "host_engine journal",
}
DAMAGED = ("malformed", "not a database", "no such table", "no such column", "encrypted", "unsupported file format")


class Database:
    """One connection, used by one thread; `hang_up` alone may be called from another."""

    def __init__(self, address: Address, reading: bool = False, immutable: bool = False) -> None:
        """reading: nothing is ever written; the file must be there. Opens nothing yet."""
        self._address = address
        self._socket: socket.socket | None = None
        if address.file is not None:
            mode = ("&immutable=1" if immutable else "") if reading else ""
            name = str(address.file.absolute()).replace("?", "%3f").replace("#", "%23")
            url = f"sqlite:///file:{name}?mode={'ro' if reading else 'rwc'}{mode}&uri=true"
            self.engine: Engine = create_engine(
                url, poolclass=StaticPool, connect_args={"timeout": BUSY}, hide_parameters=True
            )
        else:
            try:
                self.engine = create_engine(
                    address.url, poolclass=StaticPool, connect_args=POSTGRESQL, hide_parameters=True
                )
            except ImportError as error:
                raise Trouble("PostgreSQL needs the package psycopg: pip install 'host-engine[postgresql]'") from error
            except (SQLAlchemyError, ValueError) as error:
                raise Trouble(f"{address.shown} is no address of a database") from error
        event.listen(self.engine, "connect", self._reader if reading else self._writer)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Raises Trouble with a sentence, and nothing was written then."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, ValueError, OverflowError) as error:
            raise self.trouble(error) from error

    def settle(self) -> None:
        """Let an SQLite file be read while it is written; only for a file that is known to be a journal."""
        if self._address.file is not None:
            try:
                with self.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            except SQLAlchemyError as error:
                raise self.trouble(error) from error

    def trouble(self, error: Exception) -> Trouble:
        """What an error means."""
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        for secret in self._address.secrets:
            said = said.replace(secret, "[hidden]")
        where = self._address.shown
        if self._address.file is None:
            return Trouble(f"the journal {where} does not answer ({said}); see that the database runs")
        if any(word in said for word in DAMAGED):
            return Unfit(f"{where} is damaged or is no journal ({said})")
        if "full" in said:
            return Unwritable(f"the disk of the journal {where} is full; make room there")
        if "locked" in said:
            return Unwritable(f"the journal {where} is locked by another program that writes it; end that program")
        return Unwritable(f"the journal {where} cannot be written ({said}); see that its folder may be written")

    def hang_up(self) -> None:
        """Make whatever waits for the server fail at once."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        with suppress(SQLAlchemyError):
            self.engine.dispose()

    def _writer(self, connection: Any, record: Any) -> None:
        if self._address.file is None:
            self._socket = socket.socket(fileno=os.dup(connection.fileno()))
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 5000; SET lock_timeout = 2000; SET tcp_keepalives_idle = 10")
            connection.commit()
        else:
            connection.execute("PRAGMA synchronous = FULL")

    def _reader(self, connection: Any, record: Any) -> None:
        if self._address.file is None:
            connection.read_only = True
