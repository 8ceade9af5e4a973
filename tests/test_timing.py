"""Every frame leaves one row; the summary is a share of the frame's budget."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.timing import MOST, SUMMED, Tally, Timings, quantile


def test_a_row_a_frame_with_its_stages():
    timings = Timings(fps=25)
    seen = []
    timings.hooks.append(seen.append)
    for n in range(3):
        with timings.stage("draw"):
            pass
        with timings.stage("draw"):
            pass
        with timings.stage("encode"):
            pass
        timings.close(n, 0.002)
    assert [row.n for row in timings.rows] == [0, 1, 2] == [row.n for row in seen]
    assert all(set(row.stages) == {"draw", "encode"} and row.late == 2.0 for row in seen)
    assert set(timings.summary()) == {"draw", "encode", "late"}
    assert timings.summary()["late"] == {"p50": 2.0, "p95": 2.0, "p99": 2.0, "share": 0.05}


def test_a_row_knows_when_and_where_its_stages_were_at_work():
    timings = Timings(fps=25)

    def draw():
        with timings.stage("draw"):
            pass

    with timings.stage("pull"):
        pass
    thread = threading.Thread(target=draw)
    thread.start()
    thread.join()
    timings.close(7, 0.0, "the line")
    row = timings.rows[0]
    (pull, *_, here), (draw, start, end, there) = row.marks
    assert (pull, draw, here, row.line) == ("pull", "draw", threading.get_ident(), "the line")
    assert there != here
    assert row.begin <= start <= end == row.end
    assert row.took == pytest.approx((row.end - row.begin) / 1e6)


def test_a_stage_that_raises_is_still_timed():
    timings = Timings(fps=25)
    with pytest.raises(ValueError, match="no picture"), timings.stage("draw"):
        raise ValueError("no picture")
    timings.close(0, 0.0)
    assert "draw" in timings.rows[0].stages


def test_blocks_of_one_name_add_up():
    timings = Timings(fps=25)
    for name in ("draw", "encode", "draw"):
        with timings.stage(name):
            pass
    timings.close(0, 0.0)
    row = timings.rows[0]
    assert row.stages["draw"] == pytest.approx(
        sum(end - start for name, start, end, _ in row.marks if name == "draw") / 1e6
    )


def test_only_the_last_rows_are_kept():
    timings = Timings(fps=25, keep=10)
    for n in range(100):
        timings.close(n, 0.0)
    assert [row.n for row in timings.rows] == list(range(90, 100))
    assert [row.n for row in timings.latest(3)] == [97, 98, 99]


def test_stages_of_frames_that_are_never_closed_do_not_pile_up():
    timings = Timings(fps=25)
    for _ in range(10 * MOST):
        with timings.stage("draw"):
            pass
    timings.close(0, 0.0)
    assert len(timings.rows[0].marks) == MOST


def test_a_hook_that_raises_is_taken_off_and_no_frame_suffers(caplog):
    timings = Timings(fps=25)
    seen = []

    def broken(row):
        raise RuntimeError("a fault of the test")

    timings.hooks += [broken, seen.append]
    for n in range(3):
        timings.close(n, 0.0)
    assert [row.n for row in seen] == [0, 1, 2]
    assert timings.hooks == [seen.append]
    assert caplog.text.count("is told of no more frames") == 1


def test_the_summary_is_of_the_last_rows():
    timings = Timings(fps=25)
    for n in range(SUMMED):
        timings.close(n, 0.1)
    assert timings.summary()["late"]["p50"] == 100
    for n in range(SUMMED):
        timings.close(n, 0.0)
    assert timings.summary()["late"]["p99"] == 0


@given(st.lists(st.floats(-1, 10), min_size=1), st.floats(0, 1))
def test_a_quantile_lies_between_its_neighbours(values, q):
    values.sort()
    found = quantile(values, q)
    at = (len(values) - 1) * q
    assert values[int(at)] - 1e-9 <= found <= values[min(int(at) + 1, len(values) - 1)] + 1e-9


@given(st.lists(st.floats(0, 10)))
def test_a_tally_counts_every_value_once_below_its_bound(values):
    tally = Tally((0.5, 1.0, 5.0))
    for value in values:
        tally.add(value)
    assert tally.count == len(values)
    assert tally.counts[0] == sum(value <= 0.5 for value in values)
    assert tally.counts[-1] == sum(value > 5 for value in values)
    assert tally.sum == pytest.approx(sum(values))
