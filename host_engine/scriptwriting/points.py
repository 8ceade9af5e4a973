"""The sentences of a product's own description that speak for it, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from host_engine.audience.writer.sentences import sentences
from host_engine.show.lines import seconds

MOST = 6
LEAST_WORDS = 4
LONGEST = 12.0  # seconds: about two breaths
_CHANGING = re.compile(
    r"[€$£¥₹%]|\b(?:EUR|USD|GBP|CHF|JPY)\b|https?:|www\.|@|\+?\d[\d ()/-]{7,}\d|\b(?:sale|offer|angebot|rabatt|sconto|"
    r"promo\w*|oferta|discount|shipping|versand|spedizione|livraison|envío)\b",
    re.IGNORECASE,
)


def points(description: str, language: str) -> list[str]:
    """Sentences of a description that can be said alone: no prices, addresses, offers, headings, shouting."""
    found = list(dict.fromkeys(_sayable(description[:3000], language)))
    return found[:MOST]


def _sayable(description: str, language: str) -> Iterator[str]:
    for sentence in sentences(description, language):
        words = sentence.split()
        letters = [sign for sign in sentence if sign.isalpha()]
        if len(words) < LEAST_WORDS or len(words) > 40 or not letters:
            continue
        if sentence[-1] not in ".!?…" or sentence.endswith("?") or _CHANGING.search(sentence):
            continue
        if sum(map(str.isupper, letters)) > len(letters) * 0.4 or seconds(sentence, language) > LONGEST:
            continue
        yield sentence
