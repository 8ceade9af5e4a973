"""What is on air, in a form that outlives the process: the utterance so far, and the place to go on from."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from host_engine.journal.row import Entry, checked, compact
from host_engine.show.rundown import Place


@dataclass(frozen=True)
class Mark:
    """Written over and over: about once a second, and whenever another line comes on air."""

    run: str
    at: str  # UTC
    frame: int
    place: Place | None  # None until a line of the script was on air
    on_air: Entry | None  # the utterance on air, as its row will be if the process is killed now
    outline: int = 0  # checksum of the rundown's outline
    closed: bool = False  # the engine ended in order
    turn: int = 0  # counts the marks of a channel: of two marks the one with the higher turn is newer
    history: Mapping[str, Any] = field(default_factory=dict)  # of the show: when what has limits was said last

    def written(self) -> str:
        return compact(asdict(self))


def read_mark(text: str) -> Mark:
    """The mark that was written. Raises ValueError where it is none."""
    try:
        fields = json.loads(text)
        place, on_air = fields.pop("place"), fields.pop("on_air")
        mark = Mark(**fields, place=_place(place), on_air=None if on_air is None else checked(on_air))
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"this is no mark of what is on air: {error}") from error
    _check(str, mark.run, mark.at)
    _check(int, mark.frame, mark.outline, mark.turn)
    _check(bool, mark.closed)
    _check(dict, mark.history)
    return mark


def outline_checksum(outline: Sequence[str]) -> int:
    return zlib.crc32("\n".join(outline).encode())


def _place(fields: object) -> Place | None:
    if fields is None:
        return None
    if not isinstance(fields, list):
        raise ValueError("this is no place in a show")
    place = Place(*fields)
    numbers = place[1:5]
    _check(str, place.entry)
    _check(int, *numbers)
    _check(bool, place.said)
    if not all(0 <= number < 2**53 for number in numbers):
        raise ValueError(f"{numbers} are no numbers of a round, a variant and a part")
    return place


def _check(kind: type, *values: object) -> None:
    for value in values:
        if type(value) is not kind:
            raise ValueError(f"{value!r:.60} should be of the kind {kind.__name__}")
