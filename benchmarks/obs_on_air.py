"""A channel on air beside a real OBS that it steers, with a broker for its feed and for what OBS sends."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from benchmarks.lines import ROOT
from benchmarks.onair import OnAir
from benchmarks.scenes_seen import MARK

sys.path.append(str(ROOT / "tests"))

from obs_broker import Broker
from obs_program import ObsProgram
from own_network import Network

from host_engine.channel_file.steering import Feed, Obs
from host_engine.media import Format

FORMAT = Format(640, 360, 25)
FLASH = "flash-sale"  # the scene whose scene in OBS has the mark
SIZE = 1280, 720  # of the scene files


class Around(NamedTuple):
    """What is at work."""

    channel: OnAir
    obs: ObsProgram
    broker: Broker

    def status(self) -> dict[str, Any]:
        """How it stands with OBS."""
        found: dict[str, Any] = self.channel.status()["obs"]
        return found

    def steered(self, scene: str, connections: int = 1) -> bool:
        """Whether OBS is as it should be, in this scene, by that connection."""
        state = self.status()
        so = state["state"] == "steered" and state["connections"] >= connections and state["took_ms"]
        return bool(so and state["scene"] == {"wanted": scene, "shown": scene})


@contextmanager
def obs_on_air(folder: Path, wanted: dict[str, Any], stream: bool) -> Iterator[Around]:
    """`wanted`: the probe's. `stream`: whether OBS sends to the broker, at `benchmark`."""
    broker = Broker(folder / "broker")
    made = Obs(feed=Feed.model_validate({"way": "rtmp", "url": broker.url, "key": "host"}))
    obs = ObsProgram(folder / "obs", FORMAT, made, Network(own=False))
    os.environ["OBS_PASSWORD"] = obs.password
    out = {"kind": "rtmp", "name": "way-out", "url": broker.url, "key_env": "STREAM_KEY"}
    part = {"port": obs.port, "password_env": "OBS_PASSWORD", "feed": made.feed.model_dump()}
    fields = {
        "format": {"width": FORMAT.width, "height": FORMAT.height, "fps": FORMAT.fps},
        "scene": "studio-wide",
        "scenes": str(_scenes(folder / "scenes")),
        "obs": part | ({"stream": out} if stream else {}),
        "audience": {"answers": False},
    }
    try:
        broker.start()
        obs.start()
        with OnAir(folder, [], wanted, **fields) as channel:
            around = Around(channel, obs, broker)
            channel.wait(lambda: around.steered("studio"), 60)
            yield around
    finally:
        obs.end()
        broker.kill()


def _scenes(folder: Path) -> Path:
    """The scenes as they are shipped, and a white mark that OBS shows in one of them."""
    shutil.copytree(ROOT / "scenes", folder, ignore=shutil.ignore_patterns("filmed"))
    left, top, wide, high = (round(part * of) for part, of in zip(MARK, SIZE * 2, strict=True))
    cv2.imwrite(str(folder / "mark.png"), np.full((high, wide, 3), 255, np.uint8))
    with (folder / f"{FLASH}-wide.yaml").open("a") as file:
        file.write(f"\nobs:\n  sources: [{{name: mark, image: mark.png, box: [{left}, {top}, {wide}, {high}]}}]\n")
    return folder
