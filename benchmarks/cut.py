"""From the operator's order to the first encoded frame of the new line, on a running channel in real time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from benchmarks.kept import keep, spread
from benchmarks.lines import studio
from host_engine.clock import MediaClock
from host_engine.engine import Studio
from host_engine.media import Beat, Unit
from host_engine.playout.air import on_air
from host_engine.show.rundown import Line
from host_engine.show.spoken import tokens

CUTS = 60
TEXT = "One moment please, I have news for you."


def run() -> None:
    made = studio()
    try:
        kept = asyncio.run(_cuts(made, lambda k: TEXT))  # the same words: their sound is in the cache
        fresh = asyncio.run(_cuts(made, lambda k: f"{TEXT} Number {k * 7919}."))  # words that no one has said yet
    finally:
        made.close()
    keep("cut", spread(kept[1:], "cached_ms") | spread(fresh, "fresh_ms"), cuts=CUTS)


async def _cuts(made: Studio, text_of) -> list[float]:
    """Milliseconds from each order to its first unit; one order every 1.5 s and a bit, so that phases differ."""
    now = time.perf_counter
    on_frame: dict[int, str | None] = {}
    ordered: dict[str, float] = {}
    taken: list[float] = []
    clock = MediaClock(made.preparation.format.fps)

    async def render(n: int, beat: Beat) -> list[Unit]:
        on_frame[n] = beat.line.id if beat.line else None
        return await made.program.render(n, beat)

    def send(unit: Unit) -> None:
        line = on_frame.pop(unit.n, None)
        if line in ordered:
            taken.append((now() - ordered.pop(line)) * 1000)

    if made.program.encoder._last >= 0:  # a second run in one process: frame numbers begin anew
        made.program.encoder = made.program.make_encoder()
    air = asyncio.create_task(on_air(clock, made.playout, render, send, made.timings))
    await asyncio.sleep(3)
    for k in range(CUTS):
        line = Line(f"order-{id(text_of)}-{k}", text_of(k), tokens(text_of(k), "en", {}), "en", "operator")
        ordered[line.id] = now()
        made.orders.append(replace(line))
        await asyncio.sleep(1.5 + k % 10 * 0.0037)
    air.cancel()
    return taken


if __name__ == "__main__":
    run()
