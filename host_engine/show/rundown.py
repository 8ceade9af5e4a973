"""What the host will say, in order and without an end: segments of lines."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from host_engine.show.evidence import Evidence
from host_engine.show.hours import local_zone
from host_engine.show.mandatory import Mandatory
from host_engine.show.rules import ALWAYS, Rules
from host_engine.show.spoken import Token
from host_engine.show.written import THE_PRODUCTS, Cues, Gesture, RundownFile, Segment, Written, entry_ids

__all__ = [
    "THE_PRODUCTS", "Basis", "Card", "Cues", "Entry", "Gesture", "Line", "Place", "Question", "Rundown", "RundownFile",
    "Segment", "Token", "Turn", "Variant", "Written", "entry_id", "entry_ids", "segment_id",
]  # fmt: skip

FILE = "rundown.yaml"


MOST_HASTENING = 300  # segments that are looked at between any two; where there are more, all wait for their turn


@dataclass(frozen=True)
class Card:
    """What the product card shows: texts ready to draw, in the catalog's language."""

    product: str  # id
    title: str
    brand: str
    price: str  # the ordinary price
    sale_price: str | None  # the lower price, while it holds
    saving: str | None  # such as "-20 %"
    picture: Path | None
    ends: datetime | None  # end of the sale
    availability: str  # in words


@dataclass(frozen=True)
class Question:
    """What a viewer asked, where a line answers it."""

    viewer: str
    text: str


class Basis(NamedTuple):
    """What in the catalog backs a line: which version of it, and the product's prices when the line was made."""

    catalog: str  # its name
    version: str
    price: str | None = None  # such as "15.00 EUR"
    sale_price: str | None = None  # the lower price, while it holds


class Place(NamedTuple):
    """Where a line stands in the show, in plain values that outlive the process."""

    entry: str  # id
    round: int
    variant: int  # which one of the entry's
    part: int  # of the variant
    words: int  # checksum of the variant: a text that was edited since is another one
    said: bool = False  # the line has been said: what follows it is next


@dataclass(frozen=True)
class Line:
    """One thing the host says, of about 8 s at most, and what is seen with it."""

    id: str
    text: str
    tokens: tuple[Token, ...]
    language: str
    segment: str
    product: str | None = None
    scene: str | None = None
    card: Card | None = None
    gesture: str | None = None
    clip: Path | None = None
    question: Question | None = None
    basis: Basis | None = field(default=None, compare=False)
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)  # of each claim in it
    place: Place | None = field(default=None, compare=False)  # of the lines that come from the script
    mandatory: str | None = field(default=None, compare=False)  # id of the mandatory line that is said with it
    scheduled: tuple[str, ...] = field(default=(), compare=False)  # words of it that the clock backs, not the catalog
    until: datetime | None = field(default=None, compare=False)  # from when on it is not true any more

    @property
    def said(self) -> str:
        """The words for the voice."""
        return " ".join(token.said for token in self.tokens if token.said)


class Variant(NamedTuple):
    """One way to say a line, in parts that are short enough, whether it speaks of a sale, and whether it is for when
    the product is sold out."""

    parts: tuple[str, ...]
    sale: bool
    sold_out: bool = False

    @property
    def checksum(self) -> int:
        """The same for the same words."""
        return zlib.crc32("\n".join(self.parts).encode())


@dataclass(frozen=True)
class Entry:
    """A line of the rundown as it is kept: its place in the show and all its variants."""

    id: str
    segment: str
    product: str | None
    scene: str | None
    cues: Cues
    variants: tuple[Variant, ...]
    rules: Rules = ALWAYS  # of its segment
    counts_as: str | None = None  # id of the mandatory line that it says as well
    when_sold_out: bool = True  # whether it is said while its product is sold out

    def variant(self, round: int, sale: bool, sold_out: bool = False) -> Variant | None:
        """How it is said in a round: consecutive rounds differ, and without a sale none is spoken of. While its
        product is sold out, it is as that is written, or not at all."""
        if sold_out and not self.when_sold_out:
            return None
        written = sold_out and any(variant.sold_out for variant in self.variants)
        fitting = [each for each in self.variants if each.sold_out == written and (sale or not each.sale)]
        return fitting[(zlib.crc32(self.id.encode()) + round) % len(fitting)] if fitting else None


class Turn(NamedTuple):
    """An entry's turn in a round of the show, counted from 0."""

    entry: Entry
    round: int


class Rundown:
    """The entries in their order, of which there is at least one; the show has no end.

    `begins` are the positions at which segments begin; `timed` those of segments that come at a time of their own,
    `hastening` those of which the time may be over before their turn comes.
    """

    def __init__(
        self, entries: Iterable[Entry], mandatory: Sequence[Mandatory] = (), zone: tzinfo | None = None
    ) -> None:
        """`mandatory`: what must be said again and again. `zone`: of all times of day, else that of the machine."""
        self.entries = tuple(entries)
        if not self.entries:
            raise ValueError("a rundown needs at least one line")
        self.mandatory, self.zone = tuple(mandatory), zone or local_zone()
        self._index: Mapping[str, int] = {entry.id: n for n, entry in enumerate(self.entries)}
        segments = [None, *(entry.segment for entry in self.entries)]
        self.begins = tuple(n for n, entry in enumerate(self.entries) if entry.segment != segments[n])
        self._firsts = {self.entries[n].segment: self.entries[n] for n in reversed(self.begins)}
        self.timed = tuple(n for n in self.begins if self.entries[n].rules.at)
        self.rests = any(self.entries[n].rules.rest for n in self.begins)  # whether a segment stays away for a while
        hastening = tuple(n for n in self.begins if self.entries[n].rules.hastens and not self.entries[n].rules.at)
        self.hastening = hastening if len(hastening) <= MOST_HASTENING else ()

    @property
    def outline(self) -> tuple[str, ...]:
        """The ids of its entries, in their order: all that is needed to go on from here in another rundown."""
        return tuple(self._index)

    def having(self, entries: Iterable[Entry]) -> Rundown:
        """The same rundown with other entries, of which there must be one at least."""
        return Rundown(entries, self.mandatory, self.zone)

    def index(self, entry: str) -> int:
        """The position of an entry, by its id. Raises KeyError."""
        return self._index[entry]

    def block(self, at: int) -> tuple[int, int]:
        """The positions of the first entry of the segment at a position, and behind its last."""
        n = bisect_right(self.begins, at)
        return self.begins[n - 1], self.begins[n] if n < len(self.begins) else len(self.entries)

    def after(self, line: str | None, round: int = 0) -> Turn:
        """What follows a line (its id) of a round.

        The line may come from an older rundown. If it is gone, its segment begins anew, and if that is gone too,
        the show begins anew.
        """
        if line is None:
            return Turn(self.entries[0], round)
        entry = entry_id(line)
        if entry in self._index:
            n = self._index[entry] + 1
            return Turn(self.entries[n % len(self.entries)], round + n // len(self.entries))
        segment = segment_id(entry)
        return Turn(next((each for each in self.entries if each.segment == segment), self.entries[0]), round)

    def entry(self, line: str) -> Entry | None:
        """The entry that a line, by its id, is or is a part of."""
        n = self._index.get(entry_id(line))
        return None if n is None else self.entries[n]

    def resume(self, old: Sequence[str], line: str, round: int) -> Turn:
        """What follows a line of an older rundown, whose outline is `old`, in this one.

        If the line is gone: the next line of its segment that is still there; else, where its segment was written
        anew, the line at the next position in it; else the next of the old segments that is still there.
        """
        last = entry_id(line)
        if last in self._index or last not in old:
            return self.after(line, round)
        at, segment = old.index(last), segment_id(last)
        for entry in old[at + 1 :]:
            if segment_id(entry) == segment and (found := self.entry(entry)):
                return Turn(found, round)
        if segment in self._firsts and (anew := [entry for entry in self.entries if entry.segment == segment]):
            said = sum(segment_id(entry) == segment for entry in old[: at + 1])
            return Turn(anew[said], round) if said < len(anew) else self.after(anew[-1].id, round)
        for entry in old[at + 1 :]:
            if first := self._firsts.get(segment_id(entry)):
                return Turn(first, round)
        return Turn(self.entries[0], round + 1)


def entry_id(line: str) -> str:
    """The id of the entry that a line is a part of: "tea/1a2b:2" is the third part of "tea/1a2b"."""
    return line.partition(":")[0]


def segment_id(entry: str) -> str:
    """The id of the segment that an entry belongs to."""
    return entry.partition("/")[0]
