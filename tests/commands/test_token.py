"""`host-engine token`: shown once, kept hashed, listed without secrets, useless once revoked."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from host_engine.access.keyring import Keyring
from host_engine.channel.operators.token_places import nobody_may, tokens_file
from host_engine.channel_file import config
from host_engine.commands.cli import app


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    path = tmp_path / "channel.yaml"
    path.write_text(json.dumps({"name": "demo", "catalog": "catalog"}))
    return path


def token(channel: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["token", *arguments, "--channel", str(channel)])


def test_a_token_is_made_listed_and_revoked(channel: Path) -> None:
    made = token(channel, "make", "anna", "--role", "admin", "--expires", "12h")
    assert made.exit_code == 0, made.output
    secret = next(line for line in made.stdout.splitlines() if line.startswith("he_"))
    file = tokens_file(config.load(channel))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in file.read_text()
    keyring = Keyring(file)
    found = keyring.find(secret)
    assert found
    assert (found.name, found.role, found.state(datetime.now(UTC))) == ("anna", "admin", "good")
    listed = token(channel, "list")
    assert all(word in listed.stdout for word in ("anna", "admin", "good"))
    assert secret not in listed.output
    assert token(channel, "revoke", "anna").exit_code == 0
    assert "revoked" in token(channel, "list").stdout
    assert keyring.good(found.hash) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "a b"], "no name for a token"),
        (["make", "anna", "--expires", "soon"], "write it like 12h or 30d"),
        (["revoke", "nobody"], "there is no token 'nobody'"),
    ],
)
def test_what_is_wrong_is_a_sentence(channel: Path, arguments: list[str], said: str) -> None:
    found = token(channel, *arguments)
    assert found.exit_code == 1
    assert said in found.output
    assert "Traceback" not in found.output


def test_a_spoilt_file_is_told_and_left_alone(channel: Path) -> None:
    token(channel, "make", "anna")
    file = tokens_file(config.load(channel))
    file.write_text("{")
    for arguments in (["list"], ["make", "ben"], ["revoke", "anna"]):
        found = token(channel, *arguments)
        assert found.exit_code == 1
        assert "no tokens that can be trusted" in found.output
    assert file.read_text() == "{"


def test_where_there_are_none_it_is_said_how_to_make_one(channel: Path) -> None:
    assert "host-engine token make NAME" in " ".join(token(channel, "list").output.split())


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True), ("::", True)]
)
def test_a_channel_open_to_others_without_a_token_is_warned_of(channel: Path, host: str, warned: bool) -> None:
    channel.write_text(json.dumps({"name": "demo", "catalog": "catalog", "http": {"host": host}}))
    settings, now = config.load(channel), datetime.now(UTC)
    said = nobody_may(settings, now)
    assert (said is not None) == warned
    if warned:
        assert "host-engine token make" in str(said)
        assert "token make" in " ".join(CliRunner().invoke(app, ["check", str(channel)]).output.split())
        token(channel, "make", "anna")
        assert nobody_may(settings, now) is None
        tokens_file(settings).write_text("{")
        assert "trusted" in str(nobody_may(settings, now))
