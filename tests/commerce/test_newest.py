"""What is older changes nothing, by number or by time."""

from __future__ import annotations

from host_engine.commerce.newest import Mark, Newest


def test_by_number_where_both_have_one_else_by_time() -> None:
    newest = Newest()
    newest.put("tea/price", Mark(100.0, 7))
    assert newest.older("tea/price", Mark(200.0, 7)), "the same number twice is old"
    assert newest.older("tea/price", Mark(200.0, 6))
    assert not newest.older("tea/price", Mark(50.0, 8)), "the number counts, not the time"
    assert newest.older("tea/price", Mark(99.0))
    assert not newest.older("tea/price", Mark(100.0)), "the same second may bring two changes"
    assert not newest.older("tea/sale", Mark(1.0)), "each thing by itself"


def test_what_did_not_become_so_is_taken_back_unless_something_newer_came() -> None:
    newest = Newest()
    before = newest.put("tea/price", Mark(1.0))
    newest.take_back("tea/price", Mark(1.0), before)
    assert newest.of("tea/price") is None
    first = newest.put("tea/price", Mark(1.0))
    newest.put("tea/price", Mark(2.0))
    newest.take_back("tea/price", Mark(1.0), first)
    assert newest.of("tea/price") == Mark(2.0)


def test_memory_is_bounded() -> None:
    newest = Newest(most=3)
    for n in range(10):
        newest.put(f"tea-{n}", Mark(float(n)))
    assert [thing for thing, _ in newest] == ["tea-7", "tea-8", "tea-9"]
    assert set(newest.changed) == {"tea-7", "tea-8", "tea-9"}
