"""What the benchmarks of networks count and compare, without a network of full size and without a clock."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as runner
from benchmarks import bench_mouth, counting, parity
from benchmarks.ceiling import Ceiling
from benchmarks.counting import Work
from benchmarks.kept import spread
from benchmarks.nets import make, weights
from benchmarks.ours import Ours
from benchmarks.plain import Plain
from benchmarks.quiet import Quiet
from benchmarks.sitters import sitter
from benchmarks.speakers import DEADLINE, Tally, most, proven, speak
from benchmarks.stopwatch import wall_ms
from host_engine.neural.order import Missed, Order

CPU = torch.device("cpu")


def test_percentiles_are_those_of_all_values():
    figures = spread([float(k) for k in range(1, 101)], "ms")
    assert figures == {"ms_p50": 50.5, "ms_p95": pytest.approx(95.05), "ms_p99": pytest.approx(99.01)}


def test_ratios_are_of_speed_and_of_the_slowest_batches():
    ours = {"fps": 300.0, "batch_ms_p99": 20.0}
    plain = {"plain_fps": 100.0, "plain_ms_p99": 200.0}
    assert bench_mouth.ratios(ours, plain, 16) == {**plain, "times_plain": 3.0, "p99_below_plain": 10.0}
    assert "p99_below_plain" not in bench_mouth.ratios(ours, plain, 8)


@given(st.integers(0, 3000), st.integers(1, 2048))
def test_the_search_finds_the_most_that_holds(true, limit):
    asked = []

    def holds(number):
        asked.append(number)
        return number <= true

    found = most(holds, limit)
    best = min(true, limit)
    assert best - max(1, best // 16) <= found <= best
    assert all(1 <= number <= limit for number in asked)
    assert len(asked) <= 24


def test_a_number_that_does_not_hold_for_long_is_lowered():
    tried = []
    assert proven(lambda number: tried.append(number) or number <= 57, 60) == 57
    assert tried == [60, 57]
    assert proven(lambda number: False, 3) == 0


class Virtual:
    """A clock that is where it is told to be; what is due until then happens on the way."""

    def __init__(self) -> None:
        self.at = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def now(self) -> float:
        return self.at

    def until(self, at: float) -> None:
        while self._due and self._due[0][0] <= at:
            self.at, _, call = heapq.heappop(self._due)
            call()
        self.at = max(self.at, at)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (self.at + seconds, self._count, call))


class Machine:
    """Lips in virtual time: a batch of all that waits, at most 32, takes `start` seconds and `each` for each frame."""

    def __init__(self, clock: Virtual, start: float = 0.002, each: float = 0.001, lost: int = 0) -> None:
        self._clock, self._start, self._each, self._lost = clock, start, each, lost
        self._waiting: list[Future] = []
        self._busy = False

    def order(self, order: Order) -> Future:
        future: Future = Future()
        self._waiting.append(future)
        if not self._busy:
            self._begin()
        return future

    def _begin(self) -> None:
        batch, self._waiting = self._waiting[:32], self._waiting[32:]
        self._busy = bool(batch)
        if batch:
            self._clock.later(self._start + self._each * len(batch), lambda: self._end(batch))

    def _end(self, batch: list[Future]) -> None:
        for future in batch:
            if self._lost:
                self._lost -= 1
                future.set_exception(Missed("lost"))
            else:
                future.set_result(np.zeros((2, 2, 3), np.uint8))
        self._begin()


def made(channel: int, k: int, deadline: float) -> Order:
    return Order(f"{channel}", 0, 0, np.zeros(1, np.float16), np.zeros((2, 2, 3), np.uint8), deadline)


def spoken(channels: int, seconds: float = 4.0, **machine: float) -> Tally:
    clock = Virtual()
    return speak(Machine(clock, **machine), made, channels, seconds, clock)


def test_channels_that_the_machine_can_serve_hold():
    tally = spoken(10)
    assert tally.holds
    assert tally.given == len(tally.waits) == 10 * 100
    assert max(tally.waits) < 30


def test_channels_beyond_what_it_can_make_miss_their_frames():
    tally = spoken(60)  # 1500 frames a second; it can make 940
    assert not tally.holds
    assert tally.misses > 1000
    assert max(tally.waits) > DEADLINE * 1000


def test_a_single_lost_frame_is_a_miss():
    tally = spoken(4, lost=1)
    assert tally.misses == 1
    assert not tally.holds


def test_a_short_trial_finds_the_number_and_a_long_one_proves_it():
    slow = {"start": 0.004, "each": 0.002}  # 32 frames in 68 ms are 470 a second: 18.8 channels
    found = most(lambda channels: spoken(channels, 4, **slow).holds, 256)
    assert 18 <= found <= 21  # what is a little too much only shows after a while
    assert proven(lambda channels: spoken(channels, 60, **slow).holds, found) == 18


def test_frames_that_never_come_are_missed():
    clock = Virtual()
    lips = Machine(clock)
    lips._busy = True  # it never begins
    tally = Tally()
    tally.give(lips, made(0, 0, 1.0), clock.now)
    tally.finish(0.01)
    assert tally.misses == 1


@pytest.fixture(scope="module")
def small():
    return make("small", CPU, torch.float32)


def test_the_plain_pipeline_shows_what_the_worker_shows(small):
    someone = sitter(small, frames=4)
    orders = [someone.order(k, bench_mouth.far()) for k in range(6)]
    ours = Ours(small, someone.resident).pictures(orders)
    theirs = Plain(small, someone.resident).batch(orders)
    for one, other, order in zip(ours, theirs, orders, strict=True):
        assert one.shape == other.shape == order.under.shape
        assert np.abs(one.astype(int) - other).mean() <= 2
        changed = np.abs(other.astype(int) - order.under).mean(-1)
        assert changed[200:].max() > 0  # there are lips in it
        assert changed[:90].max() == 0  # the rest is the footage


def test_what_a_network_must_do_is_counted():
    linear = torch.nn.Linear(64, 32, bias=False)

    class Net:
        device, dtype = CPU, torch.float32

        def move(self, kept, windows):
            return linear(kept) + windows

    work = counting.count(Net(), torch.ones(1, 64), torch.ones(1, 32))
    assert work.gflop == pytest.approx(2 * 64 * 32 / 1e9)
    assert work.weights_mb == pytest.approx(64 * 32 * 4 / 1e6)
    assert work.frame_mb == pytest.approx((64 + 32 + 32) * 4 / 1e6)
    assert work.least_mb(10) == pytest.approx(work.weights_mb + 10 * work.frame_mb)


def test_the_ceiling_is_the_lower_of_memory_and_arithmetic():
    limit = Ceiling(100.0, 1000.0)
    assert limit.at(10) == 10
    assert limit.at(1000) == 100
    assert Work(1.0, 100.0, 0.0).intensity(4) == pytest.approx(40)


def test_pictures_of_a_batch_are_those_made_alone(small):
    someone = sitter(small, frames=4)
    together, alone = (parity.faces(small, someone, 4, count) for count in (4, 1))
    assert together.shape == (4, 3, small.side, small.side)
    assert np.abs(together - alone).mean() < 0.5


def test_the_drawn_host_is_the_same_on_both_ways():
    figures = parity.drawn(CPU)
    assert 0 < figures["drawn_levels"] <= 2


def test_rows_of_a_batch_are_kept_and_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("benchmarks.kept.RESULTS", tmp_path)
    monkeypatch.setattr(bench_mouth, "BATCHES", (1, 2))
    case = bench_mouth.Case("small", CPU, "float32", 0.05)
    beside = bench_mouth.plain(case)
    bench_mouth.run(case, Ceiling(1.0, 10.0), beside, flat=20)
    rows = [json.loads(line) for line in (tmp_path / "bench_mouth.jsonl").read_text().splitlines()]
    assert [row.get("batch") for row in rows] == [1, 2, None]
    first = rows[0]
    assert first["net"] == "small"
    assert first["weights"] == weights("small")
    assert first["mode"] == "eager"
    assert first["times_plain"] == pytest.approx(first["fps"] / first["plain_fps"], rel=0.01)
    assert first["tflops"] == pytest.approx(first["gflop"] / first["net_ms_p50"], rel=0.01)
    assert {"torch", "driver", "commit", "machine", "date"} <= first.keys()
    assert "grown_mb" in rows[2]
    assert "times the plain way" in capsys.readouterr().out


def test_a_stopwatch_counts_each_round():
    taken = wall_ms(lambda: sum(range(1000)), CPU, 0.01)
    assert len(taken) >= 3
    assert all(each > 0 for each in taken)


def test_a_busy_machine_is_told():
    quiet = Quiet()
    quiet.others = 0.05
    assert quiet.about == {}
    quiet.others = 0.5
    assert quiet.about == {"state": "busy machine", "busy": 0.5}
    with Quiet() as measured:
        sum(range(100_000))
    assert 0 <= measured.others <= 1


def test_without_a_card_the_command_for_cards_says_so(capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert runner.main(["gpu"]) == 2
    assert "no CUDA device" in capsys.readouterr().err
