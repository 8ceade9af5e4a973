"""The values of JSON-LD: texts in a language, references, measures, properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from host_engine.feeds.located_json import Node

_UNITS = {
    "GRM": "g", "KGM": "kg", "MGM": "mg", "LBR": "lb", "ONZ": "oz", "CMT": "cm", "MMT": "mm", "MTR": "m",
    "INH": "in", "FOT": "ft", "MLT": "ml", "LTR": "l", "CLT": "cl",
}  # fmt: skip


def listed(value: Any) -> list[Any]:
    """One value or several, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def resolved(value: Any, named: Mapping[str, Node]) -> Any:
    """The first of several; where it is a reference to a node, that node."""
    first = listed(value)[0] if listed(value) else None
    if isinstance(first, Node) and set(first) <= {"@id", "@type"} and isinstance(first.get("@id"), str):
        return named.get(first["@id"], first)
    return first


def text(value: Any) -> str:
    """A text or number as text; of several the first; "" for anything else."""
    first = listed(value)[0] if listed(value) else None
    if isinstance(first, Node):
        first = first.get("@value", first.get("value"))
    if isinstance(first, bool) or first is None or isinstance(first, dict | list):
        return ""
    try:
        return str(first).strip()
    except ValueError:  # a number of thousands of digits
        return ""


def said_name(value: Any, named: Mapping[str, Node]) -> str:
    """A text, or the name of what is referred to."""
    part = resolved(value, named)
    if isinstance(part, Node) and "@value" not in part:
        return text(part.get("name")) or (said_name(part.get("item"), {}) if part.get("item") is not part else "")
    return text(part)


def web(value: Any) -> str:
    """An address, where it looks like one."""
    said = text(value) or (text(value.get("@id")) if isinstance(value, Node) else "")
    return said if said.startswith(("http://", "https://", "//", "/")) else ""


def measure(value: Any, named: Mapping[str, Node]) -> str:
    """How much: "1.2 kg" of a QuantitativeValue or a text."""
    part = resolved(value, named)
    if not isinstance(part, Node):
        return text(part)
    amount = text(part.get("value"))
    unit = text(part.get("unitText")) or _UNITS.get(text(part.get("unitCode")).upper(), "")
    return f"{amount} {unit}" if amount and unit else ""


def attribute(value: Any, named: Mapping[str, Node]) -> str:
    """A PropertyValue as a technical fact: "section:attribute:value", the section empty."""
    part = resolved(value, named)
    if not isinstance(part, Node):
        return ""
    name, amount = text(part.get("name")), text(part.get("value"))
    unit = text(part.get("unitText")) or _UNITS.get(text(part.get("unitCode")).upper(), "")
    return f":{name}:{amount} {unit}".strip() if name and amount else ""
