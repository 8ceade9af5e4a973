"""What a product costs, and whether it can be bought: Offer, AggregateOffer and their price specifications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from host_engine.feeds.amounts import amount
from host_engine.feeds.jsonld_values import listed, resolved, text, web
from host_engine.feeds.located_json import Node
from host_engine.feeds.refusal import LeftOut

Saying = dict[str, tuple[str, ...]]
_ORDINARY = frozenset({"listprice", "strikethroughprice", "msrp", "srp", "regularprice", "suggestedretailprice"})
_LOW, _HIGH = "lowPrice", "highPrice"


def offered(node: Node, named: Mapping[str, Node]) -> Saying:
    """The price in force, the ordinary one, stock and link of the first offer that has a price. Raises LeftOut."""
    offers = [each for each in _offers(node.get("offers"), named) if isinstance(each, Node)]
    if not offers:
        raise LeftOut("it has no offer, so no price")
    for offer in offers:
        if price := _price(offer, named):
            said = {"price": (price,), **_ordinary(offer, price, named)}
            for key, name in (("availability", "availability"), ("availabilityStarts", "availability_date")):
                if value := text(offer.get(key)) or _address(offer.get(key)):
                    said[name] = (value,)
            if condition := text(offer.get("itemCondition")) or _address(offer.get("itemCondition")):
                said["condition"] = (condition,)
            if link := web(offer.get("url")):
                said["link"] = (link,)
            return said
    ranged = next((each for each in offers if text(each.get(_LOW))), None)
    if ranged is not None:
        what = f"it costs from {text(ranged.get(_LOW))} to {text(ranged.get(_HIGH)) or 'more'}"
        raise LeftOut(f"{what}, and no price can be said of a range; give each variant its offer")
    raise LeftOut("no offer of it has a price")


def _offers(value: Any, named: Mapping[str, Node], depth: int = 0) -> Iterator[Any]:
    """The offers, those inside an AggregateOffer before itself."""
    for each in listed(value):
        part = resolved(each, named)
        if isinstance(part, Node) and "offers" in part and depth < 3:
            yield from _offers(part["offers"], named, depth + 1)
        yield part


def _price(offer: Node, named: Mapping[str, Node]) -> str:
    price, currency = text(offer.get("price")), text(offer.get("priceCurrency"))
    if price:
        return _with_currency(price, currency or _currency_of_parts(offer, named))
    low, high = text(offer.get(_LOW)), text(offer.get(_HIGH))
    if low and low == high:
        return _with_currency(low, currency)
    for part in _specifications(offer, named):
        if _kind(part) not in _ORDINARY and not text(part.get("validForMemberTier")) and (found := _of(part, currency)):
            return found
    return ""


def _ordinary(offer: Node, price: str, named: Mapping[str, Node]) -> Saying:
    """The price before, where there is a higher one, is the ordinary price, and the price the sale's."""
    for part in _specifications(offer, named):
        before = _of(part, text(offer.get("priceCurrency")))
        if _kind(part) in _ORDINARY and before and _higher(before, price):
            return {"price": (before,), "sale_price": (price,)}
    return {}


def _higher(one: str, other: str) -> bool:
    try:
        return amount(one, "EUR").amount > amount(other, "EUR").amount
    except ValueError:
        return False


def _specifications(offer: Node, named: Mapping[str, Node]) -> list[Node]:
    parts = (resolved(each, named) for each in listed(offer.get("priceSpecification")))
    return [each for each in parts if isinstance(each, Node)]


def _currency_of_parts(offer: Node, named: Mapping[str, Node]) -> str:
    return next((code for each in _specifications(offer, named) if (code := text(each.get("priceCurrency")))), "")


def _of(part: Node, currency: str) -> str:
    price = text(part.get("price"))
    return _with_currency(price, text(part.get("priceCurrency")) or currency) if price else ""


def _kind(part: Node) -> str:
    return (text(part.get("priceType")) or _address(part.get("priceType"))).rsplit("/", 1)[-1].lower()


def _with_currency(price: str, currency: str) -> str:
    """Some write the sign into the price as well; then that is enough."""
    return (
        f"{price} {currency}"
        if currency and price.replace(".", "").replace(",", "").replace(" ", "").isdigit()
        else price
    )


def _address(value: Any) -> str:
    return text(value.get("@id")) if isinstance(value, Node) else ""
