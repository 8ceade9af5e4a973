"""What left through each output, counted over all its sessions, and when: for the figures and for the trace."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from host_engine.outputs.fanout import Reader
from host_engine.timing import Tally
from host_engine.trace import Trace

TRACKS = "outputs/"
VIEWERS = "viewers"  # all of them are one entry: a viewer has no name that anybody knows
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0)  # seconds


class Delivery:
    """One output through all its sessions. `took`: seconds from a frame's end of encoding until it had left."""

    def __init__(self) -> None:
        self.readers: list[Reader] = []  # those reading now
        self.sessions = 0
        self.took = Tally(BOUNDS)
        self._bytes = self._dropped = 0  # of sessions that are over

    @property
    def units(self) -> int:
        """Frames that left."""
        return self.took.count

    @property
    def bytes(self) -> int:
        """Encoded picture and sound that left."""
        departed = [reader.departed for reader in self.readers]
        return self._bytes + sum(each.video_bytes + each.sound_bytes for each in departed)

    @property
    def dropped(self) -> int:
        """Units that found no room in the queue, or no key frame to begin with."""
        return self._dropped + sum(reader.dropped for reader in self.readers)

    @property
    def depth(self) -> int:
        """Units waiting, in the longest of the queues."""
        return max((reader.depth for reader in self.readers), default=0)

    @property
    def age(self) -> float:
        """Seconds that the oldest unit of all has been waiting."""
        return max((reader.age for reader in self.readers), default=0.0)

    def part(self, reader: Reader) -> None:
        """Keep the sums of a session that is over."""
        self.readers.remove(reader)
        self._bytes += reader.departed.video_bytes + reader.departed.sound_bytes
        self._dropped += reader.dropped


class Deliveries:
    """Watches the fan-out: counts by output, and a span in the trace for each unit that an output sent."""

    def __init__(self, trace: Trace) -> None:
        self.of: dict[str, Delivery] = {}
        self._trace = trace

    def joined(self, reader: Reader) -> Callable[[int, float, float, float], None]:
        """Take a reader in; as in `Watches`."""
        name = _output(reader)
        delivery = self.of.setdefault(name, Delivery())
        delivery.readers.append(reader)
        delivery.sessions += 1
        took, keep, track = delivery.took, self._trace.output(name is VIEWERS), TRACKS + reader.name
        counts = took.counts

        def left(n: int, pushed: float, taken: float, gone: float) -> None:  # `Tally.add` by hand: once a frame each
            counts[bisect_left(BOUNDS, gone - pushed)] += 1
            took.sum += gone - pushed
            keep((track, "send", taken, gone, n, taken - pushed))

        return left

    def parted(self, reader: Reader) -> None:
        """Let a reader go."""
        self.of[_output(reader)].part(reader)


def _output(reader: Reader) -> str:
    """The output that a reader belongs to: names of outputs hold no space, those of viewers do ("viewer x7Qz")."""
    return VIEWERS if " " in reader.name else reader.name
