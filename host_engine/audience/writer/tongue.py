"""Whether a text is in the language that was asked for: roughly, by its script and its most usual words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

USUAL: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and is are you it of to for with this that have has not be can will your we from on what which in "
        "its an but they very costs yes",
        "it": "il lo la gli le un una di che è e per con non sono ha del della nel si può questo questa come più anche "
        "ma al alla dei delle costa sì",
        "de": "der die das und ist sind sie es ein eine für mit nicht auf von zu im den dem auch wir ihr hat kann aus "
        "bei oder wird kostet ja",
        "fr": "le la les un une des est et pour avec ne pas vous il elle du ce cette dans sur que qui son sa peut nous "
        "au aux coûte oui c'est",
        "es": "el la los las un una es y para con no que de del se lo por su este esta puede más pero como al tiene "
        "son cuesta sí también",
    }.items()
}
_CLEARLY = 3  # usual words that another language must have more of
_ENOUGH = 12  # letters below which nothing can be told


def other_language(text: str, language: str) -> str:
    """The language or script that a text is in instead of the one asked for; "" where it is right or cannot be told."""
    base = language.split("-")[0]
    scripts = _scripts(text)
    scripts["CJK"] = 3 * scripts.get("CJK", 0)  # a sign says as much as some letters
    letters = sum(scripts.values())
    if letters < _ENOUGH:
        return ""
    wanted = "CJK" if base == "zh" else "LATIN"
    most = max(scripts, key=lambda script: scripts[script])
    if base == "zh" and scripts.get("CJK", 0) * 4 < letters:  # product names stay in Latin letters
        return most.lower()
    if base != "zh" and scripts.get("LATIN", 0) * 2 < letters:
        return most.lower()
    if wanted == "CJK" or base not in USUAL:
        return ""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower())
    hits = {each: sum(word in usual for word in words) for each, usual in USUAL.items()}
    best = max(hits, key=lambda each: hits[each])
    return best if hits[best] >= hits[base] + _CLEARLY else ""


def _scripts(text: str) -> dict[str, int]:
    """How many letters of each script there are, by the first word of their Unicode names."""
    found: dict[str, int] = {}
    for sign in text[:2000]:
        if sign.isalpha():
            script = unicodedata.name(sign, "OTHER").split(" ", 1)[0]
            found[script] = found.get(script, 0) + 1
    return found
