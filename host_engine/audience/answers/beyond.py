"""Replies about what lies beyond most catalogs: taxes within a price, and what other shops ask."""

from __future__ import annotations

import re
from collections.abc import Callable

from host_engine.audience.answers.glossary import concepts
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.shop_replies import POLICIES
from host_engine.audience.answers.words import words
from host_engine.show.evidence import Evidence

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")


def tax(ground: Ground) -> Reply:
    """What the shop says of taxes; where it says nothing, the team is asked."""
    return _shop_says(ground, "§tax") or Reply(ground.words.say("tax_unknown"), kind="unknown")


def match(ground: Ground) -> Reply:
    """What it costs here, and what the shop says of other shops' prices; nothing is said of those."""
    place = ground.asked.subject
    said = _shop_says(ground, "§match")
    rest = said or Reply(ground.words.say("match_unknown"), kind="unknown")
    if place is None or ground.asked.tied or not ground.index.offered(place, ground.now):
        return rest
    sheet = ground.sheet(place)
    here = ground.words.say("match_here", title=sheet.title, price=sheet.price.text)
    return Reply(f"{here} {rest.text}", (sheet.named, sheet.price.evidence, *rest.evidence), place, rest.kind)


def _shop_says(ground: Ground, concept: str) -> Reply | None:
    """The sentence of the shop's policies and questions that is about it."""
    catalog, language = ground.index.catalog, ground.index.language
    texts = [(f"policies.{name}", getattr(catalog.policies, name)) for name in POLICIES]
    texts += [("faq", faq.answer) for faq in catalog.faq]
    for field, text in texts:
        for sentence in _SENTENCE.split(text or ""):
            if any(concept in about for about in concepts(words(sentence, language), language)):
                return Reply(ground.quoted(sentence), (Evidence(None, field, text),))
    for entry in ground.index.entries.shop:
        if concept in ground.index.entries.about(entry):
            return Reply(ground.quoted(entry.answer), (Evidence(None, "faq", entry.answer),))
    return None


REPLIES: dict[str, Callable[[Ground], Reply]] = {"tax": tax, "match": match}
