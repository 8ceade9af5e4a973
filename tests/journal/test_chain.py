"""Whatever is done to the rows of a chain, it shows, and the first bad row is named."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from journal.logs import NOW, utterance

from host_engine.journal import row
from host_engine.journal.chain import HASHED, Head, Row, chained
from host_engine.journal.verify import Verdict, verify

KEYS = st.sampled_from([b"", b"a long random key"])
EDITABLE = [name for name in HASHED if name != "seq"] + ["hash"]


def chain(count: int, key: bytes) -> tuple[list[Row], Head]:
    entries = [row.utterance(f"r-{n}", "r", utterance(f"a/{n}", n * 10, n * 10 + 9)) for n in range(count)]
    entries.append(row.fact("r-f", "r", "alarm", "disk \ud800 full\0", 5, NOW, {"bytes": 17}))
    return chained(Head("demo"), entries, key)


def check(rows: list[Row], head: Head | None, key: bytes) -> Verdict:
    return verify(lambda after: [each for each in rows if int(str(each["seq"])) > after], lambda: head, "demo", key)


@given(st.integers(0, 5), KEYS)
@settings(deadline=None)
def test_a_chain_as_it_was_written_holds(count: int, key: bytes) -> None:
    rows, head = chain(count, key)
    assert check(rows, head, key) == Verdict(count + 1, head.hash)


@given(st.integers(1, 6), KEYS, st.data())
@settings(deadline=None)
def test_any_altered_field_shows(count: int, key: bytes, data: st.DataObject) -> None:
    rows, head = chain(count, key)
    at = data.draw(st.integers(0, count))
    name = data.draw(st.sampled_from(EDITABLE))
    value = data.draw(st.integers(-5, 500) if isinstance(rows[at][name], int) else st.text(max_size=4))
    if value == rows[at][name]:
        return
    rows[at] = {**rows[at], name: value}
    found = check(rows, head, key)
    assert found.wrong
    assert found.rows <= at
    assert found.wrong.startswith(f"row {at + 1}")


@given(st.integers(1, 6), KEYS, st.data())
@settings(deadline=None)
def test_any_removed_row_shows(count: int, key: bytes, data: st.DataObject) -> None:
    rows, head = chain(count, key)
    at = data.draw(st.integers(0, count))
    renumbered = data.draw(st.booleans())
    del rows[at]
    if renumbered:
        rows = [{**each, "seq": n} for n, each in enumerate(rows, 1)]
    found = check(rows, head, key)
    assert f"row {at + 1}" in found.wrong
    assert found.rows == at


@given(st.integers(1, 6), KEYS, st.data())
@settings(deadline=None)
def test_rows_in_another_order_show(count: int, key: bytes, data: st.DataObject) -> None:
    rows, head = chain(count, key)
    order = data.draw(st.permutations(range(count + 1)))
    moved = [{**rows[n], "seq": place} for place, n in enumerate(order, 1)]
    first = next((n for n in range(count + 1) if order[n] != n), None)
    found = check(moved, head, key)
    assert found.wrong == "" if first is None else found.rows == first


@given(st.integers(1, 6), KEYS, st.data())
@settings(deadline=None)
def test_an_inserted_row_shows(count: int, key: bytes, data: st.DataObject) -> None:
    rows, head = chain(count, key)
    at = data.draw(st.integers(0, count + 1))
    rows.insert(at, {**rows[data.draw(st.integers(0, count))], "text": "invented"})
    rows = [{**each, "seq": n} for n, each in enumerate(rows, 1)]
    found = check(rows, head, key)
    assert found.rows <= at if at <= count else "added behind" in found.wrong or found.rows == at
    assert found.wrong


@given(st.integers(1, 6), st.data())
@settings(deadline=None)
def test_who_has_no_key_can_neither_forge_nor_shorten_a_signed_chain(count: int, data: st.DataObject) -> None:
    key = b"a long random key"
    rows, head = chain(count, key)
    keep = data.draw(st.integers(1, count))
    shorter = replace(head, count=keep, hash=str(rows[keep - 1]["hash"]))
    assert "not sealed" in check(rows[:keep], shorter, key).wrong
    forged, forged_head = chain(keep, b"")
    assert check(forged, forged_head, key).wrong
    more, more_head = chained(shorter, [dict.fromkeys(rows[0], "")], b"")
    assert "is not signed" in check([*rows[:keep], *more], more_head, key).wrong


def test_who_can_write_all_can_forge_an_unsigned_chain() -> None:
    """That is what a key is for, and what the documents say."""
    rows, head = chain(3, b"")
    assert check(*chain(2, b""), b"").wrong == ""
    assert check(rows[:2], replace(head, count=2, hash=str(rows[1]["hash"])), b"").wrong == ""


def test_a_key_may_come_later_but_not_go_or_change() -> None:
    old, head = chain(2, b"")
    entries = [row.fact("f", "r", "test", "x", 0, NOW, {})]
    signed, signed_head = chained(head, entries, b"one")
    assert check([*old, *signed], signed_head, b"one").wrong == ""
    assert "set the environment variable" in check([*old, *signed], signed_head, b"").wrong
    other, other_head = chained(signed_head, entries, b"two")
    assert "another key" in check([*old, *signed, *other], other_head, b"one").wrong


def test_a_head_that_is_gone_or_counts_more_shows() -> None:
    rows, head = chain(3, b"")
    assert "head" in check(rows, None, b"").wrong
    assert check(rows, replace(head, count=9), b"").wrong.startswith("row 5 is missing, and all that followed")
    assert "not one row" in check([], None, b"").wrong


def test_rows_that_are_written_meanwhile_are_no_fault() -> None:
    rows, head = chain(3, b"")
    more, later = chained(head, [row.fact("f", "r", "test", "x", 0, NOW, {})], b"")
    now = [rows]

    def heads() -> Head:
        now[0] = [*rows, *more]
        return later

    found = verify(lambda after: [each for each in now[0] if int(str(each["seq"])) > after], heads, "demo")
    assert found == Verdict(5, later.hash)
