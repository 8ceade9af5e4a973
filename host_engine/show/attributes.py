"""What the attributes of a product may hold: texts, prices, times, addresses, files. All else gets a sentence."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import Annotated, NamedTuple

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from host_engine.show.languages import LANGUAGES
from host_engine.show.money import Money, parse_money
from host_engine.show.pictures import check_picture

FIRST, LAST = 2, 9998  # years: shops write 9999-12-31 for never, and in another zone that may be after all dates


class Period(NamedTuple):
    """From one instant to another, both with their time zone."""

    start: datetime
    end: datetime


def _web_address(text: str) -> str:
    if not re.match(r"https?://[^\s/.]+\.?[^\s]*$", text):
        raise ValueError(f"'{text}' is not a web address; write it like 'https://shop.example/tea'")
    return text


def _instant(written: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(written).strip())
    except ValueError:
        raise ValueError(f"'{written}' is not a time; write it like '2026-12-24T20:00+01:00'") from None
    if instant.tzinfo is None:
        raise ValueError(f"'{written}' has no time zone; write it like '2026-12-24T20:00+01:00'")
    year = min(max(instant.year, FIRST), LAST)
    return instant if year == instant.year else instant.replace(year=year)


def _period(written: object) -> Period:
    start, slash, end = str(written).partition("/")
    if not slash:
        raise ValueError(f"'{written}' is not a period; write it like '2026-12-01T00:00+01:00/2026-12-24T23:59+01:00'")
    period = Period(_instant(start), _instant(end))
    if period.end <= period.start:
        raise ValueError(f"'{written}' ends before it begins")
    return period


def _gtin(text: str) -> str:
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"\d{8}|\d{12,14}", digits, re.ASCII):
        raise ValueError(f"'{text}' is not a GTIN: it needs 8, 12, 13 or 14 digits")
    total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(digits[-2::-1], 1))
    if (right := -total % 10) != int(digits[-1]):
        raise ValueError(f"'{text}' is not a GTIN: its last digit should be {right}")
    return digits


def _language(text: str) -> str:
    if text.split("-")[0] not in LANGUAGES:
        raise ValueError(f"'{text}' is not a language that can be spoken here: {', '.join(sorted(LANGUAGES))}")
    try:
        Locale.parse(text, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"'{text}' is not a language with its country; write it like 'de' or 'de-AT'") from None
    return text


def _local(text: str, info: ValidationInfo) -> str | None:
    """Where the file lies that a path in a catalog names; None for a web address."""
    if text.startswith(("http://", "https://")):
        return None
    if os.path.isabs(text) or ".." in text or "\0" in text:
        raise ValueError(f"'{text}' must lie inside the catalog's folder; write the path from there")
    return os.path.join((info.context or {}).get("folder", "."), text)


def _picture(text: str, info: ValidationInfo) -> str:
    path = _local(text, info)
    try:
        if path is not None:
            check_picture(path)
    except ValueError as wrong:
        raise ValueError(f"'{text}': {wrong}") from None
    return text


def check_clip(text: str, info: ValidationInfo) -> str:
    """The path of a clip that is there. Raises ValueError with a sentence."""
    path = _local(text, info)
    if path is None:
        raise ValueError(f"'{text}': a clip must be a file in the catalog's folder")
    if not os.path.isfile(path):
        raise ValueError(f"'{text}': there is no such clip")
    return text


_ANY_SCALAR = WithJsonSchema({"type": ["string", "number"]})  # editors must not object to a bare 4006381333931
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Bare = Annotated[Text, _ANY_SCALAR]
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), _ANY_SCALAR]
Link = Annotated[Text, AfterValidator(_web_address)]
Picture = Annotated[Text, AfterValidator(_picture)]
Clip = Annotated[Text, AfterValidator(check_clip)]
Price = Annotated[
    Money,
    PlainValidator(parse_money),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)? [A-Z]{3}$", "examples": ["15.00 EUR"]}),
]
Instant = Annotated[datetime, PlainValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]


Gtin = Annotated[Bare, AfterValidator(_gtin)]
Language = Annotated[str, AfterValidator(_language)]
SalePeriod = Annotated[
    Period,
    PlainValidator(_period),
    WithJsonSchema({"type": "string", "examples": ["2026-12-01T00:00+01:00/2026-12-24T23:59+01:00"]}),
]


class Part(BaseModel):
    """A part of a document: nothing but the fields named here, and never changed after it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def check_id(text: str) -> str:
    """An identifier itself. Raises ValueError where it holds other signs than letters, digits, - _ and dots."""
    if not re.fullmatch(r"[\w.-]+", text):
        raise ValueError(f"'{text}' is not an id: use letters, digits, '-', '_' and '.' only")
    return text
