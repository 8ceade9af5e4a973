"""One phrase of the lists: words, classes of words and gaps, as it is looked for in the words of a message.

A phrase is elements with spaces between them:

    word            that word; alternatives with | between them, words of one alternative with _
    word*           any word that begins so
    <class>         any word of the class; as an alternative too
    : . ? " $       that sign; the point also stands for the beginning, the end, and all other signs
    ..3             at most three words of any kind
    ~3              the same, but none of the class `harmless`
    ^               first: only at the beginning of a sentence or after a word of `lead`; ^^ only at the beginning
    -<class>        first: not right after such a word; --<class> none of them among the three words before
    !<class>        none of these among the three words that follow here
    *               any one word, with no sign before it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from host_engine.audience.firewall.plain import SIGNS, skeleton, tokens

Classes = Mapping[str, Sequence[str]]
NUMBER = "#"  # under which phrases that begin with any number are found
_NOTHING: frozenset[str] = frozenset()


class Words(NamedTuple):
    """One of some words or groups of words."""

    single: frozenset[str]
    several: tuple[tuple[str, ...], ...]
    beginnings: tuple[str, ...]
    number: bool
    every: bool

    @property
    def open(self) -> bool:
        """Whether it takes words that cannot be listed."""
        return self.number or self.every

    def ends(self, said: Sequence[str], at: int) -> Iterator[int]:
        """Where the words that begin at `at` may end."""
        word = said[at]
        if (
            word in self.single
            or (self.number and word.isdecimal())
            or (self.every and word not in SIGNS)
            or (word == "?" and "." in self.single)
            or word.startswith(self.beginnings)
        ):
            yield at + 1
        for group in self.several:
            if group[0] == word and (end := _along(said, at, group)):
                yield end

    def firsts(self) -> Iterator[str]:
        """What a message must have a word of."""
        yield from self.single
        if "." in self.single:
            yield "?"
        yield from (group[0] for group in self.several)
        if self.number:
            yield NUMBER


class Gap(NamedTuple):
    most: int
    never: frozenset[str]


class Unless(NamedTuple):
    never: frozenset[str]


Element = Words | Gap | Unless


class Phrase(NamedTuple):
    """What is looked for, and where. `written` is the line of the list."""

    written: str
    elements: tuple[Element, ...]
    only_after: frozenset[str] = _NOTHING
    never_after: frozenset[str] = _NOTHING
    reach: int = 1  # how many words before it `never_after` looks at
    needs: tuple[frozenset[str], ...] = ()  # of each of these a message must have a word; most have not

    def at(self, said: Sequence[str], at: int) -> bool:
        """Whether it begins at that word. `said` begins and ends with a sign."""
        if self.only_after and said[at - 1] not in self.only_after:
            return False
        if self.never_after and self._spared(said, at):
            return False
        return next(_ways(said, at, self.elements, 0), None) is not None

    def _spared(self, said: Sequence[str], at: int) -> bool:
        for word in reversed(said[max(0, at - self.reach) : at]):
            if word in SIGNS:
                return False
            if word in self.never_after:
                return True
        return False


def _along(said: Sequence[str], at: int, group: tuple[str, ...]) -> int:
    """Where the group ends if it begins at `at`, else 0. Signs may stand between Chinese characters."""
    for word in group:
        while at < len(said) and said[at] in SIGNS and word > "\u3000":
            at += 1
        if at >= len(said) or said[at] != word:
            return 0
        at += 1
    return at


def _ways(said: Sequence[str], at: int, elements: tuple[Element, ...], k: int) -> Iterator[int]:
    """Where the elements from the k-th on may end if they begin at `at`. Up to two signs may stand between elements."""
    if k == len(elements):
        yield at
        return
    element = elements[k]
    if isinstance(element, Gap):
        yield from _over(said, at, elements, k, element)
        return
    if isinstance(element, Unless):
        if element.never.isdisjoint(said[at : at + 3]):
            yield from _ways(said, at, elements, k + 1)
        return
    for start in range(at, min(at + 3, len(said))):
        for end in element.ends(said, start):
            yield from _ways(said, end, elements, k + 1)
        if k == 0 or element.every or said[start] not in SIGNS:
            return


def _over(said: Sequence[str], at: int, elements: tuple[Element, ...], k: int, gap: Gap) -> Iterator[int]:
    left = gap.most
    yield from _ways(said, at, elements, k + 1)
    while at < len(said) and left:
        word = said[at]
        at += 1
        if word in SIGNS:
            continue
        if word in gap.never:
            return
        left -= 1
        yield from _ways(said, at, elements, k + 1)


def parsed(line: str, classes: Classes, lead: frozenset[str]) -> Phrase:
    """The phrase of a line. Raises ValueError with a sentence."""
    elements: list[Element] = []
    about: dict[str, frozenset[str] | int] = {}
    for part in line.split():
        if part in ("^", "^^"):
            about["only_after"] = frozenset(SIGNS) | (lead if part == "^" else _NOTHING)
        elif guard := re.fullmatch(r"(--?)<(\w+)>", part):
            about |= {"never_after": _bare(_class(guard[2], classes)), "reach": 3 if guard[1] == "--" else 1}
        elif unless := re.fullmatch(r"!<(\w+)>", part):
            elements.append(Unless(_bare(_class(unless[1], classes))))
        elif gap := re.fullmatch(r"(\.\.|~)(\d)", part):
            elements.append(Gap(int(gap[2]), _bare(_class("harmless", classes)) if gap[1] == "~" else _NOTHING))
        else:
            elements.append(_words(part, classes))
    if not elements or not isinstance(elements[0], Words) or isinstance(elements[-1], Gap):
        raise ValueError(f"the phrase '{line}' does not begin and end with words")
    certain = [each for each in elements[1:] if isinstance(each, Words) and not (each.beginnings or each.open)]
    needs = sorted((frozenset(each.firsts()) for each in certain), key=len)
    return Phrase(line, tuple(elements), needs=tuple(needs), **about)  # type: ignore[arg-type]


def _class(name: str, classes: Classes) -> Sequence[str]:
    try:
        return classes[name]
    except KeyError:
        raise ValueError(f"there is no class '{name}'") from None


@cache
def _tokens(word: str) -> tuple[str, ...]:
    return tuple(tokens(skeleton(word.replace("_", " "))))


def _bare(words: Sequence[str]) -> frozenset[str]:
    return frozenset(token for word in words for token in _tokens(word))


def _words(part: str, classes: Classes) -> Words:
    if part == "*":
        return Words(_NOTHING, (), (), False, True)
    single: set[str] = set()
    several: list[tuple[str, ...]] = []
    beginnings: list[str] = []
    number = False
    for alternative in _alternatives(part, classes):
        number |= alternative == NUMBER
        group = _tokens(alternative.rstrip("*"))
        if alternative.endswith("*") and len(group) == 1:
            beginnings.append(group[0])
        elif len(group) == 1:
            single.add(group[0])
        elif group:
            several.append(group)
    if not (single or several or beginnings):
        raise ValueError(f"'{part}' has no words")
    return Words(frozenset(single), tuple(several), tuple(beginnings), number, False)


def _alternatives(part: str, classes: Classes) -> Iterator[str]:
    for alternative in part.split("|"):
        if named := re.fullmatch(r"<(\w+)>", alternative):
            yield from _class(named[1], classes)
            if named[1] == "number":
                yield NUMBER
        else:
            yield alternative
