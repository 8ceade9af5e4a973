"""YAML straight from libyaml's events: every plain value is text, no objects, no depth or alias can hurt.

Values stay text because the models say what they are: 0400123 remains an article number and "no" a word.
Building from events takes a third of the time of PyYAML's own loader and does not recurse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

DEEPEST = 40
MOST_VALUES = 5_000_000  # after aliases are followed
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str"})
_SENTENCES = {
    "cannot start any token": "a tab or a reserved sign begins a value; indent with spaces, put text in quotes",
    "mapping values are not allowed": "': ' stands where no field can begin; quote the text, or check the indent",
    "could not find expected ':'": "a field has no ':' after its name, or a line is not indented as those around it",
    "did not find expected key": "a line is not indented as those around it, or a quoted text goes on after its quote",
    "did not find expected '-' indicator": "a line is not indented as the list around it",
    "unexpected end of stream": "a quote or bracket is opened and never closed",
    "did not find expected ',' or": "a bracket is opened and never closed, or a comma is missing",
    "did not find expected node content": "a bracket is opened and never closed",
    "control characters are not allowed": "the file holds control characters, so it is not a text file",
    "found undefined alias": "an alias (*name) is used that no anchor (&name) defines",
}


class Malformed(Exception):
    """The file is no document at all; says why, and in which line."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class Place(NamedTuple):
    """Where a value stands: its line, and for each of its parts the line of the key or entry and the part's place."""

    line: int
    parts: dict[str | int, tuple[int, Place]]


class _Open:
    """A list or mapping whose end has not come yet; a mapping's keys and values alternate."""

    __slots__ = ("anchor", "items", "line", "lines", "mapping", "size")

    def __init__(self, mapping: bool, anchor: str | None, line: int) -> None:
        self.mapping, self.anchor, self.line = mapping, anchor, line
        self.items: list[Any] = []
        self.lines: list[int] = []
        self.size = 1


def load(source: bytes) -> Any:
    """The document as dicts, lists, text and None. Raises Malformed."""
    return _build(source, places=False)


def place(source: bytes) -> Place:
    """The lines of everything in a document that `load` accepts."""
    found = _build(source, places=True)
    return found if isinstance(found, Place) else Place(1, {})


def _build(source: bytes, places: bool) -> Any:
    top = _Open(False, None, 1)
    stack, here = [], top
    anchors: dict[str, tuple[Any, int]] = {}
    for event in _events(source):
        kind = type(event)
        line = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            value: Any = _scalar(event, line)
            size = 1
            if places and (not here.mapping or len(here.items) % 2):
                value = Place(line, {})
            if event.anchor is not None:
                anchors[event.anchor] = (value, 1)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _refuse_tag(event, line)
            stack.append(here)
            if len(stack) > DEEPEST:
                raise Malformed(f"values are nested more than {DEEPEST} deep", line)
            here = _Open(kind is yaml.MappingStartEvent, event.anchor, line)
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            value, size, line = _close(here, places), here.size, here.line
            if here.anchor is not None:
                anchors[here.anchor] = (value, size)
            here = stack.pop()
        elif kind is yaml.AliasEvent:
            if event.anchor not in anchors:
                raise Malformed(f"*{event.anchor} stands for nothing: no anchor &{event.anchor} comes before it", line)
            value, size = anchors[event.anchor]
        else:
            if kind is yaml.DocumentStartEvent and top.items:
                raise Malformed("a second document begins here ('---'); one is allowed", line)
            continue
        here.items.append(value)
        here.lines.append(line)
        here.size += size
        if here.size > MOST_VALUES:
            raise Malformed(f"the document holds more than {MOST_VALUES:,} values once its aliases are followed", line)
    return top.items[0] if top.items else None


def _close(here: _Open, places: bool) -> Any:
    if here.mapping:
        names = here.items[::2]
        mapping = _mapping(here, names)
        if places:
            parts = zip(names, here.lines[::2], here.items[1::2], strict=True)
            return Place(here.line, {name: (line, value) for name, line, value in parts})
        return mapping
    if places:
        return Place(here.line, {n: pair for n, pair in enumerate(zip(here.lines, here.items, strict=True))})
    return here.items


def _mapping(here: _Open, names: list[Any]) -> dict[str, Any]:
    try:
        mapping = dict(zip(names, here.items[1::2], strict=True))
    except TypeError:
        raise Malformed("the name of a field must be a word", here.line) from None
    if None in mapping or (len(mapping) != len(names)):
        seen: set[str | None] = set()
        for name, line in zip(names, here.lines[::2], strict=True):
            if name is None:
                raise Malformed("a field has no name", line)
            if name in seen:
                raise Malformed(f"'{name}' is written twice in the same place", line)
            seen.add(name)
    return mapping


def _scalar(event: Any, line: int) -> str | None:
    if event.tag is not None:
        _refuse_tag(event, line)
    elif event.implicit[0] and event.value in _NULLS:
        return None
    return event.value  # type: ignore[no-any-return]


def _refuse_tag(event: Any, line: int) -> None:
    if event.tag not in _TEXT_TAGS:
        raise Malformed(f"the tag {event.tag} is not allowed; write plain text", line)


def _events(source: bytes) -> Iterator[Any]:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = source.count(b"\n", 0, wrong.start) + 1
        raise Malformed("the file is not UTF-8 text; save it as UTF-8", line) from None
    parser = CParser(source)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Malformed(_reworded(str(error.problem)), mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise Malformed(_reworded(str(error)), None) from None
    finally:
        parser.dispose()


def _reworded(problem: str) -> str:
    for known, words in _SENTENCES.items():
        if known in problem:
            return words
    return f"this is not YAML: {problem}"
