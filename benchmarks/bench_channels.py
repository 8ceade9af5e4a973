"""How many channels that all speak at once one worker serves, with no frame too late, in real time.

`python -m benchmarks.bench_channels [--net NAME] [--minutes N] [--short]`: each channel orders lips 25 times a
second, as a channel on air does, and needs each within its delay line of five frames. Short trials find the number,
a long one proves it. Beside it, in the same run, the plain pipeline: as many channels as its frames a second allow.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from typing import Any

import numpy as np

sys.path.insert(0, __file__.rpartition("/benchmarks/")[0])  # so that it runs as a file too

from benchmarks.kept import put, say, spread
from benchmarks.nets import DTYPES, NETS, device, make, quick, weights
from benchmarks.ours import open_worker
from benchmarks.plain import BATCH, Plain, half
from benchmarks.quiet import Quiet
from benchmarks.sitters import Sitter, sitter
from benchmarks.speakers import DEADLINE, FPS, Tally, most, proven, speak
from benchmarks.stopwatch import wall_ms
from host_engine.neural.net import Net
from host_engine.neural.order import Lips, Order

MINUTES, SHORT = 10.0, 1 / 3
TRIAL = 5.0  # seconds of each trial but the last
NO_MORE = 2048  # channels


def run(name: str, dtype: str, minutes: float) -> None:
    where = device()
    with Quiet() as quiet:
        net = make(name, where, DTYPES[dtype])
        someone = sitter(net, frames=1 if where.type == "cpu" and name.startswith("musetalk") else 8)
        with Audience(net, someone) as audience:
            seconds = minutes * 60
            trial = min(TRIAL, seconds)
            found = most(lambda channels: audience.holds(channels, trial), NO_MORE)
            held = proven(lambda channels: audience.holds(channels, seconds), found)
            figures = audience.figures(held)
        del net
        figures |= plain(name, someone, held)
    about = {
        "net": name,
        "dtype": dtype,
        "device": where.type,
        "seconds": round(minutes * 60),
        "weights": weights(name),
    }
    say("bench_channels", put("bench_channels", figures, **about, **quiet.about))


def plain(name: str, someone: Sitter, held: int) -> dict[str, float]:
    """The channels that the plain pipeline feeds with what it makes a second, each in batches of its own."""
    where = device()
    if where.type == "cpu" and name.startswith("musetalk"):
        return {}
    pipeline = Plain(make(name, where, DTYPES[half(where)]), someone.resident)
    orders = [someone.order(k, 0.0) for k in range(BATCH)]
    fps = BATCH * 1000 / float(np.mean(wall_ms(lambda: pipeline.batch(orders), where, 3)))
    return {"plain_channels": fps / FPS, "plain_fps": fps, "times_plain": held / (fps / FPS)}


class Audience:
    """Channels with the same person each, before one worker. What was found at each number of channels is kept."""

    def __init__(self, net: Net, someone: Sitter) -> None:
        self._someone = someone
        self._lips: Lips = open_worker(net)
        self._avatars: list[int] = []
        self._ages: list[float] = []
        self._found: dict[int, tuple[Tally, dict[str, Any], list[float]]] = {}
        self._failed: list[int] = []

    def __enter__(self) -> Audience:
        return self

    def __exit__(self, *_: object) -> None:
        self._lips.close()

    def holds(self, channels: int, seconds: float) -> bool:
        """Let so many channels speak for so long; whether no frame came too late."""
        while len(self._avatars) < channels:
            resident = self._someone.resident._replace(name=f"sitter-{len(self._avatars)}")
            self._avatars.append(self._lips.settle(resident))
        before = _batches(self._lips.status())
        self._ages = []
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=[over], daemon=True)
        watch.start()
        tally = speak(self._lips, self._order, channels, seconds)
        over.set()
        watch.join()
        after = _batches(self._lips.status())
        batches = {bucket: count - before.get(bucket, 0) for bucket, count in after.items()}
        self._found[channels] = tally, batches, self._ages
        if not tally.holds:
            self._failed.append(channels)
        wait = spread(tally.waits, "wait")["wait_p99"] if tally.waits else float("nan")
        verdict = "holds" if tally.holds else f"{tally.misses} of {tally.given} missed"
        print(
            f"  {channels} channels for {seconds:g} s: {verdict}, p99 {wait:.1f} ms of {DEADLINE * 1000:.0f}",
            flush=True,
        )
        return tally.holds

    def figures(self, channels: int) -> dict[str, float]:
        """What was found in the last trial of so many channels; of one, where not even one could be served."""
        tally, batches, ages = self._found[channels or 1]
        orders = sum(int(bucket) * count for bucket, count in batches.items())
        return {
            "channels": float(channels),
            "failed_at": float(min((each for each in self._failed if each > channels), default=0)),
            "misses": float(tally.misses),
            **spread(tally.waits or [float("nan")], "wait_ms"),
            **spread(tally.late, "given_late_ms"),
            "queue_age_ms_p99": spread(ages or [0.0], "age")["age_p99"],
            **{f"of_{bucket}": int(bucket) * count / max(1, orders) for bucket, count in batches.items()},
        }

    def _order(self, channel: int, k: int, deadline: float) -> Order:
        return self._someone.order(k + channel, deadline, f"channel-{channel}", self._avatars[channel])

    def _watch(self, over: threading.Event) -> None:
        """Look at the oldest order that waits, every twentieth of a second."""
        while not over.wait(0.05):
            self._ages.append(float(self._lips.status()["queue"]["age_ms"]))


def _batches(status: dict[str, Any]) -> dict[str, int]:
    return dict(status["batches"])


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", action="append", choices=NETS, help="this one only; may be given again")
    parser.add_argument("--dtype", choices=tuple(DTYPES), help="of the numbers; the quickest of the device if left out")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of the last trial")
    parser.add_argument("--short", action="store_true", help="a last trial of 20 s")
    wanted = parser.parse_args(arguments)
    for name in wanted.net or default():
        began = time.monotonic()
        print(f"{name}:", flush=True)
        run(name, wanted.dtype or quick(device()), SHORT if wanted.short else wanted.minutes)
        print(f"  took {time.monotonic() - began:.0f} s", flush=True)


def default() -> tuple[str, ...]:
    """All where there is a GPU; without, those that a processor can hope to serve."""
    return NETS if device().type == "cuda" else ("wav2lip-96", "small")


if __name__ == "__main__":
    main(sys.argv[1:])
