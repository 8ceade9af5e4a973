"""Something that fits: products of the catalog that its own texts and prices speak for, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from host_engine.audience.answers.amounts import Bound, bound
from host_engine.audience.answers.cues import cue_words
from host_engine.audience.answers.glossary import concepts
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.product_replies import stock
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.shop_replies import examples, listed
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import alike, stem, words
from host_engine.gate.index import categories_of, category_text
from host_engine.show.catalog import Product
from host_engine.show.evidence import Evidence

_CHEAPEST = ("cheapest", "lowest", "least expensive", "billigst", "gunstigst", "piu economic", "costa di meno",
             "moins cher", "mas barat", "最便宜")  # fmt: skip
_DEAREST = ("most expensive", "teuerst", "piu car", "plus cher", "mas car", "最贵")
_FREE = frozenset({"free", "frei", "freie", "freier", "freies"})  # behind what is left out: "caffeine free"
_REACH = 4  # words before a term in which "no" or "without" speaks of it
_READ = 300  # products whose texts are read for one question
_NO_SENTENCE = ("title", "product_type", "color", "material", "size")
_YES = re.compile(r"(?i)(?:yes|ja|sì|si|oui|sí)[,.!]\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Wish(NamedTuple):
    """Something that a product must have, or must not."""

    word: str
    about: frozenset[str]
    without: bool


class Found(NamedTuple):
    """A product that fits, and the sentence of the catalog that says so."""

    place: int
    reasons: tuple[Evidence, ...]


def recommend(ground: Ground) -> Reply:
    """Up to two products that fit; the dearest or the cheapest where that is asked."""
    asked = " ".join(ground.asked.tokens)
    if any(sign in asked for sign in _CHEAPEST):
        return extreme(ground, "cheapest")
    if any(sign in asked for sign in _DEAREST):
        return extreme(ground, "dearest")
    limit, wishes = bound(ground.asked.text), wished(ground)
    named = ground.asked.mentions[0].products if ground.asked.mentions else ()
    if not wishes and limit is None and not named:
        names, evidence = examples(ground)
        return Reply(ground.words.say("recommend_what", list=names), evidence)
    found = fitting(ground, wishes, limit, named)
    if not found:  # whatever pleases is a gift
        harder = tuple(wish for wish in wishes if "§gift" not in wish.about)
        found = fitting(ground, harder, limit, named) if len(harder) < len(wishes) else []
    if not found:
        return Reply(ground.words.say("recommend_none"))
    return _told(ground, found[:2], limit)


def wished(ground: Ground) -> tuple[Wish, ...]:
    """What the question asks for that this catalog has words about."""
    tokens, language = ground.asked.tokens, ground.asked.asked_in
    small, cues, no = small_words(language), cue_words(language), particles("negations")
    found = []
    for place, about in enumerate(concepts(tokens, language)):
        word = tokens[place]
        left_out = place in ground.asked.left_out and word not in small
        known = bool(about) or (
            (left_out or word not in cues) and word not in small and (left_out or ground.index.shelf.knows(word))
        )
        if known and not word.isdigit() and word not in no:
            before = tokens[max(0, place - 2) : place]
            after = tokens[place + 1 : place + 2]
            without = bool(no & {*before} or _FREE & {*after}) or word.endswith(("frei", "free"))
            without = without or bool(particles("disliked") & {*before, *after})
            without = without or place in ground.asked.left_out
            found.append(Wish(word, about, without))
    return tuple(found)


def fitting(ground: Ground, wishes: tuple[Wish, ...], limit: Bound | None, named: tuple[int, ...]) -> list[Found]:
    """Products in stock within the limit that meet the most wishes, at least one if there are any; cheapest last."""
    index, scored = ground.index, list[tuple[float, Found]]()
    for place in _looked_through(ground, wishes, named):
        product = index.catalog.products[place]
        if place in ground.asked.unwanted or product.availability != "in_stock" or not index.offered(place, ground.now):
            continue
        if limit and not limit.holds(product.price_at(ground.now).amount):
            continue
        if any(wish.without and _has(ground, product, wish) for wish in wishes):
            continue
        reasons = [reason for wish in wishes if (reason := _meets(ground, product, wish))]
        score = len(reasons) + 1.5 * (place in named)
        if wishes and not score:
            continue
        scored.append((score, Found(place, tuple(reasons))))
    best = max((score for score, _ in scored), default=0.0)
    kept = [found for score, found in scored if score >= best - 0.25]
    return sorted(kept, key=lambda found: -_amount(ground, found.place)) if limit else kept


def _looked_through(ground: Ground, wishes: tuple[Wish, ...], named: tuple[int, ...]) -> Iterable[int]:
    """All products; in a large catalog those that have a word that is wished, for reading takes its time."""
    count = len(ground.index.catalog.products)
    if count <= _READ or not wishes:
        return range(count)
    having = (ground.index.shelf.having(wish.word, wish.about, _READ // len(wishes)) for wish in wishes)
    return sorted({*named, *(place for places in having for place in places)})


def _told(ground: Ground, found: list[Found], limit: Bound | None) -> Reply:
    places = [each.place for each in found]
    items = [listed(ground, [place]) for place in places]
    evidence = tuple(each for _, backed in items for each in backed)
    if len(items) == 1:
        text = ground.words.say("recommend_one", a=items[0][0])
        whole = (each for each in found[0].reasons if each.field not in _NO_SENTENCE and len(each.value) <= 160)
        reason = next(whole, None)
        if reason and ground.asked.language == ground.index.language:
            text += f" {_whole(_without_yes(reason.value))}"
            evidence += (reason,)
    else:
        text = ground.words.say("recommend_two", a=items[0][0], b=items[1][0])
        evidence += tuple(each.reasons[0] for each in found if each.reasons)
    if limit and limit.currency and limit.currency != _currency(ground):
        text += " " + ground.words.say("currency")
    return Reply(text.replace("。 ", "。"), evidence, places[0])


def extreme(ground: Ground, key: str) -> Reply:
    """The cheapest or the dearest product of the shop, or of the kind that is named."""
    products = ground.index.catalog.products
    named = ground.asked.mentions[0].products if ground.asked.mentions else ()
    there = [place for place in named or range(len(products)) if ground.index.offered(place, ground.now)]
    if not there:
        return Reply(ground.words.say("recommend_none"))
    choose = min if key == "cheapest" else max
    sheet = ground.sheet(place := choose(there, key=lambda place: _amount(ground, place)))
    text = ground.words.say(key, title=sheet.title, price=sheet.price.text)
    if named:  # "the cheapest cup": nothing is said of the whole shop
        text = ground.words.say("recommend_one", a=listed(ground, [place])[0])
    if products[place].availability == "in_stock":
        return Reply(text, (sheet.named, sheet.price.evidence), place)
    more = stock(ground, place)
    return Reply(f"{text} {more.text}", (sheet.named, sheet.price.evidence, *more.evidence), place)


def _meets(ground: Ground, product: Product, wish: Wish) -> Evidence | None:
    """The sentence of the catalog that says that the product has, or has not, what is wished."""
    language = ground.index.catalog.language.split("-")[0]
    same = ground.asked.language == language
    for field, sentence in _sentences(product):
        tokens = words(sentence, language)
        about = concepts(tokens, language)
        for place, word in enumerate(tokens):
            if (about[place] & wish.about) or (same and alike(word, wish.word) >= 0.9):
                around = {*tokens[max(0, place - _REACH) : place], *tokens[place + 1 : place + 2]}
                if bool(particles("negations") & around or word.endswith("frei")) == wish.without:
                    return Evidence(product.id, field, sentence)
    return _lacks(ground, product, wish) if wish.without else _affirmed(product, wish, language)


def _lacks(ground: Ground, product: Product, wish: Wish) -> Evidence | None:
    """The field that tells what a product is, or is of, where it is not what is to be left out, as others are."""
    edible = wish.word and categories_of(category_text(product)) & {"food", "cosmetics", "supplements"}
    for field in ("product_type", "color") if edible else ("product_type", "color", "material"):
        others = (each for each in ground.index.catalog.products[:_READ] if _is(ground, getattr(each, field), wish))
        if next(others, None) is None or not (value := getattr(product, field)):
            continue
        if not _has(ground, product, wish):
            return Evidence(product.id, field, value)
    return None


def _has(ground: Ground, product: Product, wish: Wish) -> bool:
    """Whether it is, or is of, what is wished."""
    return any(_is(ground, getattr(product, each), wish) for each in ("title", "product_type", "color", "material"))


def _is(ground: Ground, text: str | None, wish: Wish) -> bool:
    """Whether a short text of the catalog has what is wished."""
    language = ground.index.catalog.language.split("-")[0]
    tokens = words(text or "", language)
    if any(about & wish.about for about in concepts(tokens, language)):
        return True
    return ground.asked.asked_in == language and any(_within(wish.word, word) for word in tokens)


def _within(word: str, other: str) -> bool:
    """Whether a word is another, or a part of it: "holz" of "Eichenholz"."""
    return alike(word, other) >= 0.9 or (len(word) >= 4 and (word in other or stem(word) in other))


def _affirmed(product: Product, wish: Wish, language: str) -> Evidence | None:
    """The answer that says yes to a question about what is wished: "is it for left-handed people?"."""
    for faq in product.faq:
        asked = concepts(words(faq.questions[0], language), language)
        if _YES.match(faq.answer) and any(about & wish.about for about in asked):
            return Evidence(product.id, "faq", faq.answer)
    return None


def _sentences(product: Product) -> Iterator[tuple[str, str]]:
    """What the catalog says of a product, sentence by sentence; of answers only the first one, which answers."""
    yield "title", product.title
    for field in ("product_type", "color", "material", "size"):
        if value := getattr(product, field):
            yield field, value
    for text in product.product_highlight:
        yield "product_highlight", text
    for text in product.selling_points:
        yield "selling_points", text
    for sentence in _SENTENCE.split(product.description):
        yield "description", sentence
    for faq in product.faq:
        yield "faq", _SENTENCE.split(faq.answer)[0]


def _amount(ground: Ground, place: int) -> Decimal:
    return ground.index.catalog.products[place].price_at(ground.now).amount


def _currency(ground: Ground) -> str:
    return ground.index.catalog.products[0].price.currency


def _without_yes(text: str) -> str:
    """An answer as a statement: nobody has asked "yes or no" for it."""
    left = _YES.sub("", text)
    return left[:1].upper() + left[1:] if left else text


def _whole(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."
