"""A row of figures beside the last one that was measured alike: what became better, what worse, what is reached."""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.figures import FACTS, HIGHER, REACH, missed, worse

LIMIT = 0.15  # of the figure before: a regression by more is printed in red
ORIGIN = ("date", "commit", "machine")
Row = dict[str, Any]


class Change(NamedTuple):
    """One figure: its name, the value before (None where there is none), the value now."""

    figure: str
    before: float | None
    now: float

    @property
    def regressed(self) -> bool:
        return self.before is not None and worse(self.figure, self.before, self.now) > LIMIT


def figures(row: Row) -> dict[str, float]:
    """What was measured: the floats of a row."""
    return {key: value for key, value in row.items() if isinstance(value, float)}


def settings(row: Row) -> Row:
    """What it was measured under: everything else, but for when, and of which commit."""
    return {key: value for key, value in row.items() if not isinstance(value, float) and key not in ("date", "commit")}


def last_like(row: Row, rows: list[Row]) -> Row | None:
    """The last of `rows` that was measured on the same machine under the same settings."""
    return next((each for each in reversed(rows) if settings(each) == settings(row)), None)


def changes(row: Row, rows: list[Row]) -> list[Change]:
    """Every figure of `row` with its value in the last row like it."""
    before = last_like(row, rows)
    return [Change(name, figures(before).get(name) if before else None, now) for name, now in figures(row).items()]


def show(name: str, row: Row, rows: list[Row], console: Console | None = None) -> None:
    """Print the figures of a row of benchmark `name` beside the last ones like them."""
    console = console or Console()
    before = last_like(row, rows)
    about = ", ".join(f"{key} {value}" for key, value in settings(row).items() if key not in ORIGIN)
    beside = f"beside {before['commit']} of {before['date'][:16]}" if before else "the first of its kind here"
    table = Table("figure", title=f"{name} ({about}), {beside}", title_justify="left", box=None)
    for column in ("before", "now", "change", "to reach"):
        table.add_column(column, justify="right")
    for change in changes(row, rows):
        table.add_row(*_cells(name, change))
    console.print(table)


def _cells(name: str, change: Change) -> tuple[Text | str, ...]:
    figure, before, now = change
    bound = REACH.get(name, {}).get(figure)
    wanted = "" if bound is None else f"{'>=' if figure in HIGHER else '<='} {bound:g}"
    reach = Text(wanted, "bold red" if missed(name, figure, now) else "green" if wanted else "")
    value = Text(f"{now:.4g}", "bold red" if change.regressed else "")
    return figure, "" if before is None else f"{before:.4g}", value, _difference(change), reach


def _difference(change: Change) -> Text:
    """The change in words, in red where it is a regression."""
    figure, before, now = change
    if before is None or before == now:
        return Text("" if before is None else "=")
    text = f"{(now - before) / abs(before):+.0%}" if before else f"{now - before:+.4g}"
    if figure in FACTS:
        return Text(text, "dim")
    part = worse(figure, before, now)
    return Text(
        text + (" worse" if part > 0 else " better"), "bold red" if part > LIMIT else "green" if part < 0 else ""
    )


def verdict(name: str, row: Row, rows: list[Row]) -> list[str]:
    """What there is to complain of, in sentences: regressions first, then bounds that are not kept."""
    said = []
    for figure, before, now in (change for change in changes(row, rows) if change.regressed):
        said.append(f"{name}: {figure} went from {before:.4g} to {now:.4g}")
    for figure, now in figures(row).items():
        if missed(name, figure, now):
            said.append(f"{name}: {figure} is {now:.4g}, to reach {REACH[name][figure]:g}")
    return said
