"""What the programme shows and sounds like, decoded once from the units that every output sends."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from host_engine.media import Format, Unit
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.picture_watch import PictureWatch, Place
from host_engine.outputs.sound_watch import NOTHING, SoundWatch
from host_engine.priority import stand_back

NAME = "programme"
QUEUE = 100  # units; content that is judged four seconds late is not worth the memory
KEPT = 240  # marks: the last minutes


class Mark(NamedTuple):
    """What was known once unit `n` had been looked at."""

    n: int
    silent: float  # seconds for which nothing could be heard
    still: float  # seconds for which the picture has not moved
    level: float  # dBFS, the loudest 21 ms of the last units


class Watch:
    """Looks at units, in order. Belongs to one thread; knows no time but theirs, and none that was jumped over.

    quiet: below this level, in dBFS, nothing can be heard.
    """

    def __init__(self, format: Format, quiet: float, where: Callable[[], Place | None] | None = None) -> None:
        self._fps, self._quiet = format.fps, quiet
        self._picture, self._sound = PictureWatch(where), SoundWatch(format.sample_rate)
        self._n: int | None = None
        self._time = 0  # frames looked at, times between them that were short included
        self._heard = 0  # when something could be heard the last time
        self._key: int | None = None  # when a picture was looked at the last time
        self._still = 0  # when the first of the pictures came that are all the same

    def look(self, units: list[Unit]) -> Mark:
        """What is known after these."""
        level = NOTHING
        for unit in units:
            self._time += min(unit.n - self._n, self._fps // 2) if self._n is not None else 0
            self._n = unit.n
            loudness = self._loudness(unit)
            level = max(level, loudness)
            if loudness > self._quiet:
                self._heard = self._time
            if unit.key:
                self._see(unit)
        still = (self._key or 0) - self._still
        return Mark(units[-1].n, (self._time - self._heard) / self._fps, still / self._fps, level)

    def _loudness(self, unit: Unit) -> float:
        levels = [self._sound.level(packet) for packet in unit.aac]
        return max((level for level in levels if level is not None), default=NOTHING)

    def _see(self, unit: Unit) -> None:
        """Twice a second at most: viewers who join ask for many key frames."""
        if self._key is not None and self._time - self._key < self._fps // 2:
            return
        self._key = self._time
        if self._picture.moved(unit.video):
            self._still = self._time


class Programme:
    """Follows the stream as one more reader, half a second or one key frame at a time, on a thread of its own.

    `news` is called on the event loop after each look. `mark` is what is known now, None before the first look.
    """

    def __init__(self, fanout: Fanout, format: Format, quiet: float, where: Callable[[], Place | None] | None) -> None:
        self.news: Callable[[], None] = lambda: None
        self._fanout, self._format = fanout, format
        self._make = partial(Watch, format, quiet, where)
        self._marks: deque[Mark] = deque(maxlen=KEPT)

    @property
    def mark(self) -> Mark | None:
        return self._marks[-1] if self._marks else None

    def at(self, n: int) -> Mark | None:
        """What was known when unit `n` had left, None where that is too long ago or was not looked at."""
        index = bisect_right([mark.n for mark in self._marks], n)
        return self._marks[index - 1] if index else None

    def learn(self, mark: Mark) -> None:
        """Remember what is known now, and pass it on."""
        self._marks.append(mark)
        self.news()

    async def run(self) -> None:
        """Watch until cancelled."""
        loop = asyncio.get_running_loop()
        watch, batch = self._make(), list[Unit]()
        self._marks.clear()
        threads = ThreadPoolExecutor(1, "monitor", initializer=stand_back)
        with threads as thread, self._fanout.reader(NAME, QUEUE) as reader:
            while True:
                unit = await reader.get()
                reader.left(unit)
                batch.append(unit)
                if unit.key or len(batch) >= self._format.fps // 2:
                    self.learn(await loop.run_in_executor(thread, watch.look, batch))
                    batch = []
