"""What the benchmarks keep and say: rows that outlive damage, regressions in red, and the measures themselves."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from benchmarks import __main__ as runner
from benchmarks import kept
from benchmarks.compared import changes, show, verdict
from benchmarks.day import grown
from benchmarks.skew import Show, beeps, flashes, pairs
from benchmarks.soak import slope_of
from benchmarks.virtual import VirtualLoop
from host_engine.bench.figures import FACTS, HIGHER, REACH, worse

ROOT = Path(__file__).parent.parent


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "RESULTS", tmp_path)
    return tmp_path


def row(machine="a machine", date="2026-01-01T00:00:00+00:00", **rest):
    return {"date": date, "commit": "c", "machine": machine, **rest}


def shown(name, new, rows):
    out = io.StringIO()
    show(name, new, rows, Console(file=out, force_terminal=True, width=200))
    return out.getvalue()


def test_a_regression_is_red_and_an_improvement_is_not():
    before = [row(cores=0.5, times_real_time=2.0)]
    assert "\x1b[1;31m" not in shown("x", row(cores=0.57, times_real_time=1.8), before)
    assert "\x1b[1;31m" in shown("x", row(cores=0.58, times_real_time=2.0), before)
    assert "\x1b[1;31m" in shown("x", row(cores=0.5, times_real_time=1.6), before)
    assert "\x1b[1;31m" not in shown("x", row(cores=0.1, times_real_time=9.0), before)


def test_only_what_was_measured_alike_is_compared():
    rows = [row(cores=0.1, seconds=600), row(cores=0.2, seconds=60), row("another machine", cores=0.3, seconds=600)]
    (change,) = changes(row(cores=0.4, seconds=600), rows)
    assert change.before == 0.1
    (first,) = changes(row(cores=0.4, seconds=60, short=True), rows)
    assert first.before is None
    assert not first.regressed


def test_the_verdict_names_regressions_and_missed_bounds():
    said = verdict("lateness", row(late_ms_p50=2.0, jumps=0.0), [row(late_ms_p50=1.0, jumps=0.0)])
    assert len(said) == 2
    assert "went from 1 to 2" in said[0]
    assert "to reach 1" in said[1]
    assert not verdict("lateness", row(late_ms_p50=0.5, jumps=0.0), [])


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_worse_has_one_direction(before, now):
    part = worse("cores", before, now)
    assert (part > 0) == (now > before)
    assert (worse("viewers_on_one_core", before, now) > 0) == (now < before)
    assert worse("frames", before, now) == 0


def test_every_bound_is_of_a_figure_that_is_judged():
    for figures in REACH.values():
        assert not set(figures) & FACTS
    assert not HIGHER & FACTS


@given(st.lists(st.one_of(st.just("good"), st.binary(min_size=1, max_size=40)), max_size=8))
def test_whatever_lies_in_a_results_file_nothing_is_lost(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("results")
    file = folder / "x.jsonl"
    good = [row(cores=float(k)) for k, line in enumerate(lines) if line == "good"]
    parts = [json.dumps(row(cores=float(k))).encode() if line == "good" else line for k, line in enumerate(lines)]
    file.write_bytes(b"\n".join(parts))
    before = kept.RESULTS
    kept.RESULTS = folder
    try:
        read = kept.rows("x")
        kept.append("x", row(cores=99.0))
        again = kept.rows("x")
    finally:
        kept.RESULTS = before
    assert [each for each in read if each in good] == good
    assert again == [*read, row(cores=99.0)]
    aside = list(folder.glob("x.jsonl.damaged-*"))
    assert len(aside) <= 1
    assert not aside or aside[0].read_bytes() == b"\n".join(parts)


def test_a_cut_line_is_told_set_aside_and_the_next_row_is_whole(results, capsys):
    file = results / "x.jsonl"
    file.write_text(json.dumps(row(cores=1.0)) + "\n" + json.dumps(row(cores=2.0))[:30])
    kept.keep("x", {"cores": 3.0}, seconds=1)
    said = capsys.readouterr().err
    assert "line 2 is not a row of results" in said
    assert "x.jsonl.damaged-1" in said
    assert [each["cores"] for each in kept.rows("x")] == [1.0, 3.0]
    assert (results / "x.jsonl.damaged-1").read_text().endswith(json.dumps(row(cores=2.0))[:30])


def test_the_runner_goes_on_after_a_failure_and_checks(results, monkeypatch):
    outcomes = {"lateness": 1, "loop": 0, "soak": 0}

    def run(command, **_):
        name = command[3].removeprefix("benchmarks.")
        if outcomes[name] == 0:
            kept.append(name, row(gap_ms_p99=float(len(kept.rows(name)) * 5 + 5)))
        return subprocess.CompletedProcess(command, outcomes[name])

    monkeypatch.setattr(subprocess, "run", run)
    assert runner.main(["lateness", "loop", "soak"]) == 1
    assert len(kept.rows("loop")) == len(kept.rows("soak")) == 1
    assert runner.main(["loop"]) == 0
    assert runner.main(["loop", "--check"]) == 1
    assert runner.main(["nothing"]) == 2


def test_without_a_name_they_are_listed():
    command = [sys.executable, "-m", "benchmarks"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(name in said for name in runner.NAMES)
    assert len(runner.NAMES) >= 14


def test_what_comes_and_goes_has_not_grown():
    assert grown([5, 9, 3, 7, 5, 9, 3, 7]) == 0
    assert grown([5, 9, 3, 7, 15, 19, 13, 17]) > 0
    assert grown(list(range(100))) > 0


def test_a_slope_is_found_in_noise():
    times = np.linspace(0, 0.5, 900)
    values = 600 + 3 * times + np.random.default_rng(1).normal(0, 1, 900)
    slope, error = slope_of(times, values)
    assert slope == pytest.approx(3, abs=3 * error)
    assert error < 3


@pytest.fixture(scope="module")
def stalled(tmp_path_factory):
    """Forty seconds of flashes and beeps, with one stall: the show, when it flashes, when it beeps."""
    file = tmp_path_factory.mktemp("skew") / "show.mkv"
    show = Show(file, stall_every=25)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(show.run(40))
    return show, list(flashes(file)), list(beeps(file))


def test_picture_and_sound_are_together_after_a_stall(stalled):
    show, seen, heard = stalled
    assert show.stalls == show.clock.jumps == 1
    assert show.clock.skipped >= 70
    found = pairs(seen, heard)
    assert len(found) >= 35
    assert max(abs(skew) for _, skew in found) <= 0.002


def test_a_skew_would_be_seen(stalled):
    _, seen, heard = stalled
    late = [each + 0.06 * (each > 30) for each in heard]
    assert max(skew for _, skew in pairs(seen, late)) == pytest.approx(0.06, abs=0.005)
    with pytest.raises(RuntimeError, match="have no beep"):
        pairs(seen, heard[:10])
