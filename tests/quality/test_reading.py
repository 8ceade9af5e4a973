"""Readings: what passes, what fails, what is only told, and how people and programs see it."""

from __future__ import annotations

import json
import math

import pytest
from rich.console import Console

from host_engine.quality.reading import Reading, failed, table


@pytest.mark.parametrize(
    ("reading", "passed", "limit"),
    [
        (Reading("a", 50, "dB", low=45), True, ">= 45 dB"),
        (Reading("a", 44.9, "dB", low=45), False, ">= 45 dB"),
        (Reading("a", 1.6, "x", high=1.5, digits=1), False, "<= 1.5 x"),
        (Reading("a", 45, "ms", 25, 65), True, "25 ms .. 65 ms"),
        (Reading("a", 20, "ms", 25, 65), False, "25 ms .. 65 ms"),
        (Reading("a", math.nan, low=0.5, digits=1), False, ">= 0.5"),
        (Reading("a", math.nan, high=0.5, digits=1), False, "<= 0.5"),
        (Reading("a", 7.3), None, ""),
        (Reading("a", None, low=1, why="it is not there"), None, ">= 1"),
    ],
)
def test_gates(reading, passed, limit):
    assert reading.passed is passed
    assert reading.limit == limit
    assert (reading in failed([reading])) == (passed is False)


def test_the_table_tells_what_failed_and_why_something_is_missing():
    console = Console(width=120, record=True)
    console.print(table([Reading("loud", 0.2, low=0.45, digits=2), Reading("said", None, why="no [script]")], "take"))
    told = console.export_text()
    assert "FAIL" in told
    assert "0.20" in told
    assert "no [script]" in told


def test_rows_are_json():
    row = json.loads(json.dumps(Reading("a", 1.0, "x", high=2).row()))
    assert row == {"name": "a", "value": 1.0, "unit": "x", "low": None, "high": 2, "why": "", "passed": True}
