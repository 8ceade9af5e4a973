"""The rows of the as-run log: what was said, and what else is to be known about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from host_engine.show.evidence import Evidence
from host_engine.show.utterance import Utterance

Value: TypeAlias = "str | int | None"
Entry: TypeAlias = "dict[str, Value]"  # a row before it has its place in the chain

UTTERANCE, FACT = "utterance", "fact"
TEXTS = (
    "id", "run", "kind", "why", "began", "ended", "text", "cut", "line", "segment", "product", "catalog", "version",
    "price", "sale_price", "voice", "details",
)  # fmt: skip
NUMBERS = ("first_frame", "last_frame")
MOST, LONGEST = 12, 120  # pieces of evidence of one line, letters of a value
REASONS = {"answers": "answer"}  # where the lane is not named as the reason


def utterance(id: str, run: str, said: Utterance) -> Entry:
    """The entry of one utterance. Prices are those in force when the line was made, such as "15.00 EUR"."""
    line = said.line
    basis, card = line.basis, line.card
    cut: dict[str, Any] = {"planned": line.text} if said.cut or said.start else {}
    cut |= ({"broken": said.broken} if said.broken else {}) | ({"from": said.start} if said.start else {})
    cut |= {"mandatory": line.mandatory} if line.mandatory else {}
    return _entry(
        id=id,
        run=run,
        kind=UTTERANCE,
        why=REASONS.get(said.lane, said.lane),
        began=stamp(said.began),
        ended=stamp(said.ended),
        first_frame=said.first,
        last_frame=said.last,
        text=said.text,
        cut=said.cut,
        line=line.id,
        segment=line.segment,
        product=line.product or "",
        catalog=basis.catalog if basis else "",
        version=basis.version if basis else "",
        price=(basis and basis.price) or (card.price if card else ""),
        sale_price=(basis and basis.sale_price) or (card.sale_price if card and not basis else "") or "",
        voice=said.voice,
        details=compact(cut | backing(line.evidence)),
    )


def backing(evidence: Sequence[Evidence]) -> dict[str, list[list[str]]]:
    """What backs each claim of a line: product ("" for the shop itself), field and value, in the row's details."""
    kept = [[each.product or "", each.field, each.value[:LONGEST]] for each in evidence[:MOST]]
    return {"evidence": kept} if kept else {}


def fact(id: str, run: str, kind: str, text: str, frame: int, now: datetime, details: Mapping[str, Any]) -> Entry:
    """The entry of a fact of that kind, such as "alarm" or "ladder"."""
    at = stamp(now)
    return _entry(
        id=id, run=run, kind=FACT, why=kind, began=at, ended=at, first_frame=frame, last_frame=frame, text=text,
        details=compact(details),
    )  # fmt: skip


def checked(fields: object) -> Entry:
    """The entry that a file holds. Raises ValueError where it is none."""
    if not isinstance(fields, dict) or set(fields) != {*TEXTS, *NUMBERS}:
        raise ValueError("these are not the fields of a row")
    kinds = {**dict.fromkeys(TEXTS, str), **dict.fromkeys(NUMBERS, int)}
    if any(type(fields[name]) is not kind for name, kind in kinds.items()):
        raise ValueError("a field of the row is of another kind than it should be")
    return _entry(**fields)


def stamp(instant: datetime) -> str:
    """An instant as it is kept: UTC to the millisecond, so that texts sort as times do."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def compact(value: Mapping[str, Any]) -> str:
    """The one way to write a value as JSON; what JSON does not know is written as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _entry(**fields: Value) -> Entry:
    whole: Entry = {**dict.fromkeys(TEXTS, ""), **dict.fromkeys(NUMBERS, -1), **fields}
    return {name: _clean(value) if isinstance(value, str) else value for name, value in whole.items()}


def _clean(text: str) -> str:
    """The text without what a database does not take: lone surrogates and the character NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
