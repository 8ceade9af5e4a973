"""What is left until an instant, in words of every language, and until when these are right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.show.countdown import FIELDS, LONGEST, left
from host_engine.show.languages import LANGUAGES

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "minutes", "countdown", "starts_in", "starts_at"),
    [
        ("en", 1, "1 minute", "in 1 minute", "1:01 PM"),
        ("en", 75, "1 hour and 15 minutes", "in 1 hour and 15 minutes", "2:15 PM"),
        ("de-AT", 120, "2 Stunden", "in 2 Stunden", "15:00"),
        ("de", 3000, "2 Tage", "in 2 Tagen", "15:00"),
        ("nl", 75, "1 uur en 15 minuten", "over 1 uur en 15 minuten", "14:15"),
        ("fr", 12, "12 minutes", "dans 12 minutes", "13:12"),
    ],
)
def test_how_it_is_said(language: str, minutes: int, countdown: str, starts_in: str, starts_at: str) -> None:
    said = left(NOW + timedelta(minutes=minutes), NOW, language, BERLIN).fields
    assert (said["countdown"], said["starts_in"], said["starts_at"]) == (countdown, starts_in, starts_at)


@given(st.integers(1, 200_000), st.sampled_from(sorted(LANGUAGES)))
def test_it_is_right_as_long_as_it_says(seconds: int, language: str) -> None:
    """From now until then never off by more than a minute, or by five where hours are told; never after the target."""
    target = NOW + timedelta(seconds=seconds)
    found = left(target, NOW, language, BERLIN)
    assert set(found.fields) == FIELDS == set(LONGEST)
    assert not any("duration" in each or "{" in each for each in found.fields.values())
    said, step = 60 * int(found.fields["minutes"]), 60 if seconds <= 5400 else 300
    assert found.until <= target
    assert abs(said - seconds) <= max(step / 2, 60)
    assert said - (target - found.until).total_seconds() in (step, said)
