"""Lines short enough to be said in one go: long texts are split where a speaker would breathe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from host_engine.show.languages import ABBREVIATIONS, CONJUNCTIONS, SPEED

LONGEST = 8.0  # seconds
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»’')\]]*\s+(?=[\"“„«‘'(\[¿¡]*[\w{])")
_CLAUSE_END = re.compile(r"(?<=[,;:])[\"”»’')\]]*\s+|\s+(?=[–—-]\s)")
_FIELD = re.compile(r"\{\w+\}")


def seconds(said: str, language: str) -> float:
    """About how long a voice takes to say the words, with its pauses at commas and full stops."""
    letters = sum(map(str.isalpha, said)) + 0.6 * said.count(" ")
    pauses = 0.2 * len(re.findall(r"[,;:–—](?=\s)", said)) + 0.4 * len(re.findall(r"[.!?…](?=\s)", said))
    return letters / SPEED.get(language.split("-")[0], SPEED["en"]) + pauses


def split(text: str, language: str, takes: Callable[[str], float], longest: float = LONGEST) -> tuple[str, ...]:
    """The text in parts that take at most `longest` seconds each; `takes` tells how long a part takes.

    Sentences are kept whole where that is enough. Joined by spaces the parts are the text again.
    Raises ValueError where a part has no border to split at.
    """
    text = " ".join(text.split())
    if takes(text) <= longest:
        return (text,)
    for borders in (_sentence_borders, _clause_borders, _conjunction_borders):
        found = list(borders(text, language.split("-")[0]))
        if found:
            middle = min(found, key=lambda at: abs(at - len(text) / 2))
            left, right = text[:middle].rstrip(), text[middle:].lstrip()
            return split(left, language, takes, longest) + split(right, language, takes, longest)
    shown = len(text.split())
    raise ValueError(f"{shown} words, about {takes(text):.0f} s; at most {longest:.0f} s fit in a line")


def _sentence_borders(text: str, language: str) -> Iterator[int]:
    for border in _SENTENCE_END.finditer(text):
        word = text[: border.start()].rsplit(None, 1)[-1].lstrip("\"“„«‘'([¿¡").lower()
        ordinal = language == "de" and re.fullmatch(r"\d+\.", word)
        initial = re.fullmatch(r"[^\W\d]\.", word) and word != "i."
        if not (ordinal or initial or word in ABBREVIATIONS[language]) and not _in_field(text, border.start()):
            yield border.end()


def _clause_borders(text: str, language: str) -> Iterator[int]:
    for border in _CLAUSE_END.finditer(text):
        if not _in_field(text, border.start()):
            yield border.end()


def _conjunction_borders(text: str, language: str) -> Iterator[int]:
    for border in re.finditer(rf"\s+(?=(?:{'|'.join(CONJUNCTIONS[language])})\s)", text, re.IGNORECASE):
        if border.start():
            yield border.end()


def _in_field(text: str, at: int) -> bool:
    return any(field.start() < at < field.end() for field in _FIELD.finditer(text))
