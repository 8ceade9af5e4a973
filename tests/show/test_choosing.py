"""What comes next, over rundowns, clocks and stocks of every kind: never stuck, never too often, never too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.show.choosing import Choice, Cursor, choose, following
from host_engine.show.history import History, read_history
from host_engine.show.mandatory import Mandatory, due
from host_engine.show.rules import Rules
from host_engine.show.rundown import Cues, Entry, Rundown, Turn, Variant

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 3, 28, 21, tzinfo=UTC)  # the clocks are changed in the night that follows
LONGEST = 8.0


@dataclass
class Shelf:
    """Products by id: whether they are on sale, and whether they are sold out."""

    sale: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()

    def product(self, id: str) -> Any:
        return SimpleNamespace(
            id=id,
            availability="out_of_stock" if id in self.out else "in_stock",
            on_sale=lambda now: id in self.sale,
            sale_price_effective_date=None,
            product_type="Tea > Green" if id == "p0" else "Pot",
            google_product_category=None,
        )


def segment(name: str, lines: int, rules: Rules, product: str | None = None, sale: bool = False) -> list[Entry]:
    words = (Variant(("words",), sale),)
    return [Entry(f"{name}/{n}", name, product, None, Cues(), words, rules, None, False) for n in range(lines)]


def rules(**written: Any) -> Rules:
    return Rules.model_validate({name.replace("_", "-"): value for name, value in written.items()})


HOURS = st.sampled_from([None, "20:00-23:30", "22:00-02:30", "01:15-01:45", "09:00-17:00", "00:00-24:00"])
LIMITS = st.sampled_from([None, "1 per hour", "2 per hour", "3 per day"])
RESTS = st.sampled_from([None, "2m", "45m"])
TIMES = st.sampled_from([None, "22:00", "01:30", "*:10"])


@st.composite
def any_rules(draw: st.DrawFn) -> Rules:
    written: dict[str, Any] = {"when": draw(HOURS), "at-most": draw(LIMITS), "rest": draw(RESTS)}
    if time := draw(TIMES):
        written["at"] = time
    return Rules.model_validate({name: value for name, value in written.items() if value is not None})


@st.composite
def rundowns(draw: st.DrawFn, always: bool = True) -> Rundown:
    """With `always`, one segment has no rules."""
    count = draw(st.integers(1, 5))
    made = [
        segment(f"s{n}", draw(st.integers(1, 3)), draw(any_rules()), draw(st.sampled_from([None, "p0", "p1"])))
        for n in range(count)
    ]
    if always:
        made.insert(draw(st.integers(0, count)), segment("free", draw(st.integers(1, 3)), Rules()))
    lines = [
        Mandatory(
            f"m{n}", timedelta(minutes=draw(st.integers(1, 20))), (("must",),), draw(st.sampled_from([None, "tea"]))
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    return Rundown([entry for each in made for entry in each], lines, LONDON)


SHELVES = st.builds(Shelf, st.frozensets(st.sampled_from(["p0", "p1"])), st.frozensets(st.sampled_from(["p0", "p1"])))
LENGTHS = st.lists(st.sampled_from([0.5, 3.0, LONGEST, LONGEST]), min_size=40, max_size=80)


@dataclass
class Said:
    """One thing that was said."""

    at: float
    entry: Entry | None
    mandatory: str | None
    begins: bool
    product: str | None


def said(show: Rundown, shelf: Shelf, lengths: Sequence[float], begin: datetime = START) -> list[Said]:
    """So many lines of a show, one after the other."""
    now, history, product = begin, History(since=begin.timestamp(), latest=begin.timestamp()), None
    cursor = Cursor(show.after(None))
    told = []
    for length in lengths:
        choice = choose(show, cursor, history, now, shelf, product)
        at = now.timestamp()
        if isinstance(choice, Mandatory):
            history = history.at(at).told(choice.id, at)
            told.append(Said(at, None, choice.id, False, product))
        elif isinstance(choice, Choice):
            cursor, product = choice.cursor, choice.turn.entry.product
            if choice.begins:
                history = history.at(at).begun(choice.turn.entry.segment, at)
            told.append(Said(at, choice.turn.entry, None, choice.begins, product))
        now += timedelta(seconds=length)
    return told


@given(rundowns(), SHELVES, LENGTHS)
@settings(max_examples=40, deadline=None)
def test_there_is_always_something_to_say(show: Rundown, shelf: Shelf, lengths: list[float]) -> None:
    assert len(said(show, shelf, lengths)) == len(lengths)


@given(rundowns(always=False), SHELVES, st.integers(0, 3000))
@settings(max_examples=40, deadline=None)
def test_only_rests_are_ever_set_aside(show: Rundown, shelf: Shelf, minutes: int) -> None:
    """Where nothing may be said, nothing is chosen; what is chosen is within its hours and its limits."""
    now = START + timedelta(minutes=minutes)
    choice = following(show, Cursor(show.after(None)), History(since=START.timestamp()), now, shelf)
    if choice is not None:
        entry = choice.turn.entry
        assert entry.product not in shelf.out
        timed = bool(entry.rules.at)
        here = now.astimezone(LONDON)
        assert timed or not entry.rules.refuses(entry.segment, None, History(), here, rest=False)


@given(rundowns(), SHELVES, LENGTHS)
@settings(max_examples=40, deadline=None)
def test_no_limit_is_ever_exceeded(show: Rundown, shelf: Shelf, lengths: list[float]) -> None:
    times: dict[str, list[float]] = {}
    limits = {entry.segment: entry.rules.at_most for entry in show.entries}
    for each in said(show, shelf, lengths * 4):
        if each.begins and each.entry:
            times.setdefault(each.entry.segment, []).append(each.at)
    for name, begun in times.items():
        if limit := limits[name]:
            for n, first in enumerate(begun):
                inside = [at for at in begun[n:] if at - first < limit.period.total_seconds()]
                assert len(inside) <= limit.times


@given(rundowns(), SHELVES, LENGTHS)
@settings(max_examples=40, deadline=None)
def test_mandatory_lines_are_never_late(show: Rundown, shelf: Shelf, lengths: list[float]) -> None:
    """Later than its time and one line: only by the other mandatory lines that are due with it."""
    for line in show.mandatory:
        if line.category is not None:
            continue
        told = said(show, shelf, lengths * 4)
        times = [*(each.at for each in told if each.mandatory == line.id), told[-1].at]
        others = LONGEST * len(show.mandatory)
        for before, at in pairwise([START.timestamp(), *times]):
            assert at - before <= line.every.total_seconds() + others


@given(rundowns(), SHELVES, LENGTHS)
@settings(max_examples=25, deadline=None)
def test_what_some_products_need_is_said_with_them(show: Rundown, shelf: Shelf, lengths: list[float]) -> None:
    """While such a product is presented, the line was said within its time, or is among the next things said."""
    told = said(show, shelf, lengths)
    for line in show.mandatory:
        if line.category is None:
            continue
        last, waits = float("-inf"), 0
        for each in told:
            if each.mandatory == line.id:
                last, waits = each.at, 0
            elif each.product == "p0" and each.at - last > line.every.total_seconds():
                waits += 1
                assert waits <= 1 + len(show.mandatory)
            else:
                waits = 0


@given(rundowns(), SHELVES, LENGTHS, st.integers(1, 39))
@settings(max_examples=25, deadline=None)
def test_it_is_deterministic_and_goes_on_from_what_was_kept(
    show: Rundown, shelf: Shelf, lengths: list[float], cut: int
) -> None:
    assert said(show, shelf, lengths) == said(show, shelf, lengths)
    now, history, cursor = START, History(since=START.timestamp()), Cursor(show.after(None))
    for n, length in enumerate(lengths):
        if n == cut:
            history = read_history(history.written())
        found = following(show, cursor, history, now, shelf)
        again = following(show, cursor, replace(history), now, shelf)
        assert found == again
        assert found is not None
        cursor = found.cursor
        if found.begins:
            history = history.begun(found.turn.entry.segment, round(now.timestamp(), 3))
        now += timedelta(seconds=length)


@given(
    rundowns(),
    st.lists(st.tuples(st.floats(0.5, 8), st.sampled_from([0, 0, 0, -3600, 7200, -86_400])), min_size=30, max_size=60),
)
@settings(max_examples=25, deadline=None)
def test_clocks_that_are_set_do_no_harm(show: Rundown, steps: list[tuple[float, int]]) -> None:
    """Whatever the clock does, mandatory lines come within their time as a stop watch has it."""
    now, watch, history, cursor = START, 0.0, History(since=START.timestamp(), latest=START.timestamp()), None
    cursor = Cursor(show.after(None))
    last = {line.id: 0.0 for line in show.mandatory if line.category is None}
    every = {line.id: line.every.total_seconds() for line in show.mandatory}
    for seconds, set_by in steps:
        history = history.at(now.timestamp())
        choice = choose(show, cursor, history, now, Shelf())
        assert choice is not None
        if isinstance(choice, Mandatory):
            history = history.told(choice.id, now.timestamp())
            last[choice.id] = watch
        else:
            cursor = choice.cursor
            if choice.begins:
                history = history.begun(choice.turn.entry.segment, now.timestamp())
        assert all(watch - at <= every[id] + LONGEST * (len(every) + 1) for id, at in last.items())
        now += timedelta(seconds=seconds)
        history = history.at(now.timestamp())
        now += timedelta(seconds=set_by)
        watch += seconds


@given(st.lists(st.integers(1, 3), min_size=1, max_size=6), st.integers(0, 5))
def test_what_is_allowed_is_reached_in_every_round(sizes: list[int], start: int) -> None:
    made = [entry for n, size in enumerate(sizes) for entry in segment(f"s{n}", size, Rules())]
    show = Rundown(made, (), LONDON)
    count = len(show.entries)
    told = said(show, Shelf(), [1.0] * (3 * count))
    for begin in range(2 * count):
        assert {each.entry.id for each in told[begin : begin + count] if each.entry} == {one.id for one in made}


def test_hours_that_end_soon_come_first() -> None:
    """A short time of its own is not missed because the round is long."""
    rounds = [segment(f"s{n}", 30, Rules()) for n in range(8)]
    short = segment("lunch", 2, rules(when="21:10-21:14"))
    show = Rundown([*(entry for each in rounds for entry in each), *short], (), LONDON)
    told = said(show, Shelf(), [4.0] * 300)
    lunch = [each for each in told if each.entry and each.entry.segment == "lunch"]
    assert len(lunch) == 2
    assert 600 <= lunch[0].at - START.timestamp() < 840
    names = [each.entry.id for each in told if each.entry]
    at = names.index("lunch/0")
    assert names[at + 2].endswith("/0")  # the show is back where it was, at the begin of a segment


def test_a_segment_of_a_certain_time_comes_at_it_and_the_show_goes_back() -> None:
    show = Rundown([*segment("a", 200, Rules()), *segment("flash", 2, rules(at="21:05", until="21:07"))], (), LONDON)
    told = [each for each in said(show, Shelf(), [4.0] * 150) if each.entry]
    flash = [each for each in told if each.entry and each.entry.segment == "flash"]
    assert 300 <= flash[0].at - START.timestamp() <= 304
    assert 415 <= flash[-1].at - START.timestamp() <= 424
    rest = [each.entry.id for each in told if each.entry and each.entry.segment == "a"]
    assert rest == [f"a/{n}" for n in range(len(rest))]
    assert sum(each.begins for each in flash) == 1


def test_in_every_hour_and_on_the_night_of_the_change() -> None:
    show = Rundown([*segment("a", 5, Rules()), *segment("news", 1, rules(at="*:30"))], (), LONDON)
    told = said(show, Shelf(), [7.0] * 4000)
    news = [each.at for each in told if each.entry and each.entry.segment == "news"]
    assert all(3590 <= after - before <= 3610 for before, after in pairwise(news))
    assert len(news) == int(4000 * 7 / 3600 + 0.5)


def test_a_time_that_was_missed_by_far_is_left_out() -> None:
    show = Rundown([*segment("a", 5, Rules()), *segment("news", 1, rules(at="20:30"))], (), LONDON)
    assert all(each.entry and each.entry.segment == "a" for each in said(show, Shelf(), [5.0] * 20))


def test_sold_out_sale_and_variants() -> None:
    normal, gone, sale = (
        Variant(("here it is",), False),
        Variant(("it is gone",), False, True),
        Variant(("cheap",), True),
    )
    said_so = Entry("a/1", "a", "p0", None, Cues(), (normal, gone))
    silent = Entry("a/2", "a", "p0", None, Cues(), (normal, sale), when_sold_out=False)
    assert said_so.variant(0, False, True) == gone
    assert said_so.variant(0, False, False) == normal
    assert silent.variant(0, True, True) is None
    show = Rundown([said_so, silent, *segment("b", 1, Rules())], (), LONDON)
    out = Shelf(out=frozenset({"p0"}))
    ids = [each.entry.id for each in said(show, out, [1.0] * 4) if each.entry]
    assert ids == ["a/1", "b/0", "a/1", "b/0"]
    first = following(show, Cursor(Turn(silent, 0), "a"), History(), START, out)
    assert first is not None
    assert [(each.entry, each.why) for each in first.passed] == [("a", "its product is sold out")]


def test_only_while_on_sale() -> None:
    show = Rundown([*segment("flash", 2, rules(only_on_sale=True), "p0"), *segment("b", 1, Rules())], (), LONDON)
    with_sale = [each.entry.id for each in said(show, Shelf(frozenset({"p0"})), [1.0] * 3) if each.entry]
    without = [each.entry.id for each in said(show, Shelf(), [1.0] * 3) if each.entry]
    assert (with_sale, without) == (["flash/0", "flash/1", "b/0"], ["b/0"] * 3)


def test_a_countdown_comes_before_its_target_only() -> None:
    show = Rundown([*segment("c", 1, rules(countdown="21:10", within="5m")), *segment("b", 1, Rules())], (), LONDON)
    told = said(show, Shelf(), [5.0] * 200)
    counted = [each.at - START.timestamp() for each in told if each.entry and each.entry.segment == "c"]
    assert min(counted) >= 300
    assert max(counted) < 600


def test_the_line_that_would_be_late_first_is_first() -> None:
    lines = [Mandatory("slow", timedelta(minutes=30), (("a",),)), Mandatory("quick", timedelta(minutes=10), (("b",),))]
    history = History(since=0.0)
    assert due(lines, history, 500.0, None) is None
    assert due(lines, history, 595.0, None) == lines[1]
    assert due(lines, history, 4000.0, None) == lines[1]
    assert due(lines, history.told("quick", 4000.0), 4001.0, None) == lines[0]


def test_an_entry_that_is_gone_is_no_trouble() -> None:
    gone = segment("gone", 2, Rules())
    show = Rundown([*segment("a", 2, Rules()), *segment("b", 1, Rules())], (), LONDON)
    lost = Cursor(Turn(gone[1], 3), "gone", Turn(gone[0], 3))
    found = following(show, lost, History(), START, Shelf())
    assert found is not None
    assert (found.turn.entry.id, found.turn.round) == ("a/0", 3)
    away = following(show, Cursor(Turn(show.entries[2], 3), "b", Turn(gone[0], 3)), History(), START, Shelf())
    assert away is not None
    assert away.cursor.turn.entry.id == "a/0"
