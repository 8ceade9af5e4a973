"""Measures, numbers of things, codes and days: backed by a figure of the product, or of the shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from host_engine.gate import prices, shares
from host_engine.gate.case import Case
from host_engine.gate.claim import Claim
from host_engine.gate.dates import Day
from host_engine.gate.facts import BOUND, Fact
from host_engine.gate.fields import days_of
from host_engine.gate.units import TIME
from host_engine.gate.wording import WORD, stem
from host_engine.show.catalog import Product
from host_engine.show.evidence import Evidence

MOST = 100  # figures of a text
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def judge(case: Case) -> None:
    """Back every figure of the text, or stop it."""
    if len(case.figures) > MOST:
        case.stop("quantity", 0, len(case.tokens), f"Nobody could follow {len(case.figures)} figures.")
        return
    for claim in case.figures:
        if case.full:
            return
        if claim.kind == "money" or (claim.kind == "count" and prices.is_price(case, claim)):
            prices.judge_money(case, claim)
        elif claim.kind == "percent":
            shares.judge(case, claim)
        elif claim.kind == "date":
            _judge_date(case, claim)
        elif not _trivial(case, claim):
            _judge_quantity(case, claim)


def _trivial(case: Case, claim: Claim) -> bool:
    """ "ein Tag", "un momento": an article, unless the clause is about delivery, returns or a warranty."""
    return claim.shy and not case.topics(claim.first) & BOUND


def _about(case: Case, claim: Claim) -> tuple[str, ...]:
    """What a quantity belongs to; "in size it is 30 ml against 50 ml" compares everything that was named before."""
    sentence = case.tokens[claim.first].sentence
    here = [each for each in case.figures if case.tokens[each.first].sentence == sentence and each.kind == "measure"]
    named = any(case.tokens[each.first].sentence == sentence for each in case.mentions)
    return case.subjects(claim.first) if named or len(here) < 2 else case.products


def _judge_quantity(case: Case, claim: Claim) -> None:
    named = _about(case, claim)
    fact = next(_fitting(case, claim, named), None)
    if fact is not None:
        case.backed(fact.evidence)
        return
    value = claim.readings[0].value if claim.readings else None
    if claim.kind == "count" and not named and value == len(case.index.catalog.products):
        case.backed(case.index.count)
        return
    if claim.kind == "count" and not claim.words and (offer := _price(case, claim, named)):
        case.backed(offer)
        return
    rule = "delivery" if "delivery" in case.topics(claim.first) and _of_time(claim) else "quantity"
    case.stop(rule, claim.first, claim.end, _instead(case, claim, named))


def _of_time(claim: Claim) -> bool:
    return bool(claim.readings) and claim.readings[0].unit in TIME


def _price(case: Case, claim: Claim, named: Sequence[str]) -> Evidence | None:
    for offer in prices.offers(case, named):
        if any(reading.value == offer.price.amount for reading in claim.readings):
            return offer.evidence
    return None


def _fitting(case: Case, claim: Claim, named: Sequence[str]) -> Iterator[Fact]:
    """The figures that say the same."""
    if claim.kind == "code":
        yield from (fact for fact in prices.facts_like(case, named) if fact.code == claim.code)
        return
    if claim.kind == "measure":
        yield from _measured(case, claim, named)
        return
    for fact in prices.facts_like(case, named):
        if fact.kind not in ("count", "measure") or not _same_number(claim, fact) or fact.low > claim.low:
            continue
        if (claim.words or claim.label) and (fact.kind != "count" or not _same_thing(case, claim, fact)):
            continue
        if not claim.words and bool(named) != bool(fact.evidence.product):
            continue  # a mere number is one of the product
        yield fact


def _measured(case: Case, claim: Claim, named: Sequence[str]) -> Iterator[Fact]:
    """Measures of the same size; those of time only where they are about the same: delivery, returns, warranty."""
    wanted = [(reading.unit, reading.value) for reading in claim.readings]
    topics = case.bound(claim.first)
    facts = [fact for fact in prices.facts_like(case, named) if fact.kind == "measure"]
    subject = named[0] if len(named) == 1 else None
    if _of_time(claim):
        own = [fact for fact in facts if fact.evidence.product and topics & fact.topics and fact.unit == wanted[0][0]]
        facts = own or facts
        facts = [fact for fact in facts if (topics & fact.topics) or not (topics or fact.topics & BOUND)]
    for fact in facts:
        if (
            (fact.unit, fact.value) in wanted
            and fact.low <= claim.low
            and (fact.limits is None or fact.limits.holds(subject))
        ):
            yield fact


def _same_number(claim: Claim, fact: Fact) -> bool:
    number = fact.value if fact.kind == "count" else fact.raw
    return any(reading.value == number for reading in claim.readings)


def _same_thing(case: Case, claim: Claim, fact: Fact) -> bool:
    """In the catalog's language, the sentences must share a word; in another one, nobody can tell."""
    if case.language.name != case.index.language:
        return True
    if claim.label:
        return claim.label in fact.words
    if claim.words & (fact.words | fact.counted):
        return True
    sentence = case.tokens[claim.first].sentence
    small = {stem(word) for word in case.language.small}
    stems = {stem(token.text) for token in case.tokens if token.sentence == sentence and token.kind == WORD} - small
    return bool(stems & fact.words)


def _instead(case: Case, claim: Claim, named: Sequence[str]) -> str:
    """What the catalog says instead, for the operator."""
    titles = ", ".join(f"'{product.title}'" for product in case.catalog_products(named[:2])) or "the shop"
    units = {reading.unit for reading in claim.readings}
    known = [
        fact.evidence.value
        for fact in prices.facts_like(case, named)
        if fact.kind == claim.kind and fact.unit in units and fact.kind == "measure"
    ]
    told = f" It says: '{known[0]}'." if known else ""
    return f"Nothing that the catalog says of {titles} has this figure.{told}"


# days


def _judge_date(case: Case, claim: Claim) -> None:
    named = case.subjects(claim.first)
    assert claim.day is not None
    for product in case.catalog_products(named):
        for day, field, value in _days(product, case.now):
            if claim.day.fits(day):
                case.backed(Evidence(product.id, field, value))
                return
    for fact in prices.facts_like(case, named):
        if fact.day and _same_day(claim.day, fact.day):
            case.backed(fact.evidence)
            return
    case.stop("date", claim.first, claim.end, _instead_of_day(case, named))


def _same_day(one: Day, other: Day) -> bool:
    return (one.month, one.day) == (other.month, other.day) and one.year in (None, other.year)


def _days(product: Product, now: datetime) -> Iterator[tuple[date, str, str]]:
    """The days that can be named now: those of the sale while it lasts, its beginning before it."""
    yield from days_of(product)
    period = product.sale_price_effective_date
    if period is not None and now < period.end:
        value = f"{period.start.isoformat()}/{period.end.isoformat()}"
        yield period.start.date(), "sale_price_effective_date", value
        yield period.end.date(), "sale_price_effective_date", value
        yield (period.end - timedelta(seconds=1)).date(), "sale_price_effective_date", value


def _instead_of_day(case: Case, named: Iterable[str]) -> str:
    for product in case.catalog_products(named):
        for day, field, _ in _days(product, case.now):
            return f"The catalog does not name this day; its {field} of '{product.title}' is {day.isoformat()}."
    return "The catalog does not name this day."


def named_day(case: Case, name: str, first: int, end: int) -> None:
    """A day that is told from today: "until Sunday", "back tomorrow"."""
    named = case.subjects(first)
    for product in case.catalog_products(named):
        for day, field, value in _days(product, case.now):
            here = case.now.astimezone(_zone(product)) if _zone(product) else case.now
            if day in _meant(name, here):
                case.backed(Evidence(product.id, field, value))
                return
    case.stop("date", first, end, _instead_of_day(case, named))


def _zone(product: Product) -> tzinfo | None:
    period = product.sale_price_effective_date
    instant = period.end if period else product.availability_date
    return instant.tzinfo if instant else None


def _meant(name: str, now: datetime) -> set[date]:
    """The days that a word means today; none for words that mean no day, such as "soon"."""
    today = now.date()
    if name == "today":
        return {today}
    if name == "tomorrow":
        return {today + timedelta(days=1)}
    if name == "weekend":
        return {day for n in range(7) if (day := today + timedelta(days=n)).weekday() >= 5}
    if name in WEEKDAYS:
        return {today + timedelta(days=(WEEKDAYS.index(name) - today.weekday()) % 7)}
    return set()
