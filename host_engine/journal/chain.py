"""The chain: each row is hashed together with the hash of the row before it, so that no row changes unseen."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from host_engine.journal.row import NUMBERS, TEXTS, Entry, Value, compact

Row: TypeAlias = "dict[str, Value]"

START = "0" * 64  # the hash before the first row
HASHED = ("channel", "seq", "signed", *TEXTS, *NUMBERS)
COLUMNS = (  # in the order in which people read them
    "channel", "seq", "kind", "why", "began", "ended", "first_frame", "last_frame", "text", "cut", "line", "segment",
    "product", "price", "sale_price", "catalog", "version", "voice", "details", "run", "id", "signed", "hash",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many rows it has, the last one's hash and id, and a seal over these with a key."""

    channel: str
    count: int = 0
    hash: str = START
    last: str = ""
    seal: str = ""


def key_name(key: bytes) -> str:
    """The name of a key, which is no secret: "" without a key."""
    return hashlib.sha256(b"host_engine journal " + key).hexdigest()[:8] if key else ""


def digest(row: Mapping[str, Value], previous: str, key: bytes) -> str:
    """The hash of a row, from its fields, the hash before it and, where there is one, the key."""
    message = compact({**{name: row[name] for name in HASHED}, "previous": previous}).encode()
    return hmac.new(key, message, "sha256").hexdigest() if key else hashlib.sha256(message).hexdigest()


def seal(channel: str, count: int, hash: str, key: bytes) -> str:
    """What only who has the key can write beside a count and a hash; "" without a key."""
    message = compact({"channel": channel, "count": count, "hash": hash}).encode()
    return hmac.new(key, message, "sha256").hexdigest() if key else ""


def chained(head: Head, entries: Iterable[Entry], key: bytes) -> tuple[list[Row], Head]:
    """The entries as rows that follow `head`, and the new head."""
    rows: list[Row] = []
    count, hash, last = head.count, head.hash, head.last
    for entry in entries:
        count += 1
        row: Row = {**entry, "channel": head.channel, "seq": count, "signed": key_name(key)}
        row["hash"] = hash = digest(row, hash, key)
        rows.append(row)
        last = str(entry["id"])
    return rows, Head(head.channel, count, hash, last, seal(head.channel, count, hash, key))
