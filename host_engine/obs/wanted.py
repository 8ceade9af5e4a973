"""What OBS is to be like while a scene of the channel is on air: values only, made once for each scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from host_engine.channel_file.steering import Obs
from host_engine.show.box import Box
from host_engine.show.human_scene import HUMAN
from host_engine.show.obs_scene import Hand, ObsScene, ObsSource, called_in_obs
from host_engine.show.scene import Scene, choose

MEDIA: Final = ("ffmpeg_source",)
BROWSER: Final = ("browser_source",)
IMAGE: Final = ("image_source",)
COLOUR: Final = ("color_source",)
TEXT: Final = ("text_gdiplus", "text_ft2_source")  # the first one that an OBS has
SHORTEST_FADE = 50  # milliseconds, of OBS


@dataclass(frozen=True)
class Source:
    """A source, which OBS calls an input. `kinds`: without their versions; `settings`: those that matter to us.

    `instead`: kinds that it may have had by other settings of ours; one of another kind is somebody else's.
    """

    name: str
    kinds: tuple[str, ...]
    settings: Mapping[str, Any] = field(repr=False)  # an address may hold a key
    instead: tuple[str, ...] = ()


class Item(NamedTuple):
    """A source in a scene. `box`: in pixels of the scene's picture, which fills as much of OBS's as it can."""

    source: str
    box: Box


@dataclass(frozen=True)
class WantedScene:
    """A scene of OBS, with the size of the picture that its boxes are measured in; items from the lowest upwards.

    The first `ground` of them go below what else is in that scene, the others on top of it.
    """

    name: str
    size: tuple[int, int]
    items: tuple[Item, ...]
    ground: int = 1


class Volume(NamedTuple):
    """How loud a source is: decibels, or None for as loud as it is."""

    db: float | None
    muted: bool


@dataclass(frozen=True)
class Stream:
    """Where OBS itself streams to."""

    server: str = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True)
class Wanted:
    """All that is wanted of an OBS at a time. What is not named here is nobody's business but OBS's."""

    scene: str
    scenes: tuple[WantedScene, ...]
    sources: tuple[Source, ...]
    volumes: Mapping[str, Volume]
    by_hand: Hand = "enforce"
    transition: int = 0  # milliseconds; 0 cuts
    stream: Stream | None = None
    collection: str | None = None  # the only one that is steered
    profile: str | None = None  # the only one whose stream is steered
    own: str | None = None  # what both are called where `obs setup` made them: then they are the only ones


def wanted_of(
    obs: Obs,
    scenes: Mapping[str, Scene],
    size: tuple[int, int],
    feed: Source,
    *,
    beneath: Source | None = None,
    stream: Stream | None = None,
    own: str | None = None,
) -> dict[str, Wanted]:
    """What is wanted while each scene of the channel is on air, by the scene's name.

    `size`: of the channel's picture; only scenes of its shape count. `feed`: the engine's picture. `beneath`: what is
    seen where that is not. `own`: the channel's name.
    """
    feed = replace(feed, instead=MEDIA + BROWSER)
    beneath = beneath and replace(beneath, instead=IMAGE + COLOUR)
    ours = {name: each for name, each in scenes.items() if each.fits(*size)}
    parts = {name: (each.obs, each.size) for name, each in ours.items()}
    if choose(ours, HUMAN, *size) is None:  # a camera is seen in one that is made of another
        parts[HUMAN] = ObsScene(), size
    called = {name: called_in_obs(name, part, obs.scenes) for name, (part, _) in parts.items()}
    made: dict[str, WantedScene] = {}
    for name, (part, picture) in parts.items():
        made.setdefault(called[name], _scene(called[name], part, picture, feed, beneath))
    texts = {each.name: each for part, _ in parts.values() for each in part.sources}
    sources = (*([beneath] if beneath else []), feed, *map(_source, texts.values()))
    return {
        name: Wanted(
            called[name],
            tuple(made.values()),
            sources,
            _volumes(part, feed.name),
            part.by_hand or obs.by_hand,
            max(SHORTEST_FADE, obs.transition) if obs.transition else 0,
            stream,
            obs.collection,
            obs.profile,
            own,
        )
        for name, (part, _) in parts.items()
    }


def _scene(name: str, part: ObsScene, size: tuple[int, int], feed: Source, beneath: Source | None) -> WantedScene:
    frame = part.feed or Box(0, 0, *size)
    lowest = [Item(each.name, frame) for each in (beneath, feed) if each]
    return WantedScene(name, size, (*lowest, *(Item(each.name, each.box) for each in part.sources)), len(lowest))


def _source(written: ObsSource) -> Source:
    if written.image is not None:
        return Source(written.name, IMAGE, {"file": str(written.image)})
    red, green, blue = (int(written.ink[i : i + 2], 16) for i in (1, 3, 5))
    colour = 0xFF000000 | blue << 16 | green << 8 | red
    return Source(written.name, TEXT, {"text": written.text, "color": colour, "color1": colour, "color2": colour})


def _volumes(part: ObsScene, feed: str) -> dict[str, Volume]:
    """The engine's sound is heard, unless the scene says otherwise."""
    written = {name: _volume(value) for name, value in part.volumes.items()}
    return {feed: Volume(None, False)} | written


def _volume(value: float | str) -> Volume:
    return Volume(None, True) if isinstance(value, str) else Volume(float(value), False)
