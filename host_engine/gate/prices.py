"""Prices and percentages: backed by the price in force, by what a sale saves, or by two products compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import NamedTuple

from host_engine.gate.case import Case
from host_engine.gate.claim import Claim
from host_engine.gate.facts import BOUND, Fact
from host_engine.gate.pages import topics_of
from host_engine.gate.tongues import TONGUES
from host_engine.gate.units import WEIGHTS_AND_MONEY
from host_engine.gate.wording import WORD, among, stem
from host_engine.show.catalog import Product
from host_engine.show.evidence import Evidence
from host_engine.show.money import Money

MOST = 20  # pieces that a price may be multiplied by
SHARED = 2  # words that a price and a sentence of the catalog share when they are about the same thing
TOGETHER = among(
    "together both altogether total zusammen beide insgesamt insieme entrambi totale ensemble deux total juntos ambos "
    "tudo conjunto samen totaal 一起 共 总"
)


class Offer(NamedTuple):
    """What the catalog says a product costs at an instant."""

    product: Product
    price: Money  # in force
    regular: Money | None  # where it is on sale

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.product.id, "sale_price" if self.regular else "price", str(self.price))


def offers(case: Case, ids: Sequence[str]) -> list[Offer]:
    """What some products cost now."""
    now = case.now
    return [
        Offer(each, each.price_at(now), each.price if each.on_sale(now) else None)
        for each in case.catalog_products(ids)
    ]


def judge_money(case: Case, claim: Claim) -> None:
    """A price is backed, or stopped."""
    if not claim.attached:
        if not _harmless(case, claim):
            case.stop("price", claim.first, claim.end, "A currency is named without a number that can be compared.")
        return
    for reading in claim.readings:
        found = (
            _money(case, claim, reading.value)
            if not reading.unit
            else _weight(case, claim, reading.unit, reading.value)
        )
        if found:
            case.backed(*found)
            return
    case.stop("price", claim.first, claim.end, _instead(case, claim))


def _harmless(case: Case, claim: Claim) -> bool:
    """ "in euros": the word before is one that says nothing, and no quantity such as "a few"."""
    before = case.tokens[claim.first - 1] if claim.first else None
    if before is None or before.kind != WORD or before.sentence != case.tokens[claim.first].sentence:
        return case.tokens[claim.first].text in WEIGHTS_AND_MONEY
    weight = case.tokens[claim.first].text in WEIGHTS_AND_MONEY and before.text in case.language.small
    return weight or before.text in _PLAIN


_PLAIN = among("in into your the with by en in mit per con con avec em met の 用")


def _weight(case: Case, claim: Claim, unit: str, value: Decimal) -> tuple[Evidence, ...]:
    for page in case.pages(case.subjects(claim.first)):
        for fact in page.facts:
            if fact.kind == "measure" and fact.unit == unit and fact.value == value:
                return (fact.evidence,)
    return ()


def _money(case: Case, claim: Claim, value: Decimal) -> tuple[Evidence, ...]:
    topics = case.topics(claim.first, before=True) & BOUND
    named = case.priced(claim)
    found: tuple[Evidence, ...] = ()
    if not topics or _named_after(case, claim):
        found = _of_offer(case, claim, value, offers(case, named)) or _compared(case, claim, value)
    return found or _of_text(case, claim, value, named)


def _named_after(case: Case, claim: Claim) -> bool:
    """Whether a product is named between the last word of another topic and the price."""
    last = max((hit.end for hit in case.marks("topics", claim.first, before=True) if _bound(hit.owner)), default=0)
    return any(last <= each.first <= claim.first for each in case.mentions)


def _bound(owner: object) -> bool:
    return getattr(owner, "name", "") in BOUND


def _fits(claim: Claim, money: Money) -> bool:
    return not claim.coins or money.currency in claim.coins


def _of_offer(case: Case, claim: Claim, value: Decimal, known: Sequence[Offer]) -> tuple[Evidence, ...]:
    """The price in force; the regular one where the sentence says so; what is saved; several at once."""
    for offer in known:
        if not _fits(claim, offer.price):
            continue
        if value == offer.price.amount:
            return (offer.evidence,)
        if offer.regular and value == offer.regular.amount and _regular(case, claim, offer):
            return (Evidence(offer.product.id, "price", str(offer.regular)), offer.evidence)
        if offer.regular and value == offer.regular.amount - offer.price.amount and is_saving(case, claim):
            return (offer.evidence, Evidence(offer.product.id, "price", str(offer.regular)))
        if _per_unit(case, offer, value) or value in _several(case, claim, offer):
            return (offer.evidence,)
    return ()


def _regular(case: Case, claim: Claim, offer: Offer) -> bool:
    """Whether the sentence tells that this is not the price in force."""
    if case.marks("regular", claim.first, wide=True):
        return True
    here = case.tokens[claim.first].sentence
    return any(
        each.kind == "money" and case.tokens[each.first].sentence == here and each.readings
        and each.readings[0].value == offer.price.amount
        for each in case.figures
    )  # fmt: skip


def is_saving(case: Case, claim: Claim) -> bool:
    return "saving" in case.topics(claim.first, wide=True)


def _per_unit(case: Case, offer: Offer, value: Decimal) -> bool:
    """The price of its base measure, such as "£9.20 per 100 g", where that measure is named."""
    page = case.index.page(offer.product.id)
    whole = next((fact for fact in page.facts if fact.evidence.field == "unit_pricing_measure"), None)
    written = offer.product.unit_pricing_base_measure
    if whole is None or not written or not whole.value:
        return False
    for each in case.figures:
        if each.kind == "measure" and each.readings[0].unit == whole.unit:
            price = offer.price.amount * each.readings[0].value / whole.value
            base = "".join(case.said(each.first, each.end).split()).casefold()
            if base == "".join(written.split()).casefold() and value == _cents(price):
                return True
    return False


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _several(case: Case, claim: Claim, offer: Offer) -> list[Decimal]:
    """The price of as many as the clause says."""
    clause = case.tokens[claim.first].clause
    counts = [
        each.readings[0].value
        for each in case.figures
        if each.kind == "count" and each.first < claim.first and case.tokens[each.first].clause == clause
    ]
    return [offer.price.amount * n for n in counts if 2 <= n <= MOST and n == int(n)]


def _compared(case: Case, claim: Claim, value: Decimal) -> tuple[Evidence, ...]:
    """The difference of two prices, or their sum."""
    known = [offer for offer in offers(case, case.products) if _fits(claim, offer.price)]
    differs = is_saving(case, claim) or bool(case.marks("prices", claim.first, wide=True))
    if differs:
        for one, other in combinations(known, 2):
            if value == abs(one.price.amount - other.price.amount) != 0 and _about_both(case, one, other):
                return one.evidence, other.evidence
    here = {token.text for token in case.tokens if token.sentence == case.tokens[claim.first].sentence}
    if len(known) > 1 and here & TOGETHER and value == sum(offer.price.amount for offer in known):
        return tuple(offer.evidence for offer in known)
    return ()


def _about_both(case: Case, one: Offer, other: Offer) -> bool:
    return one.price.currency == other.price.currency


def _of_text(case: Case, claim: Claim, value: Decimal, named: Sequence[str]) -> tuple[Evidence, ...]:
    """A price in the texts of the catalog, such as what delivery costs, where the sentence is about the same."""
    topics = case.bound(claim.first) or _topics_of_all(case)
    stems = {
        stem(token.text)
        for token in case.tokens
        if token.kind == WORD and token.sentence == case.tokens[claim.first].sentence
    } - {stem(word) for word in case.language.small}
    subject = named[0] if len(named) == 1 else None
    for page in case.pages(named):
        for fact in page.facts:
            if fact.kind != "money" or fact.value != value or fact.free != (claim.first in case.free):
                continue
            if claim.coins and fact.coins and not claim.coins & fact.coins:
                continue
            if fact.limits and not fact.limits.holds(subject):
                continue
            if fact.topics & topics or (not fact.topics & BOUND and len(stems & fact.words) >= SHARED):
                return (fact.evidence,)
    return ()


def _topics_of_all(case: Case) -> frozenset[str]:
    return topics_of(case.hits) & BOUND


def _instead(case: Case, claim: Claim) -> str:
    """What the catalog says instead, for the operator."""
    known = offers(case, case.priced(claim))
    if not known:
        return "No product is named whose price this could be, and the shop's own texts have no such price."
    told = []
    for offer in known[:2]:
        regular = f", {offer.regular} without the sale" if offer.regular else ""
        told.append(f"'{offer.product.title}' costs {offer.price} now{regular}")
    return f"The catalog does not back this price: {'; '.join(told)}."


def is_price(case: Case, claim: Claim) -> bool:
    """Whether a mere number is a price: behind "for" or "only", or in a clause about what something costs."""
    if claim.words or claim.first == 0:
        return False
    before = case.tokens[claim.first - 1]
    if before.text in TONGUES[case.language.name].price_before and before.sentence == case.tokens[claim.first].sentence:
        return True
    return bool({"price", "saving"} & case.topics(claim.first, before=True))


def facts_like(case: Case, named: Sequence[str]) -> Iterator[Fact]:
    """Every figure that these products and the shop say."""
    for page in case.pages(named):
        yield from page.facts
