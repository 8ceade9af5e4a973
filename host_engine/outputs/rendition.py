"""One more encode of the programme, for all targets that wish the same; the sound is that of the programme."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from host_engine.media import Unit
from host_engine.outputs.fanout import Fanout, Watches
from host_engine.outputs.rendition_encoder import RenditionEncoder, Shot, empty
from host_engine.priority import stand_back

if TYPE_CHECKING:
    import av

QUEUE = 100  # units of the programme
WAITING = 3  # pictures that wait for the thread; older ones are left out, and what is behind never grows


class Rendition:
    """Pictures come from whoever draws them, sound and time from the programme's own units, one for one.

    Encoded on a thread that stands back: on a machine that is too busy this rendition has fewer pictures, and the
    programme has all of its own. `left_out` counts those.
    """

    def __init__(
        self, name: str, before: Fanout, fps: int, make: Callable[[], RenditionEncoder], watch: Watches | None = None
    ) -> None:
        """`make` opens the encoder, on the thread that will encode."""
        self.name = name
        self.fanout = Fanout(self.force_key, watch=watch)
        self.left_out = 0
        self._before, self._fps, self._make = before, fps, make
        self._encoder: RenditionEncoder | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._orders: dict[int, Future[av.Packet[Any]]] = {}
        self._lock = threading.Lock()
        self._awaits_key = True

    def force_key(self) -> None:
        """Ask for a key frame soon. From any thread."""
        if self._encoder is not None:
            self._encoder.force_key()

    def take(self, shot: Shot) -> None:
        """Encode this picture, if there is time. From any thread; never waits."""
        with self._lock:
            if self._thread is None or self._encoder is None:
                return
            waiting = [each for each in self._orders.values() if not each.done() and not each.running()]
            for order in waiting[: max(0, len(waiting) - WAITING + 1)]:
                self.left_out += order.cancel()
            self._orders[shot.n] = self._thread.submit(self._encoder.encode, shot)

    async def run(self) -> None:
        """Make units until cancelled. Raises what the codec or the painter raises; it can be run again."""
        loop = asyncio.get_running_loop()
        thread = ThreadPoolExecutor(1, "rendition", initializer=stand_back)
        try:
            self._encoder = await loop.run_in_executor(thread, self._make)
            self._awaits_key = True
            with self._before.reader("rendition", QUEUE, told=False) as reader:
                self._thread = thread
                while True:
                    unit = await reader.get()
                    self.fanout.send(self._unit(unit, await self._picture(unit.n)))
        finally:
            with self._lock:
                self._thread = self._encoder = None
                self._orders.clear()
            thread.shutdown(wait=False, cancel_futures=True)

    async def _picture(self, n: int) -> av.Packet[Any] | None:
        """The packet of frame `n`, once it is made; None where there is none."""
        with self._lock:
            skipped = [self._orders.pop(each) for each in list(self._orders) if each < n]
            order = self._orders.pop(n, None)
        if any(not each.cancel() for each in skipped):  # it was encoded and will not be sent: what follows builds on it
            self._start_anew()
        if order is None or order.cancelled():
            return None
        made = asyncio.wrap_future(order)
        await asyncio.wait([made])
        return None if made.cancelled() else made.result()

    def _start_anew(self) -> None:
        self._awaits_key = True
        self.force_key()

    def _unit(self, unit: Unit, packet: av.Packet[Any] | None) -> Unit:
        """The programme's unit with another picture."""
        if packet is not None and packet.is_keyframe:
            self._awaits_key = False
        if packet is None or self._awaits_key:
            packet = empty(unit.n, self._fps)
        return unit._replace(video=packet, key=bool(packet.size) and packet.is_keyframe)
