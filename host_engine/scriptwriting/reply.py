"""What a language model answered, read with care: bounded, plain, and only what has the shape that was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from host_engine.audience.answer import WriterError
from host_engine.audience.writer.plain import plain
from host_engine.audience.writer.thinking import Unthinking
from host_engine.scriptwriting.request import KINDS
from host_engine.show.fields import FIELD

MOST_READ = 40_000  # signs of an answer, thoughts among them
MOST_LINES = 20
MOST_VARIANTS = 10
LONGEST = 300  # signs of a line
_FENCE = re.compile(r"```(?:json)?", re.IGNORECASE)
_COMMA = re.compile(r",(\s*[\]}])")
_OPEN, _CLOSE = "qzfield", "zqfield"  # letters that stand for braces while a text is made plain


class Proposal(NamedTuple):
    """A line that a model proposes."""

    about: str
    variants: tuple[str, ...]


def proposals(said: str, known: Mapping[str, str]) -> list[Proposal]:
    """The lines of an answer. Raises WriterError where there is none.

    `known`: amounts as they are shown, and the field that stands for each, such as "15.00 €" for {price}.
    """
    if len(said) > MOST_READ:
        raise WriterError("the model wrote without end")
    thinking = Unthinking()
    text = thinking.feed(said) + thinking.end()
    found = [each for each in _lines(_document(text), known) if each.variants]
    if not found:
        raise WriterError("the model answered with no lines")
    return found[:MOST_LINES]


def _document(text: str) -> Any:
    """The first JSON value in a text that has more around it."""
    text = _FENCE.sub(" ", text)
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0:
        raise WriterError("the model answered with no JSON")
    for attempt in (text[start:], _COMMA.sub(r"\1", text[start:])):
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    raise WriterError("the model's JSON is broken")


def _lines(document: Any, known: Mapping[str, str]) -> Iterator[Proposal]:
    if isinstance(document, dict):
        listed = document.get("lines")
        if listed is None:  # {"intro": [...], "price": [...]}
            listed = [{"about": key, "variants": value} for key, value in document.items()]
    else:
        listed = document
    for entry in listed if isinstance(listed, list) else ():
        about, variants = "point", entry
        if isinstance(entry, dict):
            about = str(entry.get("about", "point")).lower()
            variants = entry.get("variants", entry.get("text"))
        if isinstance(variants, str):
            variants = [variants]
        if isinstance(variants, list):
            texts = (_said(each, known) for each in variants[:MOST_VARIANTS] if isinstance(each, str))
            yield Proposal(about if about in KINDS else "point", tuple(dict.fromkeys(filter(None, texts))))


def _said(text: str, known: Mapping[str, str]) -> str:
    """A line in plain words with its fields; amounts become fields, so that they follow the catalog."""
    kept = FIELD.sub(lambda field: f"{_OPEN}{field[1].replace('_', 'qzu')}{_CLOSE}", text[: LONGEST * 2])
    words = plain(kept)
    for shown, field in known.items():
        words = re.sub(rf"(?<![\w.,]){re.escape(shown)}(?![\w])", f"{_OPEN}{field.replace('_', 'qzu')}{_CLOSE}", words)
    words = re.sub(rf"{_OPEN}(\w+?){_CLOSE}", lambda field: f"{{{field[1].replace('qzu', '_')}}}", words)
    if not any(map(str.isalnum, words)) or len(words) > LONGEST:
        return ""
    return words if words[-1] in ".!?…" else f"{words}."
