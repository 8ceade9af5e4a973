"""What is prepared beside the show rests often; what has to be ready at once does not."""

import threading
import time

import pytest

from host_engine.priority import gently, stand_back

pytestmark = pytest.mark.alone


def taken(back: bool) -> tuple[list[int], float]:
    """What a thread was given, and the share of the time in which it worked."""
    found: list[int] = []
    shares: list[float] = []

    def work() -> None:
        if back:
            stand_back()
        began, worked = time.perf_counter(), time.thread_time()
        for n in gently(range(2000)):
            found.append(n)
            sum(range(1000))
        shares.append((time.thread_time() - worked) / (time.perf_counter() - began))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found, shares[0]


def test_everything_is_given_in_order_and_who_stands_back_rests_half_the_time():
    hurried, share = taken(back=False)
    resting, less = taken(back=True)
    assert hurried == resting == list(range(2000))
    assert less < 0.75
    assert less < share + 0.1


def test_nothing_is_taken_before_it_is_asked_for():
    things = iter(range(5))
    first = next(iter(gently(things)))
    assert first == 0
    assert next(things) == 1
