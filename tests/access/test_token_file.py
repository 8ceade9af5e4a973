"""The file with the tokens: what is written is read, what is no such file opens nothing and harms nobody."""

from __future__ import annotations

import json
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.access.token import Token, hashed
from host_engine.access.token_file import MOST, BadTokens, change, parse, read, text

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._@-]{0,39}\Z")
TOKENS = st.builds(
    Token,
    NAMES,
    st.sampled_from(["viewer", "operator", "admin"]),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    TIMES,
    st.none() | TIMES,
    st.none() | TIMES,
)
WRONG: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=12,
)


def token(name: str = "anna", **fields: Any) -> Token:
    return Token(name, "operator", hashed(name), NOW, NOW + timedelta(days=30))._replace(**fields)


@given(st.lists(TOKENS, max_size=5, unique_by=(lambda each: each.name, lambda each: each.hash)))
def test_what_is_written_is_read(tokens: list[Token]) -> None:
    assert parse(text(tokens).encode()) == tuple(tokens)


def refused(data: bytes) -> str:
    """Why these are no tokens; "" where they are."""
    try:
        parse(data)
    except BadTokens as error:
        return str(error)
    return ""


@given(st.binary(max_size=400) | WRONG.map(lambda found: json.dumps(found).encode()))
def test_other_bytes_are_no_tokens(data: bytes) -> None:
    assert refused(data)


@given(st.sampled_from(["name", "role", "sha256", "made", "expires", "revoked", "more"]), WRONG)
def test_a_field_that_is_none_is_not_taken_for_one(field: str, value: Any) -> None:
    kept = json.loads(text([token()]))
    kept["tokens"][0][field] = value
    data = json.dumps(kept).encode()
    if said := refused(data):
        assert "tokens" in said or "JSON" in said
        return
    found = parse(data)[0]
    assert field != "more"
    assert found.role in ("viewer", "operator", "admin")
    assert len(found.hash) == 64
    assert found.made.tzinfo


@given(st.integers(0, 300), st.binary(min_size=1, max_size=8))
def test_a_file_that_was_spoilt_is_told_in_one_line_or_reads_as_tokens(at: int, bytes_there: bytes) -> None:
    whole = text([token("anna"), token("ben")]).encode()
    assert "\n" not in refused(whole[:at] + bytes_there + whole[at + len(bytes_there) :])


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ([token("anna"), token("anna", hash=hashed("other"))], "same name"),
        ([token("anna"), token("ben", hash=hashed("anna"))], "same hash"),
        ([token(f"t{n}") for n in range(MOST + 1)], "at most"),
    ],
)
def test_what_does_not_fit_together(tokens: list[Token], said: str) -> None:
    raw = {"tokens": [{"name": each.name, "role": each.role, "sha256": each.hash, "made": each.made.isoformat()}
                      for each in tokens]}  # fmt: skip
    with pytest.raises(BadTokens, match=said):
        parse(json.dumps(raw).encode())


def test_nothing_larger_is_read(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_bytes(b" " * 1_000_000 + text([]).encode())
    file.chmod(0o600)
    with pytest.raises(BadTokens, match="longer than 256 KB"):
        read(file)


def test_a_file_that_others_may_write_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    change(file, lambda tokens: (*tokens, token()))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(file) == (token(),)
    file.chmod(0o666)
    with pytest.raises(BadTokens, match="chmod 600"):
        read(file)


def test_where_there_is_no_file_there_are_no_tokens(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == ()
    with pytest.raises(OSError, match="directory"):
        read(tmp_path)


def test_a_change_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "new" / "tokens"
    change(file, lambda tokens: (token(),))

    def refuse(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        change(file, refuse)
    with pytest.raises(BadTokens, match="same name"):
        change(file, lambda tokens: (*tokens, token(hash=hashed("x"))))
    assert read(file) == (token(),)
    assert sorted(os.listdir(file.parent)) == ["tokens", "tokens.lock"]


def test_changes_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    adding = [
        threading.Thread(target=change, args=(file, lambda tokens, n=n: (*tokens, token(f"t{n}")))) for n in range(12)
    ]
    for each in adding:
        each.start()
    for each in adding:
        each.join(30)
    assert {each.name for each in read(file)} == {f"t{n}" for n in range(12)}
