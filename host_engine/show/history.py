"""What of the past the choice of the next line depends on: plain values that outlive a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

KEPT = 100  # times of one segment; no limit is higher
STEP = 2.0  # seconds by which a clock goes back, rather than being corrected
MOST = 2000  # segments or mandatory lines


class Said(NamedTuple):
    """When a mandatory line was begun last, in UNIX seconds, and how often it was said."""

    at: float
    times: int = 1


@dataclass(frozen=True)
class History:
    """Instants are UNIX seconds. It is never changed, but replaced."""

    since: float = 0.0  # on air from then on
    latest: float = 0.0  # the last instant that is known
    began: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # segment -> when it began, oldest first
    said: Mapping[str, Said] = field(default_factory=dict)  # id of a mandatory line -> when it was said
    back: tuple[str, int] | None = None  # entry and round at which the show goes on after a segment of a certain time

    def begun(self, segment: str, at: float) -> History:
        """A segment has begun."""
        times = (*self.began.get(segment, ()), at)[-KEPT:]
        return replace(self, began={**self.began, segment: times}, latest=max(self.latest, at))

    def told(self, mandatory: str, at: float) -> History:
        """A mandatory line has been said, begun at an instant."""
        times = self.said[mandatory].times if mandatory in self.said else 0
        return replace(self, said={**self.said, mandatory: Said(at, times + 1)}, latest=max(self.latest, at))

    def at(self, now: float) -> History:
        """As it is at an instant. A clock that was put back takes the past with it: ten minutes ago stays that."""
        if now >= self.latest - STEP:
            return self if now <= self.latest else replace(self, latest=now)
        by = now - self.latest
        began = {segment: tuple(each + by for each in times) for segment, times in self.began.items()}
        said = {id: each._replace(at=each.at + by) for id, each in self.said.items()}
        return replace(self, since=self.since + by, latest=now, began=began, said=said)

    def written(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "since": round(self.since, 3),
            "latest": round(self.latest, 3),
            "began": {segment: [round(each, 3) for each in times] for segment, times in self.began.items()},
            "said": {id: [round(each.at, 3), each.times] for id, each in self.said.items()},
            "back": list(self.back) if self.back else None,
        }


def read_history(written: object) -> History:
    """What `History.written` made. Raises ValueError where it is something else."""
    if not isinstance(written, Mapping):
        raise ValueError(f"{written!r:.40} is no history of a show")
    try:
        fields: Mapping[str, Any] = written
        if not fields:
            return History()
        began = {str(name): tuple(map(_instant, times))[-KEPT:] for name, times in fields["began"].items()}
        said = {str(name): Said(_instant(at), int(times)) for name, (at, times) in fields["said"].items()}
        back = (str(fields["back"][0]), int(fields["back"][1])) if fields["back"] else None
        if len(began) > MOST or len(said) > MOST:
            raise ValueError("it names too many segments")
        return History(_instant(fields["since"]), _instant(fields["latest"]), began, said, back)
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise ValueError(f"this is no history of a show: {error}") from error


def _instant(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e12:
        raise ValueError(f"{value!r:.40} is no instant")
    return float(value)
