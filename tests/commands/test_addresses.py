"""What `host-engine run` tells once a channel is on air."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from program import ROOT

from host_engine.access import making
from host_engine.channel.operators.token_places import tokens_file
from host_engine.channel_file.config import Channel
from host_engine.commands.addresses import addresses


def channel(folder: Path, **fields: object) -> Channel:
    return Channel.model_validate(
        {"name": "tea", "catalog": str(ROOT / "product_catalogs" / "tea"), "cache": str(folder), **fields}
    )


def told(channel: Channel) -> str:
    return "\n".join(addresses(channel, "http://127.0.0.1:8080", ["tube [red]"]))


def test_who_has_no_token_yet_is_told_how_to_make_one(tmp_path: Path) -> None:
    made = channel(tmp_path)
    assert "host-engine token make NAME" in told(made)
    assert "http://127.0.0.1:8080/console" in told(made)
    assert "tube \\[red]" in told(made)
    making.make(tokens_file(made), "anna", "operator", None, datetime.now(UTC))
    assert "token make" not in told(made)


def test_a_channel_without_a_console_speaks_of_none(tmp_path: Path) -> None:
    text = told(channel(tmp_path, operator={"console": False}))
    assert "console" not in text
    assert "/status" in text
