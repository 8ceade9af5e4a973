"""A small channel at its real rate, without a show: moving pictures with their numbers in them, and a tone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import numpy as np

from host_engine import frame_code
from host_engine.media import Format, Frame
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.source import Source

FORMAT = Format(240, 432)


class Streamed:
    """Encoded once; `source` is what outputs send. `asked` counts the wishes for a key frame."""

    def __init__(self, bitrate: int | None = None) -> None:
        self._encoder = Encoder(FORMAT, bitrate=bitrate, preset="ultrafast")
        self.fanout = Fanout(self._encoder.force_key)
        self.asked = 0
        self.source = Source(self.fanout, self.force_key, FORMAT, 500)

    def force_key(self) -> None:
        self.asked += 1
        self._encoder.force_key()

    async def run(self) -> None:
        n, loop = 0, asyncio.get_running_loop()
        start = loop.time()
        while True:
            for unit in self._encoder.encode(drawn(n)):
                self.fanout.send(unit)
            n += 1
            await asyncio.sleep(max(0.0, start + n / FORMAT.fps - loop.time()))


@contextlib.asynccontextmanager
async def streaming(bitrate: int | None = None) -> AsyncIterator[Streamed]:
    """A channel for as long as the block lasts. bitrate: of its pictures, bit/s."""
    channel = Streamed(bitrate)
    running = asyncio.create_task(channel.run())
    try:
        yield channel
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def drawn(n: int) -> Frame:
    """Frame `n`."""
    picture = np.full((FORMAT.height * 3 // 2, FORMAT.width), 128, np.uint8)
    picture[: FORMAT.height] = np.linspace(30, 220, FORMAT.width).astype(np.uint8)
    picture[n * 4 % 300 : n * 4 % 300 + 20] = 235
    frame_code.write(picture, n)
    at = n * FORMAT.samples + np.arange(FORMAT.samples)
    tone = (0.3 * np.sin(2 * np.pi * (440 + n * 0.618 % 1 * 200) * at / 48_000)).astype(np.float32)
    return Frame(n, picture, np.stack([tone, tone]))
