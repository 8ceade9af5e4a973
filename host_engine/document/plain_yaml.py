"""YAML as people like to read and edit it: values that need no quotes have none, long texts are folded."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 112  # signs of a line
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})  # other readers see more than text
_PLAIN = re.compile(r"[^\W_](?:[^:#\n]|:(?=[^\s])|(?<!\s)#)*")


def value(text: str) -> str:
    """A text as one value on one line."""
    if _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _RESERVED and text.isprintable():
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def entry(name: str, content: str | Sequence[str] | Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """The lines of a field: a text, a list of texts, or a group of fields."""
    if isinstance(content, str):
        yield from _text(f"{indent}{name}:", content, indent + "  ")
    elif isinstance(content, Mapping):
        yield f"{indent}{name}:"
        for inner, part in content.items():
            yield from entry(inner, part, indent + "  ")
    else:
        yield f"{indent}{name}:"
        for each in content:
            yield from item(each, indent + "  ")


def item(text: str, indent: str = "") -> Iterator[str]:
    """The lines of a text in a list."""
    yield from _text(f"{indent}-", text, indent + "  ")


def comment(text: str, indent: str = "") -> Iterator[str]:
    """A remark, folded; whatever signs it holds, it stays one."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    for line in textwrap.wrap(plain, WIDTH - len(indent) - 2, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _text(start: str, text: str, inside: str) -> Iterator[str]:
    if len(start) + len(text) < WIDTH or not _foldable(text):
        yield f"{start} {value(text)}"
        return
    yield f"{start} >-"
    room = max(40, WIDTH - len(inside))
    for line in textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False):
        yield inside + line


def _foldable(text: str) -> bool:
    """Whether a reader gets the same text back where its spaces become line breaks."""
    return text.isprintable() and text == " ".join(text.split(" ")).strip() and "  " not in text
