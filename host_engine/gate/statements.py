"""Statements without a figure: stock, sales, delivery, promises, comparisons of prices, days told from today."""

from __future__ import annotations

from collections.abc import Callable

from host_engine.gate import figures, places, prices, shares
from host_engine.gate.case import Case
from host_engine.gate.facts import OF_DELIVERY, STRICT, Marked
from host_engine.gate.lists import Mark
from host_engine.gate.phrases import Hit
from host_engine.show.catalog import Product
from host_engine.show.evidence import Evidence

WORDS = {
    "in_stock": "in stock", "out_of_stock": "out of stock", "preorder": "on preorder", "backorder": "on back order",
}  # fmt: skip


def judge(case: Case) -> None:
    """Back every statement of the text, or stop it."""
    for hit in _unquoted(case):
        if case.full:
            return
        mark = hit.owner
        if not isinstance(mark, Mark) or mark.section not in JUDGES or case.asked(hit.first):
            continue
        JUDGES[mark.section](case, mark, hit)
    places.judge(case)


def _unquoted(case: Case) -> list[Hit]:
    """The phrases that are no sentence and no product's name of the catalog; the longest where several overlap."""
    free = [hit for hit in case.hits if not all(n in case.masked for n in range(hit.first, hit.end))]
    kept: list[Hit] = []
    for hit in sorted(free, key=lambda each: each.first - each.end):
        section = hit.owner.section if isinstance(hit.owner, Mark) else ""
        covered = any(_same(section, each) and each.first < hit.end and hit.first < each.end for each in kept)
        another = section == "promises" and hit.owner not in {each.owner for each in kept}
        if not covered or another:
            kept.append(hit)
    return sorted(kept, key=lambda each: each.first)


def _same(section: str, hit: Hit) -> bool:
    return isinstance(hit.owner, Mark) and hit.owner.section == section


# stock


def _state(case: Case, mark: Mark, hit: Hit) -> None:
    clause = case.tokens[hit.first].clause
    others = [
        each for each in case.hits
        if isinstance(each.owner, Mark) and each.owner.section == "states" and each.owner.name != "in_stock"
        and case.tokens[each.first].clause == clause
    ]  # fmt: skip
    if mark.name == "in_stock" and others:
        return  # "available for preorder": the other phrase says more
    turned = case.negated(hit)
    products = case.catalog_products(case.together(hit.first))
    if not products:
        products = list(case.index.catalog.products)
        if len(products) > 1 and not turned and all(_is(product, mark.name) for product in products):
            case.backed(Evidence(None, "products", "all of them"))
        else:
            case.stop("stock", hit.first, hit.end, "No product is named that this could be said of.")
        return
    for product in products:
        if _is(product, mark.name) == turned:
            told = f"'{product.title}' is {WORDS[product.availability]}"
            case.stop("stock", hit.first, hit.end, f"The catalog says otherwise: {told}.")
            return
    case.backed(*(Evidence(product.id, "availability", product.availability) for product in products))


def _is(product: Product, state: str) -> bool:
    if state == "out_of_stock":
        return product.availability in ("out_of_stock", "backorder")
    return product.availability == state


def _sale(case: Case, mark: Mark, hit: Hit) -> None:
    if case.negated(hit):
        return
    named = case.together(hit.first)
    known = prices.offers(case, named)
    if known and all(offer.regular for offer in known):
        case.backed(*(offer.evidence for offer in known))
        return
    if not named and case.index.range(case.now).on_sale:
        case.backed(Evidence(None, "products", f"{case.index.range(case.now).on_sale} on sale"))
        return
    if _marked(case, mark, hit, False):
        return
    case.stop("price", hit.first, hit.end, "The catalog has no sale price that holds now.")


# promises


def _promise(case: Case, mark: Mark, hit: Hit) -> None:
    turned = case.negated(hit)
    if _marked(case, mark, hit, turned):
        return
    if turned and not (mark.name in STRICT and _marked(case, mark, hit, False, keep=False)):
        return  # it denies what the catalog does not promise either
    rule = "delivery" if mark.name in OF_DELIVERY else "promise"
    what = mark.name.replace("_", " ")
    said = f"The catalog promises no such thing ({what})."
    if (threshold := _threshold(case, mark)) is not None:
        said = f"The catalog promises it from {threshold} on only; say so."
    case.stop(rule, hit.first, hit.end, said)


def _entries(case: Case, mark: Mark, hit: Hit) -> list[Marked]:
    """What the product says of it, else what the shop says that holds for it; speed only in the same words."""
    named = case.subjects(hit.first)
    subject = named[0] if len(named) == 1 else None
    own = [entry for id in named for entry in case.index.page(id).marks.get(mark, ())]
    found = own or case.index.shop.marks.get(mark, [])
    same = case.folded(hit.first, hit.end) if mark.name == "express" else ""
    return [
        entry for entry in found
        if (entry.limits is None or entry.limits.holds(subject)) and (not same or entry.said == same)
    ]  # fmt: skip


def _marked(case: Case, mark: Mark, hit: Hit, turned: bool, keep: bool = True) -> bool:
    """Whether the catalog says it too, under no other condition; kept as evidence."""
    for entry in _entries(case, mark, hit):
        if entry.negated == turned and _condition_told(case, entry):
            if keep:
                case.backed(entry.evidence)
            return True
    return False


def _condition_told(case: Case, entry: Marked) -> bool:
    """Where the catalog promises something from an amount on, the text must name the amount."""
    if entry.threshold is None:
        return True
    return any(
        reading.value == entry.threshold for each in case.figures if each.kind == "money" for reading in each.readings
    )


def _threshold(case: Case, mark: Mark) -> object:
    entries = case.index.shop.marks.get(mark, ())
    return next((entry.threshold for entry in entries if entry.threshold is not None), None)


# comparisons


def _comparison(case: Case, mark: Mark, hit: Hit) -> None:
    if mark.name in ("cheapest", "dearest"):
        _extreme(case, mark, hit)
        return
    here, clause = case.tokens[hit.first].sentence, case.tokens[hit.first].clause
    named = [each for each in case.mentions if case.tokens[each.first].sentence == here]
    before = [each.products for each in named if each.first < hit.first and case.tokens[each.first].clause == clause]
    after = [each.products for each in named if each.first >= hit.first]
    one = before[0] if before else case.subjects(hit.first) if not after or case.about else ()
    rest = [id for each in named for id in each.products if id not in one]
    others = after[0] if after else tuple(rest) or ((case.about,) if case.about and case.about not in one else ())
    left, right = prices.offers(case, one), prices.offers(case, others)
    turned = case.negated(hit)
    for offer in left:
        if right and all(_bears_out(mark.name, offer, than) != turned for than in right):
            case.backed(offer.evidence, *(than.evidence for than in right))
            return
    if not right and not after and any(offer.regular for offer in left) and mark.name == "cheaper":
        case.backed(left[0].evidence)  # cheaper than it usually is
        return
    case.stop("price", hit.first, hit.end, "The prices of the catalog do not bear this comparison out.")


def _bears_out(name: str, offer: prices.Offer, than: prices.Offer) -> bool:
    low, high = offer.price.amount, than.price.amount
    return low == high if name == "same" else low < high if name == "cheaper" else low > high


def _extreme(case: Case, mark: Mark, hit: Hit) -> None:
    known = case.index.range(case.now)
    wanted = known.lowest if mark.name == "cheapest" else known.highest
    for offer in prices.offers(case, case.subjects(hit.first)):
        if (offer.price.amount == wanted) != case.negated(hit):
            case.backed(offer.evidence)
            return
    case.stop("price", hit.first, hit.end, "The prices of the catalog do not bear this out.")


# days


def _day(case: Case, mark: Mark, hit: Hit) -> None:
    if _marked(case, mark, hit, case.negated(hit)):
        return
    figures.named_day(case, mark.name, hit.first, hit.end)


def _share(case: Case, mark: Mark, hit: Hit) -> None:
    shares.judge_words(case, mark.name, hit.first, hit.end)


JUDGES: dict[str, Callable[[Case, Mark, Hit], None]] = {
    "states": _state,
    "sale": _sale,
    "promises": _promise,
    "prices": _comparison,
    "days": _day,
    "shares": _share,
}
