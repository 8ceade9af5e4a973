"""Durations and sizes as people write them in a file: 15m, 1h30m, 200GB; a plain number is seconds or bytes."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
DURATION = r"(\d+(?:\.\d+)?d)?(\d+(?:\.\d+)?h)?(\d+(?:\.\d+)?m)?(\d+(?:\.\d+)?s)?"
SIZES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
SIZES["TiB"] = 2**40
SIZE = r"(\d+(?:\.\d+)?) ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)"
PLAIN = r"\d+(?:\.\d+)?"


def seconds(given: Any) -> Any:
    """Seconds of '90', '15m' or '1h30m'. Raises ValueError with a sentence for other text; no text passes as it is."""
    if not isinstance(given, str):
        return given
    text = given.strip().lower()
    if re.fullmatch(PLAIN, text):
        return float(text)
    found = re.fullmatch(DURATION, text)
    if not text or not found:
        raise ValueError(f"'{given}' is not a duration; write it like 90s, 15m or 1h30m")
    return sum(float(part[:-1]) * UNITS[part[-1]] for part in found.groups() if part)


def size(given: Any) -> Any:
    """Bytes of '200GB', '1.5 TB' or '500000'. Raises ValueError with a sentence for other text."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    if re.fullmatch(r"\d+", text):
        return int(text)
    found = re.fullmatch(SIZE, text, re.IGNORECASE)
    if not found:
        raise ValueError(f"'{given}' is not a size; write it like 500MB, 200GB or 1.5TB")
    unit = next(unit for unit in SIZES if unit.lower() == found[2].lower())
    return round(float(found[1]) * SIZES[unit])


def in_words(count: float) -> str:
    """A number of bytes for people: '1.5 GB'."""
    for unit in ("TB", "GB", "MB", "kB"):
        if count >= SIZES[unit]:
            return f"{count / SIZES[unit]:.1f} {unit}"
    return f"{count:.0f} bytes"


Seconds = Annotated[
    float,
    BeforeValidator(seconds),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[\d.]+(s|m|h|d)([\d.]+(m|s))*$"}]}),
]
Bytes = Annotated[
    int,
    BeforeValidator(size),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^[\d.]+ ?([kMGT]i?)?B$"}]}),
]
