"""How much of the programme's picture moves, seen in the key frames that leave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from host_engine.labelling.key_pictures import KeyPictures
from host_engine.outputs.fanout import Fanout
from host_engine.policies.stillness import Stillness

EVERY = 2.0  # seconds between two pictures that are looked at
LOOK = 5.0  # seconds between two looks whether anybody asks
QUEUE = 50  # units


class PictureMoves:
    """Decodes one key frame in two seconds, on a thread that stands back, and only while a policy asks for it."""

    def __init__(self, fanout: Fanout, threads: Executor, wanted: Callable[[], bool]) -> None:
        self._fanout, self._threads, self._wanted = fanout, threads, wanted
        self._stillness = Stillness()
        self._pictures = KeyPictures()
        self.seen = 0  # pictures that were looked at

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            if self._wanted():
                await self._look()
            else:
                await asyncio.sleep(LOOK)

    def shares(self, lengths: Iterable[float]) -> dict[float, float | None]:
        """By each of these lengths of time in seconds, the share of the picture that has stood still for so long."""
        now = self._fanout.now()
        return {each: self._stillness.share(each, now) for each in lengths}

    async def _look(self) -> None:
        loop, last = asyncio.get_running_loop(), float("-inf")
        self._stillness = Stillness()
        with self._fanout.reader("policies", QUEUE, told=False) as reader:
            while self._wanted():
                unit = await reader.get()
                reader.left(unit)
                if unit.key and self._fanout.now() - last >= EVERY:
                    last = self._fanout.now()
                    await loop.run_in_executor(self._threads, self._see, bytes(unit.video), last)
                    self.seen += 1

    def _see(self, key: bytes, at: float) -> None:
        view = self._pictures.decode(key)
        if view is not None:
            self._stillness.see(view.luma, at)
