"""Whether a message asks something, or only greets or thanks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from host_engine.audience.firewall.lists import Kinds, shipped
from host_engine.audience.firewall.plain import SIGNS, skeleton, tokens, visible
from host_engine.audience.message import Kind
from host_engine.document import read

_PLACE = 3  # words of a place that somebody greets from
_MANY = 14  # words; a longer message is looked at as a question

Group = tuple[str, ...]


def kind_of(text: str) -> Kind:
    """A greeting, thanks (praise too), or a question: a greeting with anything more is a question. Never raises."""
    seen = visible(text)
    words = [word for word in tokens(skeleton(seen)) if word not in SIGNS]
    if not words or len(words) > _MANY:
        return "question"
    lists = kinds()
    left, greeted = _without(words, grouped(lists.greetings))
    left, thanked = _without(left, grouped(lists.thanks))
    if not (greeted or thanked):
        return "question"
    left = _without_place(left, grouped(lists.whence), grouped(lists.asks))
    left, _ = _without(left, grouped(lists.fillers))
    if left and not _vocative(seen, left):
        return "question"
    return "thanks" if thanked else "greeting"


def _without(words: Sequence[str], groups: dict[str, tuple[Group, ...]]) -> tuple[list[str], int]:
    """The words without the groups that are among them, and how many there were."""
    left: list[str] = []
    at = found = 0
    while at < len(words):
        group = next((each for each in groups.get(words[at], ()) if tuple(words[at : at + len(each)]) == each), None)
        if group:
            found += 1
            at += len(group)
        else:
            left.append(words[at])
            at += 1
    return left, found


def _without_place(words: list[str], whence: Collection[str], asks: Collection[str]) -> list[str]:
    """ "Hi all from Rome": the place tells nothing. Only at the end, and only where the words before it do not ask."""
    for at, word in enumerate(words):
        if word in whence and len(words) - at - 1 <= _PLACE and not any(each in asks for each in words[at + 1 :]):
            return words[:at]
    return words


def _vocative(seen: str, left: Sequence[str]) -> bool:
    """Whether what is left is the name of somebody who is greeted: "Hi Emma", not "hi price" and not "Hi, price?"."""
    if len(left) != 1 or "?" in seen:
        return False
    written = [word for word in seen.split() if skeleton(word).strip(".,!:;-@") == left[0]]
    return bool(written) and (written[0][:1].isupper() or written[0].startswith("@")) and not seen.isupper()


@cache
def kinds() -> Kinds:
    return read(shipped("kinds"), Kinds)


@cache
def grouped(words: tuple[str, ...]) -> dict[str, tuple[Group, ...]]:
    """Groups of words by their first one, longest first."""
    found: dict[str, list[Group]] = {}
    for word in words:
        group = tuple(each for each in tokens(skeleton(word.replace("_", " "))) if each not in SIGNS)
        if group:
            found.setdefault(group[0], []).append(group)
    return {first: tuple(sorted(set(groups), key=len, reverse=True)) for first, groups in found.items()}
