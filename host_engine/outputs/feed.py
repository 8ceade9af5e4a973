"""The encoded packets that one viewer is sent.

aiortc only packetises here. A track that returns an `av.Packet` is never encoded: H.264 is split into RTP payloads,
Opus is passed on as it is, and both take their time stamps from the packet, so picture and sound stay on the one
time line of the engine whenever a viewer joins.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

if TYPE_CHECKING:
    import av

    from host_engine.outputs.fanout import Fanout, Reader

OPUS_PACE = 0.0195  # seconds between two packets of 20 ms; a little less, so that a delay is caught up in seconds
PACKETS = 50  # of sound a second
BACKLOG = 3  # packets of sound waiting that are more than one frame's: no time to wait for anything


class Feed:
    """One viewer's place at the fan-out, taken with the first picture sent, so that nobody begins with old ones.

    size: units that may wait, two seconds of them.
    """

    def __init__(self, fanout: Fanout, name: str, size: int) -> None:
        self._fanout, self._name, self._size = fanout, name, size
        self._place = contextlib.ExitStack()
        self._reader: Reader | None = None
        self._sound: asyncio.Queue[av.Packet[Any]] = asyncio.Queue(2 * size)
        self._most = 1 + -(-2 * PACKETS // size)  # packets of sound of one frame
        self._next = 0.0
        self._heard = -(1 << 62)  # the place of the last packet of sound
        self._closed = False

    @property
    def dropped(self) -> int:
        """Units that found no room."""
        return self._reader.dropped if self._reader else 0

    @property
    def bytes(self) -> int:
        """Of encoded picture and sound that were sent."""
        departed = self._reader.departed if self._reader else None
        return departed.video_bytes + departed.sound_bytes if departed else 0

    async def picture(self) -> av.Packet[Any]:
        """The next picture; the sound up to it, also of frames without a picture, is then to be had from `sound`."""
        while True:
            if self._closed:
                raise MediaStreamError
            if self._reader is None:
                self._reader = self._place.enter_context(self._fanout.reader(self._name, self._size))
            unit = await self._reader.get()
            self._hear(unit.opus)
            if self._reader.hear is None:
                self._fanout.listen(self._reader, self._hear)
            self._reader.left(unit, ())
            if unit.video.size:
                return unit.video

    def _hear(self, packets: Sequence[av.Packet[Any]]) -> None:
        """Sound comes ahead of its picture where the fan-out has it so, and with it everywhere.

        What the encoder filled in after a jump is left out: a receiver fills gaps by itself, and takes a burst for a
        bad network, against which it would hold back picture and sound for a minute.
        """
        for packet in packets[-self._most :]:
            if (at := packet.pts or 0) > self._heard:
                self._heard = at
                if self._sound.full():
                    self._sound.get_nowait()
                self._sound.put_nowait(packet)

    async def sound(self) -> av.Packet[Any]:
        """The next 20 ms of sound, not in bursts: receivers take the gaps between packets for a bad network."""
        packet = await self._sound.get()
        at = asyncio.get_running_loop().time()
        if self._next > at and self._sound.qsize() < BACKLOG:
            await asyncio.sleep(self._next - at)
            at = self._next
        self._next = at + OPUS_PACE
        if self._reader is not None:
            self._reader.sounded(packet)
        return packet

    def close(self) -> None:
        """Give the place back, for good."""
        self._closed = True
        self._place.close()


class Track(MediaStreamTrack):
    """A track of encoded packets."""

    def __init__(self, kind: str, source: Callable[[], Awaitable[av.Packet[Any]]]) -> None:
        super().__init__()
        self.kind = kind
        self._source = source

    async def recv(self) -> av.Packet[Any]:
        """The next packet."""
        if self.readyState != "live":
            raise MediaStreamError
        return await self._source()
