"""What watching is like: how old the pictures are, whether sound and picture are in step, how often they stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from host_engine.outputs.watch.came import Came, Picture, Sound
from host_engine.outputs.watch.sent import Made, Sent

WINDOW = 10.0  # seconds that a figure is taken over
SKEW = 5.0  # the same, for what hardly changes
MINUTE = 60.0
STOP = 0.5  # seconds without a new picture that a viewer sees as a stop
STRANGE = 3.0  # seconds without a picture that is known: the frame codes in them are looked for


class Facts(NamedTuple):
    """How watching goes at one moment; None for what is not known. Times in seconds."""

    delay: float | None = None  # from when a picture was made until a viewer has it, half of the last pictures
    delay_most: float | None = None  # the same, all of them
    skew: float | None = None  # sound after (positive) or before the picture
    stopped: float = 0.0  # no new picture has come for so long
    stops: int = 0  # on the way: where pictures were made and did not come
    stopped_minute: float = 0.0  # of the last minute
    longest: float = 0.0
    fps: float = 0.0
    kbps: float = 0.0
    lost: int = 0  # pictures that never came
    changed: bool = False  # none of the packets is as it was sent


class Viewing:
    """Follows one viewer through all sessions. Belongs to one thread.

    read: the frame code in a key picture, or None; asked once a second where what comes has been encoded anew.
    """

    def __init__(self, sent: Sent, fps: int, rate: int, read: Callable[[Picture], int | None]) -> None:
        self._sent, self._fps, self._rate, self._read = sent, fps, rate, read
        self.stops, self.longest, self.lost = 0, 0.0, 0
        self._minute: deque[tuple[float, float]] = deque()  # when a stop was over, and how long it was
        self._delays: deque[tuple[float, float]] = deque()
        self._sizes: deque[tuple[float, int]] = deque()
        self.begin(0.0)

    def begin(self, at: float) -> None:
        """A session begins: its time is another one, and what was missed between two is no stop of either."""
        self._began = self._known = at
        self._new: float | None = None  # when the last new picture came
        self._last: Made | None = None
        self._pictures: deque[tuple[float, float]] = deque()  # when, and its stamp less its true place
        self._sounds: deque[tuple[float, float]] = deque()

    def take(self, came: Came, at: float) -> None:
        """Something has come."""
        if isinstance(came, Sound):
            place = self._sent.sound(came.packet)
            if place is not None and came.stamp is not None:
                self._sounds.append((at, came.stamp - place / self._rate))
                _trim(self._sounds, at - SKEW)
            return
        self._sizes.append((at, came.size))
        made = self._sent.picture(came.units)
        if made is not None:
            self._known = at
            if came.stamp is not None:
                self._pictures.append((at, came.stamp - made.n / self._fps))
                _trim(self._pictures, at - SKEW)
        elif at - self._known > STRANGE and came.key and (code := self._read(came)) is not None:
            made = self._sent.numbered(code)
        self._see(made, at)

    def facts(self, now: float) -> Facts:
        """How it goes."""
        for each in self._delays, self._sizes:
            _trim(each, now - WINDOW)
        _trim(self._minute, now - MINUTE)
        since = self._began if self._new is None else self._new
        span = min(WINDOW, max(1.0, now - self._began))
        delays = [delay for _, delay in self._delays]
        return Facts(
            delay=median(delays) if delays else None,
            delay_most=max(delays, default=None),
            skew=self._skew(now),
            stopped=max(0.0, now - since),
            stops=self.stops,
            stopped_minute=sum(length for _, length in self._minute),
            longest=self.longest,
            fps=len(self._sizes) / span,
            kbps=sum(size for _, size in self._sizes) / 125 / span,
            lost=self.lost,
            changed=self._new is not None and now - self._known > STRANGE and now - self._new < STRANGE,
        )

    def _see(self, made: Made | None, at: float) -> None:
        """A picture is there; one that was there before is none, and of one that is not known that is not known."""
        last, pause = self._last, 0.0  # a pause: between the two nothing was made
        if made is not None:
            if last is not None and made.rank <= last.rank:
                return
            if last is not None and self._known == at:
                self.lost += made.rank - last.rank - 1
                pause = made.at - last.at if made.rank == last.rank + 1 else 0.0
            self._last = made
            self._delays.append((at, at - made.at))
        if self._new is not None and (stop := at - self._new - pause) > STOP:
            self.stops += 1
            self.longest = max(self.longest, stop)
            self._minute.append((at, stop))
        self._new = at

    def _skew(self, now: float) -> float | None:
        for each in self._pictures, self._sounds:
            _trim(each, now - SKEW)
        if not self._pictures or not self._sounds:
            return None
        return median(offset for _, offset in self._sounds) - median(offset for _, offset in self._pictures)


def _trim(timed: deque[tuple[float, float]] | deque[tuple[float, int]], before: float) -> None:
    while timed and timed[0][0] < before:
        timed.popleft()
