"""The guard of a channel: built from its file, its acts and refusals in the as-run log, in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import json
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from postgres_server import PostgresServer
from typer.testing import CliRunner
from until import until

from host_engine.access.making import make, revoke
from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.channel.operators.admission import Admission, make_admission
from host_engine.channel.operators.token_places import run_token_file, tokens_file
from host_engine.channel.studio.record import journal_address, make_journal
from host_engine.channel_file import config
from host_engine.channel_file.config import Channel
from host_engine.commands.cli import app as command
from host_engine.control.operators.access import access_routes
from host_engine.journal.journal import Journal


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A channel file whose journal is in that database."""
    fields = {"name": "demo", "catalog": "catalog"}
    if request.param == "postgresql":
        fields["journal"] = {"url": request.getfixturevalue("postgres").url}  # type: ignore[assignment]
    path = tmp_path / "channel.yaml"
    path.write_text(json.dumps(fields))
    return path


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def at_work(channel: Channel) -> AsyncIterator[tuple[Admission, Journal, httpx.AsyncClient]]:
    """Journal and guard of a channel, with an app; ended in order."""
    alarms = Alarms()
    journal = make_journal(channel, {}, alarms, now)
    admission = make_admission(channel, journal.fact, journal_address(channel), alarms, now)
    app = FastAPI()
    app.include_router(access_routes(admission.rows, admission.guard))
    jobs = [asyncio.create_task(each()) for each in (journal.run, admission.run)]
    await asyncio.sleep(0)  # they begin
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 1))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://channel") as http:
            yield admission, journal, http
    finally:
        for each in reversed(jobs):
            each.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await each


async def test_who_did_what_is_kept_in_the_as_run_log(file: Path) -> None:
    channel = config.load(file)
    async with at_work(channel) as (admission, journal, http):
        own = {"Authorization": f"Bearer {run_token_file(channel).read_text()}"}
        secret, _ = make(tokens_file(channel), "anna", "operator", timedelta(days=1), now())
        anna = {"Authorization": f"Bearer {secret}"}
        assert (await http.get("/api/session", headers=anna)).json()["name"] == "anna"
        admission.guard.audit(Who("anna", "operator", "192.0.2.7"), "swap", name="=evening")
        assert (await http.get("/api/audit", headers=anna)).status_code == 403
        revoke(tokens_file(channel), "anna", now())
        assert (await http.get("/api/session", headers=anna)).status_code == 401
        await until(lambda: (journal.status()["rows"] or 0) >= 5 and not journal.status()["waiting"], 30)
        rows = (await http.get("/api/audit", headers=own)).json()
    assert [(row["who"], row["action"]) for row in rows] == [
        ("anna", "GET /api/session"),
        ("the token file", "tokens"),
        ("anna", "GET /api/audit"),
        ("anna", "swap"),
        ("the token file", "tokens"),
    ]
    assert rows[0]["outcome"] == "The token 'anna' was revoked."
    assert rows[3]["facts"] == {"name": "=evening"}
    assert rows[2]["address"] == "192.0.2.7"

    told = await asyncio.to_thread(CliRunner().invoke, command, ["as-run", str(file), "--audit", "--format", "jsonl"])
    assert [json.loads(line) for line in told.stdout.splitlines()] == rows[::-1]
    table = await asyncio.to_thread(CliRunner().invoke, command, ["as-run", str(file), "--audit"])
    assert len(table.stdout.splitlines()) == 6
    whole = await asyncio.to_thread(CliRunner().invoke, command, ["as-run", str(file), "--verify"])
    assert whole.exit_code == 0, whole.output


async def test_the_token_of_a_run_dies_with_it(tmp_path: Path) -> None:
    path = tmp_path / "channel.yaml"
    path.write_text(json.dumps({"name": "demo", "catalog": "catalog"}))
    channel = config.load(path)
    kept = run_token_file(channel)
    async with at_work(channel) as (_, _, http):
        first = {"Authorization": f"Bearer {kept.read_text()}"}
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert (await http.get("/api/session", headers=first)).json() == {
            "name": "this machine",
            "role": "admin",
            "expires": None,
        }
    assert not kept.exists()
    async with at_work(channel) as (_, _, http):
        assert (await http.get("/api/session", headers=first)).status_code == 401


async def test_a_journal_that_is_away_is_said(tmp_path: Path) -> None:
    path = tmp_path / "channel.yaml"
    path.write_text(
        json.dumps({"name": "demo", "catalog": "catalog", "journal": {"url": "postgresql://x@127.0.0.1:9/y"}})
    )
    channel = config.load(path)
    async with at_work(channel) as (_, _, http):
        own = {"Authorization": f"Bearer {run_token_file(channel).read_text()}"}
        answer = await http.get("/api/audit", headers=own)
    assert answer.status_code == 503
    assert "127.0.0.1" in answer.json()["detail"]


async def test_where_the_cache_cannot_be_written_the_channel_goes_on_air_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    path = tmp_path / "channel.yaml"
    path.write_text(
        json.dumps({"name": "demo", "catalog": "catalog", "cache": "taken", "journal": {"url": "j.sqlite"}})
    )
    channel = config.load(path)
    make_admission(channel, lambda kind, text, **details: None, journal_address(channel), Alarms(), now)
    assert "cannot operate the channel" in caplog.text
