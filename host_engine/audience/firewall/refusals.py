"""What a viewer is told whose message is not taken."""

from __future__ import annotations

from functools import cache

from host_engine.audience.firewall.lists import LANGUAGES, Refusals, shipped
from host_engine.document import read


@cache
def _all() -> dict[str, dict[str, str]]:
    return read(shipped("refusals"), Refusals).said


def said(reason: str, language: str | None = None) -> str:
    """A polite sentence for a reason, in the language where there is one, else in English; "" for no reason."""
    if not reason:
        return ""
    sentences = _all().get(reason) or _all()["other"]
    return sentences.get((language or "en")[:2].lower(), sentences["en"])


def likely(text: str) -> str:
    """The language of a short text as far as its letters and smallest words tell; "en" where they do not."""
    if any("\u4e00" <= each <= "\u9fff" for each in text):
        return "zh"
    words = set(text.casefold().replace("'", " ").split())
    best = max(LANGUAGES, key=lambda language: len(words & _SMALL[language]))
    return best if words & _SMALL[best] else "en"


_WORDS = {
    "en": "the is are you your it what how do does can a and this for of my i in not",
    "it": "il lo la è che di un una le gli per non quanto si del mi sei ma con avete questo",
    "de": "der die das ist ein eine und wie was nicht ich du ihr mit für den auf kann es zu",
    "fr": "le la les est un une et que vous je tu des pour pas combien ce c est du avec à y",
    "es": "el la los es un una y que qué de cuánto por no con para tiene hay las mi eres",
    "zh": "",
}
_SMALL = {language: frozenset(words.split()) for language, words in _WORDS.items()}
