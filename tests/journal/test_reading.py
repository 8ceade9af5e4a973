"""The as-run log on its way out: windows of time, tables without formulas, months of rows in little memory."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tracemalloc
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from journal.logs import NOW, sqlite, utterance
from typer.testing import CliRunner

from host_engine.commands.cli import app
from host_engine.journal import row
from host_engine.journal.address import address
from host_engine.journal.reading import AsRun, write_csv, write_jsonl
from host_engine.journal.store import Store
from host_engine.journal.times import instant
from host_engine.journal.trouble import Trouble
from host_engine.show.evidence import Evidence

DAY = 17_000  # about as many utterances as a day has


def fill(folder: Path, count: int, key: bytes = b"", name: str = "demo") -> None:
    """One utterance every five seconds."""
    store = Store(sqlite(folder), name, key)
    store.open()
    for start in range(0, count, 1000):
        entries = []
        for n in range(start, min(count, start + 1000)):
            at = {"began": NOW + timedelta(seconds=5 * n), "ended": NOW + timedelta(seconds=5 * n + 4)}
            fields = row.utterance(f"r-{n}", "r", utterance(f"a/{n}", n * 125, n * 125 + 99))
            entries.append({**fields, **{name: row.stamp(value) for name, value in at.items()}})
        store.append(entries)
    store.close()


def lines(folder: Path, start: str | None, end: str | None) -> list[str]:
    begin, until = (datetime.fromisoformat(each) if each else None for each in (start, end))
    with closing(AsRun(sqlite(folder), "demo")) as log:
        return [str(each["line"]) for each in log.between(begin, until)]


def test_a_window_of_time_holds_all_that_was_on_air_in_it(tmp_path: Path) -> None:
    fill(tmp_path, 100)
    assert lines(tmp_path, None, None) == [f"a/{n}" for n in range(100)]
    assert lines(tmp_path, "2026-11-22T14:00:10+00:00", "2026-11-22T14:00:20+00:00") == ["a/2", "a/3"]
    assert lines(tmp_path, "2026-11-22T15:00:13+01:00", "2026-11-22T14:00:21+00:00") == ["a/2", "a/3", "a/4"]
    assert lines(tmp_path, "2026-11-22T14:08:19+00:00", None) == ["a/99"]
    assert lines(tmp_path, "2027-01-01T00:00:00+00:00", None) == []


def test_no_cell_is_a_formula_and_everything_comes_back(tmp_path: Path) -> None:
    store = Store(sqlite(tmp_path), "demo")
    store.open()
    texts = ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", 'a, "b"\nc', "=\0\ud800"]
    store.append([row.fact(str(n), "r", "test", text, n, NOW, {"n": n}) for n, text in enumerate(texts)])
    store.close()
    table, objects = io.StringIO(), io.StringIO()
    with closing(AsRun(sqlite(tmp_path), "demo")) as log:
        write_csv(log.rows(), table)
        write_jsonl(log.rows(), objects)
    cells = [each["text"] for each in csv.DictReader(io.StringIO(table.getvalue()))]
    assert cells[:7] == [f"'{text}" for text in texts[:6]] + texts[6:7]
    found = [json.loads(line) for line in objects.getvalue().splitlines()]
    assert [each["text"] for each in found[:7]] == texts[:7]
    assert [each["details"] for each in found] == [{"n": n} for n in range(8)]


def test_a_day_is_read_in_little_memory_and_takes_little_room(tmp_path: Path) -> None:
    fill(tmp_path, DAY)
    size = (tmp_path / "demo.sqlite").stat().st_size / DAY
    assert size < 800, size
    tracemalloc.start()
    with closing(AsRun(sqlite(tmp_path), "demo")) as log:
        assert sum(1 for _ in log.between(NOW, None)) == DAY
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000


def test_times_as_people_write_them() -> None:
    assert instant("2026-11-22T14:00Z") == datetime(2026, 11, 22, 14, tzinfo=UTC)
    assert instant(" 2026-11-22 14:00 ") == datetime(2026, 11, 22, 14).astimezone()
    assert instant("2026-11-22") == datetime(2026, 11, 22).astimezone()
    for wrong in ("yesterday", "14:00", "", "2026-13-01", "0001-01-01"):
        with pytest.raises(ValueError, match="write it like"):
            instant(wrong)


def channel(folder: Path, **journal: str) -> str:
    path = folder / "channel.yaml"
    path.write_text(json.dumps({"name": "demo", "catalog": ".", "journal": {"url": "demo.sqlite", **journal}}))
    return str(path)


def test_the_command_prints_verifies_and_names_the_first_bad_row(tmp_path: Path) -> None:
    file, run = channel(tmp_path), CliRunner().invoke
    missing = run(app, ["as-run", file])
    assert missing.exit_code == 1
    fill(tmp_path, 10)
    printed = run(app, ["as-run", file, "--from", "2026-11-22T14:00:10Z", "--to", "2026-11-22T14:00:20Z"])
    assert printed.exit_code == 0
    assert [each["line"] for each in csv.DictReader(io.StringIO(printed.stdout))] == ["a/2", "a/3"]
    assert run(app, ["as-run", file, "--verify"]).exit_code == 0
    alter(tmp_path, "UPDATE as_run SET price = '14.00 EUR' WHERE seq = 5")
    bad = run(app, ["as-run", file, "--verify"])
    assert bad.exit_code == 1
    assert "row 5 (2026-11-22T14:00:20.000Z, 'It costs ten euros.') was altered" in bad.output
    assert run(app, ["as-run", file, "--from", "now"]).exit_code == 1


def alter(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "demo.sqlite")) as connection:
        connection.execute(statement)
        connection.commit()


def test_the_command_verifies_with_the_key_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 10, b"a long random key")
    file, run = channel(tmp_path, key_env="JOURNAL_KEY"), CliRunner().invoke
    monkeypatch.delenv("JOURNAL_KEY", raising=False)
    assert run(app, ["as-run", file, "--verify"]).exit_code == 1
    monkeypatch.setenv("JOURNAL_KEY", "another")
    assert run(app, ["as-run", file, "--verify"]).exit_code == 1
    monkeypatch.setenv("JOURNAL_KEY", "a long random key")
    assert run(app, ["as-run", file, "--verify"]).exit_code == 0


def test_a_log_on_a_disk_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    fill(tmp_path, 10)
    for left in tmp_path.glob("demo.sqlite?*"):
        left.unlink()
    (tmp_path / "demo.sqlite").chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert len(lines(tmp_path, None, None)) == 10
    finally:
        tmp_path.chmod(0o755)


def test_a_file_that_is_no_journal_is_said_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "demo.sqlite").write_text("no journal " * 500)
    with pytest.raises(Trouble, match="is damaged or is no journal"):
        lines(tmp_path, None, None)


def test_addresses(tmp_path: Path) -> None:
    assert address("x/j.sqlite", tmp_path).file == tmp_path / "x/j.sqlite"
    assert address("sqlite:///j.sqlite", tmp_path).file == tmp_path / "j.sqlite"
    assert address("sqlite:////var/j.sqlite", tmp_path).file == Path("/var/j.sqlite")
    there = address("postgresql://me:pass%20word@db.example:5433/shop?sslmode=require&password=two", tmp_path)
    assert there.url == "postgresql+psycopg://me:pass%20word@db.example:5433/shop?sslmode=require&password=two"
    assert there.shown == "postgresql://me@db.example:5433/shop"
    assert set(there.secrets) == {"pass%20word", "pass word", "two"}
    with pytest.raises(ValueError, match="not with mysql"):
        address("mysql://me:secret@db/shop", tmp_path)


BACKED = (Evidence("sencha", "sale_price", "12.00 EUR"), Evidence(None, "policies.returns", "=30 days"))


def test_what_backs_a_line_is_kept_beside_rows_of_older_engines_and_shown(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    store = Store(sqlite(tmp_path), "demo")
    store.open()
    said = utterance("a/3", 500, 599)
    store.append([row.utterance("r-3", "r", replace(said, line=replace(said.line, evidence=BACKED)))])
    store.close()
    file, run = channel(tmp_path), CliRunner().invoke
    assert run(app, ["as-run", file, "--verify"]).exit_code == 0
    table = list(csv.DictReader(io.StringIO(run(app, ["as-run", file]).stdout)))
    assert [each["evidence"] for each in table] == [
        "", "", "", "sencha.sale_price: 12.00 EUR; policies.returns: =30 days",
    ]  # fmt: skip
    last = json.loads(run(app, ["as-run", file, "--format", "jsonl"]).stdout.splitlines()[-1])
    assert last["details"]["evidence"] == [["sencha", "sale_price", "12.00 EUR"], ["", "policies.returns", "=30 days"]]
    alter(tmp_path, "UPDATE as_run SET details = replace(details, '12.00', '11.00') WHERE seq = 4")
    assert "was altered" in run(app, ["as-run", file, "--verify"]).output
    alter(tmp_path, "UPDATE as_run SET details = '{\"evidence\":[1]}' WHERE seq = 4")
    assert run(app, ["as-run", file]).exit_code == 0


def test_evidence_without_end_does_not_fill_the_log() -> None:
    many = tuple(Evidence("tea", "description", "word " * 1000 + str(n)) for n in range(100))
    said = utterance("a/3", 500, 599)
    details = row.utterance("r-3", "r", replace(said, line=replace(said.line, evidence=many)))["details"]
    assert len(str(details)) < 3000
