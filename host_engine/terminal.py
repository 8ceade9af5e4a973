"""What commands tell in a terminal: sentences for what a person can mend, and a bar for what takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from host_engine.document import Problems

Step = Callable[[str, int], Callable[[], None]]  # begins a bar of so many steps (0: unknown); called at each of them


@contextmanager
def sentences(console: Console, *also: type[Exception]) -> Iterator[None]:
    """Turn what a person can mend into sentences and exit status 1. `also`: faults whose text is such a sentence."""
    mendable: tuple[type[Exception], ...] = (Problems, OSError, ValueError, *also)
    try:
        yield
    except mendable as error:
        console.print(escape(str(error)), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


@contextmanager
def progress(console: Console) -> Iterator[Step]:
    """A bar for each of the things that are done, gone when all are."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:

        def step(what: str, count: int) -> Callable[[], None]:
            task = bars.add_task(what, total=count or None)
            return lambda: bars.advance(task)

        yield step
