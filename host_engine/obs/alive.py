"""Whether the engine's picture is alive in OBS: judged by its own numbers, read back from what OBS shows."""

from __future__ import annotations

from typing import Literal, NamedTuple

from host_engine.frame_code import behind

State = Literal["unknown", "alive", "late", "frozen", "nothing"]
LATE = 2.0  # seconds behind the show: twice what a feed with OBS's own defaults is
OLDEST = 3600.0  # seconds: a picture so old is no late one, it is of another run of the engine
AHEAD = 1.0  # seconds by which numbers may be ahead of ours, such as in a picture drawn just now
BAD = 2  # looks in a row before something is done

SENTENCES: dict[State, str] = {
    "late": "OBS shows the engine's picture {behind:.1f} s late",
    "frozen": "OBS shows a picture of the engine that does not go on",
    "nothing": "OBS shows nothing of the engine",
}


class Look(NamedTuple):
    """One look at what OBS shows: when, the frame the engine was at, and the number that was read, if any."""

    at: float  # seconds
    n: int
    code: int | None


class Life:
    """What the last looks say. `state` is another one only after `BAD` looks in a row that are not well."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._last: Look | None = None
        self._bad = 0
        self.state: State = "unknown"
        self.behind: float | None = None  # seconds, in the last look that was well or late

    def see(self, look: Look) -> State:
        """What is so after one more look; each is to be later than the one before."""
        found, self._last = self._judge(look), look
        self._bad = 0 if found in ("alive", "unknown") else self._bad + 1
        if found == "alive" or self._bad >= BAD:
            self.state = found
        return self.state

    def forget(self) -> None:
        """Nothing is known: OBS or the engine was away, or the feed was opened anew."""
        self._last, self._bad, self.state, self.behind = None, 0, "unknown", None

    @property
    def sentence(self) -> str | None:
        """What is wrong, None where nothing is."""
        said = SENTENCES.get(self.state)
        return said and said.format(behind=self.behind or 0.0)

    def _judge(self, look: Look) -> State:
        if look.code is None:
            return "nothing"
        seconds = behind(look.n, look.code) / self._fps
        if self._last is not None and self._last.code == look.code:
            return "frozen"
        if not -AHEAD <= seconds <= OLDEST:
            return "frozen"  # it is not of this run
        self.behind = max(0.0, seconds)
        return "late" if seconds > LATE else "alive"


class Revival:
    """When a feed that is not alive is opened anew: soon, then less and less often, and only while there is a feed."""

    SOON, PAUSE, LONGEST = 4.0, 10.0, 60.0  # seconds

    def __init__(self) -> None:
        self._since: float | None = None
        self._next = self._pause = 0.0
        self.times = 0

    def due(self, state: State, at: float, sending: bool) -> bool:
        """Whether to open it anew now. `sending`: the engine's side of the feed is up."""
        if state in ("alive", "unknown") or not sending:
            self._since = None
            if state == "alive":
                self._pause = 0.0
            return False
        if self._since is None:
            self._since = at
            self._next = max(self._next, at + self.SOON)
        if at < self._next:
            return False
        self._pause = min(self.LONGEST, self._pause * 2 or self.PAUSE)
        self._next = at + self._pause
        self.times += 1
        return True
