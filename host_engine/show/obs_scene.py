"""What OBS shows while a scene is on air: the engine's picture, texts and images over it, and how loud things are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
    model_validator,
)

from host_engine.document import Fault
from host_engine.show.box import Box
from host_engine.show.pictures import check_picture

QUIETEST, LOUDEST = -100.0, 26.0  # decibels, of OBS's own faders
STRETCH = 0.02  # by how much the shape of the engine's picture may differ from that of its box in OBS

UNSEEN = ("Cc", "Cs", "Zl", "Zp")  # categories of signs; those that join emoji are another one

Hand = Literal["enforce", "follow"]


def _called(name: str) -> str:
    if not name.strip() or any(unicodedata.category(sign) in UNSEEN for sign in name):
        raise ValueError("write a name as it is seen in OBS")
    return name


def _loudness(value: Any) -> float | Literal["muted"]:
    if value == "muted":
        return "muted"
    with suppress(TypeError, ValueError):
        if not isinstance(value, bool) and QUIETEST <= float(value) <= LOUDEST:
            return float(value)
    raise ValueError(f"write decibels from {QUIETEST:.0f} to {LOUDEST:.0f}, where 0 is unchanged, or muted")


Called = Annotated[str, Field(min_length=1, max_length=80, description="In OBS."), AfterValidator(_called)]
Fader = Annotated[float, Field(ge=QUIETEST, le=LOUDEST)]
Loudness = Annotated[
    float | Literal["muted"], PlainValidator(_loudness, json_schema_input_type=Fader | Literal["muted"])
]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ObsSource(Part):
    """A text or an image that OBS draws over the engine's picture; it is made in OBS where it is missing."""

    name: Called
    text: str | None = Field(None, min_length=1, max_length=500, description="What a text source says.")
    image: Path | None = Field(None, description="PNG, JPEG or GIF; the path starts at the folder of this file.")
    box: Box = Field(description="Where it stands, in pixels of the scene's `size`; it keeps its shape in there.")
    ink: str = Field("#ffffff", pattern=r"^#[0-9a-fA-F]{6}$", description="Colour of a text.")

    @field_validator("image")
    @classmethod
    def _picture(cls, image: Path | None, info: ValidationInfo) -> Path | None:
        if image is None:
            return None
        path = (Path((info.context or {}).get("folder", "")) / image).absolute()  # OBS has a folder of its own
        if check_picture(path).kind == "webp":
            raise ValueError("OBS shows no WebP; save the picture as PNG or JPEG")
        return path

    @model_validator(mode="after")
    def _one(self) -> ObsSource:
        if (self.text is None) == (self.image is None):
            raise ValueError("give exactly one of text and image")
        return self

    @property
    def content(self) -> tuple[str | None, Path | None, str]:
        """What is the same wherever the source is seen: OBS has one source of a name."""
        return self.text, self.image, self.ink


class ObsScene(Part):
    """The scene of OBS that belongs to a scene of the channel. Left out, it is called like the scene, without -vertical
    and -wide, and shows the engine's picture alone."""

    scene: Called | None = Field(None, description="What it is called in OBS.")
    by_hand: Hand | None = Field(
        None, description="What somebody changes in OBS by hand while it is on air; as the channel says when left out."
    )
    feed: Box | None = Field(None, description="Where the engine's picture stands; all over when left out.")
    sources: list[ObsSource] = Field(default_factory=list, max_length=20, description="From the lowest to the topmost.")
    volumes: dict[Called, Loudness] = Field(
        default_factory=dict, max_length=40, description="Of sources of OBS by their names: decibels, or muted."
    )

    def scaled(self, scale: float) -> ObsScene:
        """The same with its boxes in a picture `scale` times as large."""
        sources = [each.model_copy(update={"box": each.box.scaled(scale)}) for each in self.sources]
        return self.model_copy(update={"feed": self.feed and self.feed.scaled(scale), "sources": sources})


def _short(value: Any) -> Any:
    """`obs: follow` says no more than what becomes of changes by hand."""
    return {"by_hand": value} if isinstance(value, str) else value


ObsPart = Annotated[ObsScene, BeforeValidator(_short, json_schema_input_type=Hand | ObsScene)]


def family(name: str) -> str:
    """What the upright and the wide sister of a scene have in common: "studio" for "studio-wide"."""
    return name.removesuffix("-vertical").removesuffix("-wide")


def called_in_obs(name: str, obs: ObsScene, otherwise: Mapping[str, str] | None = None) -> str:
    """The name that a scene has in OBS. `otherwise`: names by scenes or their families, from the channel file."""
    known = otherwise or {}
    return known.get(name) or known.get(family(name)) or obs.scene or family(name)


class Seen(NamedTuple):
    """What of the engine's picture nothing may cover: boxes in a picture of `size`."""

    size: tuple[int, int]
    label: Box
    face: Box | None
    least: float  # height in pixels below which the label cannot be read


def obs_faults(obs: ObsScene, seen: Seen) -> Iterator[Fault]:
    """What is wrong with the OBS part of a scene although each of its values alone is right."""
    frame = Box(0, 0, *seen.size)
    if obs.feed is not None:
        frame = obs.feed
        yield from (Fault(("obs", "feed"), what) for what in _feed(frame, seen))
    names: set[str] = set()
    for n, each in enumerate(obs.sources):
        yield from (Fault(("obs", "sources", n, "box"), what) for what in _source(each.box, frame, seen))
        if each.name in names:
            yield Fault(("obs", "sources", n, "name"), "another source of this scene has this name")
        names.add(each.name)


def _feed(frame: Box, seen: Seen) -> Iterator[str]:
    width, height = seen.size
    if frame.w < 16 or frame.h < 16:
        yield f"a box of {frame.w}x{frame.h} pixels is too small to hold anything"
    elif not _inside(frame, seen.size):
        yield f"the box reaches outside the picture of {width}x{height}"
    elif abs(frame.w * height / (frame.h * width) - 1) > STRETCH:
        yield f"the box has another shape than the picture; {frame.w}x{round(frame.w * height / width)} fits"
    elif seen.label.within(frame, seen.size).h < seen.least:
        yield "the engine's picture is so small there that its AI label cannot be read; make the box larger"


def _source(box: Box, frame: Box, seen: Seen) -> Iterator[str]:
    if box.w < 16 or box.h < 16:
        yield f"a box of {box.w}x{box.h} pixels is too small to hold anything"
        return
    if not _inside(box, seen.size):
        yield f"the box reaches outside the picture of {seen.size[0]}x{seen.size[1]}"
    if box.common(seen.label.within(frame, seen.size)):
        yield "the box covers the AI label"
    if seen.face is not None and box.common(seen.face.within(frame, seen.size)):
        yield "the box covers the host's face"


def _inside(box: Box, size: tuple[int, int]) -> bool:
    return box.x >= 0 and box.y >= 0 and box.right <= size[0] and box.bottom <= size[1]


def obs_conflicts(scenes: Iterable[tuple[str, ObsScene]]) -> Iterator[tuple[str, Fault]]:
    """What does not go together in scenes of one size, by their names; each fault with the scene that it is in.

    OBS has one scene, and one source, of a name: what two of ours say of it must be the same.
    """
    scenes = list(scenes)
    described: dict[str, tuple[str, ObsScene]] = {}
    for name, obs in scenes:
        called = called_in_obs(name, obs)
        other, first = described.setdefault(called, (name, obs))
        if (first.feed, first.sources) != (obs.feed, obs.sources):
            what = f"'{other}' says something else of OBS's scene '{called}'; give one of them another `scene`"
            yield name, Fault(("obs",), what)
    yield from _sources(scenes, set(described))


def _sources(scenes: list[tuple[str, ObsScene]], taken: set[str]) -> Iterator[tuple[str, Fault]]:
    known: dict[str, tuple[str, ObsSource]] = {}
    for name, obs in scenes:
        for n, each in enumerate(obs.sources):
            other, first = known.setdefault(each.name, (name, each))
            where = ("obs", "sources", n, "name")
            if first.content != each.content:
                what = f"'{other}' has a source '{each.name}' that shows something else; OBS has one of each name"
                yield name, Fault(where, what)
            if each.name in taken:
                what = f"OBS has a scene '{each.name}', and cannot have a source of that name; call it something else"
                yield name, Fault(where, what)
