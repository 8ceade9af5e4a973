"""The audit log: who did what, and when, as rows of the as-run log, which nobody can change unnoticed."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Protocol

from host_engine.access.who import Who

log = logging.getLogger(__name__)

KIND = "audit"
LONGEST, MOST = 300, 12  # letters of one fact, facts of one row
SECRETS = re.compile(r"(^|_)(key|token|secret|password|authorization)$", re.IGNORECASE)


class Fact(Protocol):
    """Keeps something in the as-run log; never waits, never raises."""

    def __call__(self, kind: str, text: str, **details: object) -> None: ...


class AuditLog:
    """An `Audit`. What is called a key, a token or a password is kept as a word in its place."""

    def __init__(self, fact: Fact) -> None:
        self._fact = fact
        self.rows = 0

    def __call__(self, who: Who, action: str, outcome: str = "done", **facts: object) -> None:
        """See `Audit`."""
        try:
            told = outcome[:LONGEST]
            details = {"who": who.name, "role": who.role, "action": action, "outcome": told, "address": who.address}
            self._fact(KIND, f"{who.name or 'somebody'}: {action[:LONGEST]}: {told}", **details, facts=_bounded(facts))
            self.rows += 1
        except Exception:
            log.exception("an act of an operator could not be kept in the as-run log")


def _bounded(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: "(hidden)" if SECRETS.search(name) else _short(value) for name, value in list(facts.items())[:MOST]}


def _short(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_short(each) for each in list(value)[:MOST]]
    return str(value)[:LONGEST]
