"""Names of viewers, as the host may say and show them."""

from __future__ import annotations

import re
from functools import cache

from host_engine.audience import personal
from host_engine.audience.firewall.links import linked
from host_engine.audience.firewall.lists import Names, shipped
from host_engine.audience.firewall.lookalikes import styled
from host_engine.audience.firewall.phrasebook import phrasebook
from host_engine.audience.firewall.plain import cleaned, skeleton, tokens, visible
from host_engine.document import read

LONGEST = 24  # characters
MOST_WORDS = 2
_LEET = str.maketrans("013457@$!", "oieastasi")
_TAG = re.compile(r"<[^<>]{0,80}>?|[{}\[\]|]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W\d_]+)*")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_VOWEL = re.compile(r"[aeiouy]")
_DECORATION = re.compile(r"[xX]{2,}")


def clean_name(raw: str) -> str:
    """The name to be said and shown, at most 24 characters and two words; "" where there is none to be said.

    Markup, emoji, decoration and digits at the ends are taken off. Names that insult, order, lead elsewhere, tell
    personal data, or pretend to be of the shop become "". Never raises.
    """
    seen = visible(raw[:200])
    plain = _TAG.sub(" ", seen)
    if _unfit(seen) or _unfit(plain):
        return ""
    words = [word for each in _WORD.findall(cleaned(plain.translate(styled()))) if (word := _said(each))]
    if len(words) > 1:
        words = [word for word in words if not _DECORATION.fullmatch(word)]
    name = " ".join(words[:MOST_WORDS])
    while len(name) > LONGEST and " " in name:
        name = name.rpartition(" ")[0]
    name = name[:LONGEST]
    return "" if _nobody(name) else name


def _said(word: str) -> str:
    """A word of a name without digits at its ends, written so that it is read and not spelt; "" if that cannot be."""
    word = word.strip("0123456789'’-")
    if not any(each.isalpha() for each in word):
        return ""
    bare = skeleton(word)
    if len(bare) >= 5 and bare.isascii() and not _VOWEL.search(bare):
        return ""
    if word.islower() or (word.isupper() and len(word) > 3):
        return word[:1].upper() + word[1:].lower()
    return word


def _unfit(seen: str) -> bool:
    lists, book = _lists(), phrasebook()
    apart = skeleton(_CAMEL.sub(" ", seen).replace("_", " "))
    for bare in (apart, apart.translate(_LEET)):
        said = tokens(bare)
        if book.reasons(said) or not _bare(lists.never).isdisjoint(said):
            return True
        joined = "".join(each for each in bare if each.isalnum())
        for harmless in lists.harmless:
            joined = joined.replace(harmless, "")
        if any(stem in joined for stem in lists.inside):
            return True
    return bool(personal.found(seen)) or linked(seen)


def _nobody(name: str) -> bool:
    """Whether it is no name: too short, or one that anybody or the shop itself might have."""
    letters = [each for each in name if each.isalpha()]
    if len(letters) < 2 and not any(each > "\u3000" for each in letters):
        return True
    nobody = _bare(_lists().nobody)
    return any(word in nobody for word in tokens(skeleton(name)))


@cache
def _lists() -> Names:
    return read(shipped("names"), Names)


@cache
def _bare(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(skeleton(word) for word in words)
