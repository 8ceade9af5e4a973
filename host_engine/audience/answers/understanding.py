"""What a question asks, and about which product."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from host_engine.audience.answer import Asking
from host_engine.audience.answers.amounts import bound
from host_engine.audience.answers.countries import countries
from host_engine.audience.answers.cues import intents, likeness, spoken_for
from host_engine.audience.answers.elsewhere import elsewhere, gone
from host_engine.audience.answers.entries import Entry, Match, by_meaning
from host_engine.audience.answers.following import again, followed, only_names
from host_engine.audience.answers.glossary import concepts
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.matching import beside, best_entry, calibrated, momentary
from host_engine.audience.answers.ranks import rank
from host_engine.audience.answers.reading import Nearness, Reading, wanted
from host_engine.audience.answers.shelf import Named
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.variants import no_such_size, variant
from host_engine.audience.answers.words import words

PRODUCT_KINDS = frozenset(
    {"price", "sale", "saving", "stock", "size", "color", "material", "measure", "brand", "condition", "audience"}
    | {"about", "highlights", "buy"}
)
SOCIAL = ("greeting", "thanks", "follow", "farewell", "praise")
ALWAYS = frozenset({"price", "sale", "saving", "stock", "human", "next", "now", "name", "maker", "link", "compare"})
"""Kinds whose answer depends on the instant or must not come from a text: a question of the catalog never wins."""
VALUES = frozenset({"color", "material", "measure", "brand", "condition"})
"""Kinds that a field answers more exactly than most questions of the catalog do."""
DYNAMIC = ALWAYS | {"recommend", "range", "buy", "sell", "about", "highlights", "medical"}

FIXED = frozenset({"human", "medical", "tax", "match", *SOCIAL})
"""Kinds that no other word of a question changes."""
NOT_RANKED = frozenset({"shipping", "returns", "warranty", "payment", "contact", "sale", "saving", "next"})
_HAN_ROW = ("和", "跟", "与", "、", "都")

_PER = re.compile(
    r"(?i)\b(?:per|pro|je|por|par|pour|al|all)[\s']+(?:\d+\s*)?(?:k?g|ml|c?l|kilo|gram\w*|lit\w+)\b|每\S{0,4}[克升]"
)
_SIZES = {"size", "measure"}  # which say the same
SURE = 0.5  # of an intent: then it is meant
PROBABLE = 0.4
ENTRY, ENTRY_OVER_FIELD, ENTRY_OVER_DYNAMIC, ENTRY_OVER_VALUE = 0.5, 0.62, 0.68, 0.9


class Understood(NamedTuple):
    """A question understood: everything that a reply depends on."""

    text: str
    language: str  # of the answer
    tokens: tuple[str, ...]
    kind: str
    score: float
    mentions: tuple[Named, ...]  # of products, of which the first is `subject` where there is any
    subject: int | None  # the product that it is about
    tied: tuple[int, ...]  # products that may be meant as well
    entry: Entry | None = None  # of kind "faq"; of another one what is asked beside it
    second: str = ""  # another kind that the question asks as well
    abroad: bool = False  # whether it asks about delivery to a country that it names
    asked_in: str = ""  # the language of the question
    also: tuple[Entry, ...] = ()  # what is known of the other products that are named with `entry`
    unwanted: tuple[int, ...] = ()  # products that are to be left out
    left_out: frozenset[int] = frozenset()  # places of the words behind "without"


def understood(asking: Asking, index: Index, reading: Reading, near: Nearness | None, now: datetime) -> Understood:
    """The kind of the question and its product; kind "unknown" where it cannot be told."""
    subject, tied = _subject(asking, index, reading, now)
    if subject is not None and not tied:
        subject = variant(index, subject, reading.tokens)
    scores = intent_scores(reading, near)
    match = best_entry(index, reading, near, subject)
    kind, score, entry = _decided(index, reading, scores, match, subject)
    kind, score, entry = _in_place(asking, index, reading, subject, (kind, score, entry))
    abroad = _abroad(reading, scores, kind)
    if abroad and kind == "shipping" and reading.mentions and scores.get("price", 0.0) >= PROBABLE:
        kind = "price"  # "how much is the kettle, and do you ship to Spain?"
    if abroad and not (kind in ("price", "stock") and reading.mentions):
        kind, entry = "delivery", match.entry if match and match.score >= PROBABLE else None
    elif subject is not None and _awaited(index, reading, kind, entry, subject):
        kind, entry = "stock", None
    left = gone(asking, index, reading, subject, now)
    lacking = elsewhere(index, reading, kind, subject)
    if left and (kind in PRODUCT_KINDS or kind in ("unknown", "sell", "faq")):
        kind, score, entry = "gone", 1.0, None
    elif (lacking or kind == "sell") and not reading.mentions and countries(reading.text, reading.language):
        kind, entry = "unknown", None  # "have you got a shop in Paris?", "I am in the US, is there a way to order?"
    elif lacking:
        kind, entry = "absent", None
    elif kind in ("stock", "sell") and subject is not None and no_such_size(index, subject, reading.tokens):
        kind, entry = "size", None
    made = Understood(
        reading.text, wanted(asking) or reading.language, tuple(reading.tokens), kind, min(1.0, score),
        tuple(reading.mentions), subject, tied, entry, _second(reading, scores, kind), abroad,
        reading.language, _also(index, reading, subject, kind, entry), reading.unwanted, reading.left_out,
    )  # fmt: skip
    return made


def named_places(index: Index, mentions: Sequence[Named], now: datetime) -> list[int]:
    """One product for each mention, at most three."""
    found: list[int] = []
    for mention in mentions:
        fresh = [place for place in mention.products if place not in found and index.offered(place, now)]
        found += fresh[:1] if fresh and not set(mention.products) & set(found) else []
    return found


def several_named(tokens: Sequence[str], text: str, mentions: Sequence[Named]) -> bool:
    """Whether the same is asked of each of several products: "the kettle and the teapot"."""
    row = particles("joining") | particles("either")
    return len(mentions) > 1 and (bool(row & set(tokens)) or any(sign in text for sign in (",", "，", *_HAN_ROW)))


def _in_place(
    asking: Asking, index: Index, reading: Reading, subject: int | None, found: tuple[str, float, Entry | None]
) -> tuple[str, float, Entry | None]:
    """What a question asks beside what its words say: which of several, or what was asked before."""
    kind, earlier = found[0], asking.earlier
    if kind in FIXED:
        return found
    least = rank(reading.tokens, reading.language, "most")
    than = rank(reading.tokens, reading.language, "than")
    others = len(reading.mentions) > 1 or (bool(reading.mentions) and _than_another(reading))
    if (than or least) and others:
        return "compare", 1.0, None
    if least and kind not in NOT_RANKED:
        return "rank", 1.0, None
    if _leaves_out(index, reading) and not (kind == "faq" and found[1] >= ENTRY_OVER_FIELD):
        return "recommend", 1.0, None
    if (
        kind not in ("about", "unknown")
        or earlier is None
        or not only_names(reading.tokens, reading.mentions, reading.language)
    ):
        return found
    if earlier.kind == "faq":
        match = best_entry(index, again(earlier, reading, index), None, subject)
        fits = match is not None and match.score >= ENTRY and match.entry.product == subject
        return ("faq", match.score, match.entry) if match and fits else ("unknown", PROBABLE, None)
    return (earlier.kind, 1.0, None) if earlier.kind in PRODUCT_KINDS else found


def _than_another(reading: Reading) -> bool:
    """Whether what is shown is compared with what is named: "is it heavier than the kettle?"."""
    than = "比" in reading.text if reading.language == "zh" else particles("than") & set(reading.tokens)
    return bool(than) and _pointing(reading)


def _leaves_out(index: Index, reading: Reading) -> bool:
    """Whether something is to be chosen, but not with what a product of the catalog has."""
    if not reading.left_out or (not particles("choosing") & set(reading.tokens) and reading.language != "zh"):
        return False
    about = concepts(reading.tokens, reading.language)
    small = small_words(reading.language)
    return any(
        bool(about[place]) or (reading.tokens[place] not in small and index.shelf.knows(reading.tokens[place]))
        for place in reading.left_out
        if place < len(reading.tokens)
    )


def _pointing(reading: Reading) -> bool:
    if reading.language == "zh":
        return any(sign in reading.text for sign in ("这", "它", "那"))
    return bool(particles("pointing") & set(reading.tokens))


def _also(index: Index, reading: Reading, subject: int | None, kind: str, entry: Entry | None) -> tuple[Entry, ...]:
    """What is known of the other products of a question that names several."""
    if kind != "faq" or entry is None or entry.product != subject or subject is None:
        return ()
    if not several_named(reading.tokens, reading.text, reading.mentions):
        return ()
    found = []
    for mention in reading.mentions[1:]:
        match = best_entry(index, reading, None, mention.products[0])
        if match and match.score >= ENTRY and match.entry.product == mention.products[0]:
            found.append(match.entry)
    return tuple(found)


def intent_scores(reading: Reading, near: Nearness | None) -> dict[str, float]:
    """kind -> how surely it is meant, 0..1."""
    masked = words(reading.text if reading.language == "zh" else reading.masked, reading.language)
    cues = spoken_for(masked, reading.language) or spoken_for(reading.tokens, reading.language)
    alike = dict(likeness(" ".join(masked), reading.language))
    if near is not None and reading.language == "en":
        for kind, intent in intents("en").items():
            known = near.known(intent.like)
            if len(known):
                alike[kind] = max(alike.get(kind, 0.0), calibrated(by_meaning(near.masked, known)))
    return {kind: 0.6 * min(cues.get(kind, 0.0), 1.1) + 0.4 * likely for kind, likely in alike.items()}


def _decided(
    index: Index, reading: Reading, scores: Mapping[str, float], match: Match | None, subject: int | None
) -> tuple[str, float, Entry | None]:
    kinds = [kind for kind in scores if kind not in SOCIAL and not (kind == "compare" and len(reading.mentions) < 1)]
    top = max(kinds, key=lambda kind: scores[kind], default="unknown")
    score = scores.get(top, 0.0)
    if scores.get("human", 0.0) >= max(SURE, score - 0.1):
        return "human", scores["human"], None
    for beyond in ("tax", "match"):
        if scores.get(beyond, 0.0) >= SURE:
            return beyond, scores[beyond], None
    fits = match.score if match else 0.0
    entry = match.entry if match else None
    if top in ALWAYS and score >= SURE:
        return top, score, beside(index, reading, subject)
    if entry and fits >= ENTRY and (asked := momentary(index, entry)):
        if score < SURE or asked == top or scores.get(asked, 0.0) >= PROBABLE:
            return asked, fits, None
        fits, entry = 0.0, None  # it only names the same product: "can I return the kettle?"
    if scores.get("medical", 0.0) >= SURE:
        return ("faq", fits, entry) if fits >= ENTRY else ("medical", scores["medical"], None)
    least = ENTRY_OVER_VALUE if top in VALUES else ENTRY_OVER_DYNAMIC if top in DYNAMIC else ENTRY_OVER_FIELD
    if entry and fits >= (least if score >= SURE else ENTRY):
        return "faq", fits, entry
    if score >= SURE:
        return top, score, None
    social = max(SOCIAL, key=lambda kind: scores.get(kind, 0.0))
    if scores.get(social, 0.0) >= SURE and not reading.mentions:
        return social, scores[social], None
    if score >= PROBABLE and (top not in ("sell", "recommend") or reading.mentions):
        return top, score, None
    if scores.get(social, 0.0) >= SURE:
        return social, scores[social], None
    if only_names(reading.tokens, reading.mentions, reading.language):
        return "about", 0.6, None
    if subject is not None and (named := bound(reading.text)) and named.currency:
        return "price", PROBABLE, None  # "is it £20?"
    return "unknown", score, None


def _abroad(reading: Reading, scores: Mapping[str, float], kind: str) -> bool:
    """Whether it is about delivery to a country that it names."""
    sent = scores.get("shipping", 0.0) >= PROBABLE or kind == "shipping"
    return sent and scores.get("returns", 0.0) < SURE and bool(countries(reading.text, reading.language))


def _awaited(index: Index, reading: Reading, kind: str, entry: Entry | None, subject: int) -> bool:
    """Whether it asks when a product arrives that cannot be sent yet: what holds for other parcels is false of it."""
    if index.catalog.products[subject].availability == "in_stock" or not reading.mentions:
        return False
    asked = kind == "shipping" or (kind == "faq" and entry is not None and entry.product is None)
    row = reading.text if reading.language == "zh" else set(reading.tokens)
    return asked and not any(word in row for word in particles("costing") - particles("when"))


def _second(reading: Reading, scores: Mapping[str, float], kind: str) -> str:
    """Another fact of the product that the question asks for as surely: "how much, and is it in stock?"."""
    if kind == "price" and _PER.search(reading.text):
        return "size"  # a price per 100 g is in no catalog; what it costs and how much is in it are
    kinds = ("price", "stock", "color", "material", "measure")
    if kind not in (*kinds, "size"):
        return ""
    others = {each: scores[each] for each in kinds if each in scores and {each, kind} not in ({kind}, _SIZES)}
    best = max(others, key=lambda each: others[each], default="")
    return best if best and others[best] >= 0.6 else ""


def _subject(asking: Asking, index: Index, reading: Reading, now: datetime) -> tuple[int | None, tuple[int, ...]]:
    pointed, on_air = index.place(asking.product), index.place(asking.on_air)
    if reading.mentions:
        tied = reading.mentions[0].products
        for near in (pointed, on_air):
            if near in tied:
                return near, ()
        offered = [place for place in tied if index.offered(place, now)] or list(tied)
        first = offered[0]
        group = index.catalog.products[first].item_group_id
        others = tuple(
            place for place in offered[1:] if not group or index.catalog.products[place].item_group_id != group
        )
        return first, others
    if pointed is not None or asking.product is not None:
        return pointed, ()
    if (before := followed(asking, index, reading)) is not None:
        return before, ()
    if reading.unwanted and not _pointing(reading):
        return None, ()
    if on_air is None and len(index.shelf.products) == 1:
        return 0, ()
    return on_air, ()
