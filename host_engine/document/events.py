"""YAML straight from libyaml's events: every plain value is text, no objects, no depth or alias can hurt.

Values stay text because the models say what they are: 0400123 remains an article number and "no" a word.
Building from events takes a third of the time of PyYAML's own loader and does not recurse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from host_engine.document.plain_entries import read_entries

DEEPEST = 40
LONG = "products"  # the list that may have thousands of entries
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
    "did not find expected ',' or": "a bracket is not closed, a comma is missing, or a text with {} needs quotes",
    "did not find expected node content": "a bracket is opened and never closed",
    "control characters are not allowed": "the file holds control characters, so it is not a text file",
    "found undefined alias": "an alias (*name) is used that no anchor (&name) defines",
}


class Malformed(Exception):
    """The file is no document at all; says why, and in which line."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class _TwiceError(Malformed):
    """Two fields of the same name; where they are is worth a second look only now."""


class Place(NamedTuple):
    """Where a value stands: its line, and for each of its parts the line of the key or entry and the part's place."""

    line: int
    parts: dict[str | int, tuple[int, Place]]


class _Open:
    """A list or mapping whose end has not come yet; a mapping's keys and values alternate."""

    __slots__ = ("aliased", "anchor", "items", "line", "lines", "mapping")

    def __init__(self, mapping: bool, anchor: str | None, line: int) -> None:
        self.mapping, self.anchor, self.line = mapping, anchor, line
        self.items: list[Any] = []
        self.lines: list[int] = []  # of each item, where places are asked for
        self.aliased = 0  # values that came in through aliases, and those inside the items


def load(source: bytes) -> Any:
    """The document as dicts, lists, text and None. Raises Malformed."""
    found = read_entries(source, LONG, load_all)
    return load_all(source) if found is None else found


def load_all(source: bytes) -> Any:
    """The same, all of it by libyaml."""
    with _parser(source) as parser:
        try:
            return _build(parser.get_event, places=False)
        except _TwiceError:
            place(source)  # says where
            raise


def place(source: bytes) -> Place:
    """The lines of everything in a document that `load` accepts."""
    with _parser(source) as parser:
        found = _build(parser.get_event, places=True)
    return found if isinstance(found, Place) else Place(1, {})


def _build(get_event: Callable[[], Any], places: bool) -> Any:
    here = top = _Open(False, None, 1)
    stack: list[_Open] = []
    anchors: dict[str, tuple[Any, int]] = {}
    line = 0
    while (event := get_event()) is not None:
        kind = type(event)
        if places:
            line = _line(event)
        if kind is yaml.ScalarEvent:
            value, size, anchor = event.value, 1, event.anchor
            if event.tag is not None or value in _NULLS:
                value = _special(event)
            if places and (not here.mapping or len(here.items) % 2):
                value = Place(_line(event), {})
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _refuse_tag(event)
            stack.append(here)
            if len(stack) > DEEPEST:
                raise Malformed(f"values are nested more than {DEEPEST} deep", _line(event))
            here = _Open(kind is yaml.MappingStartEvent, event.anchor, _line(event))
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            value, size, anchor = _close(here, places), len(here.items) + here.aliased, here.anchor
            line, here = here.line, stack.pop()
            here.aliased += size
        elif kind is yaml.AliasEvent:
            value, size = _aliased(event, anchors)
            here.aliased, anchor = here.aliased + size, None
            if here.aliased > MOST_VALUES:
                raise Malformed(f"there are more than {MOST_VALUES:,} values once aliases are followed", _line(event))
        else:
            if kind is yaml.DocumentStartEvent and top.items:
                raise Malformed("a second document begins here ('---'); one is allowed", _line(event))
            continue
        if anchor is not None:
            anchors[anchor] = (value, size)
        here.items.append(value)
        if places:
            here.lines.append(line)
    return top.items[0] if top.items else None


def _close(here: _Open, places: bool) -> Any:
    if not here.mapping:
        if places:
            return Place(here.line, dict(enumerate(zip(here.lines, here.items, strict=True))))
        return here.items
    names, values = here.items[::2], here.items[1::2]
    if places:
        _refuse_twice(names, here.lines[::2])
        values = list(zip(here.lines[::2], values, strict=True))
    try:
        mapping = dict(zip(names, values, strict=True))
    except TypeError:
        raise Malformed("the name of a field must be a word", here.line) from None
    if len(mapping) != len(names) or None in mapping:
        raise _TwiceError("a field is written twice, or has no name")
    return Place(here.line, mapping) if places else mapping


def _refuse_twice(names: list[Any], lines: list[int]) -> None:
    seen: dict[Any, int] = {}
    for name, line in zip(names, lines, strict=True):
        if name is None:
            raise Malformed("a field has no name", line)
        if not isinstance(name, str):
            raise Malformed("the name of a field must be a word", line)
        if name in seen:
            raise Malformed(f"'{name}' is written twice here, first in line {seen[name]}", line)
        seen[name] = line


def _aliased(event: Any, anchors: dict[str, tuple[Any, int]]) -> tuple[Any, int]:
    if event.anchor not in anchors:
        what = f"*{event.anchor} stands for nothing: no finished &{event.anchor} comes before it"
        raise Malformed(what, _line(event))
    return anchors[event.anchor]


def _special(event: Any) -> str | None:
    if event.tag is not None:
        _refuse_tag(event)
    elif event.implicit[0]:
        return None
    return event.value  # type: ignore[no-any-return]


def _refuse_tag(event: Any) -> None:
    if event.tag not in _TEXT_TAGS:
        raise Malformed(f"the tag {event.tag} is not allowed; write plain text", _line(event))


def _line(event: Any) -> int:
    return event.start_mark.line + 1  # type: ignore[no-any-return]


@contextmanager
def _parser(source: bytes) -> Iterator[Any]:
    """libyaml's parser of a source; its complaints become sentences."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = source.count(b"\n", 0, wrong.start) + 1
        raise Malformed("the file is not UTF-8 text; save it as UTF-8", line) from None
    parser = CParser(source)
    try:
        yield parser
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Malformed(_reworded(str(error.problem)), mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise Malformed(_reworded(str(error))) from None
    finally:
        parser.dispose()


def _reworded(problem: str) -> str:
    for known, words in _SENTENCES.items():
        if known in problem:
            return words
    return f"this is not YAML: {problem}"
