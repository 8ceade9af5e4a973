"""A journal keeps what was on air whatever happens to its process, its files, its disk and its clock."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal.logs import NOW, OnAir, kill, make, marked, rows, running, said, sqlite, utterance, verdict, written
from until import until

from host_engine.alarms import Alarms
from host_engine.journal import journal as module
from host_engine.journal import row
from host_engine.journal.address import Address, address
from host_engine.journal.mark import Mark, read_mark
from host_engine.journal.waiting import Waiting
from host_engine.show.rundown import Place

OUTLINE = ("a/0", "a/1", "a/2")


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_what_was_on_air_is_in_the_log(tmp_path: Path) -> None:
    journal = make(sqlite(tmp_path), tmp_path)
    assert journal.last() is None
    async with running(journal):
        journal.said(utterance("a/0", 0, 49))
        journal.said(utterance("op", 50, 70, lane="operator"))
        journal.said(utterance("a/1", 71, 80, cut="cut"))
        journal.fact("ladder", "a step down", rung=1)
        await until(lambda: journal.status()["rows"] == 4)
        status = journal.status()
    first, order, cut, fact, stop = rows(sqlite(tmp_path))
    assert (first["line"], first["first_frame"], first["last_frame"], first["why"]) == ("a/0", 0, 49, "rundown")
    assert (first["price"], first["sale_price"], first["version"]) == ("15.00 EUR", "12.00 EUR", "b8c9c7174163")
    assert (first["text"], first["voice"], first["began"]) == (
        "It costs ten euros.", "flite:slt", "2026-11-22T14:00:00.000Z",
    )  # fmt: skip
    assert order["why"] == "operator"
    assert (cut["text"], cut["cut"], cut["details"]) == ("It costs ten", "cut", '{"planned":"It costs ten euros."}')
    assert (fact["kind"], fact["why"], fact["text"], fact["details"]) == ("fact", "ladder", "a step down", '{"rung":1}')
    assert stop["why"] == "stop"
    assert (status["state"], status["waiting"], status["head"]) == ("open", 0, fact["hash"])
    assert verdict(sqlite(tmp_path)).wrong == ""


async def test_after_a_kill_it_tells_what_was_cut_and_where_to_go_on(tmp_path: Path) -> None:
    journal, report = make(sqlite(tmp_path), tmp_path), OnAir()
    journal.watch(report, OUTLINE)
    task = asyncio.create_task(journal.run())
    journal.said(utterance("a/0", 0, 49))
    report.put("a/1", 50, entry=1)
    await until(lambda: "a/1" in marked(tmp_path))
    await kill(journal, task)

    again = make(sqlite(tmp_path), tmp_path)
    last = again.last()
    assert last
    assert (last.mark.place, last.outline) == (Place("a/1", 3, 1, 0, 7), OUTLINE)
    async with running(again):
        again.said(utterance("a/1", 0, 49))
        await until(lambda: again.status()["rows"] == 4)
    first, killed, recovery, _, _ = rows(sqlite(tmp_path))
    assert (first["cut"], first["run"]) == ("", journal.run_id)
    assert (killed["line"], killed["cut"], killed["run"], killed["last_frame"]) == ("a/1", "kill", journal.run_id, 50)
    assert killed["text"] == "It costs"
    assert (recovery["why"], recovery["run"]) == ("recovery", again.run_id)
    assert verdict(sqlite(tmp_path)).wrong == ""


async def one_run(folder: Path) -> OnAir:
    journal, report = make(sqlite(folder), folder), OnAir()
    journal.last()
    journal.watch(report, OUTLINE)
    async with running(journal):
        report.put("a/1", 50, entry=1)
        await until(lambda: journal.run_id in marked(folder))
    return report


async def test_an_orderly_end_is_no_kill_and_a_third_start_repeats_nothing(tmp_path: Path) -> None:
    for _ in range(3):
        report = await one_run(tmp_path)
        assert report.ended
    assert [each["why"] for each in rows(sqlite(tmp_path))] == ["stop"] * 3


@pytest.mark.parametrize("lost", ["demo.on-air.json", "demo.outline.json", "demo.sqlite"])
async def test_the_place_is_known_if_only_one_of_its_two_copies_is_left(tmp_path: Path, lost: str) -> None:
    journal, report = make(sqlite(tmp_path), tmp_path), OnAir()
    journal.watch(report, OUTLINE)
    report.put("a/2", 7, entry=2)
    async with running(journal):
        await until(lambda: journal.status()["rows"] is not None and "demo.on-air.json" in files(tmp_path))
    for garbage in (b"", b"\0\xff{[", b'{"place": 7}', b"[" * 100_000):
        (tmp_path / lost).write_bytes(garbage)
        journal = make(sqlite(tmp_path), tmp_path)
        last = journal.last()
        journal.close()
        journal._thread.shutdown()
        assert last
        assert last.mark.place == Place("a/2", 3, 1, 0, 7)
        assert last.outline in (OUTLINE, ())


def sql(path: Path, statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(statements)


ABOUT = "CREATE TABLE journal_about (name, value); INSERT INTO journal_about VALUES ('schema', '0')"
OLDER = f"CREATE TABLE as_run (n); {ABOUT}"
FEWER = "DROP INDEX as_run_began; ALTER TABLE as_run DROP COLUMN price"


BAD = {
    "garbage": lambda path: path.write_bytes(os.urandom(20_000)),
    "text": lambda path: path.write_text("not a database at all, but quite long a text " * 50),
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "header only": lambda path: os.truncate(path, 100),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "older": lambda path: (path.unlink(), sql(path, OLDER)),
    "other program": lambda path: (path.unlink(), sql(path, "CREATE TABLE recipes (n)")),
    "lacks a column": lambda path: sql(path, FEWER),
}


@pytest.mark.parametrize("how", BAD)
async def test_a_bad_file_is_set_aside_and_a_new_journal_begins(
    tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = make(sqlite(tmp_path), tmp_path)
    async with running(journal):
        journal.said(utterance("old"))
        await written(journal, 1)
    path = tmp_path / "demo.sqlite"
    BAD[how](path)
    content = path.read_bytes()
    alarms = Alarms()
    journal = make(sqlite(tmp_path), tmp_path, alarms)
    async with running(journal):
        journal.said(utterance("a/0"))
        await written(journal, 2)
        assert not alarms.raised
    aside = [name for name in files(tmp_path) if name.startswith("demo.sqlite.aside-")]
    assert [(tmp_path / name).read_bytes() for name in aside if not name.endswith(("-wal", "-shm"))] == [content]
    assert f"set aside as {sorted(aside)[0]}" in caplog.text
    told = rows(sqlite(tmp_path))
    assert any("set aside" in str(each["text"]) for each in told)
    assert said(sqlite(tmp_path)) == ["a/0"]
    assert verdict(sqlite(tmp_path)).wrong == ""


async def test_a_file_that_is_taken_away_while_it_is_written_is_begun_anew(tmp_path: Path) -> None:
    alarms, told = Alarms(), []
    alarms.hooks.append(told.append)
    journal = make(sqlite(tmp_path), tmp_path, alarms)
    async with running(journal):
        journal.said(utterance("a/0"))
        await written(journal, 1)
        (tmp_path / "demo.sqlite").rename(tmp_path / "moved.sqlite")
        (tmp_path / "demo.sqlite-wal").rename(tmp_path / "moved.sqlite-wal")
        journal.said(utterance("a/1"))
        await until(lambda: told and told[-1].over, 20)
    assert "was taken away" in told[0].text
    assert said(sqlite(tmp_path)) == ["a/1"]
    assert said(address("moved.sqlite", tmp_path)) == ["a/0"]
    assert verdict(sqlite(tmp_path)).wrong == ""


@pytest.fixture
def full_disk(tmp_path: Path) -> Path:
    """A folder that nothing more fits into: a file stands where it would be."""
    (tmp_path / "no-folder").write_text("")
    return tmp_path / "no-folder" / "journal"


async def test_a_folder_that_takes_nothing_leaves_rows_in_memory_and_an_alarm(full_disk: Path) -> None:
    alarms = Alarms()
    journal = make(sqlite(full_disk), full_disk, alarms)
    assert journal.last() is None
    async with running(journal):
        journal.said(utterance("a/0"))
        await until(lambda: journal.status()["state"] == "unwritable" and journal.status()["waiting"])
        assert {alarm.name for alarm in alarms.raised} >= {"journal/unwritable", "journal/bookmark"}
        full_disk.parent.unlink()  # room again
        await until(lambda: not alarms.raised, 20)
    assert said(sqlite(full_disk)) == ["a/0"]
    assert verdict(sqlite(full_disk)).wrong == ""


async def test_a_second_engine_is_told_so_and_takes_over_when_the_first_ends(tmp_path: Path) -> None:
    alarms = Alarms()
    first, second = make(sqlite(tmp_path), tmp_path), make(sqlite(tmp_path), tmp_path, alarms)
    first.last()
    report = OnAir()
    first.watch(report, OUTLINE)
    async with running(first):
        report.put("a/0", 0)
        first.said(utterance("a/0"))
        await until(lambda: first.status()["rows"] == 1)
        second.last()
        task = asyncio.create_task(second.run())
        second.said(utterance("b/0"))
        await until(lambda: second.status()["state"] == "taken")
        assert f"process {os.getpid()} writes the journal of the channel demo; end it" in alarms.raised[0].text
        first.said(utterance("a/1"))
        await until(lambda: first.status()["rows"] == 2)
    await until(lambda: not alarms.raised, 20)
    task.cancel()
    await asyncio.wait([task])
    assert said(sqlite(tmp_path)) == ["a/0", "a/1", "b/0"]  # and no row of a kill
    assert verdict(sqlite(tmp_path)).wrong == ""


async def test_two_channels_share_a_folder_or_a_file(tmp_path: Path) -> None:
    one, other = make(sqlite(tmp_path), tmp_path, channel="one"), make(sqlite(tmp_path), tmp_path, channel="other")
    async with running(one), running(other):
        for n in range(20):
            one.said(utterance(f"a/{n}"))
            other.said(utterance(f"b/{n}"))
            await asyncio.sleep(0)
        await written(one, 20)
        await written(other, 20)
    for channel, name in (("one", "a"), ("other", "b")):
        assert [each["line"] for each in rows(sqlite(tmp_path), channel)][:20] == [f"{name}/{n}" for n in range(20)]
        assert verdict(sqlite(tmp_path), channel=channel).wrong == ""


async def test_a_journal_that_somebody_shortened_is_said_and_stays_found(tmp_path: Path) -> None:
    journal = make(sqlite(tmp_path), tmp_path)
    async with running(journal):
        for n in range(5):
            journal.said(utterance(f"a/{n}"))
        await written(journal, 5)
    sql(tmp_path / "demo.sqlite", "DELETE FROM as_run WHERE seq > 4")
    alarms = Alarms()
    journal = make(sqlite(tmp_path), tmp_path, alarms)
    async with running(journal):
        journal.said(utterance("b/0"))
        await until(lambda: journal.status()["waiting"] == 0 and journal.status()["rows"])
        assert [alarm.name for alarm in alarms.raised] == ["journal/changed"]
    assert verdict(sqlite(tmp_path)).wrong.startswith("row 5 is missing")
    assert said(sqlite(tmp_path))[-1] == "b/0"


async def test_a_clock_set_back_breaks_no_order(tmp_path: Path) -> None:
    shift = [timedelta()]
    journal = make(sqlite(tmp_path), tmp_path)
    journal._now = lambda: datetime.now(UTC) + shift[0]
    async with running(journal):
        journal.fact("test", "before")
        shift[0] = timedelta(hours=-1)
        journal.fact("test", "after")
        await until(lambda: (journal.status()["rows"] or 0) >= 3, 20)
    found = rows(sqlite(tmp_path))
    assert [each["text"] for each in found[:2]] == ["before", "after"]
    assert str(found[1]["began"]) < str(found[0]["began"])
    assert "was set back by 3600." in str(next(each["text"] for each in found if each["why"] == "clock"))
    assert verdict(sqlite(tmp_path)).wrong == ""


async def test_the_queue_is_bounded_and_what_is_lost_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE", 50)
    journal = make(sqlite(tmp_path), tmp_path)
    for n in range(70):
        journal.fact("test", str(n))
    assert (journal.status()["waiting"], journal.status()["lost"]) == (50, 20)
    async with running(journal):
        await until(lambda: (journal.status()["rows"] or 0) >= 51)
    assert "20 rows came faster" in str(rows(sqlite(tmp_path))[50]["text"])


def test_an_entry_costs_the_tick_next_to_nothing(tmp_path: Path) -> None:
    journal = make(sqlite(tmp_path), tmp_path)
    one = utterance("a/0")
    start = perf_counter()
    for _ in range(1000):
        journal.said(one)
    assert (perf_counter() - start) / 1000 < 200e-6  # every few seconds
    journal.close()


async def test_a_thousand_rows_after_a_long_wait(tmp_path: Path) -> None:
    journal = make(sqlite(tmp_path), tmp_path)
    journal._writer._connect = lambda: None  # the database does not answer
    async with running(journal):
        for n in range(3000):
            journal.said(utterance(f"a/{n}"))
            if n % 500 == 0:
                await asyncio.sleep(0.05)
        await until(lambda: journal._writer.waiting._in_file == 3000, 20)
        assert (tmp_path / "demo.waiting.jsonl").stat().st_size > 1_000_000
    again = make(sqlite(tmp_path), tmp_path)  # the rows waited for another process
    async with running(again):
        await until(lambda: (again.status()["rows"] or 0) >= 3000, 30)
    assert said(sqlite(tmp_path)) == [f"a/{n}" for n in range(3000)]
    assert (tmp_path / "demo.waiting.jsonl").stat().st_size == 0
    assert verdict(sqlite(tmp_path)).wrong == ""
    row_bytes = sum((tmp_path / name).stat().st_size for name in files(tmp_path) if "sqlite" in name) / 3000
    assert row_bytes < 1200


STEPS = st.one_of(
    st.tuples(st.sampled_from(["add", "take"]), st.integers(1, 9)),
    st.tuples(st.sampled_from(["restart", "torn", "garbage"]), st.just(0)),
)


@given(st.lists(STEPS, max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_waits_comes_out_in_order_once(tmp_path: Path, steps: list[tuple[str, int]]) -> None:
    path = tmp_path / "waiting.jsonl"
    path.unlink(missing_ok=True)
    waiting, put, got = Waiting(), 0, []
    waiting.open(path)
    for what, count in steps:
        if what == "add":
            waiting.add([entry(put + n) for n in range(count)])
            put += count
        elif what == "take":
            got += [each["id"] for each in waiting.next(count)]
            waiting.done()
        else:
            with path.open("ab") as file:
                file.write({"restart": b"", "torn": b'{"id": "x', "garbage": b"\xff\0\n[]\n"}[what])
            waiting = Waiting()
            waiting.open(path)
            if got:
                waiting.skip_through(got[-1])
    while len(waiting):
        got += [each["id"] for each in waiting.next(4)]
        waiting.done()
    assert got == [entry(n)["id"] for n in range(put)]


def entry(n: int) -> dict:
    return row.fact(f"run-{n}.", "run", "test", str(n), n, NOW, {})


FIELDS = st.sampled_from(["run", "at", "frame", "place", "on_air", "outline", "closed", "turn"])
SCALARS = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner)))
@settings(max_examples=50, deadline=None)
def test_a_mark_full_of_garbage_raises_one_kind_of_error(content: object) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(read_mark(json.dumps(content)), Mark)


def test_a_journal_never_begun_can_be_closed(tmp_path: Path) -> None:
    journal = make(Address("nowhere", file=tmp_path / "x"), tmp_path)
    journal.close()
    journal.close()
