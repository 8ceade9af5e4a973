"""Times as a rundown writes them, and hours that survive midnight and the changes of clocks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.show.hours import (
    Dates,
    Hours,
    When,
    moment,
    open_now,
    parse_dates,
    parse_hours,
    parse_length,
    parse_minute,
    parse_weekdays,
    parse_whens,
)

LONDON = ZoneInfo("Europe/London")
MINUTES = st.integers(0, 1439)


def whens(*written: object) -> tuple[When, ...]:
    return parse_whens(written)


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_what_can_be_written() -> None:
    assert parse_length("1h 30m") == timedelta(minutes=90)
    assert parse_length("90 seconds") == timedelta(seconds=90)
    assert parse_hours("22:00-02:00") == Hours(1320, 120)
    assert parse_weekdays("fri-mon") == (0, 4, 5, 6)
    assert parse_weekdays(["tuesday", "sat"]) == (1, 5)
    assert parse_dates("2026-12-24") == (Dates(date(2026, 12, 24), date(2026, 12, 24)),)


@pytest.mark.parametrize(
    ("parse", "written", "said"),
    [
        (parse_length, "soon", "write it like '15m'"),
        (parse_length, "15", "is not a length of time"),
        (parse_minute, "25:00", "is not a time of day"),
        (parse_minute, "8 pm", "is not a time of day"),
        (parse_hours, "08:00", "write them like '08:00-12:00'"),
        (parse_hours, "24:00-02:00", "write '00:00' for midnight"),
        (parse_weekdays, "funday", "is not a day of the week"),
        (parse_dates, "24.12.2026", "is no date"),
        (parse_dates, "2026-12-24/2026-12-01", "ends before it begins"),
    ],
)
def test_what_is_no_time_is_told(parse: object, written: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(written)  # type: ignore[operator]


@given(MINUTES, MINUTES, st.integers(0, 59), MINUTES)
def test_hours_hold_from_their_first_minute_to_before_their_last(first: int, end: int, second: int, now: int) -> None:
    hours = When(hours=(f"{first // 60}:{first % 60:02d}-{end // 60}:{end % 60:02d}",))  # type: ignore[arg-type]
    instant = datetime(2026, 1, 15, now // 60, now % 60, second, tzinfo=LONDON)
    inside = first <= now < end if first < end else now >= first or now < end
    assert (open_now((hours,), instant) is not None) == inside


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    friday_night = whens({"hours": "22:00-02:00", "weekdays": "fri"})
    assert open_now(friday_night, at("2026-01-16T23:00"))
    assert open_now(friday_night, at("2026-01-17T01:59"))
    assert not open_now(friday_night, at("2026-01-17T02:00"))
    assert not open_now(friday_night, at("2026-01-16T01:00"))


def test_dates_and_several_hours() -> None:
    advent = whens({"dates": "2026-12-01/2026-12-24", "hours": ["08:00-10:00", "18:00-20:00"]}, "12:00-13:00")
    assert open_now(advent, at("2026-12-24T19:00"))
    assert not open_now(advent, at("2026-12-25T19:00"))
    assert open_now(advent, at("2026-12-25T12:30"))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_every_instant_of_a_day_of_changed_clocks_lies_in_one_half(day: str) -> None:
    night, rest = whens("00:00-02:30"), whens("02:30-24:00")
    start = at(f"{day}T00:00").astimezone(UTC)
    for minutes in range(0, 25 * 60, 7):
        now = (start + timedelta(minutes=minutes)).astimezone(LONDON)
        if now.date() == date.fromisoformat(day):
            assert (open_now(night, now) is None) != (open_now(rest, now) is None), now


def test_a_time_that_the_clocks_leave_out_comes_all_the_same() -> None:
    assert moment(date(2026, 3, 29), 90, LONDON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 01:30 is 02:30 then
    assert moment(date(2026, 10, 25), 90, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first 01:30
