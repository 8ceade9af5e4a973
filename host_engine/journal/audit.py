"""The audit log as it is read: the rows of the as-run log that say who did what."""

from __future__ import annotations

import json
from typing import Any

from host_engine.journal.chain import Row
from host_engine.journal.reading import AsRun

AUDIT = "audit"  # the reason of such a row


def audit_rows(log: AsRun, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    """The newest rows, the newest first; `before`: only those of a lower number. Raises Trouble with a sentence."""
    return [told(row) for row in log.newest(AUDIT, limit, before)]


def told(row: Row) -> dict[str, Any]:
    """A row of the audit log as programs read it: {seq, at, frame, who, role, action, outcome, address, facts}."""
    try:
        details = json.loads(str(row["details"]))
    except ValueError:  # a row that somebody altered; `verify` tells
        details = {}
    if not isinstance(details, dict):
        details = {}
    names = ("who", "role", "action", "outcome", "address")
    facts = details.get("facts", {})
    return {
        "seq": row["seq"],
        "at": row["began"],
        "frame": row["first_frame"],
        **{name: str(details.get(name, "")) for name in names},
        "facts": facts if isinstance(facts, dict) else {},
    }
