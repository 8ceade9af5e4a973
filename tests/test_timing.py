"""Every frame leaves one row; the summary is a share of the frame's budget."""

from host_engine.timing import Timings


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


def test_a_stage_that_raises_is_still_timed():
    timings = Timings(fps=25)
    try:
        with timings.stage("draw"):
            raise ValueError
    except ValueError:
        pass
    timings.close(0, 0.0)
    assert "draw" in timings.rows[0].stages


def test_only_the_last_rows_are_kept():
    timings = Timings(fps=25, keep=10)
    for n in range(100):
        timings.close(n, 0.0)
    assert [row.n for row in timings.rows] == list(range(90, 100))
