"""From the operator's cut to the first encoded frame of the new line, on a running channel in real time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from benchmarks.kept import keep, spread
from benchmarks.lines import studio
from host_engine.channel.studio.studio import Studio
from host_engine.clock import MediaClock
from host_engine.media import Beat, Unit
from host_engine.playout.air import on_air
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens

CUTS = 40
TEXT = "One moment please, I have news for you."


def run() -> None:
    made = studio()
    try:
        known = asyncio.run(Orders(made).times(lambda k: TEXT))
        fresh = asyncio.run(Orders(made).times(lambda k: f"{TEXT} Number {time.time_ns() % 100_000}."))
    finally:
        made.close()
    prepared, said = zip(*known[1:], strict=True)
    _, synthesised = zip(*fresh[1:], strict=True)
    figures = spread(prepared, "prepared_ms") | spread(said, "known_words_ms") | spread(synthesised, "new_words_ms")
    keep("cut", figures, cuts=CUTS)


class Orders:
    """A running channel whose operator says something every second, at another moment of the frame each time."""

    def __init__(self, made: Studio) -> None:
        self.made = made
        self.aired = asyncio.Event()
        self.on_frame: dict[int, str | None] = {}
        self.wanted: str | None = None
        self.at = 0.0
        if made.timings.rows:  # a second run in one process: its frame numbers begin anew
            made.program.encoder = made.program.make_encoder()

    async def render(self, n: int, beat: Beat) -> list[Unit]:
        self.on_frame[n] = beat.line.id if beat.line else None
        return await self.made.program.render(n, beat)

    def send(self, unit: Unit) -> None:
        if self.on_frame.pop(unit.n, None) == self.wanted is not None and not self.aired.is_set():
            self.at = time.perf_counter()
            self.aired.set()

    async def times(self, text_of: Callable[[int], str]) -> list[tuple[float, float]]:
        """For each order, milliseconds to the first unit of its line: from when it was ready, and from the order."""
        clock = MediaClock(self.made.preparation.format.fps)
        air = asyncio.create_task(on_air(clock, self.made.playout, self.render, self.send, self.made.timings))
        await asyncio.sleep(3)
        taken = [await self.order(k, text_of(k)) for k in range(CUTS)]
        air.cancel()
        await asyncio.sleep(0.2)  # the frame in work is finished on its thread
        return taken

    async def order(self, k: int, text: str) -> tuple[float, float]:
        lane, playout = self.made.operator, self.made.playout
        self.wanted = f"order-{k}"
        self.aired.clear()
        ordered = time.perf_counter()
        lane.add(Line(self.wanted, text, tokens(text, "en", {}), "en", "operator"))
        cue = lane.cues[-1]
        while not cue.ready:
            await asyncio.sleep(0.0005)
        ready = time.perf_counter()
        await self.aired.wait()
        await asyncio.sleep(0.3)
        playout.take(expect=self.wanted)  # back to the rundown
        await asyncio.sleep(1 + k % 10 * 0.0037)
        return (self.at - ready) * 1000, (self.at - ordered) * 1000


if __name__ == "__main__":
    run()
