"""What the tests want of an OBS, a device that steers one, and waiting for what it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from scripted_obs import ScriptedObs

from host_engine.channel_file.steering import Obs
from host_engine.obs.client import Client
from host_engine.obs.device import Device
from host_engine.obs.device_state import State
from host_engine.obs.wanted import MEDIA, Source, Stream, Wanted, wanted_of
from host_engine.show.box import Box
from host_engine.show.obs_scene import ObsScene, ObsSource
from host_engine.show.scene import Label, Scene

SIZE = (720, 1280)
FEED = Source("Host engine", MEDIA, {"input": "rtmp://127.0.0.1/live/host", "buffering_mb": 1})
SLATE = Source("Host engine (away)", ("color_source",), {"color": 4280000000})
BANNER = ObsSource(name="Banner 🔥", text="Only today", box=Box(60, 900, 600, 120))


def scene(name: str, **obs: Any) -> Scene:
    label = Label(box=Box(500, 20, 200, 44))
    kind = "slate" if "back" in name else "show"
    return Scene.model_construct(name=name, size=SIZE, label=label, kind=kind, host=None, obs=ObsScene(**obs))


def scenes() -> dict[str, Scene]:
    made = [
        scene("studio-vertical", volumes={"Mic": "muted"}),
        scene("flash-sale-vertical", scene="Blitz ⚡ 限時", sources=[BANNER]),
        scene("be-right-back-vertical"),
    ]
    return {each.name: each for each in made}


def wanted(
    on_air: str = "studio-vertical", stream: Stream | None = None, beneath: Source = SLATE, **obs: Any
) -> Wanted:
    """What is wanted while this scene is on air."""
    return wanted_of(Obs(**obs), scenes(), SIZE, FEED, beneath=beneath, stream=stream)[on_air]


def wait(for_what: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What `for_what` returns once that is something."""
    end = time.monotonic() + seconds
    while not (found := for_what()):
        assert time.monotonic() < end, "it never was"
        time.sleep(0.005)
    return found


class Steered:
    """A device at work on its thread; every state that it told of is kept."""

    def __init__(self, port: int, want: Wanted, password: str = "", patience: float = 20.0) -> None:
        self.states: list[State] = []
        make = partial(Client, "127.0.0.1", port, password, patience=patience)
        self.device = Device(make, want, self.states.append)
        self._thread = threading.Thread(target=self.device.run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def state(self) -> State:
        return self.device.state

    def settled(self, **fields: Any) -> State:
        """Wait until OBS is as it should be, and the state has these fields."""

        def so() -> bool:
            state = self.state
            return state.link == "steered" and all(getattr(state, name) == value for name, value in fields.items())

        wait(so)
        return self.state

    def looked(self, obs: ScriptedObs, times: int = 2) -> None:
        """Wait until it has looked at OBS again, from the beginning."""
        before = obs.count("GetSceneCollectionList")
        wait(lambda: obs.count("GetSceneCollectionList") >= before + times)

    def end(self, goodbye: Wanted | None = None) -> None:
        self.device.close(goodbye)
        self._thread.join(20)
        assert not self._thread.is_alive()


@contextmanager
def steered(obs: ScriptedObs, want: Wanted | None = None, **options: Any) -> Iterator[Steered]:
    made = Steered(obs.port, want or wanted(), obs.password, **options)
    made.start()
    try:
        yield made
    finally:
        made.end()
