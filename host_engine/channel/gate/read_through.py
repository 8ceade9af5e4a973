"""The script read through before it goes on air: every line that the fact gate would stop, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from host_engine import document
from host_engine.document import Fault, Problem, Problems
from host_engine.gate.gate import Gate
from host_engine.gate.lists import Lists
from host_engine.gate.readings import readings
from host_engine.priority import gently
from host_engine.show.catalog import Catalog, Product
from host_engine.show.fields import fill, shop_fields
from host_engine.show.rundown import FILE, RundownFile, Segment
from host_engine.show.script import examine_show

Place = tuple[str | int, ...]


def stopped_lines(folder: Path, more: Sequence[Lists] = (), now: datetime | None = None) -> list[Problem]:
    """What would be passed over of a catalog's folder, now, in its sales and outside them.

    Nothing where the folder has problems of another kind: those come first.
    """
    show, problems = examine_show(folder)
    if show is None or problems:
        return []
    try:
        written = document.read(folder / FILE, RundownFile)
    except Problems:  # it was changed meanwhile
        return []
    gate = Gate(show.catalog, more)
    found = list(_faults(written, show.catalog, gate, now or datetime.now(UTC)))
    return document.problems_at(folder / FILE, found)


def stopped_in(
    written: RundownFile, catalog: Catalog, gate: Gate, now: datetime, over: Callable[[], bool] = lambda: False
) -> Iterator[tuple[str, str]]:
    """Where something would be passed over of a rundown that is in no file yet, and why; until it is `over`."""
    for loc, said in _faults(written, catalog, gate, now, over):
        where = f"segment '{written.segments[int(loc[1])].id}', line {int(loc[3]) + 1}" if len(loc) > 3 else "ticker"
        yield where, said


def _faults(
    written: RundownFile, catalog: Catalog, gate: Gate, now: datetime, over: Callable[[], bool] = lambda: False
) -> Iterator[Fault]:
    shop = shop_fields(catalog)
    for n, text in enumerate(written.ticker):
        yield from _judged(gate, catalog, ("ticker", n), None, [(fill(text, shop), now)])
    for n, segment in enumerate(gently(written.segments)):
        if over():
            return
        if segment.product and not catalog.has(segment.product):  # it is recalled
            continue
        product = catalog.product(segment.product) if segment.product else None
        for place, text in _texts(n, segment):
            yield from _judged(gate, catalog, place, product, list(readings(text, catalog, product, now)))


def _texts(n: int, segment: Segment) -> Iterator[tuple[Place, str]]:
    for m, line in enumerate(segment.lines):
        for k, text in enumerate(line.texts):
            here: Place = ("segments", n, "lines", m)
            yield ((*here, "variants", k) if line.variants else (*here, "text")), text


def _judged(
    gate: Gate, catalog: Catalog, place: Place, product: Product | None, readings: Sequence[tuple[str, datetime]]
) -> Iterator[Fault]:
    """The first reading that does not pass tells enough."""
    for text, moment in readings:
        verdict = gate.check(text, catalog.language, product.id if product else None, moment)
        for finding in verdict.findings:
            yield Fault(place, f"the fact gate will pass this line over, for '{finding.claim}': {finding.said}")
        if verdict.findings:
            return
