"""A long list of plain entries, such as the products of a large catalog, read five times faster than as YAML.

Only what is the same for every reader of YAML is read here; whatever else there is, the whole file goes the usual way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Load = Callable[[bytes], Any]

LARGE = 200_000  # bytes from which on it is worth it
PLAIN = 0.95  # of all lines: below that, it is quicker to read all of it the usual way
NULLS = frozenset({"~", "null", "Null", "NULL"})
NOT_HERE = "\t", "\r", "\n---", "\n...", "\n%"
SHARED = re.compile(r"[&*]")  # anchors and aliases, which entries may share
_SAFE = r"\w[^\n:#]*+(?::(?=\S)[^\n:#]*+|(?<=\S)#[^\n:#]*+)*+"  # a text without quotes
_FIELD = re.compile(rf"(\w++): (?:({_SAFE})|\"([^\"\\\n]++)\"|'([^'\n]++)'|\[([^\n]+)\])")
_PART = re.compile(r"\w(?:[^,:#\[\]{}\"'\\]*+(?<!\s))?")  # of a list in brackets


class _Unlike(Exception):
    """It is not plain."""


def read_entries(source: bytes, name: str, load: Load) -> Any | None:
    """The document, with the entries of its list `name`; None where it is to be read the usual way.

    `load` reads YAML: the rest of the document, and each entry that is not plain. Raises nothing that it raises.
    """
    if len(source) < LARGE:
        return None
    try:
        text = source.decode("utf-8")
        begin, end, indent = _where(text, name)
        entries = list(_entries(text[begin:end], indent, load))
        rest = load(f"{text[:begin]}{' ' * indent}- {name}\n{text[end:]}".encode())
    except Exception:  # what is wrong, and where, is found by reading all of it
        return None
    if not isinstance(rest, dict) or rest.get(name) != [name]:
        return None
    rest[name] = entries
    return rest


def _where(text: str, name: str) -> tuple[int, int, int]:
    """Where the entries begin and end, and how far they are indented."""
    if any(each in text for each in NOT_HERE) or not (text[0].isalpha() or text[0] == "#"):
        raise _Unlike
    head = re.search(rf"^{name}:\n( *)- ", text, re.MULTILINE)
    if head is None:
        raise _Unlike
    indent, begin = len(head[1]), head.end() - 2 - len(head[1])
    end = re.compile(rf"\n(?! {{{indent}}})\S" if indent else r"\n[^-\s]").search(text, begin)
    if not end and not text.endswith("\n"):
        raise _Unlike
    return begin, end.start() + 1 if end else len(text), indent


def _entries(text: str, indent: int, load: Load) -> Iterator[Any]:
    margin = " " * indent
    lines = re.findall(rf"^{margin}(- |  ){_FIELD.pattern}$", text, re.MULTILINE)
    if len(lines) == text.count("\n") and text.replace("\n", "").isprintable():
        yield from _all_plain(lines)
        return
    if len(lines) < PLAIN * text.count("\n"):
        raise _Unlike
    dash, inside = f"\n{margin}- ", f"\n{margin}  "
    for entry in f"\n{text}".removeprefix(dash).rstrip("\n").split(dash):
        try:
            yield _plain(entry.split(inside))
        except _Unlike:
            if SHARED.search(entry):
                raise
            (found,) = load(f"{dash[1:]}{entry}\n".encode())
            yield found


def _all_plain(lines: list[tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """The entries, where each line of the text is a field. Raises _Unlike."""
    entry: dict[str, Any] = {}
    for start, name, bare, double, single, listed in lines:
        if start == "- ":
            if entry:
                yield entry
            entry = {}
        if name in entry or name in NULLS or bare[-1:] == " ":
            raise _Unlike
        entry[name] = (None if bare in NULLS else bare) if bare else _list(listed) if listed else double or single
    yield entry


def _plain(lines: list[str]) -> dict[str, Any]:
    """The fields of an entry, one a line. Raises _Unlike."""
    found: dict[str, Any] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None or line[-1] == " " or not line.isprintable():
            raise _Unlike
        name, bare, double, single, listed = field.groups()
        if name in NULLS or name in found:
            raise _Unlike
        if bare is not None:
            found[name] = None if bare in NULLS else bare
        elif listed is not None:
            found[name] = _list(listed)
        else:
            found[name] = double if double is not None else single
    return found


def _list(inside: str) -> list[str | None]:
    parts = inside.split(", ")
    if not all(_PART.fullmatch(each) for each in parts):
        raise _Unlike
    return [None if each in NULLS else each for each in parts]
