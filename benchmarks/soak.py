"""Half an hour on air in real time while RTMP servers are killed and paused every 20 s and viewers come and go.

What must hold: one process all along, no picture missing in the recording, every output back within five seconds of its
server, and memory that does not grow.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import threading
import time
from pathlib import Path

import av
import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.kept import Figures, keep
from benchmarks.onair import OnAir, live, recording
from benchmarks.servers import Server, servers

SECONDS, SHORT = 1800, 160
WARM, SHORT_WARM = 300.0, 40.0  # of it, seconds that the slope of memory leaves out
EVERY = 20.0  # seconds between two outages
DOWN = (2.0, 5.0, 8.0, 11.0)  # seconds that outages last
LONGEST = 40.0  # seconds an output is waited for
VIEWERS, STAY = 2, 7.0


def run(seconds: int, warm: float) -> None:
    with tempfile.TemporaryDirectory() as name, servers(Path(name), "first", "second") as both:
        folder = Path(name)
        outputs = [*(server.output for server in both), recording(folder / "recordings")]
        with OnAir(folder, outputs, {"seconds": seconds + 300, "pictures": True}) as channel:
            channel.wait(lambda: live(channel, "first", "second", "archive"), 30)
            with Crowd(channel.address, VIEWERS, STAY) as crowd, Scales(channel) as scales:
                backs = outages(channel, both, seconds)
            status = channel.status()
        figures = missing(folder / "recordings", channel.notes["pictures"])
    figures |= {
        "restarts": sum(job["restarts"] for job in status["jobs"] if job["name"] in ("air", "http", "viewers")),
        "back_s_p50": float(np.median(backs)),
        "back_s_max": max(backs),
        "outages": len(backs),
        **scales.figures(warm),
        "jumps": status["clock"]["jumps"],
        "joined": crowd.counts["joined"],
    }
    keep("soak", figures, seconds=seconds, warm_up=int(warm))


def outages(channel: OnAir, both: list[Server], seconds: float) -> list[float]:
    """Kill and pause the servers in turn, and revive them. Seconds from each revival to the channel's coming back."""
    backs: list[float] = []
    began = time.monotonic()
    kinds = itertools.product(DOWN, ("kill", "pause"), both)
    for number, (down, kind, server) in enumerate(itertools.cycle(kinds)):
        due = began + number * EVERY
        if due + EVERY > began + seconds:
            return backs
        time.sleep(max(0.0, due - time.monotonic()))
        backs.append(outage(channel, server, kind, down))
        print(f"{server.name} {kind} for {down:g} s: back after {backs[-1]:.1f} s", flush=True)
        if not channel.alive:
            raise RuntimeError(f"the channel ended by itself:\n{channel.log()}")
    return backs


def outage(channel: OnAir, server: Server, kind: str, down: float) -> float:
    """One outage, and the seconds from its end until the server gets the channel again."""
    if kind == "kill":
        server.kill()
        time.sleep(down)
        server.start()
    else:
        server.freeze()
        time.sleep(down)
        server.thaw()
    up, had = time.monotonic(), server.received
    while time.monotonic() < up + LONGEST:
        if channel.states()[server.name] == "live" and server.received > had:
            return time.monotonic() - up
        time.sleep(0.2)
    return LONGEST


def missing(folder: Path, sent: int) -> Figures:
    """How many of the pictures that were sent the recording does not have, by the packets of its files."""
    found = 0
    for file in sorted(folder.glob("*.mp4")):
        with av.open(str(file)) as container:
            found += sum(1 for packet in container.demux(video=0) if packet.size)
    return {"frames_missing": float(sent - found), "frames": found}


class Scales:
    """Weighs the channel every few seconds, for as long as the block lasts."""

    def __init__(self, channel: OnAir, pause: float = 2.0) -> None:
        self._channel, self._pause = channel, pause
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._weigh)
        self._weights: list[tuple[float, float]] = []  # seconds since the beginning, MB

    def __enter__(self) -> Scales:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _weigh(self) -> None:
        began = time.monotonic()
        while not self._over.wait(self._pause) and self._channel.alive:
            self._weights.append((time.monotonic() - began, self._channel.rss()))

    def figures(self, warm: float) -> Figures:
        """The slope of memory after `warm` seconds with its standard error, in MB an hour, and the last weight."""
        times, weights = np.array([each for each in self._weights if each[0] > warm]).T
        slope, error = slope_of(times / 3600, weights)
        return {
            "rss_slope_mb_h": slope,
            "rss_slope_error": error,
            "rss_start_mb": float(weights[0]),
            "rss_mb": float(weights[-1]),
        }


def slope_of(times: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """The slope of a straight line through the least of each tenth of the time, and its standard error.

    The least, as what is freed comes and goes between two times that the engine gives it back.
    """
    cuts = np.array_split(np.arange(len(times)), 10)
    x, y = (np.array(series) for series in ([times[cut].mean() for cut in cuts], [values[cut].min() for cut in cuts]))
    slope, base = np.polyfit(x, y, 1)
    rest = y - (slope * x + base)
    error = np.sqrt(rest @ rest / (len(x) - 2) / np.sum((x - x.mean()) ** 2))
    return float(slope), float(error)


if __name__ == "__main__":
    if "--short" in sys.argv:
        run(SHORT, SHORT_WARM)
    else:
        run(SECONDS, WARM)
