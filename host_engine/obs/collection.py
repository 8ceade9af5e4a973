"""The scene collection that a channel needs in OBS: its scenes, each with the feed over the slate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from host_engine.channel_file.steering import Obs
from host_engine.obs.feed import feed_source
from host_engine.obs.wanted import IMAGE, Source, wanted_of
from host_engine.show.scene import Scene

SLATE = "{} (away)"  # what the slate's source is called, by the feed's name
COLOUR = ("color_source",)
DARK = 0xFF1C1317  # the slate where there is no picture, as OBS writes colours: alpha, blue, green, red


class Collection(NamedTuple):
    """What is wanted: scenes in their order, and the two sources that each of them has, the slate below the feed."""

    name: str
    profile: str
    size: tuple[int, int]
    scenes: tuple[str, ...]
    feed: Source
    slate: Source


def collection_of(
    obs: Obs, channel: str, scenes: Mapping[str, Scene], size: tuple[int, int], fps: int, page: str, slate: Path | None
) -> Collection:
    """The collection for a channel of that name, with scenes for pictures of that size.

    page: the engine's own address. slate: a picture that OBS can read, or None where OBS is on another machine.
    """
    feed, beneath = feed_source(obs.feed, page, size, fps), slate_of(obs, size, slate)
    wanted = next(iter(wanted_of(obs, scenes, size, feed, beneath=beneath).values()))
    names = tuple(each.name for each in wanted.scenes)
    return Collection(obs.collection or channel, obs.profile or channel, size, names, feed, beneath)


def slate_of(obs: Obs, size: tuple[int, int], picture: Path | None) -> Source:
    """What stands below the feed, and shows as soon as the feed is cleared away."""
    name = SLATE.format(obs.feed.source)
    if picture is None:
        return Source(name, COLOUR, {"color": DARK, "width": size[0], "height": size[1]})
    return Source(name, IMAGE, {"file": picture.as_posix(), "unload": False})
