"""Lips that come too late too often are not ordered any more for a while, and then they are again."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.footage_pace import Pace


class Watched:
    """A pace and what it told, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[str] = []
        self.pace = Pace(25, self.told.append, lambda: self.now)
        self.pace.name = "small"

    def shots(self, came: bool, count: int) -> None:
        for _ in range(count):
            self.now += 0.04
            if self.pace.ordering:
                self.pace.shot(came, "" if came else "too late")


def test_a_fifth_of_two_seconds_may_be_late_and_no_more() -> None:
    watched = Watched()
    for _ in range(50):
        watched.shots(True, 4)
        watched.shots(False, 1)
    assert watched.pace.ordering
    assert watched.pace.reason is None
    watched.shots(False, 1)
    assert not watched.pace.ordering
    assert watched.pace.reason == "11 of 50 pictures had no lips in time (too late)"
    assert "rests for 30 s" in watched.told[0]


def test_it_comes_back_by_itself_and_only_when_it_is_really_well() -> None:
    watched = Watched()
    watched.shots(False, 11)
    assert not watched.pace.ordering
    watched.now += 30
    assert watched.pace.ordering
    assert watched.pace.reason  # it is only tried
    watched.shots(True, 20)
    watched.shots(False, 11)
    assert not watched.pace.ordering
    assert "rests for 60 s" in watched.told[1]
    watched.now += 60
    watched.shots(True, 49)
    assert len(watched.told) == 2
    watched.shots(True, 1)
    assert watched.pace.reason is None
    assert watched.told[2] == "the lips of 'small' come in time again"
    watched.shots(True, 500)
    assert len(watched.told) == 3


def test_lips_ordered_before_it_fell_do_not_count() -> None:
    watched = Watched()
    watched.shots(False, 11)
    for _ in range(20):
        watched.pace.shot(False)
    assert len(watched.told) == 1


@given(st.lists(st.booleans(), max_size=400))
@settings(max_examples=100, deadline=None)
def test_it_rests_exactly_when_a_fifth_of_the_last_two_seconds_was_late(came: list[bool]) -> None:
    watched, seen = Watched(), list[bool]()
    for each in came:
        watched.pace.shot(each)
        seen.append(each)
        assert watched.pace.ordering == (seen[-50:].count(False) <= 10)
        if not watched.pace.ordering:
            return
