"""Whether two questions ask the same thing, by their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from host_engine.audience.firewall.plain import SIGNS, skeleton, tokens, visible
from host_engine.audience.kinds import grouped, kinds

LOOKED_AT = 5  # candidates whose words are compared one by one
ALIKE = 80.0  # of 100, of rapidfuzz's token_sort_ratio, from which they are
_SLIPS = ((9, 2), (5, 1))  # letters of a word, and how many of them may be slips
_TELLING = """
    not no without never with before after large small big little left right old new hot cold more less first last only
    non senza mai con prima dopo grande piccolo nuovo caldo freddo più meno
    nicht kein keine keinen ohne nie mit vor nach groß klein alt neu heiß kalt mehr weniger
    pas sans jamais avec avant après grand petit nouveau chaud froid plus moins
    sin nunca con antes después grande pequeño nuevo caliente frío más menos
    不 没 無 无 别 大 小 前 后 新 旧 多 少
"""
_OPPOSITES = frozenset(token for word in _TELLING.split() for token in tokens(skeleton(word)))


class Gist(NamedTuple):
    """The words of a question that matter, in their order."""

    text: str
    words: tuple[str, ...]

    @property
    def numbers(self) -> Counter[str]:
        return Counter(word for word in self.words if any(each.isdecimal() for each in word))

    @property
    def opposites(self) -> Counter[str]:
        """The words that turn a question into another one."""
        return Counter(word for word in self.words if word in _OPPOSITES)


def gist(text: str) -> Gist:
    """Greetings and thanks around a question and all signs do not matter."""
    words = tuple(word for word in tokens(skeleton(visible(text))) if word not in SIGNS)
    kept = _without_greeting(words) or words
    return Gist(" ".join(kept), kept)


def _without_greeting(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without a greeting at their beginning and thanks at their end."""
    greetings, thanks = grouped(kinds().greetings), grouped(kinds().thanks)
    for group in greetings.get(words[0], ()) if words else ():
        if words[: len(group)] == group:
            words = words[len(group) :]
            break
    for groups in thanks.values():
        for group in groups:
            if len(words) > len(group) + 1 and words[-len(group) :] == group:
                return words[: -len(group)]
    return words


def same(a: Gist, b: Gist) -> bool:
    """Whether both say the same but for light words and slips of the finger. Numbers and short words must agree:
    "size 38" is not "size 39", "red" is not "bed"."""
    if a.words == b.words:
        return True
    light = _light()
    ours, theirs = Counter(a.words), Counter(b.words)
    missing = [word for word in (ours - theirs).elements() if word not in light]
    extra = [word for word in (theirs - ours).elements() if word not in light]
    if missing and "".join(sorted(missing, key=a.words.index)) == "".join(sorted(extra, key=b.words.index)):
        return True  # "tea pot", "teapot"
    if len(missing) != len(extra) or not set(a.words) & set(b.words) - light:
        return False
    for word in missing:
        slip = next((each for each in extra if _slip(word, each)), None)
        if slip is None:
            return False
        extra.remove(slip)
    return True


@cache
def _light() -> frozenset[str]:
    return frozenset(token for word in kinds().light for token in tokens(skeleton(word.replace("_", " "))))


def _slip(a: str, b: str) -> bool:
    if a[0] != b[0] or not (a.isalpha() and b.isalpha()):
        return False
    most = next((slips for letters, slips in _SLIPS if min(len(a), len(b)) >= letters), 0)
    return DamerauLevenshtein.distance(a, b, score_cutoff=most) <= most if most else False


def find_same(wanted: Gist, among: Mapping[int, str], gist_of: Callable[[int], Gist]) -> int | None:
    """The key of the one among texts that asks the same; None where none does."""
    found = process.extract(
        wanted.text, among, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=LOOKED_AT, processor=None
    )
    return next((key for _, _, key in found if same(wanted, gist_of(key))), None)


def may_mean_the_same(a: Gist, b: Gist) -> bool:
    """Whether nothing speaks against it that a comparison by meaning overlooks: numbers, negations, opposites."""
    return a.numbers == b.numbers and a.opposites == b.opposites
