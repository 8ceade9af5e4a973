"""Instants as people write them on the command line."""

from __future__ import annotations

from datetime import datetime


def instant(written: str) -> datetime:
    """The instant that "2026-11-22 14:00", "2026-11-22" or any ISO 8601 means, here unless it names a zone.

    Raises ValueError with a sentence.
    """
    try:
        return datetime.fromisoformat(written.strip()).astimezone()
    except (ValueError, OverflowError):
        raise ValueError(
            f"'{written[:60]}' is no time; write it like '2026-11-22 14:00', or with a zone like 2026-11-22T14:00Z"
        ) from None


def shown(instant: datetime) -> str:
    """An instant with the zone that it is written in."""
    local = instant.astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()} (UTC{local:%z})"
