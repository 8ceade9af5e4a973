"""What pydantic found, in the words of someone who keeps a shop."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_KINDS = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "decimal_parsing": "a number",
    "bool_parsing": "yes or no; write true or false",
    "bool_type": "yes or no; write true or false",
    "date_parsing": "a date; write it like 2026-12-24",
    "date_from_datetime_parsing": "a date; write it like 2026-12-24",
    "datetime_parsing": "a time; write it like 2026-12-24T20:00+01:00",
    "datetime_from_date_parsing": "a time; write it like 2026-12-24T20:00+01:00",
    "url_parsing": "a web address; write it like https://shop.example/",
}
_SHAPES = {
    "string_type": "one text",
    "list_type": "a list (each entry begins with '- ')",
    "tuple_type": "a list (each entry begins with '- ')",
    "dict_type": "a group of fields (name: value)",
    "model_type": "a group of fields (name: value)",
    "model_attributes_type": "a group of fields (name: value)",
}


def sentence(error: ErrorDetails, model: type[BaseModel]) -> tuple[tuple[str | int, ...], str]:
    """The place that an error of `model` is about, and what to tell the person who wrote it."""
    loc, kind, given = error["loc"], error["type"], error["input"]
    limits = error.get("ctx", {})
    if kind == "missing":
        return loc[:-1], f"'{loc[-1]}' is missing"
    if kind == "extra_forbidden":
        return loc, _unknown(loc, model)
    if kind in _SHAPES:
        return loc, "there is nothing here; write a value" if given is None else f"this must be {_SHAPES[kind]}"
    if kind in _KINDS:
        return loc, f"{_quoted(given)} is not {_KINDS[kind]}"
    if kind in ("value_error", "assertion_error"):
        return loc, str(limits.get("error", error["msg"]))
    if kind == "union_tag_invalid":
        return (*loc, limits["discriminator"].strip("'")), unknown_name(
            limits["tag"], _choices(limits["expected_tags"])
        )
    if kind == "union_tag_not_found":
        return loc, f"{limits['discriminator']} is missing"
    if kind in ("literal_error", "enum"):
        return loc, unknown_name(str(given), _choices(str(limits["expected"])))
    return loc, _limit(kind, given, limits) or f"{_quoted(given)}: {error['msg'][0].lower()}{error['msg'][1:]}"


def nearest(word: str, known: Iterable[str]) -> str:
    """'; did you mean ...?' with the known word that is most like this one, or nothing."""
    by_lower = {each.lower(): each for each in known}
    close = difflib.get_close_matches(word.lower(), by_lower, 1, 0.6)
    return f"; did you mean '{by_lower[close[0]]}'?" if close else ""


def unknown_name(word: str, known: Iterable[str]) -> str:
    """Says that a word is none of the known ones, and which it could have been."""
    known = list(known)
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"{_quoted(word)} is not one of {listed}{nearest(word, known)}"


def _choices(expected: str) -> list[str]:
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]


def _quoted(given: Any) -> str:
    text = str(given)
    return "nothing" if given is None else f"'{text[:60]}{'...' if len(text) > 60 else ''}'"


def _limit(kind: str, given: Any, limits: dict[str, Any]) -> str | None:
    length = limits.get("actual_length")
    match kind:
        case "string_too_short":
            least = limits["min_length"]
            return "the text is empty" if least == 1 else f"the text has under {least} signs"
        case "string_too_long":
            return f"the text has {len(given)} signs; at most {limits['max_length']} are allowed"
        case "too_short":
            return f"the list has {length} entries; it needs at least {limits['min_length']}"
        case "too_long":
            return f"the list has {length} entries; at most {limits['max_length']} are allowed"
        case "string_pattern_mismatch":
            return f"{_quoted(given)} is not written as it should be ({limits['pattern']})"
        case "greater_than" | "greater_than_equal":
            return f"{_quoted(given)} is too small; it must be {'over' if 'gt' in limits else 'at least'} " + str(
                limits.get("gt", limits.get("ge"))
            )
        case "less_than" | "less_than_equal":
            return f"{_quoted(given)} is too big; it must be {'under' if 'lt' in limits else 'at most'} " + str(
                limits.get("lt", limits.get("le"))
            )
    return None


def _unknown(loc: tuple[str | int, ...], model: type[BaseModel]) -> str:
    name = str(loc[-1])
    if name == "<<":
        return "'<<' (merging) is not used here; write the fields out"
    owner = _model_at(loc[:-1], model)
    known = [field.alias or key for key, field in owner.model_fields.items()] if owner else []
    return f"there is no field '{name}' here{nearest(name, known)}"


def _model_at(loc: tuple[str | int, ...], kind: Any) -> type[BaseModel] | None:
    kind = _bare(kind)
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or key: field.annotation for key, field in kind.model_fields.items()}
            kind = _bare(fields.get(str(part)))
        elif inner := get_args(kind):
            kind = _bare(inner[-1] if get_origin(kind) is dict else inner[0])
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _bare(kind: Any) -> Any:
    """An annotation without its Annotated and without `| None`."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    return kind
