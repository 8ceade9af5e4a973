"""What the fields of a countdown stand for: {minutes}, {countdown}, {starts_in} and {starts_at}."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_time, format_timedelta
from babel.lists import format_list

FIELDS = frozenset({"minutes", "countdown", "starts_in", "starts_at"})
LONGEST: Mapping[str, str] = {
    "minutes": "59", "countdown": "22 hours and 55 minutes", "starts_in": "in 22 hours and 55 minutes",
    "starts_at": "10:55 PM",
}  # fmt: skip
_IN = {"en": "in", "de": "in", "es": "en", "fr": "dans", "it": "tra", "pt": "em", "nl": "over"}
_ROUGH = 90  # minutes above which they are said in steps of five
_DAY = 24 * 60


class Left(NamedTuple):
    """What is left until an instant, in words, and until when these are about right."""

    fields: Mapping[str, str]
    until: datetime


def left(target: datetime, now: datetime, language: str, zone: tzinfo) -> Left:
    """The fields at an instant; they are right to a minute, or to five of hours, and never after the target."""
    exact = (target - now).total_seconds() / 60
    step = 1 if exact <= _ROUGH else 5
    minutes = max(1, round(exact / step) * step)
    until = target.astimezone(UTC) - timedelta(minutes=minutes - step)
    locale = language.replace("-", "_")
    said, said_in = _words(minutes, locale)
    at = format_time(target.astimezone(zone), "short", locale=locale)
    fields = {"minutes": str(minutes), "countdown": said, "starts_in": said_in, "starts_at": " ".join(at.split())}
    return Left(fields, min(target.astimezone(UTC), until))


@lru_cache(2048)
def _words(minutes: int, locale: str) -> tuple[str, str]:
    """How long it is: "12 minutes" and "in 12 minutes"."""
    if minutes >= 2 * _DAY:
        length = timedelta(days=round(minutes / _DAY))
        plain = format_timedelta(length, granularity="day", threshold=1e9, locale=locale)
        days = [format_timedelta(length, granularity="day", threshold=1e9, locale=locale, add_direction=True)]
        return plain.strip(), days[0].strip()
    hours, rest = divmod(minutes, 60)
    lengths = (timedelta(hours=hours), timedelta(minutes=rest))
    parts = [format_timedelta(each, threshold=1, locale=locale) for each in lengths if each]
    plain = " ".join(format_list(parts, locale=locale).split())  # without spaces that keep words together
    return plain, f"{_IN[locale.split('_')[0]]} {plain}"
