"""Rows of a table that is kept as text: CSV and TSV, with quotes, line breaks inside fields, and what else there is."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from host_engine.feeds.refusal import Refused

SEPARATORS = "\t;,|"
LONGEST_FIELD = 200_000  # signs; a quote that is opened and never closed would take in the rest of the file
MOST_UNCLOSED = 20  # rows with such a quote, after which nothing is tried any more
MOST_COLUMNS = 2000


class Row(NamedTuple):
    """A row by the names of its columns, and the line that it begins in."""

    line: int
    cells: Mapping[str, tuple[str, ...]]  # what is empty is not there; a column may come several times
    columns: frozenset[str]  # of the whole table

    def one(self, *names: str) -> str:
        """The first of these columns that says something, "" where none does."""
        return next((self.cells[name][0] for name in names if name in self.cells), "")


class Broken(NamedTuple):
    """A row that cannot be read."""

    line: int
    what: str


class _Source:
    """Lines one by one; those of the row at hand are kept, so that they can be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._again = iter(lines), deque[str]()
        self.number, self.row, self.ended = 0, list[str](), False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._again.popleft() if self._again else next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.number += 1
        self.row.append(line)
        return line

    def reread(self) -> None:
        """Go on with the second line of the row at hand."""
        self.number -= len(self.row) - 1
        self._again.extendleft(reversed(self.row[1:]))
        self.row.clear()
        self.ended = False


def header_of(line: str) -> tuple[list[str], str]:
    """The names of the columns in the first line of a table, and what parts them."""
    counts = {sign: re.sub(r'"[^"]*"', "", line).count(sign) for sign in SEPARATORS}
    separator = max(SEPARATORS, key=lambda sign: counts[sign])
    cells = next(csv.reader([line], delimiter=separator), [])
    return [column(each) for each in cells], separator


def column(name: str) -> str:
    """A column's name as it is compared."""
    return " ".join(name.replace("\ufeff", "").replace("_", " ").lower().split()).removeprefix("g:")


def rows(lines: Iterable[str]) -> Iterator[Row | Broken]:
    """The rows below the header. Raises Refused where there is none, or too much is broken."""
    source = _Source(lines)
    names, separator = _header(source)
    columns = frozenset(names)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(source, delimiter=separator)
    unclosed = 0
    while True:
        source.row.clear()
        first = source.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or source.ended:  # the end of the file came within the row, so within quotes
            unclosed += 1
            if unclosed > MOST_UNCLOSED:
                raise Refused(f"more than {MOST_UNCLOSED} rows open a quote that is never closed", first)
            yield Broken(first, "a quote is opened in this row and never closed, or a field is endless")
            source.reread()
            reader = csv.reader(source, delimiter=separator)
        elif len(cells) > len(names) and any(map(str.strip, cells[len(names) :])):
            what = f"the row has {len(cells)} fields, the header {len(names)}: a quote or a separator is wrong"
            yield Broken(first, what)
        elif any(map(str.strip, cells)):
            yield Row(first, _named(names, cells), columns)


def _header(source: _Source) -> tuple[list[str], str]:
    for line in source:
        if line.strip() and not re.fullmatch(r'"?sep=.?"?\s*', line, re.IGNORECASE):  # which spreadsheets put there
            try:
                names, separator = header_of(line)
            except csv.Error:
                raise Refused("the first line is no header of a table", source.number) from None
            if len(names) > MOST_COLUMNS:
                raise Refused(f"the table has more than {MOST_COLUMNS} columns", source.number)
            return names, separator
    raise Refused("the file is empty")


def _named(names: list[str], cells: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, cell in zip(names, cells, strict=False):
        if text := cell.strip():
            found[name] = (*found.get(name, ()), text)
    return found
