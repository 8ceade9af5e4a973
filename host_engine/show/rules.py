"""When a segment of the rundown may come, and how often: the rules that are written with it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from host_engine.show.attributes import Part
from host_engine.show.catalog import Product
from host_engine.show.history import History
from host_engine.show.hours import DAY, Length, Minute, Spell, Whens, clock, moment, open_now, parse_minute

GRACE = timedelta(minutes=5)  # by which a segment of a certain time may be late, where it has no end
HURRY = timedelta(minutes=5)  # before its hours end, a segment that has not come in them is first
WITHIN = timedelta(hours=1)  # before its target, in which a countdown is said

SoldOut = Literal["skip", "say"]


class At(NamedTuple):
    """A time of day, or a minute of every hour."""

    minute: int
    hourly: bool = False

    def __str__(self) -> str:
        return f"*:{self.minute:02d}" if self.hourly else clock(self.minute)


class AtMost(NamedTuple):
    """So many times in so much time, wherever that begins."""

    times: int
    period: timedelta
    written: str


def parse_at(written: object) -> At:
    """A time such as "20:00", or "*:30" for half past each hour. Raises ValueError with a sentence."""
    text = str(written).strip()
    if found := re.fullmatch(r"\*:([0-5]\d)", text):
        return At(int(found[1]), hourly=True)
    minute = parse_minute(text)
    if minute == DAY:
        raise ValueError(f"'{written}' is the end of a day; write '00:00' for midnight")
    return At(minute)


def parse_at_most(written: object) -> AtMost:
    """A limit such as "2 per hour" or "10 per day". Raises ValueError with a sentence."""
    found = re.fullmatch(r"([1-9]\d?) (?:per|an|a|in an|in a) (hour|day)", " ".join(str(written).split()))
    if not found:
        raise ValueError(f"'{written}' is not a limit; write it like '2 per hour' or '6 per day'")
    period = timedelta(hours=1) if found[2] == "hour" else timedelta(days=1)
    return AtMost(int(found[1]), period, f"{found[1]} per {found[2]}")


def _target(written: object) -> int | datetime | str:
    text = str(written).strip()
    if text == "sale":
        return text
    if re.fullmatch(r"\d{1,2}:\d{2}", text):
        return parse_minute(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError(f"'{written}' is nothing to count down to; write '20:00', '2026-12-24T20:00+01:00' or 'sale'")
    return instant


def parse_ats(written: Any) -> tuple[At, ...]:
    """One time or several. Raises ValueError with a sentence."""
    listed = list(written) if isinstance(written, list | tuple) and not isinstance(written, At) else [written]
    return tuple(each if isinstance(each, At) else parse_at(each) for each in listed)


_TARGET = WithJsonSchema({"type": "string", "examples": ["20:00", "2026-12-24T20:00+01:00", "sale"]})
_AT = {"type": "string", "examples": ["20:00", "*:30"]}
Ats = Annotated[
    tuple[At, ...], PlainValidator(parse_ats), WithJsonSchema({"anyOf": [_AT, {"type": "array", "items": _AT}]})
]
Limit = Annotated[
    AtMost, PlainValidator(parse_at_most), WithJsonSchema({"type": "string", "examples": ["2 per hour", "6 per day"]})
]


class Rules(Part):
    """When a segment may come. Without any of them it comes in its turn, round after round."""

    when: Whens | None = None
    """Hours in which it may begin: "08:00-12:00", a list of such, or a group of hours, weekdays and dates."""
    at: Ats = ()
    """A time at which it comes, and only then; the show goes on afterwards where it was. "*:30": in every hour."""
    until: Minute | None = None
    """Until when its lines are gone through again and again, for a segment that comes at a certain time."""
    sharp: bool = False
    """Whether the line on air is cut for it, at its time; else it waits for the end of the sentence."""
    at_most: Annotated[Limit | None, Field(alias="at-most")] = None
    """How often it may come: "2 per hour", "6 per day"."""
    rest: Length | None = None
    """How long it stays away after it has begun: "45m"."""
    only_on_sale: bool = Field(default=False, alias="only-on-sale")
    """Whether it comes only while its product has its sale price."""
    countdown: Annotated[int | datetime | str, PlainValidator(_target), _TARGET] | None = None
    """What it counts down to: a time of day, an instant, or 'sale', the begin of its product's sale. It comes only
    before that; its lines may hold {minutes}, {countdown}, {starts_in} and {starts_at}."""
    within: Length | None = None
    """How long before that it begins to come; an hour where nothing is written."""
    sold_out: SoldOut | None = Field(default=None, alias="sold-out")
    """What becomes of its lines while its product is sold out: skip, or say. Where nothing is written they are left
    out, but for those with a when-sold-out."""

    @model_validator(mode="after")
    def _fit_together(self) -> Rules:
        if self.until is not None and len(self.at) != 1:
            raise ValueError("an 'until' needs one 'at'")
        if self.until is not None and self.at[0].hourly:
            raise ValueError("an 'until' needs a time of day as its 'at', not one of every hour")
        if self.sharp and not self.at:
            raise ValueError("'sharp' needs an 'at'")
        if self.within is not None and self.countdown is None:
            raise ValueError("'within' needs a 'countdown'")
        return self

    @property
    def counted(self) -> bool:
        """Whether it must be remembered when it came."""
        return bool(self.at or self.at_most or self.rest or self.hastens)

    @property
    def by_clock(self) -> bool:
        """Whether it depends on the clock alone, or on nothing."""
        return not (self.at or self.at_most or self.rest or self.only_on_sale or self.countdown is not None)

    @property
    def hastens(self) -> bool:
        """Whether its time may be over before its turn comes."""
        return bool((self.when and any(each.hours for each in self.when)) or self.only_on_sale or self.countdown)

    def due(self, now: datetime) -> Spell | None:
        """From when until when a segment of a certain time may begin, if that is now. `now` has the show's zone."""
        late = [spell for at in self.at for spell in self._spells(at, now) if spell.opens <= now < spell.closes]
        return max(late, key=lambda spell: spell.opens, default=None)

    def next_time(self, now: datetime) -> datetime | None:
        """When it comes next, within a day or two."""
        return min(
            (spell.opens for at in self.at for spell in self._spells(at, now) if spell.opens > now), default=None
        )

    def _spells(self, at: At, now: datetime) -> list[Spell]:
        if at.hourly:
            hours = [now + timedelta(hours=k) for k in (-1, 0, 1)]
            begins = [moment(hour.date(), hour.hour * 60 + at.minute, now.tzinfo) for hour in hours]
        else:
            begins = [moment(now.date() + timedelta(days=k), at.minute, now.tzinfo) for k in (-1, 0, 1)]
        local = [(begin, begin.astimezone(now.tzinfo)) for begin in begins]
        return [Spell(begin, self._end(begin, here)) for begin, here in local if self._allows(here)]

    def _allows(self, now: datetime) -> bool:
        return self.when is None or open_now(self.when, now) is not None

    def _end(self, begin: datetime, here: datetime) -> datetime:
        if self.until is None:
            return begin + GRACE
        over = timedelta(days=1 if self.until <= self.at[0].minute else 0)
        return moment(here.date() + over, self.until, here.tzinfo)

    def spell(self, product: Product | None, now: datetime) -> Spell | None:
        """The hours, the sale or the time before its target that it is in now, the shortest of them; None without."""
        spells = [open_now(self.when, now) if self.when else None, self._sale(product), self._before(product, now)]
        return min((spell for spell in spells if spell), key=lambda spell: spell.closes, default=None)

    def _sale(self, product: Product | None) -> Spell | None:
        period = product.sale_price_effective_date if product and self.only_on_sale else None
        return Spell(period.start, period.end) if period else None

    def _before(self, product: Product | None, now: datetime) -> Spell | None:
        target = self.target(product, now)
        return Spell(target - (self.within or WITHIN), target) if target else None

    def target(self, product: Product | None, now: datetime) -> datetime | None:
        """The instant that is counted down to: the next one there is; None where there is none any more."""
        if self.countdown is None:
            return None
        if self.countdown == "sale":
            period = product.sale_price_effective_date if product else None
            found = period.start if period else None
        elif isinstance(self.countdown, datetime):
            found = self.countdown
        else:
            days = (now.date() + timedelta(days=k) for k in range(3))
            times = (moment(day, int(self.countdown), now.tzinfo) for day in days)
            found = next(each for each in times if each > now)
        return found.astimezone(UTC) if found and found > now else None

    def holds(self, product: Product | None, now: datetime) -> str:
        """Why not even a segment that has begun may go on, or ""."""
        if self.only_on_sale and not (product and product.on_sale(now)):
            return "its product is not on sale"
        if self.countdown is not None:
            target = self.target(product, now)
            if target is None:
                return "what it counts down to is over"
            if target - now.astimezone(UTC) > (self.within or WITHIN):
                return "what it counts down to is too far ahead"
        return ""

    def refuses(self, segment: str, product: Product | None, history: History, now: datetime, rest: bool = True) -> str:
        """Why the segment may not begin now, or "". Without `rest` it may come again although it should rest."""
        if why := self.holds(product, now):
            return why
        if not self._allows(now):
            return "it is outside its hours"
        times = history.began.get(segment, ())
        if self.at_most and sum(now.timestamp() - each < self.at_most.period.total_seconds() for each in times) >= (
            self.at_most.times
        ):
            return f"it came {self.at_most.written} already"
        if rest and self.rest and times and now.timestamp() - times[-1] < self.rest.total_seconds():
            return "it rests"
        return ""


ALWAYS = Rules()
