"""One stream, many readers: each with its own bounded queue, none able to hold up the others."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from host_engine.media import Unit

if TYPE_CHECKING:
    import av

RECENT = 64  # units whose picture and sound times are kept: a second of them, at whatever rate


class Watches(Protocol):
    """Told, on the event loop, who reads and what leaves. It must not wait.

    joined: gives what is to be called with each unit that leaves: its number, when it was pushed, taken, and gone.
    """

    def joined(self, reader: Reader) -> Callable[[int, float, float, float], None]: ...
    def parted(self, reader: Reader) -> None: ...


class Fanout:
    """Hands every unit to every reader. Lives on the event loop; `send` never waits.

    force_key: asked for a key frame whenever somebody starts to read, as nobody can begin anywhere else.
    now: the seconds that ages are counted in. `n` and `at` are the number and the time of the newest unit.
    watch: told of every reader and of every unit that leaves.
    """

    def __init__(
        self,
        force_key: Callable[[], None] | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        watch: Watches | None = None,
    ) -> None:
        self.n, self.at = -1, now()
        self.now = now
        self._readers: list[Reader] = []
        self._force_key = force_key
        self._watch = watch
        self._loop: asyncio.AbstractEventLoop | None = None  # of those who listen

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Those reading now, for status and metrics."""
        return tuple(self._readers)

    def send(self, unit: Unit) -> None:
        """Put the unit into every queue that has room."""
        self.n, self.at = unit.n, self.now()
        for reader in self._readers:
            reader.push(unit)

    def listen(self, reader: Reader, hear: Callable[[Sequence[av.Packet[Any]]], None]) -> None:
        """Have the sound of each frame given to `hear`, on this loop, before its picture; the unit has it as well."""
        reader.hear, self._loop = hear, asyncio.get_running_loop()

    def ahead(self, packets: Sequence[av.Packet[Any]]) -> None:
        """The sound of a frame, for those who listen. From any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                self._loop.call_soon_threadsafe(self._hear, packets)

    def _hear(self, packets: Sequence[av.Packet[Any]]) -> None:
        for reader in self._readers:
            if reader.hear:
                reader.hear(packets)

    @contextmanager
    def reader(self, name: str, size: int = 50, told: bool = True) -> Iterator[Reader]:
        """A queue of at most `size` units that starts on a key frame, for as long as the block lasts.

        told: `watch` hears of it; not of those who only pass the stream on.
        """
        reader = Reader(name, size, self.now)
        self._readers.append(reader)
        watch = self._watch if told else None
        if watch:
            reader.tell = watch.joined(reader)
        if self._force_key:
            self._force_key()
        try:
            yield reader
        finally:
            self._readers.remove(reader)
            if watch:
                watch.parted(reader)


class Departed:
    """What has really left through one output, counted as it goes.

    n: the last unit, -1 before the first; at: when it left; sound_end: the place, in samples, where the sound that
    left ends, or None; recent: (n, sound_end) after each of the last units. Bytes are those of the encoded packets.
    """

    __slots__ = ("at", "n", "recent", "since", "sound_bytes", "sound_end", "units", "video_bytes")

    def __init__(self, now: float) -> None:
        self.n, self.units = -1, 0
        self.video_bytes = self.sound_bytes = 0
        self.sound_end: int | None = None
        self.since = self.at = now
        self.recent: deque[tuple[int, int | None]] = deque(maxlen=RECENT)


class Reader:
    """One reader's queue. A reader that is too slow loses the units up to a key frame that fits, never the order.

    Whoever reads says of each unit when it has `left`: been taken by the kernel, been written, been packetised.
    """

    def __init__(self, name: str, size: int = 50, now: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.size = size
        self.sent = 0
        self.dropped = 0
        self.departed = Departed(now())
        self.tell: Callable[[int, float, float, float], None] | None = None
        self.hear: Callable[[Sequence[av.Packet[Any]]], None] | None = None
        self._now = now
        self._pushed = self._taken = 0.0  # when the unit in hand came, and was taken
        self._queue: deque[tuple[Unit, float]] = deque()
        self._filled = asyncio.Event()
        self._awaits_key = True

    def push(self, unit: Unit) -> None:
        """Take the unit, or drop it if there is no room or no key frame to begin with."""
        full = len(self._queue) >= self.size
        self._awaits_key = full or (self._awaits_key and not unit.key)
        if self._awaits_key:
            self.dropped += 1
            return
        self._queue.append((unit, self._now()))
        self._filled.set()

    async def get(self) -> Unit:
        """The next unit, waiting for it if need be."""
        await self.filled()
        self.sent += 1
        unit, self._pushed = self._queue.popleft()
        self._taken = self._now()
        return unit

    async def filled(self) -> None:
        """Wait until there is a unit."""
        while not self._queue:
            self._filled.clear()
            await self._filled.wait()

    def left(self, unit: Unit, sound: Sequence[av.Packet[Any]] | None = None) -> None:
        """The unit has really left through this output, with its AAC or with the packets of `sound`."""
        departed = self.departed
        departed.n, departed.at = unit.n, self._now()
        departed.units += 1
        departed.video_bytes += unit.video.size
        for packet in unit.aac if sound is None else sound:
            self.sounded(packet)
        departed.recent.append((unit.n, departed.sound_end))
        if self.tell:
            self.tell(unit.n, self._pushed, self._taken, departed.at)

    def sounded(self, packet: av.Packet[Any]) -> None:
        """A packet of sound has left, where sound leaves apart from the pictures."""
        departed = self.departed
        departed.sound_bytes += packet.size
        departed.sound_end = (packet.pts or 0) + (packet.duration or 0)

    @property
    def pushed(self) -> float:
        """When the unit in hand came, in the seconds of the fan-out."""
        return self._pushed

    @property
    def depth(self) -> int:
        """Units waiting to be read."""
        return len(self._queue)

    @property
    def age(self) -> float:
        """Seconds that the oldest unit has been waiting, 0 if none is."""
        return self._now() - self._queue[0][1] if self._queue else 0.0
