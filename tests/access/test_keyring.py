"""Tokens of a channel on air: those made and revoked meanwhile count at once, a spoilt file opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from host_engine.access.keyring import ALARM, Keyring
from host_engine.access.making import make, revoke, span
from host_engine.access.token import Token, hashed
from host_engine.access.token_file import MOST, read
from host_engine.alarms import Alarms

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Watch:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "demo.tokens"


def test_a_token_opens_from_when_it_is_made_until_it_is_revoked(file: Path) -> None:
    watch, told = Watch(), list[str]()
    keyring = Keyring(file, now=watch)
    keyring.changed = told.append
    assert not keyring.some
    secret, made = make(file, "anna", "operator", DAY, NOW)
    assert keyring.find(secret) == made
    assert keyring.good(made.hash) == keyring.named("anna") == made
    assert keyring.some
    revoke(file, "anna", NOW)
    found = keyring.find(secret)
    assert found
    assert found.state(NOW) == "revoked"
    assert keyring.good(made.hash) is keyring.named("anna") is None
    assert not keyring.some
    assert told == ["The token 'anna' was made, for the role operator.", "The token 'anna' was revoked."]


def test_a_token_expires(file: Path) -> None:
    watch = Watch()
    secret, made = make(file, "anna", "viewer", DAY, NOW)
    keyring = Keyring(file, now=watch)
    watch.now = NOW + DAY - timedelta(seconds=1)
    assert keyring.good(made.hash)
    watch.now = NOW + DAY
    assert keyring.good(made.hash) is None
    found = keyring.find(secret)
    assert found
    assert found.state(watch.now) == "expired"


def test_a_file_that_is_spoilt_opens_nothing_and_sounds_an_alarm(file: Path) -> None:
    alarms = Alarms()
    secret, made = make(file, "anna", "admin", None, NOW)
    keyring = Keyring(file, alarms, lambda: NOW)
    keyring.add(Token("this machine", "admin", hashed("own"), NOW))
    whole = file.read_text()
    file.write_text(whole[:-10])
    assert keyring.find(secret) is None
    assert keyring.find("own")
    assert [each.name for each in alarms.raised] == [ALARM]
    file.write_text(whole + "\n")
    assert keyring.find(secret) == made
    assert not alarms.raised
    file.unlink()
    assert keyring.find(secret) is None
    assert not alarms.raised


def test_only_hashes_are_kept(file: Path) -> None:
    secrets = {make(file, f"t{n}", "operator", DAY, NOW)[0] for n in range(5)}
    assert len(secrets) == 5
    assert all(len(each) > 40 and each not in file.read_text() for each in secrets)


def test_secrets_that_are_none(file: Path) -> None:
    make(file, "anna", "operator", DAY, NOW)
    keyring = Keyring(file, now=lambda: NOW)
    for secret in ("", "anna", "x" * 1_000_000, "\ud800", "ü", hashed("anna"), read(file)[0].hash):
        assert keyring.find(secret) is None


def test_a_name_can_be_given_again_once_its_token_is_useless(file: Path) -> None:
    first, _ = make(file, "anna", "admin", DAY, NOW)
    with pytest.raises(ValueError, match="there is a token 'anna' already"):
        make(file, "anna", "viewer", DAY, NOW)
    revoke(file, "anna", NOW)
    second, _ = make(file, "anna", "viewer", DAY, NOW)
    keyring = Keyring(file, now=lambda: NOW)
    assert keyring.find(first) is None
    found = keyring.find(second)
    assert found
    assert found.role == "viewer"
    with pytest.raises(ValueError, match="there is no token 'ben'"):
        revoke(file, "ben", NOW)


def test_useless_tokens_make_room(file: Path) -> None:
    for n in range(MOST):
        make(file, f"t{n}", "viewer", DAY, NOW)
    with pytest.raises(ValueError, match="there are 200 tokens already"):
        make(file, "one-more", "viewer", DAY, NOW)
    revoke(file, "t7", NOW)
    make(file, "one-more", "viewer", DAY, NOW)
    names = [each.name for each in read(file)]
    assert len(names) == MOST
    assert "t7" not in names


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "ä", "x" * 41, "x\n", "<b>"])
def test_names_that_are_none(file: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name for a token"):
        make(file, name, "viewer", DAY, NOW)
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "lives"), [("30d", 30 * DAY), ("12h", DAY / 2), ("1d12h", 1.5 * DAY), ("never", None), ("90m", DAY / 16)]
)
def test_how_long_tokens_live(words: str, lives: timedelta | None) -> None:
    assert span(words) == lives


@pytest.mark.parametrize(
    "words", ["", "0d", "30", "-1d", "1y", "forever", "99999d", "1e9d", "9" * 30 + "d", "nan", "٣d"]
)
def test_times_that_are_none(words: str) -> None:
    with pytest.raises(ValueError, match="write it like 12h or 30d"):
        span(words)
