"""Notes in Markdown, cut into passages: one paragraph under its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from host_engine.audience.writer.plain import plain
from host_engine.show.evidence import Evidence

LONGEST = 600  # signs of a passage
MOST = 2000  # passages of all notes together
MOST_AT_ONCE = 20_000  # signs of a paragraph
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")


class Passage(NamedTuple):
    """What is known about something: a paragraph of a note, or an answer that the persona file gives."""

    source: str  # such as "knowledge:notes/tea.md#Water", "example:Which tea for the evening?"
    about: tuple[str, ...]  # headings, or the questions that it answers
    text: str  # plain words
    language: str

    @property
    def evidence(self) -> Evidence:
        """What backs a sentence that is taken from here; never a price, stock or promise: those are the catalog's."""
        return Evidence(None, self.source, self.text)


def cut(markdown: str, name: str, language: str) -> Iterator[Passage]:
    """The passages of one note, in its order. `name` is its path inside the persona's folder."""
    headings: list[str] = []
    text = _HIDDEN.sub("", _FRONT.sub("", markdown.replace("\r\n", "\n")))
    for heading, paragraph in _paragraphs(text):
        if heading is not None:
            depth = len(heading[1])
            headings = [*headings[: depth - 1], plain(heading[2])]
            continue
        for part in _parts(plain(paragraph[:MOST_AT_ONCE])):
            under = tuple(each for each in headings if each)
            yield Passage(f"knowledge:{name}#{under[-1] if under else ''}", under, part, language)


def read_notes(folder: Path, names: tuple[str, ...], language: str) -> list[Passage]:
    """The passages of all notes; at most `MOST`. Raises OSError and ValueError where one cannot be read."""
    found: list[Passage] = []
    for name in names:
        found += cut((folder / name).read_text("utf-8"), name, language)
    return found[:MOST]


def _paragraphs(markdown: str) -> Iterator[tuple[re.Match[str] | None, str]]:
    """Headings, and blocks of lines between them and empty lines; what stands in code fences is left out."""
    block: list[str] = []
    fenced = False
    for line in [*markdown.split("\n"), ""]:
        if _FENCE.match(line):
            fenced = not fenced
            line = ""
        elif fenced:
            continue
        heading = _HEADING.match(line)
        if (heading or not line.strip()) and block:
            yield None, "\n".join(block)
            block = []
        if heading:
            yield heading, ""
        elif line.strip():
            block.append(line)


def _parts(text: str) -> Iterator[str]:
    """A long paragraph in parts, cut between sentences where there are any."""
    part = ""
    for sentence in _SENTENCE.split(text):
        if part and len(part) + len(sentence) + 1 > LONGEST:
            yield part
            part = ""
        part = f"{part} {sentence}".strip()[:LONGEST]
    if part:
        yield part
