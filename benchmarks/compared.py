"""A row of figures beside the last one that was measured alike: what became better, what worse, what is reached."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from host_engine.bench.figures import FACTS, HIGHER, Row, bound, missed, worse
from host_engine.bench.history import LIMIT, Change, changes, figures, last_like, settings

__all__ = ["changes", "figures", "last_like", "settings", "show", "verdict"]


def show(name: str, row: Row, rows: list[Row], console: Console | None = None) -> None:
    """Print the figures of a row of benchmark `name` beside the last ones like them."""
    console = console or Console()
    before = last_like(row, rows)
    about = ", ".join(f"{key} {value}" for key, value in settings(row).items() if key != "machine")
    beside = f"beside {before['commit']} of {before['date'][:16]}" if before else "the first of its kind here"
    table = Table("figure", title=f"{name} ({about}), {beside}", title_justify="left", box=None)
    for column in ("before", "now", "change", "to reach"):
        table.add_column(column, justify="right")
    for change in changes(row, rows):
        table.add_row(*_cells(name, row, change))
    console.print(table)


def _cells(name: str, row: Row, change: Change) -> tuple[Text | str, ...]:
    figure, before, now = change
    reach = bound(name, figure, row)
    wanted = "" if reach is None else f"{'>=' if figure in HIGHER else '<='} {reach:g}"
    style = "bold red" if missed(name, figure, now, row) else "green" if wanted else ""
    value = Text(f"{now:.4g}", "bold red" if change.regressed else "")
    return figure, "" if before is None else f"{before:.4g}", value, _difference(change), Text(wanted, style)


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
        if missed(name, figure, now, row):
            said.append(f"{name}: {figure} is {now:.4g}, to reach {bound(name, figure, row):g}")
    return said
