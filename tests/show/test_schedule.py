"""A rundown with hours, limits and mandatory lines, from its file to what is handed out, and every mistake in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from host_engine.show.check import check_catalog
from host_engine.show.coverage import Coverage
from host_engine.show.history import read_history
from host_engine.show.reminder import AGAIN, Reminder
from host_engine.show.rundown import Line, Place
from host_engine.show.script import Script, load_show
from host_engine.show.utterance import Cut, Utterance

Shop = Callable[..., Path]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
HEAD = """\
zone: UTC
mandatory:
  - {id: ai, every: 15m, variants: [I am an AI host., This host is an AI.]}
segments:
  - id: hello
    lines: [Welcome to {shop}!, We have tea.]
  - id: tea
    product: sencha
"""
TAIL = "  - id: pot\n    product: pot\n    lines: [Look at the pot for {price}.]\n"


def rundown(*rules: str, lines: str = "[Here is tea., And it is green.]") -> str:
    quoted = HEAD.replace("[Welcome to {shop}!, We have tea.]", '["Welcome to {shop}!", "We have tea."]')
    written = "".join(f"    {rule}\n" for rule in (*rules, f"lines: {lines}"))
    return quoted + written + TAIL.replace("[Look at the pot for {price}.]", '["Look at the pot for {price}."]')


class Clock:
    """What time it is."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **length: float) -> None:
        self.now += timedelta(**length)


def segments(script: Script, count: int, clock: Clock | None = None, seconds: float = 0) -> list[str]:
    """The segments of the next lines, each of which takes so long."""
    found = []
    for _ in range(count):
        line = script.next()
        script.on_air(line)
        found.append(line.segment)
        if clock:
            clock.later(seconds=seconds)
    return found


def script_of(shop: Shop, clock: Clock, *rules: str, lines: str = "[Here is tea., And it is green.]") -> Script:
    return Script(load_show(shop(rundown=rundown(*rules, lines=lines))), clock)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            'when: "8-12"',
            "rundown.yaml:9: segments[1].when: '8' is not a time of day; write it like '20:00'",
        ),
        ("when: {hours: noon}", "rundown.yaml:9: segments[1].when: hours: 'noon' are no hours"),
        ("when: {day: mon}", "rundown.yaml:9: segments[1].when: day: there is no field 'day' here"),
        ("at: [noon]", "rundown.yaml:9: segments[1].at: 'noon' is not a time of day; write it like '20:00'"),
        ("at-most: often", "rundown.yaml:9: segments[1].at-most: 'often' is not a limit; write it like '2 per hour'"),
        ("rest: a while", "rundown.yaml:9: segments[1].rest: 'a while' is not a length of time"),
        ('until: "20:00"', "rundown.yaml:7: segments[1]: an 'until' needs one 'at'"),
        ("sharp: true", "rundown.yaml:7: segments[1]: 'sharp' needs an 'at'"),
        ('{at: "20:00", until: "20:00"}', "rundown.yaml:10: segments[1].until: it ends when it begins, at 20:00"),
        ('{at: "20:00", when: "08:00-12:00"}', "segments[1].at: 20:00 is never within the hours of its 'when'"),
        ("countdown: later", "rundown.yaml:9: segments[1].countdown: 'later' is nothing to count down to"),
        ("sold-out: hide", "rundown.yaml:9: segments[1].sold-out: 'hide' is not one of skip, say"),
        ("sharpp: true", "rundown.yaml:9: segments[1].sharpp: there is no field 'sharpp' here; did you mean 'sharp'?"),
    ],
)
def test_a_rule_that_cannot_be_gets_its_sentence(shop: Shop, rule: str, sentence: str) -> None:
    rules = [each.strip() for each in rule.strip("{}").split(", ")] if rule.startswith("{") else [rule]
    found = [str(each) for each in check_catalog(shop(rundown=rundown(*rules)))]
    assert any(sentence in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("every: 15m", "every: 5s", "mandatory[0].every: a mandatory line cannot come more often than once a minute"),
        ("I am an AI host.", "word " * 300, "mandatory[0].variants[0]: 300 words"),
        ("This host is an AI.", "'It costs {price}.'", "there is no field {price} where no product is presented"),
        ("{id: ai, every: 15m", "{id: ai, category: Shoes, every: 15m",
         "mandatory[0].category: no product is of the category 'Shoes'"),
        ("{id: ai, every: 15m", "{id: ai, products: [senchaa], every: 15m",
         "mandatory[0].products[0]: there is no product 'senchaa' in the catalog; did you mean 'sencha'?"),
        ("lines: [Here", "sold-out: say\n    only-on-sale: true\n    lines: [Here", None),
        ("zone: UTC", "zone: Mars", "rundown.yaml:1: zone: 'Mars' is not a time zone; write it like 'Europe/London'"),
        ("[Here is tea.,", "[{text: Here., counts-as: aii},",
         "counts-as: there is no mandatory line 'aii'; did you mean 'ai'?"),
        ("[Here is tea.,", '["It starts {starts_in}.",', "{starts_in} needs a 'countdown' in its segment"),
        ("id: hello\n", "id: hello\n    sold-out: say\n", "segments[0].sold-out: the segment has no product"),
        ("product: pot\n", "product: pot\n    only-on-sale: true\n",
         "segments[2].only-on-sale: the product 'pot' has no sale_price"),
    ],
)  # fmt: skip
def test_what_could_not_be_kept_is_told(shop: Shop, old: str, new: str, sentence: str | None) -> None:
    text = rundown()
    assert old in text
    found = [str(each) for each in check_catalog(shop(rundown=text.replace(old, new)))]
    assert any(sentence in each for each in found) if sentence else not found, found


def test_hours_with_nothing_to_say_are_told(shop: Shop) -> None:
    def written(*whens: str) -> list[str]:
        entries = "".join(f"  - {{id: s{n}, {when}, lines: [Hello.]}}\n" for n, when in enumerate(whens))
        return [each.what for each in check_catalog(shop(rundown=f"segments:\n{entries}"))]

    assert written('when: "08:00-20:00"', 'when: "20:00-08:00"') == []
    assert written('when: "08:00-20:00"', 'when: "21:00-08:00"') == [
        "between 20:00 and 21:00 nothing may be said; give a segment no 'when', or one then"
    ]
    weekend = written("when: {weekdays: mon-fri}", 'when: {weekdays: sat-sun, hours: "00:00-12:00"}')
    assert weekend == ["between 12:00 and 24:00 (sat, sun) nothing may be said; give a segment no 'when', or one then"]
    assert "may not come often enough to fill an hour" in written("at-most: 2 per hour")[0]
    assert "may be said" in written('at: "20:00"')[0]
    same = written('at: "20:00"', 'at: ["20:00", "21:00"]', "rest: 1m")
    assert same == ["the segment 's0' comes at 20:00 as well; one of them would be late"]
    assert written('at: "20:00"', 'at: "20:00", when: {weekdays: mon}', "rest: 1m")
    assert written('at: "20:00", when: {weekdays: sun}', 'at: "20:00", when: {weekdays: mon}', "rest: 1m") == []


def test_a_segment_keeps_to_its_hours_its_limit_and_its_rest(shop: Shop) -> None:
    clock = Clock()
    assert "tea" not in segments(script_of(shop, clock, 'when: "14:00-15:00"'), 12)
    clock = Clock()
    limited = segments(script_of(shop, clock, "at-most: 2 per hour"), 300, clock, 10)
    assert limited.count("tea") == 4  # twice two lines in 50 minutes
    clock = Clock()
    rested = segments(script_of(shop, clock, "rest: 10m"), 300, clock, 10)
    assert 8 <= rested.count("tea") <= 12


def test_limits_hold_over_a_restart(shop: Shop) -> None:
    clock = Clock()
    first = script_of(shop, clock, "at-most: 2 per hour")
    segments(first, 20, clock, 10)
    kept = json.loads(json.dumps(first.history.written()))
    again = script_of(shop, clock, "at-most: 2 per hour")
    again.history = read_history(kept)
    again.resume(Place("hello/nothing", 3, 0, 0, 0, said=True))
    assert "tea" not in segments(again, 60, clock, 10)


def test_limits_hold_over_a_swap(shop: Shop) -> None:
    clock = Clock()
    script = script_of(shop, clock, "at-most: 1 per hour")
    segments(script, 6, clock, 10)
    script.swap(load_show(shop(rundown=rundown("at-most: 1 per hour"))), None)
    assert "tea" not in segments(script, 60, clock, 10)


def test_lines_that_were_not_on_air_do_not_count(shop: Shop) -> None:
    """What is made ready and let go of again, as by an order, uses up no limit."""
    clock = Clock()
    script = script_of(shop, clock, "at-most: 1 per hour")
    for _ in range(2):
        script.on_air(script.next())
    ready = script.next()
    assert ready.segment == "tea"
    script.back(ready)
    assert script.next().segment == "tea"
    assert script.history.began == {}


def test_skip_goes_to_the_next_segment(shop: Shop) -> None:
    script = script_of(shop, Clock())
    on_air = script.next()
    script.on_air(on_air)
    script.next()  # is ready
    script.skip(on_air)
    tea = script.next()
    assert tea.segment == "tea"
    script.on_air(tea)
    script.skip(tea)
    assert segments(script, 1) == ["pot"]
    script.skip()
    assert (script.next().id, script.round) == (on_air.id, 1)


def test_go_to_goes_anywhere_whatever_its_rules(shop: Shop) -> None:
    clock = Clock()
    script = script_of(shop, clock, 'when: "20:00-21:00"')
    tea = next(entry.id for entry in script.show.rundown.entries if entry.segment == "tea")
    on_air = script.next()
    script.on_air(on_air)
    script.go_to(tea, on_air)
    assert segments(script, 4) == ["tea", "tea", "pot", "hello"]
    with pytest.raises(KeyError):
        script.go_to("tea/none")


def test_a_segment_of_a_time_and_back_even_after_a_kill(shop: Shop) -> None:
    clock = Clock(NOON - timedelta(seconds=25))
    script = script_of(shop, clock, 'at: "12:00"')
    lines: list[Line] = []
    while not lines or lines[-1].segment != "tea":
        lines.append(script.next())
        script.on_air(lines[-1])
        clock.later(seconds=10)
    assert [line.segment for line in lines] == ["hello", "hello", "pot", "tea"]
    kept, place = json.loads(json.dumps(script.history.written())), lines[-1].place
    assert place is not None
    assert segments(script, 3) == ["tea", "hello", "hello"]
    again = script_of(shop, clock, 'at: "12:00"')
    again.history = read_history(kept)
    again.resume(place)
    assert segments(again, 4) == ["tea", "tea", "hello", "hello"]


def test_a_sold_out_product(shop: Shop) -> None:
    out = ("price: 15.00 EUR", "price: 15.00 EUR\n    availability: out_of_stock")
    written = '[Here is tea., {text: It is green., when-sold-out: "Sencha is {availability}."}]'

    def said(*rules: str, lines: str = written) -> list[str]:
        script = Script(load_show(shop(out, rundown=rundown(*rules, lines=lines))), Clock())
        return [line.text for line in (script.next() for _ in range(4)) if line.segment == "tea"]

    assert said() == ["Sencha is sold out."]
    assert said("sold-out: say") == ["Here is tea.", "Sencha is sold out."]
    assert said(lines="[Here is tea., And it is green.]") == []
    assert said(lines="[{text: Here is tea., sold-out: say}, And it is green.]") == ["Here is tea."]


def test_a_line_that_was_ready_when_it_sold_out_is_made_anew(shop: Shop) -> None:
    lines = '[{text: Here is tea., when-sold-out: "Sencha is {availability}."}, And it is green.]'
    script = script_of(shop, Clock(), lines=lines)
    ready = [script.next() for _ in range(3)][-1]
    out = ("price: 15.00 EUR", "price: 15.00 EUR\n    availability: out_of_stock")
    script.show = load_show(shop(out, rundown=rundown(lines=lines)))
    script.back(ready)
    assert [script.next().text for _ in range(2)] == ["Sencha is sold out.", "Look at the pot for €40.00."]


def test_a_countdown_says_what_is_left_and_is_gone_when_over(shop: Shop) -> None:
    clock = Clock(NOON - timedelta(minutes=12))
    lines = '["The round starts {starts_in}, at {starts_at}.", "{countdown} or {minutes} minutes."]'
    script = script_of(shop, clock, 'countdown: "12:00"', "within: 30m", lines=lines)
    said = [script.next() for _ in range(4)][2:]
    assert [line.text for line in said] == ["The round starts in 12 minutes, at 12:00 PM.", "12 minutes or 12 minutes."]
    assert said[0].until == NOON - timedelta(minutes=11)
    assert set(said[0].scheduled) == {"in 12 minutes", "12:00 PM"}
    clock.now = NOON
    assert "tea" not in segments(script, 6)


def test_where_nothing_may_be_said_something_harmless_is(shop: Shop) -> None:
    out = ("price: 15.00 EUR", "price: 15.00 EUR\n    availability: out_of_stock")
    text = "segments:\n  - {id: tea, product: sencha, lines: [Tea.]}\n"
    script = Script(load_show(shop(out, rundown=text)), Clock())
    lines = [script.next() for _ in range(3)]
    assert len({line.text for line in lines}) == 3
    assert all(line.id.startswith("filler/") and line.place is None for line in lines)
    assert script.stuck == "a rule keeps every segment away"


def test_what_a_rule_kept_away_is_no_gap(shop: Shop) -> None:
    script = script_of(shop, Clock(), 'when: "20:00-21:00"')
    coverage = Coverage(script.show.rundown, rulings=script.rulings)
    for _ in range(4):
        coverage.said(utterance(script.next()))
    assert coverage.status()["last"] == {"round": 0, "said": 3, "of": 3, "skipped": [], "twice": []}


def test_what_came_at_a_time_of_its_own_is_counted_in_no_round(shop: Shop) -> None:
    clock = Clock()
    script = script_of(shop, clock, 'at: "12:00"')
    coverage = Coverage(script.show.rundown, rulings=script.rulings)
    lines = [script.next() for _ in range(6)]
    assert [line.segment for line in lines] == ["tea", "tea", "hello", "hello", "pot", "hello"]
    for line in lines:
        coverage.said(utterance(line))
    assert coverage.status()["last"] == {"round": 0, "said": 3, "of": 3, "skipped": [], "twice": []}


def utterance(line: Line, began: datetime = NOON, cut: Cut = "") -> Utterance:
    return Utterance(line, "rundown", "v", 0, 1, began, began, whole=True, cut=cut)


class Lane:
    """Says at once what a reminder hands out, unless it is let go of."""

    def __init__(self, script: Script, clock: Clock) -> None:
        self.coming: list[Line] = []
        self.clock = clock
        self.reminder = Reminder(script, clock, lambda line: line in self.coming)
        script.next()  # with the first line the show has begun

    def fed(self) -> str | None:
        line = self.reminder.feed()
        if line is None:
            return None
        self.coming.append(line)
        return line.text

    def says(self, cut: Cut = "") -> None:
        line = self.coming.pop()
        self.reminder.on_air(line)
        self.reminder.said(utterance(line, self.clock.now, cut))


def test_a_mandatory_line_comes_before_its_time_is_over_in_turn(shop: Shop) -> None:
    clock = Clock()
    lane = Lane(script_of(shop, clock), clock)
    clock.later(minutes=14)
    assert lane.fed() is None
    clock.later(seconds=50)
    assert lane.fed() == "I am an AI host."
    assert lane.fed() is None
    lane.says()
    assert lane.fed() is None
    clock.later(minutes=14, seconds=50)
    assert lane.fed() == "This host is an AI."


def test_one_that_was_cut_was_not_said(shop: Shop) -> None:
    clock = Clock()
    lane = Lane(script_of(shop, clock), clock)
    clock.later(minutes=15)
    assert lane.fed()
    lane.says(cut="cut")
    assert lane.fed() is None
    assert [line.id for line, _ in lane.reminder.late()] == []
    clock.later(seconds=AGAIN)
    assert lane.fed() == "I am an AI host."
    assert [(line.id, late) for line, late in lane.reminder.late()] == [("ai", AGAIN)]


def test_a_line_of_the_rundown_that_says_the_same_counts(shop: Shop) -> None:
    clock = Clock()
    script = script_of(shop, clock, lines="[{text: I am an AI., counts-as: ai}]")
    lane = Lane(script, clock)
    clock.later(minutes=10)
    told = next(line for line in (script.next() for _ in range(6)) if line.mandatory)
    assert told.text == "I am an AI."
    lane.reminder.said(utterance(told, clock.now))
    clock.later(minutes=14)
    assert lane.fed() is None


def test_what_concerns_some_products_comes_with_them(shop: Shop) -> None:
    clock = Clock()
    text = rundown().replace("{id: ai, every: 15m,", "{id: ai, every: 15m, products: [pot],")
    script = Script(load_show(shop(rundown=text)), clock)
    lane = Lane(script, clock)
    clock.later(hours=1)
    assert lane.fed() is None
    pot = next(line for line in (script.next() for _ in range(6)) if line.product == "pot")
    lane.reminder.on_air(pot)
    assert lane.fed() == "I am an AI host."


def test_a_long_mandatory_line_comes_in_parts_and_counts_when_all_were_said(shop: Shop) -> None:
    clock = Clock()
    long = "We are not doctors, and what we say is no advice for your health at all. " * 2
    text = rundown().replace("variants: [I am an AI host., This host is an AI.]", f"text: '{long.strip()}'")
    script = Script(load_show(shop(rundown=text)), clock)
    lane = Lane(script, clock)
    clock.later(minutes=15)
    assert lane.fed()
    lane.says()
    assert not script.history.said
    assert lane.fed()
    lane.says()
    assert script.history.said["ai"].times == 1


WRONG_TIMES = {"since": 1, "latest": 1, "began": {"a": ["b"]}, "said": {}, "back": None}


@pytest.mark.parametrize("written", [{"since": 0}, {"began": 3}, [1], "x", WRONG_TIMES])
def test_a_history_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is no"):
        read_history(written)
