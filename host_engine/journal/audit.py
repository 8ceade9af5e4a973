"""The audit log as it is read: the rows of the as-run log that say who did what."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from host_engine.journal.chain import Row
from host_engine.journal.reading import AsRun, harmless
from host_engine.journal.row import compact

AUDIT = "audit"  # the reason of such a row
FIELDS = ("who", "role", "action", "outcome", "address")


def audit_rows(log: AsRun, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    """The newest rows, the newest first; `before`: only those of a lower number. Raises Trouble with a sentence."""
    return [told(row) for row in log.newest(AUDIT, limit, before)]


def of_audit(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Those rows of the as-run log that belong to the audit log, as `told` tells them."""
    return (told(row) for row in rows if row["why"] == AUDIT)


def told(row: Row) -> dict[str, Any]:
    """A row of the audit log as programs read it: {seq, at, frame, who, role, action, outcome, address, facts}."""
    try:
        details = json.loads(str(row["details"]))
    except (ValueError, RecursionError):  # a row that somebody altered; `verify` tells
        details = {}
    if not isinstance(details, dict):
        details = {}
    facts = details.get("facts", {})
    return {
        "seq": row["seq"],
        "at": row["began"],
        "frame": row["first_frame"],
        **{name: str(details.get(name, "")) for name in FIELDS},
        "facts": facts if isinstance(facts, dict) else {},
    }


def write_audit(rows: Iterable[dict[str, Any]], file: TextIO, format: str) -> None:
    """One JSON object a line, or a table for spreadsheets in which no cell can be taken for a formula."""
    if format == "jsonl":
        for row in rows:
            file.write(compact(row) + "\n")
        return
    writer = csv.writer(file)
    writer.writerow(["seq", "at", "frame", *FIELDS, "facts"])
    for row in rows:
        facts = compact(row["facts"]) if row["facts"] else ""
        writer.writerow([harmless(row[name]) for name in ("seq", "at", "frame", *FIELDS)] + [harmless(facts)])
