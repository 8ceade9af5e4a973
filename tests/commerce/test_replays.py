"""No message is taken twice, however many come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from host_engine.commerce.replays import Replays


def test_the_same_id_is_taken_once_and_a_time_that_is_off_never() -> None:
    replays = Replays(300)
    assert replays.trouble("a", 1000, 1100) == ""
    replays.take("a", 1000, 1100)
    assert "taken already" in replays.trouble("a", 1000, 1100)
    assert "taken already" in replays.trouble("a", 1099, 1100), "signed anew it is the same"
    assert "301 seconds ago" in replays.trouble("b", 1000, 1301)
    assert "in the future" in replays.trouble("b", 1401, 1100)


def test_what_was_refused_may_come_again() -> None:
    replays = Replays(300)
    replays.take("a", 1000, 1000)
    replays.forget("a")
    assert replays.trouble("a", 1000, 1000) == ""


def test_memory_is_bounded_in_time() -> None:
    replays = Replays(10)
    for n in range(1000):
        replays.take(str(n), float(n), float(n))
    assert len(replays) <= 12


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 5))
def test_nothing_is_ever_let_in_twice_however_small_the_memory(times: list[int], most: int) -> None:
    replays, now, taken = Replays(20, most), 30.0, []
    for n, at in enumerate(times):
        if not replays.trouble(str(n), at, now):
            replays.take(str(n), at, now)
            taken.append((str(n), at))
        assert len(replays) <= most
        assert all(replays.trouble(id, at, now) for id, at in taken)
