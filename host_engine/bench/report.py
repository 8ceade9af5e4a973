"""From a folder of kept results to the report: an HTML page, and its charts as a PNG beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from host_engine.bench.history import Series, series
from host_engine.bench.page import page
from host_engine.bench.png import write_png
from host_engine.bench.points import Speed, speeds
from host_engine.bench.rates import rates
from host_engine.bench.results import Broken, read
from host_engine.bench.roofline import roofline
from host_engine.bench.shapes import Drawing

WIDE, NARROW = 900, 366
NOWHERE = "no machine measured yet"


def write(folder: Path, output: Path, now: datetime) -> tuple[list[Path], list[Broken]]:
    """Write the report on the results in `folder` to `output` (.html) and the charts to a .png of the same name.

    Returns what was written, and the lines that are no results. Raises OSError, with a sentence.
    """
    found = read(folder)
    if not output.parent.is_dir():
        raise OSError(f"there is no folder {output.parent} to write {output.name} into")
    groups = [group for name, rows in found.rows.items() for group in series(name, rows)]
    charts = draw(speeds(found.rows.get("bench_mouth", [])))
    picture = output.with_suffix(".png")
    output.write_text(page(charts, _newest_first(groups), found.broken, now), encoding="utf-8")
    write_png([wide for wide, _ in charts], picture)
    return [output, picture], found.broken


def draw(measured: list[Speed]) -> list[tuple[Drawing, Drawing]]:
    """The charts, each for a desk and for a phone: frames a second of all machines, the roofline of each."""
    machines = sorted({each.machine for each in measured}, key=lambda name: "no GPU" in name) or [NOWHERE]
    of = {machine: [each for each in measured if each.machine == machine] for machine in machines}
    charts = [(rates(measured, WIDE), rates(measured, NARROW))]
    return charts + [(roofline(name, of[name], WIDE), roofline(name, of[name], NARROW)) for name in machines]


def _newest_first(groups: list[Series]) -> list[Series]:
    """Benchmarks by name; in each, what was measured last comes first."""
    newest = sorted(groups, key=lambda group: str(group.rows[-1]["date"]), reverse=True)
    return sorted(newest, key=lambda group: group.benchmark)
