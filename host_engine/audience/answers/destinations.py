"""Where to: what the shop says of the countries that a question about delivery names."""

from __future__ import annotations

import re
from functools import lru_cache

from host_engine.audience.answers.countries import countries
from host_engine.audience.answers.cues import spoken_for
from host_engine.audience.answers.entries import Entry
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.words import words
from host_engine.show.evidence import Evidence

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def delivery(ground: Ground) -> Reply:
    """What the shop says of the countries that the question names; that it says nothing, where it is so."""
    index, asked = ground.index, ground.asked
    codes = countries(asked.text, asked.asked_in or asked.language)
    found = max(index.entries.shop, key=lambda entry: _speaks(index, entry, codes), default=None)
    if found is not None and _speaks(index, found, codes) >= 1:
        text, evidence = ground.quoted(found.answer), [Evidence(None, "faq", found.answer)]
        more = asked.entry
        if more and more.product is None and more.answer != found.answer and _there(index, found.answer, codes):
            text, evidence = f"{text} {ground.quoted(more.answer)}", [*evidence, Evidence(None, "faq", more.answer)]
        return Reply(text, tuple(evidence), kind="faq")
    policy = index.catalog.policies.shipping
    if policy and countries(policy, index.language):
        return Reply(ground.quoted(policy), (Evidence(None, "policies.shipping", policy),), kind="shipping")
    return Reply(ground.words.say("delivery_unknown"), kind="unknown")


def _speaks(index: Index, entry: Entry, codes: frozenset[str]) -> float:
    """How much an entry of the shop is about where it delivers: 0, or from 1 on; more where it names these."""
    told = _told(entry, index.language)
    return 2.0 + bool(codes & told) if told is not None else 0.0


@lru_cache(4096)
def _told(entry: Entry, language: str) -> frozenset[str] | None:
    """The countries that the answer to a question about delivery to a country names; None for another question."""
    if not any(countries(phrase, language) for phrase in entry.phrases):
        return None
    sent = any("shipping" in spoken_for(words(phrase, language), language) for phrase in entry.phrases)
    return countries(entry.answer, language) if sent else None


def _there(index: Index, text: str, codes: frozenset[str]) -> bool:
    """Whether a text says that the shop delivers to one of these: names it, and does not say "not"."""
    language, no = index.language, particles("negations")
    sentences = _SENTENCE.split(text)
    return any(codes & countries(each, language) and not no & set(words(each, language)) for each in sentences)
