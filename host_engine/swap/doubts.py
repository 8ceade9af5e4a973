"""What an operator should know before a catalog comes in force: no mistakes, but seldom meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from host_engine.show.catalog import Product
from host_engine.show.rundown import Line, Rundown
from host_engine.show.script import Show
from host_engine.swap.comparing import Compared

NAMED = 3  # of many of a kind
LONGEST = 48  # letters of a title


class Asked(NamedTuple):
    """Who else is asked about a show; each answers with sentences, or with none."""

    voices: Callable[[str], str | None] = lambda language: None  # what speaks against a language
    stopped: Callable[[Show], Sequence[str]] = lambda show: ()  # the lines that the fact gate would stop


def doubts(before: Show, after: Show, found: Compared, on_air: Line | None, recalled: Iterable[str]) -> Iterator[str]:
    """Sentences, the weightiest first. Pure, and quick for 10 000 products. `recalled`: what its files have and stays
    out."""
    yield from _on_air(after, found, on_air)
    yield from _of_the_shop(before, after)
    yield from _prices(found)
    yield from _mandatory(before.rundown, after.rundown)
    if empty := _empty(after):
        yield f"{_several(empty, 'segment has', 'segments have')} nothing to say now: {_named(empty)}."
    if back := list(recalled):
        titles = [_title(after, id) for id in back]
        yield f"{_several(back, 'product stays', 'products stay')} out, as recalled: {_named(titles)}."
    if without := [_short(each.title) for each in after.catalog.products if each.image_link is None]:
        yield f"{_several(without, 'product has', 'products have')} no picture: {_named(without)}."
    if nothing := [_short(each.title) for each in after.catalog.products if each.availability == "out_of_stock"]:
        yield f"{_several(nothing, 'product is', 'products are')} out of stock: {_named(nothing)}."


def _on_air(after: Show, found: Compared, on_air: Line | None) -> Iterator[str]:
    if on_air is None:
        return
    if gone := next((each for each in found.removed if each.id == on_air.product), None):
        yield f"The product on air goes: '{_short(gone.title)}' is not in this catalog."
    if on_air.place and after.rundown.entry(on_air.place.entry) is None:
        yield f"The line on air is not in this rundown, and is not said again: {_short(on_air.text)}"


def _of_the_shop(before: Show, after: Show) -> Iterator[str]:
    old, new = before.catalog, after.catalog
    if old.shop != new.shop:
        yield f"It is another shop: '{new.shop}' instead of '{old.shop}'."
    if old.language != new.language:
        yield f"It is in another language: {new.language} instead of {old.language}."
    coins = [sorted({each.price.currency for each in catalog.products}) for catalog in (old, new)]
    if coins[0] != coins[1]:
        yield f"Prices are in another currency: {', '.join(coins[1])} instead of {', '.join(coins[0])}."


def _prices(found: Compared) -> Iterator[str]:
    falls = [_step(was, will) for was, will in found.changed if _ratio(was, will) < 0.5]
    rises = [_step(was, will) for was, will in found.changed if _ratio(was, will) > 1.5]
    if falls:
        yield f"{_several(falls, 'price falls', 'prices fall')} by more than half: {_named(falls)}."
    if rises:
        yield f"{_several(rises, 'price rises', 'prices rise')} by more than half: {_named(rises)}."


def _ratio(was: Product, will: Product) -> float:
    """Of the lower prices, on sale or not; 1 where they cannot be compared."""
    old, new = (each.sale_price or each.price for each in (was, will))
    return float(new.amount / old.amount) if old.amount and old.currency == new.currency else 1.0


def _step(was: Product, will: Product) -> str:
    return f"{_short(will.title)} from {_lowest(was)} to {_lowest(will)}"


def _lowest(product: Product) -> str:
    return str(product.sale_price or product.price)


def _mandatory(before: Rundown, after: Rundown) -> Iterator[str]:
    kept = {each.id for each in after.mandatory}
    if gone := [each.id for each in before.mandatory if each.id not in kept]:
        yield f"{_several(gone, 'mandatory line is', 'mandatory lines are')} gone: {_named(gone)}."


def _empty(after: Show) -> list[str]:
    """Segments that are written, and of which no line is in the rundown."""
    said = {entry.segment for entry in after.rundown.entries if entry.variants}
    return [each.id for each in after.written.segments if each.id not in said] if after.written else []


def _several(of: Sequence[object], one: str, many: str) -> str:
    return f"1 {one}" if len(of) == 1 else f"{len(of)} {many}"


def _named(of: Sequence[str]) -> str:
    more = f" and {len(of) - NAMED} more" if len(of) > NAMED else ""
    return ", ".join(of[:NAMED]) + more


def _title(show: Show, id: str) -> str:
    return _short(show.catalog.product(id).title) if show.catalog.has(id) else id


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
