"""`host-engine bench`: what kept benchmarks tell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

app = typer.Typer(help="What kept benchmarks tell: python -m benchmarks measures.", no_args_is_help=True)
console = Console(stderr=True)
RESULTS = Path("benchmarks/results")


@app.callback()
def bench() -> None:
    """What kept benchmarks tell; `python -m benchmarks` measures."""


@app.command(epilog="Example: [bold]host-engine bench report -o report.html[/]")
def report(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Holds results such as bench_mouth.jsonl.")
    ] = RESULTS,
    output: Annotated[Path, typer.Option("--output", "-o", help="Ends in .html.")] = Path("report.html"),
) -> None:
    """Draw the history of all benchmarks and the roofline of each machine: one page, and a PNG beside it."""
    if output.suffix not in (".html", ".htm"):
        _end(f"{output} must end in .html; the charts go into a .png of the same name")
    from host_engine.bench.report import write
    from host_engine.host.fonts import FontMissing

    try:
        written, broken = write(folder, output, datetime.now())
    except (OSError, FontMissing) as error:
        _end(str(error))
    for each in broken:
        console.print(escape(str(each)), highlight=False, soft_wrap=True)
    console.print(f"Wrote {' and '.join(map(str, written))}", highlight=False, markup=False)


def _end(sentence: str) -> NoReturn:
    console.print(escape(sentence), highlight=False, soft_wrap=True)
    raise typer.Exit(1)
