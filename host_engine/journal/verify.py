"""Whether the as-run log is as it was written: no row altered, removed, inserted, moved, none missing at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from host_engine.journal.chain import START, Head, Row, digest, key_name, seal


class Verdict(NamedTuple):
    """How many rows hold together, the hash of the last of them, and what is wrong with the next: "" if nothing."""

    rows: int
    hash: str
    wrong: str = ""


class Checker:
    """Goes through the rows of a chain in their order and stops at the first bad one."""

    def __init__(self, channel: str, key: bytes = b"") -> None:
        self._channel, self._key = channel, key
        self.signed = False  # the rows so far end with one that is signed
        self.verdict = Verdict(0, START)

    def check(self, rows: Iterable[Row]) -> bool:
        """Whether all these rows, which follow those before, are good."""
        for row in rows:
            count, hash, _ = self.verdict
            if wrong := self._wrong(row, count + 1, hash):
                self.verdict = Verdict(count, hash, wrong)
                return False
            self.signed = bool(row["signed"])
            self.verdict = Verdict(count + 1, str(row["hash"]))
        return True

    def end(self, head: Head | None) -> bool:
        """Whether the rows end where the head says."""
        count, hash, _ = self.verdict
        if head is None:
            wrong = "the head of the chain is gone" if count else f"there is not one row of the channel {self._channel}"
        elif head.count > count:
            wrong = f"row {count + 1} is missing, and all that followed: the head counts {head.count} rows"
        elif (head.count, head.hash) != (count, hash):
            wrong = f"row {head.count + 1} was added behind the end" if head.count < count else "the head was altered"
        elif self.signed and head.seal != seal(self._channel, count, hash, self._key):
            wrong = f"the head of {count} rows is not sealed with this key: rows behind it may be missing"
        else:
            wrong = ""
        self.verdict = Verdict(count, hash, wrong)
        return not wrong

    def _wrong(self, row: Row, expected: int, previous: str) -> str:
        """What is wrong with a row, as a sentence."""
        seq, signed, key = row["seq"], str(row["signed"]), self._key
        name = f"row {expected} ({row['began']}, {str(row['text'])[:40]!r})"
        if seq != expected:
            return f"row {expected} is missing: after {expected - 1} comes {seq}"
        if self.signed and not signed:
            return f"{name} is not signed, and the row before it is"
        if signed and not key:
            return f"{name} is signed: set the environment variable with the journal's key to verify it"
        if signed and signed != key_name(key):
            return f"{name} is signed with another key"
        if digest(row, previous, key if signed else b"") != row["hash"]:
            return f"{name} was altered, or a row before it was removed, inserted or moved"
        return ""


def verify(
    rows: Callable[[int], Iterable[Row]], head: Callable[[], Head | None], channel: str, key: bytes = b""
) -> Verdict:
    """Go through a chain that may be growing meanwhile. `rows` gives those behind a number."""
    checker = Checker(channel, key)
    while True:
        before = checker.verdict.rows
        if not checker.check(rows(before)):
            return checker.verdict
        found = head()
        count = checker.verdict.rows
        if found is None or found.count <= count or count == before:
            break
    if checker.end(found) and key and not checker.signed:
        return checker.verdict._replace(wrong=f"row {count} is not signed, though there is a key")
    return checker.verdict
