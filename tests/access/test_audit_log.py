"""Who did what: one row for each act, without secrets; floods of refusals are summed up and counted."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from host_engine.access.audit_log import AuditLog
from host_engine.access.refusals import AT_ONCE, EVERY, Refusals
from host_engine.access.who import Who

ANNA = Who("anna", "operator", "192.0.2.7")
NOBODY = Who("", "viewer", "192.0.2.8")


class Kept:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, kind: str, text: str, **details: Any) -> None:
        self.rows.append((kind, text, details))


def test_who_what_outcome_and_where() -> None:
    kept = Kept()
    AuditLog(kept)(ANNA, "say", "The catalog does not back it.", text="It is free.", when="now", kind="x")
    kind, text, details = kept.rows[0]
    assert (kind, text) == ("audit", "anna: say: The catalog does not back it.")
    assert details == {
        "who": "anna",
        "role": "operator",
        "action": "say",
        "outcome": "The catalog does not back it.",
        "address": "192.0.2.7",
        "facts": {"text": "It is free.", "when": "now", "kind": "x"},
    }


def test_secrets_and_long_texts_stay_out() -> None:
    kept = Kept()
    AuditLog(kept)(
        ANNA, "output", "x" * 5000, key="live_123", stream_key="s", token="t", list=["y" * 999], keyboard="k"
    )
    facts = kept.rows[0][2]["facts"]
    assert facts == {
        "key": "(hidden)",
        "stream_key": "(hidden)",
        "token": "(hidden)",
        "list": ["y" * 300],
        "keyboard": "k",
    }
    assert len(kept.rows[0][2]["outcome"]) == 300


def test_what_cannot_be_kept_stops_nobody() -> None:
    def broken(kind: str, text: str, **details: Any) -> None:
        raise RuntimeError("full")

    audit = AuditLog(broken)
    audit(ANNA, "take")
    assert audit.rows == 0


def test_a_flood_of_refusals_makes_few_rows_that_count_them_all() -> None:
    kept, now = Kept(), [0.0]
    refusals = Refusals(AuditLog(kept), lambda: now[0])
    for n in range(10_000):
        refusals.refused(NOBODY._replace(address=f"192.0.2.{n % 250}"), "GET /api/state", "no token")
    assert len(kept.rows) == AT_ONCE
    refusals.sum_up()
    refusals.sum_up()
    assert len(kept.rows) == AT_ONCE + 1
    details = kept.rows[-1][2]
    assert details["facts"]["times"] == refusals.count - AT_ONCE == 10_000 - AT_ONCE
    assert len(details["facts"]["of"]) == 10
    refusals.refused(ANNA, "POST /api/take", "too often")  # no flood of strangers hides her
    assert kept.rows[-1][2]["who"] == "anna"
    now[0] += EVERY
    refusals.refused(NOBODY, "GET /api/state", "no token")
    refusals.refused(NOBODY, "GET /api/state", "no token")
    assert len(kept.rows) == AT_ONCE + 3


async def test_what_waits_is_summed_up_at_the_end() -> None:
    kept = Kept()
    refusals = Refusals(AuditLog(kept))
    for _ in range(AT_ONCE + 5):
        refusals.refused(NOBODY, "GET /api/state", "no token")
    running = asyncio.create_task(refusals.run())
    await asyncio.sleep(0)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert kept.rows[-1][2]["facts"]["times"] == 5
    assert kept.rows[-1][2]["address"] == "192.0.2.8"
