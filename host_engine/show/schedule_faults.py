"""What in the times and limits of a rundown could not be kept: hours with nothing to say, two things at one time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from host_engine.document import Fault
from host_engine.document.wording import nearest
from host_engine.show.catalog import Catalog
from host_engine.show.hours import DAY, WEEKDAYS, Hours, When, clock
from host_engine.show.lines import seconds
from host_engine.show.mandatory import Mandatory
from host_engine.show.rundown import RundownFile, Segment
from host_engine.show.written import MandatoryLine

SHORTEST = 60  # seconds between two times of a mandatory line
SHARE = 0.5  # of the time that mandatory lines may take
HOUR = 3600.0


def schedule_faults(written: RundownFile, catalog: Catalog) -> Iterator[Fault]:
    """What is wrong with when things are to be said."""
    yield from _mandatory(written, catalog)
    for n, segment in enumerate(written.segments):
        yield from _segment(n, segment, written, catalog)
    yield from _same_time(written)
    yield from _silence(written, catalog)


def _mandatory(written: RundownFile, catalog: Catalog) -> Iterator[Fault]:
    taken: dict[str, int] = {}
    share = 0.0
    for n, line in enumerate(written.mandatory):
        here = ("mandatory", n)
        if taken.setdefault(line.id, n) != n:
            yield Fault((*here, "id"), f"there is a mandatory line '{line.id}' already")
        takes = max(seconds(text, catalog.language) for text in line.texts)
        every = line.every.total_seconds()
        if every < SHORTEST:
            yield Fault((*here, "every"), "a mandatory line cannot come more often than once a minute")
            continue
        if takes >= every:
            yield Fault((*here, "every"), f"the line takes about {takes:.0f} s, and is to be said every {every:.0f} s")
        share += takes / every
        yield from _audience_of(here, line, catalog)
    if share > SHARE:
        yield Fault(("mandatory",), f"the mandatory lines would take {share:.0%} of the time; let them come less often")


def _audience_of(here: tuple[str | int, ...], line: MandatoryLine, catalog: Catalog) -> Iterator[Fault]:
    """Whether the products are there that a mandatory line is for."""
    for k, id in enumerate(line.products):
        if not catalog.has(id):
            like = nearest(id, (product.id for product in catalog.products))
            yield Fault((*here, "products", k), f"there is no product '{id}' in the catalog{like}")
    if line.category:
        asked = Mandatory(line.id, line.every, (), line.category)
        if not any(asked.concerns(product) for product in catalog.products):
            kinds = (kind for each in catalog.products for kind in (each.product_type,) if kind)
            what = f"no product is of the category '{line.category}'{nearest(line.category, kinds)}"
            yield Fault((*here, "category"), what)


def _segment(n: int, segment: Segment, written: RundownFile, catalog: Catalog) -> Iterator[Fault]:
    here = ("segments", n)
    known = [line.id for line in written.mandatory]
    for m, line in enumerate(segment.lines):
        if line.counts_as and line.counts_as not in known:
            what = f"there is no mandatory line '{line.counts_as}'{nearest(line.counts_as, known)}"
            yield Fault((*here, "lines", m, "counts-as"), what)
        if line.sold_out and not segment.product:
            yield Fault((*here, "lines", m, "sold-out"), "the segment has no product that could be sold out")
    if segment.sold_out and not segment.product:
        yield Fault((*here, "sold-out"), "the segment has no product that could be sold out")
    product = catalog.product(segment.product) if segment.product and catalog.has(segment.product) else None
    if segment.only_on_sale and segment.product is None:
        yield Fault((*here, "only-on-sale"), "the segment has no product that could be on sale")
    elif segment.only_on_sale and product and product.sale_price is None:
        yield Fault((*here, "only-on-sale"), f"the product '{product.id}' has no sale_price, so this never comes")
    if segment.countdown == "sale" and (product is None or product.sale_price_effective_date is None):
        what = "no product here has a sale_price_effective_date that could be counted down to"
        yield Fault((*here, "countdown"), what)
    if segment.until is not None and segment.until == segment.at[0].minute:
        yield Fault((*here, "until"), f"it ends when it begins, at {clock(segment.until)}")
    for at in segment.at:
        minutes = [hour * 60 + at.minute for hour in range(24)] if at.hourly else [at.minute]
        if segment.when and not any(_open(segment.when, day, each, True) for day in range(7) for each in minutes):
            yield Fault((*here, "at"), f"{at} is never within the hours of its 'when'")


def _same_time(written: RundownFile) -> Iterator[Fault]:
    """Two segments cannot begin at one time."""
    taken: dict[tuple[int, int], str] = {}
    for n, segment in enumerate(written.segments):
        told = False
        for at in segment.at:
            for day, minute in _times(segment, at.minute, at.hourly):
                other = taken.setdefault((day, minute), segment.id)
                if other != segment.id and not told and not _apart(written, segment, other):
                    told = True
                    what = f"the segment '{other}' comes at {clock(minute)} as well; one of them would be late"
                    yield Fault(("segments", n, "at"), what)


def _times(segment: Segment, minute: int, hourly: bool) -> Iterator[tuple[int, int]]:
    for day in range(7):
        for each in (hour * 60 + minute for hour in range(24)) if hourly else (minute,):
            if segment.when is None or _open(segment.when, day, each, True):
                yield day, each


def _apart(written: RundownFile, segment: Segment, other: str) -> bool:
    """Whether both name dates: then they may be on different days, which nobody looks through here."""
    there = next(each for each in written.segments if each.id == other)
    return all(any(when.dates for when in each.when or ()) for each in (segment, there))


def _silence(written: RundownFile, catalog: Catalog) -> Iterator[Fault]:
    """Hours of the week in which no segment may come, or too few for all of the hour."""
    free = [each for each in written.segments if not each.at and not each.only_on_sale and each.countdown is None]
    if any(each.when is None and each.at_most is None for each in free):
        return
    edges = sorted({0, *(edge for each in free for when in each.when or () for edge in _edges(when)), DAY})
    found: dict[tuple[int, int], list[int]] = {}
    for day in range(7):
        for first, end in pairwise(edges):
            there = [each for each in free if each.when is None or _open(each.when, day, first)]
            if not there:
                found.setdefault((first, end), []).append(day)
            elif not _fills(there, catalog):
                names = ", ".join(f"'{each.id}'" for each in there)
                what = f"from {clock(first)} on there is only {names}, which may not come often enough to fill an hour"
                yield Fault(("segments",), f"{what}; let one segment come without an 'at-most'")
                return
    for (first, end), days in found.items():
        on = "" if len(days) == 7 else f" ({', '.join(WEEKDAYS[day] for day in days)})"
        what = f"between {clock(first)} and {clock(end)}{on} nothing may be said; give a segment no 'when', or one then"
        yield Fault(("segments",), what)
        return


def _fills(segments: list[Segment], catalog: Catalog) -> bool:
    """Whether these can be said for a whole hour."""
    if any(each.at_most is None for each in segments):
        return True
    total = 0.0
    for each in segments:
        assert each.at_most
        takes = sum(seconds(line.texts[0], catalog.language) for line in each.lines)
        total += takes * each.at_most.times * HOUR / each.at_most.period.total_seconds()
    return total >= HOUR


def _edges(when: When) -> Iterator[int]:
    for hours in when.hours:
        yield from (hours.first, hours.end)


def _open(whens: tuple[When, ...], day: int, minute: int, dated: bool = False) -> bool:
    """Whether one of them holds at a minute of a day of the week; with `dated`, those that name dates count too."""
    return any(_one_open(when, day, minute) for when in whens if dated or not when.dates)


def _one_open(when: When, day: int, minute: int) -> bool:
    def on(day: int) -> bool:
        return not when.weekdays or day % 7 in when.weekdays

    for first, end in when.hours or (Hours(0, DAY),):
        over = end <= first
        if on(day) and first <= minute and (over or minute < end):
            return True
        if over and minute < end and on(day - 1):
            return True
    return False
