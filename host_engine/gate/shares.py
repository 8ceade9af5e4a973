"""Percentages, and discounts in words: backed by what a sale saves, by two prices, or by a text of the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from host_engine.gate.case import Case
from host_engine.gate.claim import Claim
from host_engine.gate.prices import Offer, is_saving, offers
from host_engine.show.evidence import Evidence
from host_engine.show.fields import saving

CLOSE = Decimal("0.5")  # percent, for shares in words such as "a third off"
SHARES = {"half": Decimal(50), "third": Decimal(100) / 3, "quarter": Decimal(25)}


def judge(case: Case, claim: Claim) -> None:
    """A percentage is backed by what a sale saves, by two prices compared, or by a text of the catalog."""
    value = claim.readings[0].value
    off = claim.readings[0].unit == "off" or is_saving(case, claim)
    named = case.subjects(claim.first)
    found: tuple[Evidence, ...] = ()
    if off:
        found = _saved(case, value, offers(case, named)) or _saved_between(case, value)
    found = found or _percent_of_text(case, value, off, named)
    if found:
        case.backed(*found)
        return
    known = [offer for offer in offers(case, named) if offer.regular]
    told = "; ".join(f"'{each.product.title}' is {_share(each)} % off now" for each in known[:2] if each.regular)
    said = f"The catalog does not back this percentage{': ' + told if told else ''}."
    case.stop("percentage", claim.first, claim.end, said)


def _share(offer: Offer) -> int:
    return saving(offer.regular, offer.price) if offer.regular else 0


def _exact(low: Decimal, high: Decimal) -> Decimal:
    return (1 - low / high) * 100 if high else Decimal(0)


def _matches(value: Decimal, exact: Decimal) -> bool:
    places = max(0, -int(value.as_tuple().exponent))
    return value == exact.quantize(Decimal(1).scaleb(-min(places, 3)), ROUND_HALF_UP) and exact > 0


def _saved(case: Case, value: Decimal, known: Sequence[Offer]) -> tuple[Evidence, ...]:
    for offer in known:
        if offer.regular and _matches(value, _exact(offer.price.amount, offer.regular.amount)):
            return (offer.evidence, Evidence(offer.product.id, "price", str(offer.regular)))
    return ()


def _saved_between(case: Case, value: Decimal) -> tuple[Evidence, ...]:
    for one, other in combinations(offers(case, case.products), 2):
        low, high = sorted((one, other), key=lambda offer: offer.price.amount)
        if one.price.currency == other.price.currency and _matches(value, _exact(low.price.amount, high.price.amount)):
            return low.evidence, high.evidence
    return ()


def _percent_of_text(case: Case, value: Decimal, off: bool, named: Sequence[str]) -> tuple[Evidence, ...]:
    for page in case.pages(named):
        for fact in page.facts:
            if fact.kind == "percent" and fact.value == value and ("saving" in fact.topics) == off:
                return (fact.evidence,)
    return ()


def judge_words(case: Case, name: str, first: int, end: int) -> None:
    """A discount in words: "half price", "a third off"."""
    for offer in offers(case, case.subjects(first)):
        if offer.regular and abs(_exact(offer.price.amount, offer.regular.amount) - SHARES[name]) <= CLOSE:
            case.backed(offer.evidence, Evidence(offer.product.id, "price", str(offer.regular)))
            return
    case.stop("percentage", first, end, "The catalog does not back this discount.")
