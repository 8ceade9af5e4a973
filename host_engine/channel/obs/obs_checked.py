"""What is wrong with the part `obs` of a channel file although each of its values alone is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from host_engine import document
from host_engine.channel_file.config import Channel
from host_engine.channel_file.steering import Obs
from host_engine.document import Fault, Problem
from host_engine.obs.collection import SLATE
from host_engine.show.human_scene import HUMAN
from host_engine.show.obs_scene import ObsScene, called_in_obs
from host_engine.show.scene import Scene, names


def check_obs(channel: Channel, path: Path, scenes: Mapping[str, Scene]) -> list[Problem]:
    """The problems, with the lines of the channel file. `scenes`: all of its folder."""
    if channel.obs is None:
        return []
    fitting = {name: each for name, each in scenes.items() if each.fits(channel.format.width, channel.format.height)}
    faults = [*_host(channel.obs), *_scenes(channel.obs, scenes), *_names(channel.obs, fitting)]
    return document.problems_at(path, [Fault(("obs", *loc), what) for loc, what in faults])


def _host(obs: Obs) -> Iterator[Fault]:
    if "/" in obs.host or obs.host.strip() != obs.host or not obs.host:
        yield Fault(("host",), f"'{obs.host}' is no host; write its name or address alone, such as 127.0.0.1")


def _scenes(obs: Obs, scenes: Mapping[str, Scene]) -> Iterator[Fault]:
    known = names(scenes) | {HUMAN}
    for name, called in obs.scenes.items():
        if scenes and name not in known:
            yield Fault(("scenes", name), f"the channel has no scene '{name}'; it has {', '.join(sorted(known))}")
        try:
            ObsScene(scene=called)
        except ValidationError:
            yield Fault(("scenes", name), "write a name of 1 to 80 signs, as it is seen in OBS")


def _names(obs: Obs, scenes: Mapping[str, Scene]) -> Iterator[Fault]:
    """OBS has one name for all: no source can be called like a scene, and no text like the feed."""
    feed, slate = obs.feed.source, SLATE.format(obs.feed.source)
    called = {called_in_obs(name, each.obs, obs.scenes): name for name, each in scenes.items()}
    for name in (feed, slate):
        if name in called:
            said = f"OBS's scene for '{called[name]}' is called '{name}' too, and OBS has one name for all"
            yield Fault(("feed", "source"), said)
    for scene, each in scenes.items():
        for source in each.obs.sources:
            if source.name in (feed, slate):
                said = f"the scene '{scene}' has a source '{source.name}' in OBS; give one of them another name"
                yield Fault(("feed", "source"), said)
            elif source.name in called:
                said = f"the scene '{scene}' has a source '{source.name}', and OBS has one name for scenes and sources"
                yield Fault(("scenes",), said)
