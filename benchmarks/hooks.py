"""What watching costs the tick: the hooks of a whole engine, per frame, and what a scrape holds the loop up for."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import get_ident
from time import perf_counter_ns, thread_time_ns

import numpy as np

from benchmarks.kept import keep
from benchmarks.lines import ROOT, beats
from host_engine.channel_file import config
from host_engine.engine import Engine

FRAMES, ROUNDS = 100, 100
STAGES = ("draw", "mix", "encode")
CHANNEL = f"""
name: hooks
catalog: {ROOT}/product_catalogs/tea
scenes: {ROOT}/scenes
outputs:
  - {{kind: rtmp, name: one, url: "rtmp://127.0.0.1/live/one"}}
  - {{kind: rtmp, name: two, url: "rtmp://127.0.0.1/live/two"}}
  - {{kind: file, name: archive, path: archive.mp4}}
"""


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "channel.yaml"
        path.write_text(CHANNEL)
        engine = Engine(config.load(path), {})
        try:
            keep("hooks", asyncio.run(measure(engine)), outputs=3)
        finally:
            engine.studio.close()


async def measure(engine: Engine) -> dict[str, float]:
    """Microseconds a frame: of the stages' marks, of each hook on them, of the three outputs' reports.

    clock_us, what it costs to look at the clock, says how fast the machine was meanwhile: 0.12 where nothing else runs.
    """
    timings = engine.studio.timings
    line = (await beats(engine.studio, 1))[0].line
    hooks, timings.hooks = timings.hooks, []
    marks = least(lambda n: frame(engine, n, line))
    row = timings.rows[-1]
    each = {
        _name(hook): least(lambda n, hook=hook: hook(row._replace(n=n)), lambda n: row._replace(n=n)) for hook in hooks
    }
    timings.hooks = hooks
    whole = least(lambda n: frame(engine, n, line))
    with (
        engine.fanout.reader("one") as one,
        engine.fanout.reader("two") as two,
        engine.fanout.reader("archive") as file,
    ):
        now, tell = engine.fanout.now(), [reader.tell for reader in (one, two, file) if reader.tell]
        outputs = least(lambda n: [each(n, now, now, now) for each in tell])
    scrapes = [_milliseconds(engine.profiler.metrics.page) for _ in range(200)]  # what of it is done on the loop
    return {
        "hooks_us": whole + outputs,
        "clock_us": least(lambda n: perf_counter_ns()),
        "stages_us": marks,
        "outputs_us": outputs,
        **{f"{name}_us": cost for name, cost in each.items()},
        "scrape_ms_p50": float(np.median(scrapes)),
        "scrape_ms_p95": float(np.percentile(scrapes, 95)),
    }


def frame(engine: Engine, n: int, line: object) -> None:
    """The hooks of one frame, as the tick meets them, around nothing."""
    timings = engine.studio.timings
    pulled = ("pull", perf_counter_ns(), perf_counter_ns(), get_ident())
    for name in STAGES:
        with timings.stage(name):
            pass
    timings.made(n)
    sent = ("send", perf_counter_ns(), perf_counter_ns(), get_ident())
    timings.close(n, 0.001, line, (pulled,), (sent,))


def least(work: Callable[[int], object], beside: Callable[[int], object] | None = None) -> float:
    """Microseconds of `work(n)`, without those of `beside(n)`: of the calmest round, as others use the machine too."""
    rounds = []
    for k in range(ROUNDS):
        start = thread_time_ns()
        for n in range(k * FRAMES, (k + 1) * FRAMES):
            work(n)
        rounds.append((thread_time_ns() - start) / FRAMES / 1000)
    return min(rounds) - (least(beside) if beside else 0.0)


def _milliseconds(work: Callable[[], object]) -> float:
    start = thread_time_ns()
    work()
    return (thread_time_ns() - start) / 1e6


def _name(hook: Callable[..., object]) -> str:
    owner = getattr(hook, "__self__", None)
    return type(owner).__name__.lower() if owner is not None else getattr(hook, "__name__", "hook").strip("_")


if __name__ == "__main__":
    run()
