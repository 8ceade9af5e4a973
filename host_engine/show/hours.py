"""Times as a rundown writes them: lengths such as 15m, times of day, weekdays, dates, and the hours made of them."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, PlainValidator, ValidationError, WithJsonSchema

from host_engine.document.wording import sentence
from host_engine.show.attributes import Part

DAY = 24 * 60  # minutes
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LENGTH = re.compile(r"(\d{1,5}) ?(seconds?|sec|s|minutes?|min|m|hours?|h|days?|d)\b")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Spell(NamedTuple):
    """From one instant until before another."""

    opens: datetime
    closes: datetime


def parse_length(written: object) -> timedelta:
    """A length such as "90s", "15m", "1h 30m". Raises ValueError with a sentence."""
    text = str(written).strip().lower()
    parts = [match.groups() for match in _LENGTH.finditer(text)]
    if not parts or _LENGTH.sub("", text).strip():
        raise ValueError(f"'{written}' is not a length of time; write it like '15m', '90s' or '1h 30m'")
    return timedelta(seconds=sum(int(number) * _UNITS[unit[0]] for number, unit in parts))


def parse_minute(written: object) -> int:
    """Minutes since midnight of a time of day such as "20:00"; "24:00" is the end of the day."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", str(written).strip())
    minute = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else DAY + 1
    if minute > DAY:
        raise ValueError(f"'{written}' is not a time of day; write it like '20:00'")
    return minute


class Hours(NamedTuple):
    """From one minute of the day until before another; where the second is not later, it is on the next day."""

    first: int
    end: int

    def __str__(self) -> str:
        return f"{clock(self.first)}-{clock(self.end)}"


def parse_hours(written: object) -> Hours:
    """Hours such as "08:00-12:00" or, over midnight, "22:00-02:00"."""
    if isinstance(written, Hours):
        return written
    first, dash, end = str(written).replace("–", "-").partition("-")
    if not dash:
        raise ValueError(f"'{written}' are no hours; write them like '08:00-12:00'")
    hours = Hours(parse_minute(first), parse_minute(end))
    if hours.first == DAY:
        raise ValueError(f"'{written}' begins at the end of a day; write '00:00' for midnight")
    return hours


def parse_weekdays(written: object) -> tuple[int, ...]:
    """Days of the week, Monday being 0: "mon-fri", "sat, sun", or a list of such."""
    listed = list(written) if isinstance(written, list | tuple) else re.split(r"[,\s]+", str(written).strip())
    found: set[int] = set()
    for each in listed:
        first, _, last = str(each).strip().lower().replace("–", "-").partition("-")
        start, end = _weekday(first, each), _weekday(last or first, each)
        found |= {(start + k) % 7 for k in range((end - start) % 7 + 1)}
    return tuple(sorted(found))


def _weekday(text: str, written: object) -> int:
    if len(text) < 2 or not (fits := [n for n, day in enumerate(_FULL) if day.startswith(text)]):
        raise ValueError(f"'{written}' is not a day of the week; write {', '.join(WEEKDAYS)}, or such as mon-fri")
    return fits[0]


_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Dates(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


def parse_dates(written: object) -> tuple[Dates, ...]:
    """Days such as "2026-12-24" or "2026-12-01/2026-12-24", or a list of such."""
    listed = list(written) if isinstance(written, list | tuple) else [written]
    found = []
    for each in listed:
        first, slash, last = str(each).strip().partition("/")
        try:
            days = Dates(date.fromisoformat(first), date.fromisoformat(last if slash else first))
        except ValueError:
            raise ValueError(f"'{each}' is no date; write '2026-12-24', or '2026-12-01/2026-12-24'") from None
        if days.last < days.first:
            raise ValueError(f"'{each}' ends before it begins")
        found.append(days)
    return tuple(found)


def _listed(written: object) -> object:
    return [written] if isinstance(written, str) else written


Length = Annotated[
    timedelta,
    PlainValidator(parse_length),
    WithJsonSchema({"type": "string", "examples": ["15m", "90s", "1h 30m"]}),
]
Minute = Annotated[int, PlainValidator(parse_minute), WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"})]
OneOfHours = Annotated[
    Hours, PlainValidator(parse_hours), WithJsonSchema({"type": "string", "examples": ["08:00-12:00", "22:00-02:00"]})
]
_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class When(Part):
    """Hours of certain days. What is left out does not matter."""

    hours: Annotated[tuple[OneOfHours, ...], BeforeValidator(_listed, json_schema_input_type=Any)] = ()
    """Such as "08:00-12:00", or several; "22:00-02:00" goes over midnight and belongs to the day it begins on."""
    weekdays: Annotated[tuple[int, ...], PlainValidator(parse_weekdays), WithJsonSchema(_TEXTS)] = ()
    """Such as mon-fri, or [sat, sun]."""
    dates: Annotated[tuple[Dates, ...], PlainValidator(parse_dates), WithJsonSchema(_TEXTS)] = ()
    """Such as 2026-12-24, or 2026-12-01/2026-12-24, or several."""

    def on(self, day: date) -> bool:
        """Whether a day is one of these."""
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return not self.dates or any(each.first <= day <= each.last for each in self.dates)

    def spells(self, now: datetime) -> tuple[Spell, ...]:
        """When it is open, of yesterday, today and tomorrow, by the clocks of the zone that `now` has."""
        return _spells(self, now.date(), now.tzinfo)


@lru_cache(1024)
def _spells(when: When, today: date, zone: tzinfo | None) -> tuple[Spell, ...]:
    """Asked at every choice, and the same for all of a day."""
    found = []
    for day in (today + timedelta(days=k) for k in (-1, 0, 1)):
        for first, end in (when.hours or (Hours(0, DAY),)) if when.on(day) else ():
            over = timedelta(days=1) if end <= first else timedelta()
            found.append(Spell(moment(day, first, zone), moment(day + over, end, zone)))
    return tuple(found)


def parse_whens(written: Any) -> tuple[When, ...]:
    """A `when` as it is written: hours, a list of them, a group of fields, or a list of these. Raises ValueError."""
    listed = list(written) if isinstance(written, list | tuple) else [written]
    if not listed:
        raise ValueError("there are no hours here; write them like '08:00-12:00'")
    try:
        return tuple(_when(each) for each in listed)
    except ValidationError as wrong:
        where, what = sentence(wrong.errors(include_url=False)[0], When)
        raise ValueError(f"{where[0]}: {what}" if where else what) from None


def _when(written: object) -> When:
    if isinstance(written, When):
        return written
    return When.model_validate({"hours": [parse_hours(written)]} if isinstance(written, str) else written)


_GROUP = {
    "type": "object",
    "properties": {"hours": _TEXTS, "weekdays": _TEXTS, "dates": _TEXTS},
    "additionalProperties": False,
}
_ONE = {"anyOf": [{"type": "string", "examples": ["08:00-12:00", "22:00-02:00"]}, _GROUP]}
Whens = Annotated[
    tuple[When, ...],
    PlainValidator(parse_whens),
    WithJsonSchema({"anyOf": [*_ONE["anyOf"], {"type": "array", "items": _ONE, "minItems": 1}]}),
]


def open_now(whens: tuple[When, ...], now: datetime) -> Spell | None:
    """The spell that holds now, the one that closes last; None outside of all."""
    found = [spell for when in whens for spell in when.spells(now) if spell.opens <= now < spell.closes]
    return max(found, key=lambda spell: spell.closes, default=None)


@lru_cache(4096)
def moment(day: date, minute: int, zone: tzinfo | None) -> datetime:
    """The instant at which the clocks of a zone show a time. One that they leave out comes as much later as they are
    put forward; of one that they show twice it is the first."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)  # two times of one zone are compared as if clocks were never put


def clock(minute: int) -> str:
    """A minute of the day as it is written: "20:00"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def zone_named(name: str) -> ZoneInfo:
    """A time zone. Raises ValueError with a sentence."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{name}' is not a time zone; write it like 'Europe/London' or 'UTC'") from None


def local_zone() -> ZoneInfo:
    """The zone of this machine; UTC where it does not say."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").lstrip(":"), linked, _etc_timezone()):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")


def _etc_timezone() -> str:
    try:
        return Path("/etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
