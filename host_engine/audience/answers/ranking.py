"""What is cheapest, lightest or biggest: which product of those meant, by the figures of the catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from host_engine.audience.answers.glossary import concepts
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.product_replies import price, stock
from host_engine.audience.answers.ranks import Rank
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.sheet import Told
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import stem, words
from host_engine.show.catalog import Product

FIELDS = {"weight": "product_weight", "size": "size", "height": "product_height"}
_UNITS = 2  # of which the first is told: of those in grams, and of those in millilitres
_PLURAL = re.compile(r"\s(?:and|und|e|et|y|[x×,])\s")
_MEASURE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(kg|g|mg|lb|oz|ml|cl|dl|l|mm|cm|m|in)\b")
_OF = {
    "kg": ("g", 1000), "g": ("g", 1), "mg": ("g", "0.001"), "lb": ("g", "453.6"), "oz": ("g", "28.35"),
    "l": ("ml", 1000), "dl": ("ml", 100), "cl": ("ml", 10), "ml": ("ml", 1),
    "m": ("mm", 1000), "cm": ("mm", 10), "mm": ("mm", 1), "in": ("mm", "25.4"),
}  # fmt: skip


def ranked(ground: Ground, asked: Rank) -> Reply | None:
    """The product with the least or the most of it; None where the catalog has not the figures of two at least."""
    places = meant(ground)
    figures = {place: found for place in places if (found := figure(ground, place, asked.aspect)) is not None}
    units = [unit for unit, _ in figures.values()]
    if not figures:
        return None
    choose, first_ones = max if asked.more else min, list[int]()
    for unit in sorted(dict.fromkeys(units), key=units.count, reverse=True)[:_UNITS]:
        values = {place: value for place, (its, value) in figures.items() if its == unit}
        if len(values) > 1 or len(places) == 1:  # grams are not compared with millilitres
            first_ones.append(choose(values, key=lambda place: values[place]))
    facts = [fact for place in first_ones if (fact := told(ground, place, asked.aspect))]
    if not facts:
        return None
    first = first_ones[0]
    titles = ground.words.row([ground.sheet(place).title for place in first_ones], "or")
    text = ground.words.say("ranked", title=titles, fact=" ".join(fact.text for fact in facts))
    evidence = tuple(each for fact in facts for each in fact.evidence)
    if asked.aspect == "price" and ground.index.catalog.products[first].availability != "in_stock":
        more = stock(ground, first)
        return Reply(f"{text} {more.text}", (*evidence, *more.evidence), first, "recommend")
    return Reply(text, evidence, first, "recommend" if asked.aspect == "price" else "compare")


def told(ground: Ground, place: int, aspect: str) -> Reply | None:
    """The sentence that tells an aspect of a product."""
    sheet = ground.sheet(place)
    if aspect == "price":
        return price(ground, place)
    field = sheet.field(FIELDS[aspect])
    if field is None:
        return None
    key, shown = aspect, field.text
    if aspect == "height":
        key, shown = "measure", ground.words.say("label_height", value=field.text)
    text = ground.words.say(key, title=sheet.title, value=shown, list=shown)
    return Reply(text, (sheet.named, field.evidence), place)


def figure(ground: Ground, place: int, aspect: str) -> tuple[str, Decimal] | None:
    """The unit and the value of an aspect, as far as it is one figure; a price's unit is its currency."""
    if aspect == "price":
        money = ground.sheet(place).product.price_at(ground.now)
        return money.currency, money.amount
    field: Told | None = ground.sheet(place).field(FIELDS[aspect])
    written = field.evidence.value if field else ""
    found = None if _PLURAL.search(written) else _MEASURE.search(written)
    if found is None:
        return None
    unit, factor = _OF[found[2]]
    return unit, Decimal(found[1].replace(",", ".")) * Decimal(str(factor))


def meant(ground: Ground) -> list[int]:
    """The products among which is chosen: of the kind that is named, else all that are offered."""
    index = ground.index
    offered = [place for place in range(len(index.catalog.products)) if index.offered(place, ground.now)]
    asked, language = list(ground.asked.tokens), ground.asked.asked_in
    about = concepts(asked, language)
    keys = {
        key
        for place, word in enumerate(asked)
        if word not in small_words(language) and word not in particles("generic")
        for key in (stem(word), *about[place])
    }
    found = [place for place in offered if keys & _kind_of(index, index.catalog.products[place])]
    if found:
        return found
    named = ground.asked.mentions[0].products if ground.asked.mentions else ()
    return [place for place in named if place in offered] or offered


def of_all(ground: Ground, places: Iterable[int]) -> bool:
    """Whether these are all products that are offered."""
    index = ground.index
    return len(set(places)) == sum(index.offered(n, ground.now) for n in range(len(index.catalog.products)))


def _kind_of(index: Index, product: Product) -> frozenset[str]:
    return _keys(product.product_type or "", index.catalog.language.split("-")[0])


@lru_cache(4096)
def _keys(kind: str, language: str) -> frozenset[str]:
    tokens = words(kind, language)
    return frozenset((*map(stem, tokens), *(each for about in concepts(tokens, language) for each in about)))
