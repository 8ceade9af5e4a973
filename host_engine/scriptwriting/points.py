"""The sentences of a product's own description that speak for it, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from host_engine.audience.writer.sentences import sentences
from host_engine.gate import lists
from host_engine.gate.lists import Mark, Rule
from host_engine.gate.wording import read
from host_engine.show.lines import seconds

MOST = 6
LEAST_WORDS = 4
MOST_WORDS = 40
LONGEST = 12.0  # seconds: about two breaths
_CHANGING = re.compile(r"[€$£¥₹%]|\b(?:EUR|USD|GBP|CHF|JPY)\b|https?:|www\.|@|\+?\d[\d ()/-]{7,}\d")
_PASSING = frozenset({"states", "sale", "days", "prices", "shares"})  # what is true for a while
_OF_SHOP = frozenset(
    {"free_shipping", "free_returns", "returns", "refund", "lifetime", "express", "worldwide", "gift", "price_match",
     "code", "instalments"}
)  # fmt: skip


def points(description: str, language: str) -> list[str]:
    """Sentences of a description that can be said alone: no prices, addresses, offers, headings, shouting, hype."""
    found = list(dict.fromkeys(_sayable(description[:3000], language)))
    return found[:MOST]


def is_modest(text: str, language: str) -> bool:
    """Whether a text claims nothing that the gate stops where the host herself says it.

    The gate lets whole sentences of the catalog pass, as a person wrote them there. A feed was written for search
    engines: what it says of cures, last chances and the best of all is not brought on air by a draft.
    """
    words = lists.ready(language.split("-")[0].lower())
    for hit in words.book.find(read(text).tokens):
        if isinstance(hit.owner, Rule):
            return False
        if isinstance(hit.owner, Mark) and (hit.owner.section in _PASSING or hit.owner.name in _OF_SHOP):
            return False
    return True


def is_a_name(title: str, language: str) -> bool:
    """Whether a title is no more than a name: sales, shares of prices and last chances in it are claims."""
    if _CHANGING.search(title):
        return False
    words = lists.ready(language.split("-")[0].lower())
    for hit in words.book.find(read(title).tokens):
        if isinstance(hit.owner, Rule) and hit.owner.rule in ("scarcity", "review", "medical", "banned"):
            return False
        if isinstance(hit.owner, Mark) and hit.owner.section in ("sale", "days", "shares"):
            return False
    return True


def _sayable(description: str, language: str) -> Iterator[str]:
    for sentence in sentences(description, language):
        letters = [sign for sign in sentence if sign.isalpha()]
        if not letters or not LEAST_WORDS <= len(sentence.split()) <= MOST_WORDS:
            continue
        if sentence[-1] not in ".!…" or _CHANGING.search(sentence) or not is_modest(sentence, language):
            continue
        if sum(map(str.isupper, letters)) > len(letters) * 0.4 or seconds(sentence, language) > LONGEST:
            continue
        yield sentence
