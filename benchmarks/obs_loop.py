"""A real OBS between the channel and its platform: from a frame being drawn to OBS's own RTMP output, each way of
feeding it; and after the engine was killed: until the slate shows, and until the show is back.

The picture carries its number (host_engine/frame_code.py), which is read back from OBS's output, decoded. OBS runs
under Xvfb without a GPU, so its picture is of 640x360.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import codes_seen, numbers_seen
from benchmarks.codes_seen import Seen
from benchmarks.kept import keep, spread
from benchmarks.lines import ROOT
from benchmarks.onair import OnAir

sys.path.append(str(ROOT / "tests"))

from obs_broker import Broker
from obs_program import ObsProgram
from own_network import Network
from rtmp_server import free_port

from host_engine.channel_file.steering import Feed, Obs
from host_engine.media import Format

WAYS = ("rtmp", "listen", "http-flv")
SECONDS, RESTARTS = 90, 5
SHORT_SECONDS, SHORT_RESTARTS = 20, 1
FORMAT = Format(640, 360, 25)
WARM = 10.0  # seconds after the first number was seen
AWAY = 6.0  # seconds that the engine is away
LONGEST = 60.0  # seconds in which something must be seen


class Loop:
    """Broker, OBS, and somebody who plays what OBS sends; the channel comes and goes."""

    def __init__(self, folder: Path, way: str, broker: Broker, obs: ObsProgram) -> None:
        self.folder, self.way, self.broker, self.obs = folder, way, broker, obs
        self.seen = folder / "seen"
        self._port, self._channels = free_port(), 0

    @contextmanager
    def channel(self) -> Iterator[Path]:
        """The channel on air; the file in which it notes when each frame was drawn."""
        self._channels += 1
        drawn = self.folder / f"drawn-{self._channels}"
        fields = {
            "format": {"width": FORMAT.width, "height": FORMAT.height, "fps": FORMAT.fps},
            "scene": "studio-wide",
            "obs": self._obs(),
            "audience": {"answers": False},
        }
        with OnAir(self.folder, [], {"seconds": 1, "numbers": str(drawn)}, port=self._port, **fields) as channel:
            yield drawn
            if channel.alive:
                channel.process.kill()  # as a crash does: OBS is told nothing

    def _obs(self) -> dict[str, Any]:
        stream = {"kind": "rtmp", "name": "way-out", "url": self.broker.url, "key_env": "STREAM_KEY"}
        feed = self.obs.obs.feed.model_dump()
        if self.way == "http-flv":
            feed["url"] = f"http://127.0.0.1:{self._port}"
        return {"port": self.obs.port, "password_env": "OBS_PASSWORD", "feed": feed, "stream": stream}

    def until(self, condition: Any, what: str) -> Seen:
        """The first picture seen from now on for which it holds. Raises RuntimeError when there is none."""
        began, end = time.monotonic(), time.monotonic() + LONGEST
        while time.monotonic() < end:
            for each in codes_seen.read(self.seen):
                if each.at >= began and condition(each):
                    return each
            time.sleep(0.1)
        raise RuntimeError(f"{self.way}: {what} was never seen; OBS said:\n{self.obs.log[-2000:]}")


def run(way: str, seconds: int, restarts: int) -> None:
    with tempfile.TemporaryDirectory() as name, _loop(Path(name), way) as loop:
        with loop.channel() as drawn:
            loop.until(lambda each: each.code is not None, "a number")
            time.sleep(WARM)
            began = time.monotonic()
            time.sleep(seconds)
            seen = [each for each in codes_seen.read(loop.seen) if each.at >= began]
            times = numbers_seen.read(drawn)
        late = [(each.at - times[each.code]) * 1000 for each in seen if each.code in times]
        back = [_restarted(loop) for _ in range(restarts)]
    figures = spread(late, "loop_ms") | {
        "slate_s_max": max(slate for slate, _ in back),
        "back_s_p50": float(np.median([after for _, after in back])),
        "back_s_max": max(after for _, after in back),
        "pictures": len(seen),
        "unread": sum(each.code is None for each in seen),
    }
    keep("obs_loop", figures, way=way, seconds=seconds)


def _restarted(loop: Loop) -> tuple[float, float]:
    """Seconds from the engine's end until OBS sends no picture of it, and from its first frame until it sends one."""
    killed = time.monotonic()
    slate = loop.until(lambda each: each.code is None, "the slate").at - killed
    time.sleep(max(0.0, AWAY - slate))
    with loop.channel() as drawn:
        shown = loop.until(lambda each: each.code is not None, "the show again")
        times = numbers_seen.read(drawn)
        time.sleep(WARM)
    return slate, shown.at - min(times.values())


@contextmanager
def _loop(folder: Path, way: str) -> Iterator[Loop]:
    broker = Broker(folder / "broker")
    url = f"rtmp://127.0.0.1:{free_port()}/live" if way == "listen" else broker.url
    made = Obs(feed=Feed.model_validate({"way": way, "url": url, "key": "host"}))
    obs = ObsProgram(folder / "obs", FORMAT, made, Network(own=False))
    os.environ["OBS_PASSWORD"] = obs.password
    loop = Loop(folder, way, broker, obs)
    player = None
    try:
        broker.start()
        obs.start()
        command = [sys.executable, "-m", "benchmarks.codes_seen", f"{broker.url}/benchmark", str(loop.seen)]
        player = subprocess.Popen(command, cwd=ROOT)
        yield loop
    finally:
        if player:
            player.kill()
            player.wait()
        obs.end()
        broker.kill()


if __name__ == "__main__":
    short = "--short" in sys.argv
    for each in WAYS[:1] if short else WAYS:
        run(each, SHORT_SECONDS if short else SECONDS, SHORT_RESTARTS if short else RESTARTS)
