"""Earliest deadline first; nobody starves; the hopeless cost no batch."""

from concurrent.futures import Future
from typing import NamedTuple

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from host_engine.neural.order import Order
from host_engine.neural.worker.batching import LINGER, MARGIN, Pace, best, form
from host_engine.neural.worker.queue import MOST, OWED, PATIENCE, QUIET, Queue, Waiting

NOTHING = np.zeros((1, 1, 3), np.uint8)
FRAMES = 40
WINDOW = np.zeros((1,), np.float16)


def waiting(channel="a", deadline=1.0, asked=0.0):
    return Waiting(Order(channel, 0, 0, WINDOW, NOTHING, deadline), asked, Future())


def paced(buckets=(1, 2, 4, 8, 16, 32), base=0.002, each=0.0005):
    pace = Pace(buckets)
    for bucket in buckets:
        pace.add(bucket, base + each * bucket)
    return pace


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 10)), max_size=40), st.integers(1, 40))
def test_the_earliest_deadlines_of_all_channels_come_first(orders, count):
    queue = Queue()
    for channel, deadline in orders:
        assert queue.put(waiting(channel, deadline, asked=deadline))
    taken = [each.order.deadline for each in queue.take(count)]
    assert taken == sorted(deadline for _, deadline in orders)[:count]
    assert len(queue) == max(0, len(orders) - count)


@given(st.lists(st.floats(0, 10), max_size=40), st.floats(0, 10))
def test_what_cannot_be_in_time_is_dropped_and_nothing_else(deadlines, by):
    queue = Queue()
    for deadline in deadlines:
        queue.put(waiting("a", deadline))
    lost = [each.order.deadline for each in queue.drop(by)]
    assert lost == [each for each in deadlines if each < by]
    assert sorted(each.order.deadline for each in queue.urgent()) == sorted(each for each in deadlines if each >= by)


def test_a_channel_that_missed_lips_is_served_before_one_that_did_not():
    queue = Queue()
    queue.put(waiting("unlucky", 0.1))
    queue.drop(by=0.2)
    queue.put(waiting("lucky", 1.0))
    queue.put(waiting("unlucky", 1.01))
    assert [each.order.channel for each in queue.take(2)] == ["unlucky", "lucky"]
    queue.put(waiting("lucky", 2.0))
    queue.put(waiting("unlucky", 2.01))
    assert [each.order.channel for each in queue.take(2)] == ["lucky", "unlucky"]


def test_an_order_that_may_wait_for_ever_counts_as_due_after_a_while():
    queue = Queue()
    queue.put(waiting("file", float("inf"), asked=0.0))
    queue.put(waiting("live", PATIENCE - 0.1, asked=0.0))
    queue.put(waiting("live", PATIENCE + 0.1, asked=0.0))
    assert [each.order.channel for each in queue.take(3)] == ["live", "file", "live"]


def test_a_channel_cannot_fill_the_queue():
    queue = Queue()
    assert all(queue.put(waiting("greedy")) for _ in range(MOST))
    assert not queue.put(waiting("greedy"))
    assert queue.put(waiting("modest"))


def test_what_was_put_back_waits_again_and_channels_that_went_quiet_are_forgotten():
    queue = Queue()
    for n in range(3):
        queue.put(waiting(str(n), 1.0 + n / 10))
    taken = queue.take(2)
    queue.back(taken)
    assert [each.order.channel for each in queue.urgent()] == ["0", "1", "2"]
    assert queue.channels(0.0) == 3
    assert queue.oldest() == 0.0
    queue.take(3)
    assert queue.channels(QUIET) == 3
    assert queue.channels(QUIET + 0.01) == 0
    assert queue.oldest() is None


class Show(NamedTuple):
    """Channels of 25 frames a second at fixed phases, each with an order `ahead` seconds before its deadline."""

    phases: list[float]
    ahead: float
    base: float
    each: float


shows = st.builds(
    Show,
    st.lists(st.floats(0, 0.0399), min_size=1, max_size=24),
    st.sampled_from([0.08, 0.2]),
    st.sampled_from([0.001, 0.004, 0.015]),
    st.sampled_from([0.0002, 0.002, 0.006]),
)


def played(show, frames=FRAMES):
    """(channel, frame) -> whether it was served in time, and the seconds the card was at work."""
    pace, queue = paced(base=show.base, each=show.each), Queue()
    asked = sorted((n * 0.04 + phase, channel, n) for channel, phase in enumerate(show.phases) for n in range(frames))
    served, now, busy, coming = {}, 0.0, 0.0, 0
    while coming < len(asked) or len(queue):
        while coming < len(asked) and asked[coming][0] <= now:
            at, channel, n = asked[coming]
            queue.put(Waiting(Order(str(channel), 0, n, WINDOW, NOTHING, at + show.ahead), at, Future()))
            coming += 1
        for lost in queue.drop(now + pace.of(1) + MARGIN):
            served[lost.order.channel, lost.order.frame] = False
        deadlines = [each.order.deadline for each in queue.urgent()]
        plan = form(deadlines, now, now, pace, queue.channels(now), queue.oldest() or now, queue.owed())
        if plan.take:
            for lost in queue.drop(plan.end):
                served[lost.order.channel, lost.order.frame] = False
            took = pace.of(plan.take)
            for done in queue.take(plan.take):
                served[done.order.channel, done.order.frame] = now + took <= done.order.deadline
            now, busy = now + took, busy + took
        else:
            following = asked[coming][0] if coming < len(asked) else now + 1
            now = max(now + 1e-6, min(following, now + plan.wait if plan.wait is not None else following))
    return served, busy


@settings(max_examples=60, deadline=None)
@given(shows)
def test_no_channel_starves_however_little_the_card_can_do(show):
    assume(show.base + show.each * 32 + 0.04 < show.ahead)  # else a full batch alone may cost a channel its frame
    served, _ = played(show)
    for channel in range(len(show.phases)):
        row = [served[str(channel), n] for n in range(FRAMES)]
        longest = max(len(run) for run in "".join("x" if ok else "." for ok in row).split("x"))
        turn = len(show.phases) * (show.base + show.each) / 0.04  # frames in which each could be served alone once
        assert longest <= 6 + 2 * turn, f"{longest} frames in a row of channel {channel} missed"


@settings(max_examples=40, deadline=None)
@given(shows)
def test_where_the_card_can_do_all_nothing_is_missed(show):
    channels = len(show.phases)
    assume(channels * 2 * show.each + show.base < 0.03)  # a bucket may be half empty
    served, _ = played(show)
    assert all(served.values())


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.sampled_from([0.0001, 0.002, 0.01, 0.05]))
def test_a_batch_is_of_the_size_by_which_most_orders_are_in_time(deadlines, each):
    pace, deadlines = paced(each=each), sorted(deadlines)
    size, _, end = best(deadlines, 0.0, pace)
    assert 1 <= size <= min(32, len(deadlines))
    assert all(kept(deadlines, size, pace) >= kept(deadlines, n, pace) for n in pace.buckets if n <= len(deadlines))
    if end:
        assert end == pace.of(size) + MARGIN


def kept(deadlines, size, pace):
    """How many deadlines are kept if the first batch has that size and the others are full."""
    at, made = 0.0, 0
    while deadlines:
        end = at + pace.of(min(size, len(deadlines)))
        deadlines = [deadline for deadline in deadlines if deadline >= end + MARGIN]
        made, at = made + len(deadlines[:size]), end if deadlines else at
        deadlines, size = deadlines[size:], 32
    return made


def test_an_urgent_order_goes_alone_where_company_would_make_it_late():
    pace = paced(base=0.001, each=0.005)
    assert best([0.010, 1.0, 1.0, 1.0], 0.0, pace).take == 1
    assert best([0.5, 1.0, 1.0, 1.0], 0.0, pace).take == 4


def test_a_channel_that_was_passed_over_is_served_though_others_must_wait():
    pace = paced(base=0.020, each=0.0001)
    crowd = [0.0265] * 20  # only a full batch brings them all in time
    assert best([0.0235, *crowd], 0.0, pace).take == 21
    assert best([0.0235, *crowd], 0.0, pace, owed=True).take < 21
    queue = Queue()
    for n in range(OWED):
        queue.put(waiting("unlucky", 0.1 * n))
        assert not queue.owed()
        queue.drop(by=9.0)
    queue.put(waiting("lucky", 1.5))
    queue.put(waiting("unlucky", 1.6))
    assert queue.owed()
    queue.take(1)
    assert not queue.owed()


def test_a_batch_waits_for_company_only_while_no_deadline_is_in_danger():
    pace = paced()
    alone = form([1.0], now=0.0, free=0.0, pace=pace, channels=1, oldest=0.0)
    assert alone[:2] == (1, None)  # nobody else is expected
    assert form([1.0], 0.0, 0.0, pace, channels=5, oldest=0.0)[:2] == (0, LINGER)
    assert form([1.0], LINGER, 0.0, pace, channels=5, oldest=0.0).take == 1
    assert form([0.006], 0.0, 0.0, pace, channels=5, oldest=0.0).wait < LINGER
    assert form([0.005], 0.0, 0.0, pace, channels=5, oldest=0.0).take == 1
    assert form([], 0.0, 0.0, pace, channels=5, oldest=0.0)[:2] == (0, None)


def test_while_the_card_is_at_work_orders_gather():
    pace = paced()
    assert form([1.0] * 40, now=0.0, free=0.010, pace=pace, channels=40, oldest=0.0)[:2] == (0, 0.008)
    assert form([1.0] * 40, now=0.0085, free=0.010, pace=pace, channels=40, oldest=0.0).take == 32


def test_the_pace_of_a_bucket_is_its_upper_quartile_and_one_slow_batch_changes_little():
    pace = Pace((1, 2, 4))
    assert pace.of(3) == 0.0
    for _ in range(12):
        pace.add(2, 0.010)
    pace.add(2, 5.0)
    assert pace.of(2) == 0.010
    assert pace.of(4) == 0.020  # in proportion, not measured
    assert pace.of(1) == 0.010
    assert pace.within(2).buckets == (1, 2)
    assert pace.within(2).of(2) == 0.010
    for _ in range(6):
        pace.add(2, 0.050)
    assert pace.of(2) == 0.050
    pace.add(2, 0.011)
    assert pace.of(2) == 0.011  # quick again
    pace.add(1, 0.5)
    assert pace.of(1) == 0.011  # no more than two take together
