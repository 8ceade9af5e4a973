"""The same journal in a real PostgreSQL that is killed, frozen, shared and revived under it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from journal.logs import OnAir, kill, make, marked, rows, running, said, utterance, verdict, written
from postgres_server import PostgresServer
from until import until

from host_engine.alarms import Alarms
from host_engine.journal import journal as module
from host_engine.journal.address import Address, address

pytestmark = pytest.mark.alone

OUTLINE = ("a/0", "a/1")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def database(server: PostgresServer, tmp_path: Path) -> Address:
    """An empty database of its own."""
    name = f"journal_{uuid4().hex[:8]}"
    server.thaw()
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address(server.url.removesuffix("postgres") + name, tmp_path)


@pytest.mark.parametrize("down", ["killed", "frozen"])
async def test_a_server_that_dies_or_hangs_costs_no_row(
    server: PostgresServer, database: Address, tmp_path: Path, down: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1.0)
    alarms, report = Alarms(), OnAir()
    journal = make(database, tmp_path, alarms)
    journal.watch(report, OUTLINE)
    async with running(journal):
        journal.said(utterance("a/0"))
        await written(journal, 1)
        getattr(server, {"killed": "kill", "frozen": "freeze"}[down])()
        for n in range(1, 6):
            journal.said(utterance(f"a/{n}"))
            report.put(f"a/{n}", n * 10, entry=n)
            await asyncio.sleep(0.1)
        await until(lambda: [each.name for each in alarms.raised] == ["journal/unreachable"])
        assert "rows wait" in alarms.raised[0].text
        await until(lambda: '"a/5"' in (tmp_path / "demo.waiting.jsonl").read_text())
        await until(lambda: '"a/5"' in marked(tmp_path))
        {"killed": server.start, "frozen": server.thaw}[down]()
        await until(lambda: not alarms.raised, 20)
        await written(journal, 6)
    assert said(database) == [f"a/{n}" for n in range(6)]
    assert verdict(database).wrong == ""
    assert (tmp_path / "demo.waiting.jsonl").stat().st_size == 0


async def test_killed_while_the_server_is_dead_it_goes_on_at_the_line_and_loses_no_row(
    server: PostgresServer, database: Address, tmp_path: Path
) -> None:
    journal, report = make(database, tmp_path), OnAir()
    journal.watch(report, OUTLINE)
    task = asyncio.create_task(journal.run())
    journal.said(utterance("a/0"))
    await written(journal, 1)
    server.kill()
    try:
        journal.said(utterance("a/1"))
        report.put("a/2", 70, entry=2)
        await until(lambda: '"a/2"' in marked(tmp_path))
        await kill(journal, task)
        again, alarms = make(database, tmp_path, alarms := Alarms()), alarms
        began = time.monotonic()
        last = again.last()
        assert time.monotonic() - began < 2.5
        assert last
        assert last.mark.place == report.place
        again.watch(OnAir(), OUTLINE)
        task = asyncio.create_task(again.run())
        again.said(utterance("a/2"))
        await until(lambda: again.status()["state"] == "unreachable")
    finally:
        server.start()
    await until(lambda: not alarms.raised, 20)
    await written(again, 4)
    task.cancel()
    await asyncio.wait([task])
    assert said(database) == ["a/0", "a/1", "a/2", "a/2"]
    assert [row["cut"] for row in rows(database) if row["kind"] == "utterance"] == ["", "", "kill", ""]
    assert verdict(database).wrong == ""


async def test_the_end_is_quick_while_the_server_hangs(
    server: PostgresServer, database: Address, tmp_path: Path
) -> None:
    journal = make(database, tmp_path)
    async with running(journal) as task:
        journal.said(utterance("a/0"))
        await written(journal, 1)
        server.freeze()
        try:
            journal.said(utterance("a/1"))
            await asyncio.sleep(0.1)
            began = time.monotonic()
            task.cancel()
            await asyncio.wait([task])
            assert time.monotonic() - began < 2.2
            await until(lambda: '"a/1"' in (tmp_path / "demo.waiting.jsonl").read_text())
        finally:
            server.thaw()


async def test_a_second_engine_on_another_machine_is_told_so_and_forks_no_chain(
    database: Address, tmp_path: Path
) -> None:
    alarms = Alarms()
    first, second = make(database, tmp_path / "one"), make(database, tmp_path / "two", alarms)
    async with running(first):
        first.said(utterance("a/0"))
        await written(first, 1)
        async with running(second):
            second.said(utterance("b/0"))
            await until(lambda: second.status()["state"] == "taken")
            assert "another engine writes the journal" in alarms.raised[0].text
            first.said(utterance("a/1"))
            await written(first, 2)
    third = make(database, tmp_path / "two")
    async with running(third):
        await written(third, 4)
    assert said(database) == ["a/0", "a/1", "b/0"]
    assert verdict(database).wrong == ""


async def test_another_machine_goes_on_where_this_one_was_cut(database: Address, tmp_path: Path) -> None:
    journal, report = make(database, tmp_path / "one"), OnAir()
    journal.watch(report, OUTLINE)
    task = asyncio.create_task(journal.run())
    report.put("a/1", 70, entry=1)
    await written(journal, 0)
    await until(lambda: '"a/1"' in marked(tmp_path / "one"))
    await kill(journal, task)
    other = make(database, tmp_path / "two")
    last = other.last(10)
    other.close()
    assert last
    assert (last.mark.place, last.outline) == (report.place, OUTLINE)


async def test_its_password_reaches_no_log_and_no_status(
    server: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    login = f"someone:s3cr%C3%A9t-word@127.0.0.1:{server.port}"
    where = address(f"postgresql://{login}/nowhere?sslpassword=0ther", tmp_path)
    assert set(where.secrets) >= {"s3cr%C3%A9t-word", "s3crét-word", "0ther"}
    alarms = Alarms()
    journal = make(where, tmp_path, alarms)
    async with running(journal):
        await until(lambda: alarms.raised)
        told = f"{alarms.raised} {journal.status()} {caplog.text} {(tmp_path / 'demo.waiting.jsonl').read_text()}"
    assert "postgresql://someone@127.0.0.1" in told
    for secret in where.secrets:
        assert secret not in told


async def test_tables_of_another_version_are_left_alone(database: Address, tmp_path: Path) -> None:
    with psycopg.connect(database.url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE journal_about (name text, value text)")
        connection.execute("INSERT INTO journal_about VALUES ('schema', '7')")
    alarms = Alarms()
    journal = make(database, tmp_path, alarms)
    async with running(journal):
        journal.said(utterance("a/0"))
        await until(lambda: alarms.raised)
        assert "is a journal of version 7, and this engine writes version 1" in alarms.raised[0].text
        await until(lambda: '"a/0"' in (tmp_path / "demo.waiting.jsonl").read_text())
