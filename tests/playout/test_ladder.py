"""The rule of the ladder, on made-up frames: how soon it goes down, how late it goes up, and what does not move it."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.media import Coding
from host_engine.playout.ladder import Ladder, rungs
from host_engine.timing import Row

FPS, BUDGET, START = 25, 40.0, 6
COSTS = (1.0, 0.85, 0.65, 0.38)  # of a frame on each rung, as shares of that on the first


class Channel:
    """A clock and a machine on which a frame takes `cost(n)` ms on the first rung, and less on the others."""

    def __init__(self, rungs: int = 4) -> None:
        self.ladder = Ladder(rungs, FPS)
        self.n, self.late = 0, 0.0
        self.steps: list[tuple[int, int]] = []  # frame, rung
        self.run(START, 15)

    def run(self, seconds: float, cost: float | Callable[[int], float], elsewhere: float = 0.0) -> Channel:
        """`elsewhere`: ms that each frame loses in the loop, outside its stages."""
        end = self.n + seconds * FPS
        while self.n < end:
            whole = cost(self.n) if callable(cost) else cost
            rung = self.ladder.rung
            taken = whole * COSTS[rung]
            if rung == 3:  # every second picture is left out
                taken = 0.0 if self.n % 2 else 2 * taken
            row = Row(self.n, self.late, {"pull": 0.1, "draw": 0.5 * taken, "mix": 0.1 * taken, "encode": 0.4 * taken})
            if self.ladder.see(row) != rung:
                self.steps.append((self.n, self.ladder.rung))
            self.late = max(0.0, self.late + taken + elsewhere - BUDGET)
            self.n += 1
            if self.late > 400:
                self.n += int(self.late / BUDGET)
                self.late %= BUDGET
        return self

    @property
    def rung(self) -> int:
        return self.ladder.rung


def test_within_its_budget_nothing_happens() -> None:
    assert not Channel().run(900, lambda n: random.Random(n).uniform(5, 34)).steps


@pytest.mark.parametrize(("cost", "rung"), [(39.0, 1), (46.0, 2), (60.0, 3), (200.0, 3), (1500.0, 3)])
def test_what_is_too_slow_goes_down_soon_and_only_as_far_as_it_must(cost: float, rung: int) -> None:
    channel = Channel().run(2, 15).run(30, cost)
    assert channel.rung == rung
    first = channel.steps[0][0] / FPS - 2 - START
    assert first <= (2.2 if cost <= 200 else 15)
    if cost <= 60:
        assert all((b - a) / FPS < 3 for (a, _), (b, _) in pairwise(channel.steps))


def test_the_first_seconds_say_nothing() -> None:
    ladder = Ladder(4, FPS)
    rows = [Row(n, 0.0, {"draw": 90.0 if n < 1120 else 15.0}) for n in range(1000, 3000)]
    assert not any(ladder.see(row) for row in rows)


def test_one_slow_frame_is_one_slow_frame() -> None:
    assert not Channel().run(60, lambda n: 3000 if n % 500 == 250 else 20).steps


def test_a_loop_that_is_blocked_is_not_the_pictures_fault() -> None:
    channel = Channel()
    for blocked in (100, 350, 3000, 30_000):
        channel.run(20, 20)
        channel.late += blocked
    channel.run(20, 20)
    assert not channel.run(60, 15, elsewhere=35).steps  # nor is one that always loses more time than pictures take


def test_a_clock_that_falls_behind_while_pictures_take_most_of_its_time_goes_down() -> None:
    assert Channel().run(30, 33, elsewhere=9).rung > 0


def test_it_goes_up_after_half_a_minute_of_room_and_to_the_top() -> None:
    channel = Channel().run(10, 60)
    assert channel.rung == 3
    start, before = channel.n, len(channel.steps)
    channel.run(200, 15)
    assert channel.rung == 0
    ups = [n for n, _ in channel.steps[before:]]
    assert len(ups) == 3
    assert all(30 <= (b - a) / FPS <= 34 for a, b in pairwise([start, *ups]))


def test_it_does_not_go_up_where_it_knows_that_there_is_no_room() -> None:
    channel = Channel().run(10, 42)
    assert channel.rung == 1
    channel.run(100, 39)  # 33 here, 39 above
    assert len(channel.steps) == 1


def test_steps_up_that_fail_come_ever_more_seldom() -> None:
    channel = Channel().run(5, 42)
    # Room while it is on the lower rung, none on the upper: the worst that a machine can do.
    channel.run(3600, lambda n: 60 if channel.rung == 0 else 20)
    ups = [n for n, rung in channel.steps if rung == 0]
    gaps = [(b - a) / FPS for a, b in pairwise(ups)]
    assert len(ups) <= 8
    assert all(b > 1.2 * a for a, b in pairwise(gaps) if b < 700)
    assert all(gap < 730 for gap in gaps)  # ten minutes of calm, after two of doubt about what the rung above costs
    assert gaps[-1] > 600


def test_a_wrong_guess_about_the_rung_above_is_given_up_in_time() -> None:
    channel = Channel().run(5, 42).run(0.2, 12)
    channel.ladder._ratios[1] = 2.2
    channel.run(600, 19)  # 16 here: 35 above, it thinks
    assert channel.rung == 0


def test_a_step_is_not_judged_before_it_is_in_effect() -> None:
    ladder = Ladder(4, FPS)
    row = Row(0, 0.0, {"draw": 60.0})
    seen = [ladder.see(row._replace(n=n), settled=False) for n in range(FPS * 40)]
    changes = [n / FPS for n, (a, b) in enumerate(pairwise(seen)) if b > a]
    assert 5 < changes[0] < 6.2
    assert all(9.9 < b - a < 12 for a, b in pairwise(changes))  # though not waited for for ever


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0.2, 60), st.floats(0, 400), st.floats(0, 60)), max_size=12), st.integers(2, 4))
def test_whatever_frames_take(phases: list[tuple[float, float, float]], lowest: int) -> None:
    channel = Channel(lowest)
    for seconds, cost, elsewhere in phases:
        channel.run(seconds, cost, elsewhere)
    rungs = [0, *(rung for _, rung in channel.steps)]
    assert all(abs(b - a) == 1 for a, b in pairwise(rungs))
    assert all(0 <= rung < lowest for rung in rungs)
    rises = [n for (a, b), (n, _) in zip(pairwise(rungs), channel.steps, strict=True) if b < a]
    assert all(b - a >= 29 * FPS for a, b in pairwise(rises))
    channel.run((lowest - 1) * 660, 15)
    assert channel.rung == 0


def test_the_ladder_of_a_channel() -> None:
    assert [rung.name for rung in rungs(Coding())] == [
        "full",
        "preset superfast",
        "preset ultrafast",
        "half host",
        "half rate",
    ]
    assert [rung.coding.preset for rung in rungs(Coding(preset="medium"))][:2] == ["medium", "superfast"]
    assert [rung.name for rung in rungs(Coding(preset="ultrafast"))] == ["full", "half host", "half rate"]
    nvenc = rungs(Coding("h264_nvenc", "p4", 2))
    assert [(rung.coding.preset, rung.coding.every, rung.halved) for rung in nvenc] == [
        ("p4", 1, False),
        ("p1", 1, False),
        ("p1", 1, True),
        ("p1", 2, True),
    ]
    assert {rung.coding.threads for rung in nvenc} == {2}
