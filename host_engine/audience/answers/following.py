"""What hangs on the same viewer's last question: "and how much is that one?", "and the kettle?"."""

from __future__ import annotations

from collections.abc import Sequence

from host_engine.audience.answer import Asking, Earlier
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.reading import Reading, read
from host_engine.audience.answers.shelf import Named
from host_engine.audience.answers.tongue import small_words

_ARTICLES = frozenset({"der", "die", "das", "den", "dem", "la", "lo", "le", "li", "el"})
"""Words that stand for a thing alone, but not before its name."""
_HAN = ("那", "它")
_HAN_ONLY = frozenset({"呢", "那", "那么", "那个", "还有"})
_LONGEST = 6  # words of a question that only names another product


def followed(asking: Asking, index: Index, reading: Reading) -> int | None:
    """The product of the last question, where this one names none and speaks of it."""
    earlier = asking.earlier
    place = index.place(earlier.product) if earlier and earlier.product else None
    if place is None or reading.mentions or asking.product is not None:
        return None
    return place if _points_back(reading) else None


def only_names(tokens: Sequence[str], mentions: Sequence[Named], language: str) -> bool:
    """Whether a question is no more than the name of a product: "and the kettle?"."""
    places = {place for mention in mentions for place in mention.names}
    small = small_words(language) | _HAN_ONLY
    left = [word for place, word in enumerate(tokens) if place not in places and word not in small]
    return bool(places) and not left and len(tokens) <= _LONGEST


def again(earlier: Earlier, reading: Reading, index: Index) -> Reading:
    """The last question, asked of the product that is named now."""
    before = read(Asking(earlier.text), index)
    masked = before.masked.split() if before.language != "zh" else before.tokens
    return before._replace(
        tokens=masked, mentions=[mention._replace(names=frozenset()) for mention in reading.mentions]
    )


def _points_back(reading: Reading) -> bool:
    tokens, small = reading.tokens, small_words(reading.language)
    if reading.language == "zh":
        return any(sign in reading.text for sign in _HAN)
    if tokens and tokens[0] in particles("joining") | {"ok", "okay"}:
        return True
    for place, word in enumerate(tokens):
        last = place + 1 == len(tokens)
        if word in particles("that_one") and (word not in _ARTICLES or last or tokens[place + 1] in small):
            return True
    return False
