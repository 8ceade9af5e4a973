"""Rows of figures one after another: which were measured alike, and what became better or worse between them."""

from __future__ import annotations

import json
import math
from typing import NamedTuple

from host_engine.bench.figures import Row, worse

LIMIT = 0.15  # of the figure before: a regression by more is marked
ABOUT = ("date", "commit", "driver", "torch")  # told with a row; rows that differ in them only are compared


class Change(NamedTuple):
    """One figure: its name, the value before (None where there is none), the value now."""

    figure: str
    before: float | None
    now: float

    @property
    def regressed(self) -> bool:
        return self.before is not None and worse(self.figure, self.before, self.now) > LIMIT


class Series(NamedTuple):
    """The rows of a benchmark that were measured alike, oldest first; at least one."""

    benchmark: str
    rows: tuple[Row, ...]

    @property
    def machine(self) -> str:
        return str(self.rows[-1]["machine"])

    @property
    def about(self) -> str:
        """The settings in words, without the machine."""
        return ", ".join(f"{key} {value}" for key, value in settings(self.rows[-1]).items() if key != "machine")

    @property
    def changes(self) -> list[Change]:
        return changes(self.rows[-1], list(self.rows[:-1]))

    def values(self, figure: str) -> list[float]:
        """The figure in all rows that have it."""
        return [found[figure] for found in map(figures, self.rows) if figure in found]


def figures(row: Row) -> dict[str, float]:
    """What was measured: the floats of a row, but for what is no number."""
    return {key: value for key, value in row.items() if isinstance(value, float) and math.isfinite(value)}


def settings(row: Row) -> Row:
    """What it was measured under: everything else, but for when, of which commit and by which torch."""
    return {key: value for key, value in row.items() if not isinstance(value, float) and key not in ABOUT}


def last_like(row: Row, rows: list[Row]) -> Row | None:
    """The last of `rows` that was measured on the same machine under the same settings."""
    return next((each for each in reversed(rows) if settings(each) == settings(row)), None)


def changes(row: Row, rows: list[Row]) -> list[Change]:
    """Every figure of `row` with its value in the last row like it."""
    before = last_like(row, rows)
    return [Change(name, figures(before).get(name) if before else None, now) for name, now in figures(row).items()]


def series(benchmark: str, rows: list[Row]) -> list[Series]:
    """The rows of a benchmark in groups that were measured alike, in the order of their first ones."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(json.dumps(settings(row), sort_keys=True), []).append(row)
    return [Series(benchmark, tuple(group)) for group in groups.values()]
