"""What one output let leave, put into figures: how late, how much, and whether sound and picture are in step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from host_engine.media import Format
from host_engine.outputs.fanout import Departed, Fanout, Reader

WINDOW = 10.0  # seconds over which a bitrate is measured
# How far pictures are before their sound in a unit, in samples: the codec's delay, and what is no whole packet yet.
AAC_LEAD = 2048, 3071
OPUS_LEAD = 312, 1271
APART = 4800  # samples: viewers get sound on a track of its own, up to 100 ms before or after its picture
ENOUGH = 8  # units in which the sound's frames fall at every place there is
FRESH = 1.0  # seconds since the last unit in which an output still counts as sending


@dataclass(frozen=True)
class Watched:
    """One output to watch. name: of its reader; or, with `many`, how the names of its readers begin: then half of them
    speak for all.

    state and error are the output's own words; unsent: bytes that left us and have not arrived; lead: how far, in
    samples, pictures are before their sound; apart: how much more or less of that is no fault. fanout: what it reads,
    where that is not the programme; delay: seconds that that is behind it; kbps: what is set for its pictures, and what
    such pictures can use.
    """

    name: str
    state: Callable[[], str] = lambda: "live"
    error: Callable[[], str | None] = lambda: None
    unsent: Callable[[], int] = lambda: 0
    lead: tuple[int, int] = AAC_LEAD
    apart: int = 0
    many: str | None = None
    fanout: Fanout | None = None
    delay: float = 0.0
    kbps: tuple[float, float] | None = None


class Facts(NamedTuple):
    """How one output does at one moment; seconds, and None for what is not known yet."""

    n: int  # the last unit that left, -1 before the first
    idle: float  # units have been made for so long of which nothing has arrived
    behind: float | None  # age of what last arrived, while it sends
    skew: float | None  # sound after (positive) or before the picture, beyond what is natural
    kbps: float | None  # of the pictures, over the last `WINDOW`
    unsent: int  # bytes
    depth: int  # units waiting
    live: float  # seconds since the session's first unit, 0 without one


class Departures:
    """Follows one output over its sessions. `facts()` is asked a few times a second, on the event loop."""

    def __init__(self, watched: Watched, fanout: Fanout, format: Format) -> None:
        self.watched = watched
        self._programme, self._fanout, self._format = fanout, watched.fanout or fanout, format
        self._since = fanout.now() + watched.delay  # when it last sent, or should have begun to
        self._followed: Departed | None = None
        self._arrived = 0  # bytes of it that have reached the other side
        self._session: Departed | None = None
        self._rates: deque[tuple[float, int]] = deque()

    def facts(self) -> Facts:
        readers = self._readers()
        if self.watched.many is not None and not readers:
            self._since = self._fanout.now()  # there is nobody to send to
        usual = readers[(len(readers) - 1) // 2] if readers else None
        departed = usual.departed if usual and usual.departed.units else None
        unsent = self.watched.unsent()
        if usual and self.watched.many is not None:
            self._since = max(self._since, usual.departed.at)
        elif departed:
            self._follow(departed, unsent)
        idle = max(0.0, self._programme.at - self._since)
        first = min((each.departed for each in readers if each.departed.units), key=lambda it: it.since, default=None)
        kbps = self._kbps(first)
        return Facts(
            n=departed.n if departed else -1,
            idle=idle,
            behind=self._behind(usual, unsent, kbps) if usual and departed and idle < FRESH else None,
            skew=self._skew(first.recent) if first else None,
            kbps=kbps,
            unsent=unsent,
            depth=max((each.depth for each in readers), default=0),
            live=self._fanout.now() - first.since if first else 0.0,
        )

    def _follow(self, departed: Departed, unsent: int) -> None:
        """What has only gone into the kernel's buffers of a server that reads no more has not been sent."""
        arrived = departed.video_bytes + departed.sound_bytes - unsent
        if departed is not self._followed or arrived > self._arrived:
            self._followed, self._arrived, self._since = departed, arrived, self._fanout.now()

    def _readers(self) -> list[Reader]:
        """Its readers, the one that has been quiet for longest first."""
        name, many = self.watched.name, self.watched.many
        found = [each for each in self._fanout.readers if (each.name.startswith(many) if many else each.name == name)]
        return sorted(found, key=lambda reader: reader.departed.at)

    def _behind(self, reader: Reader, unsent: int, kbps: float | None) -> float:
        """An output that has let go of all it was given is behind by what the network holds, and by nothing else."""
        departed = reader.departed
        waiting = self._fanout.n - departed.n if reader.depth or reader.sent > departed.units else 0
        return waiting / self._format.fps + (unsent / (kbps * 125) if kbps else 0.0)

    def _skew(self, recent: deque[tuple[int, int | None]]) -> float | None:
        """Seconds by which the sound lies outside of where it may be, over all the last units."""
        samples = self._format.samples
        leads = [(n + 1) * samples - end for n, end in islice(reversed(recent), ENOUGH) if end is not None]
        if len(leads) < ENOUGH:
            return None
        least, most = self.watched.lead
        apart = self.watched.apart
        late, early = min(leads) - least - apart, max(leads) - most + apart
        return (late if late > 0 else min(early, 0)) / self._format.sample_rate

    def _kbps(self, departed: Departed | None) -> float | None:
        """Measured once a session is as old as the window."""
        if departed is None or departed is not self._session:
            self._session = departed
            self._rates.clear()
            return None
        now = self._fanout.now()
        self._rates.append((now, departed.video_bytes))
        while len(self._rates) > 1 and self._rates[1][0] <= now - WINDOW:
            self._rates.popleft()
        (began, before), (_, bytes_now) = self._rates[0], self._rates[-1]
        return (bytes_now - before) / 125 / (now - began) if now - began >= WINDOW else None
