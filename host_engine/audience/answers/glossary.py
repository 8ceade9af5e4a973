"""What goods and topics are called in each language, so that words of one language find texts of another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from host_engine.audience.answers.lists import listed
from host_engine.audience.answers.words import folded, is_han, stem, words

LANGUAGES = ("en", "de", "it", "fr", "es", "zh")  # in the order of the columns of the list
_LONGEST = 4  # words of a name
_SUFFIX = 5  # letters at the end of a compound that name the thing: Gusseisenpfanne

Concepts = tuple[frozenset[str], ...]  # for each word, what it may mean; a concept is "§" and its key


def concepts(tokens: Sequence[str], language: str) -> Concepts:
    """What each of the folded words may mean, alone or together with its neighbours."""
    found: list[set[str]] = [set() for _ in tokens]
    names, stems = _names(language), tuple(map(stem, tokens))
    for start in range(len(tokens)):
        for length in range(1, min(_LONGEST, len(tokens) - start) + 1):
            if key := names.get(stems[start : start + length]):
                for place in range(start, start + length):
                    found[place] |= key
        if not found[start]:
            found[start] |= _inside(tokens[start], language)
    return tuple(map(frozenset, found))


def things(tokens: Sequence[str], language: str) -> frozenset[str]:
    """The goods that the words name: of names within each other only the longest, so "coffee machine" is no coffee."""
    found: set[str] = set()
    names, at = _names(language), 0
    while at < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
            if key := names.get(tuple(stem(word) for word in tokens[at : at + length])):
                found |= key
                at += length - 1
                break
        else:
            found |= _inside(tokens[at], language)
        at += 1
    return frozenset(found & goods())


def segmented(run: str) -> list[str]:
    """Chinese signs, which have no spaces, parted around the names that the list has, the longest first."""
    made, at = [""], 0
    while at < len(run):
        name = next((each for each in _han_names() if run.startswith(each, at)), "")
        if name:
            made += [name, ""]
            at += len(name)
        else:
            made[-1] += run[at]
            at += 1
    return [part for part in made if part]


@cache
def _han_names() -> tuple[str, ...]:
    names = {name for part in listed("glossary").values() for row in part.values() for name in _column(row, "zh")}
    return tuple(sorted((folded(name) for name in names), key=len, reverse=True))


@cache
def goods() -> frozenset[str]:
    """The concepts that are things one can sell, not topics one asks about."""
    return frozenset(f"§{key}" for key in listed("glossary")["goods"])


@cache
def known_words(language: str) -> frozenset[str]:
    """Every word of the language in the list, folded."""
    rows = {**listed("glossary")["goods"], **listed("glossary")["topics"]}
    return frozenset(word for row in rows.values() for name in _column(row, language) for word in words(name, language))


def _inside(word: str, language: str) -> frozenset[str]:
    """Of what has no spaces: the names within Chinese signs, the end of a compound elsewhere."""
    if is_han(word):
        rows = ((f"§{key}", _column(row, "zh")) for part in listed("glossary").values() for key, row in part.items())
        return frozenset(key for key, names in rows if any(name.casefold() in word for name in names))
    if language != "de":
        return frozenset()
    names = _names(language)
    for at in range(1, len(word) - _SUFFIX + 1):
        if key := names.get((stem(word[at:]),)):
            return key
    return frozenset()


@cache
def _names(language: str) -> dict[tuple[str, ...], frozenset[str]]:
    """Stems of a name -> the concepts that it may stand for."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for part in listed("glossary").values():
        for key, row in part.items():
            for name in _column(row, language):
                stems = tuple(stem(word) for word in words(name, language))
                found[stems] = found.get(stems, frozenset()) | {f"§{key}"}
    return found


def _column(row: str, language: str) -> list[str]:
    if language not in LANGUAGES:
        return []
    columns = row.split("|")
    at = LANGUAGES.index(language)
    return [name.strip() for name in columns[at].split("/") if name.strip()] if at < len(columns) else []
