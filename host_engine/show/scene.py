"""A scene: where host, card, captions and labels stand in the picture, and in which colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from host_engine import document
from host_engine.document import Fault, Problem, Problems
from host_engine.document.label_words import label_words
from host_engine.show.box import Box as Box
from host_engine.show.obs_scene import ObsPart, ObsScene, Seen, family, obs_conflicts, obs_faults
from host_engine.show.pictures import check_picture

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="Like #ff8800.")]

TEXT_BOXES = ("logo", "live", "countdown", "question", "caption", "card", "message", "ticker", "label")
LEAST_LABEL = 0.022  # of the picture's height
LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Background(Part):
    """What stands behind the host: a drawn studio, a gradient from top to bottom, or a picture file."""

    studio: Literal["warm", "blush", "night"] | None = Field(None, description="A drawn studio in this palette.")
    gradient: list[Colour] | None = Field(None, min_length=2, max_length=6)
    image: Path | None = Field(None, description="PNG, JPEG or WebP; the path starts at the folder of this file.")

    @field_validator("image")
    @classmethod
    def _picture(cls, image: Path | None, info: ValidationInfo) -> Path | None:
        if image is None:
            return None
        path = Path((info.context or {}).get("folder", "")) / image
        check_picture(path)
        return path

    @model_validator(mode="after")
    def _one(self) -> Background:
        if sum(each is not None for each in (self.studio, self.gradient, self.image)) != 1:
            raise ValueError("give exactly one of studio, gradient and image")
        return self


class Host(Part):
    """Where the host stands, whether in a frame of its own, and how close: at 1 the whole figure fills the box."""

    box: Box
    framed: bool = Field(False, description="With a light frame and round corners.")
    zoom: float = Field(1.0, ge=1, le=4, description="Above 1 the box shows head and shoulders, the rest is cut off.")


class Label(Part):
    """The label that says that the host is no human: no scene goes on air without it."""

    box: Box
    text: dict[str, Annotated[str, Field(pattern=r"\S{2}", max_length=40), AfterValidator(label_words)]] = Field(
        default_factory=lambda: {
            "en": "AI host", "de": "KI-Moderation", "fr": "Animation IA", "es": "Presenta una IA",
            "it": "Conduce un'IA", "nl": "AI-presentator", "pt": "Apresentação IA", "pl": "Prowadzi AI",
        },
        description="The words in each language, by its code; `en` stands in for the others.",
    )  # fmt: skip
    ink: Colour = "#ffffff"
    fill: Colour = "#17131c"

    @model_validator(mode="after")
    def _english(self) -> Label:
        if "en" not in self.text:
            raise ValueError("text needs at least the words for 'en'")
        return self

    def words(self, language: str) -> str:
        return self.text.get(language) or self.text.get(language.split("-")[0]) or self.text["en"]


class Theme(Part):
    """The colours of what lies over the picture."""

    accent: Colour = "#f0384f"  # sale price, badge, the word being said
    panel: Colour = "#ffffff"  # the card
    ink: Colour = "#1c1620"  # words on the card
    soft: Colour = "#776d78"  # brand and old price on the card
    shade: Colour = "#17131c"  # captions, countdown and ticker


class Scene(Part):
    """One file of the folder `scenes`. Boxes are [x, y, width, height] in pixels of `size`."""

    name: str = Field("", description="The name of the file when left out.")
    kind: Literal["show", "slate"] = "show"
    size: tuple[Annotated[int, Field(ge=160, le=3840)], Annotated[int, Field(ge=160, le=3840)]]
    background: Background
    theme: Theme = Theme()
    label: Label
    desk: int | None = Field(None, description="Height of the upper edge of the desk before the host.")
    host: Host | None = None
    logo: Box | None = None
    live: Box | None = None
    countdown: Box | None = None
    question: Box | None = None
    caption: Box | None = None
    card: Box | None = None
    ticker: Box | None = None
    clip: Box | None = None
    camera: Box | None = Field(None, description="An operator's camera, below all that lies over the picture.")
    message: Box | None = Field(None, description="The words of a slate.")
    obs: ObsPart = Field(
        default_factory=ObsScene, description="What OBS shows meanwhile; or only enforce or follow: who may change it."
    )

    def boxes(self) -> dict[str, Box]:
        """Every box of the scene by the name of its part."""
        named = {name: getattr(self, name) for name in (*TEXT_BOXES, "clip", "camera") if name != "label"}
        found = {name: box for name, box in named.items() if box is not None}
        found["label"] = self.label.box
        if self.host is not None:
            found["host"] = self.host.box
        return found

    def fits(self, width: int, height: int) -> bool:
        """Whether the scene has the shape of a picture of this size."""
        return abs(self.size[0] * height - self.size[1] * width) <= max(self.size)

    def scaled(self, width: int, height: int) -> Scene:
        """The scene with its boxes in pixels of a picture of this size. Raises ValueError when the shape differs."""
        if not self.fits(width, height):
            wide, high = self.size
            raise ValueError(f"the scene '{self.name}' is made for {wide}x{high} and does not fit {width}x{height}")
        scale = height / self.size[1]
        moved: dict[str, object] = {
            name: box.scaled(scale) for name, box in self.boxes().items() if name not in ("host", "label")
        }
        moved["label"] = self.label.model_copy(update={"box": self.label.box.scaled(scale)})
        if self.host is not None:
            moved["host"] = self.host.model_copy(update={"box": self.host.box.scaled(scale)})
        if self.desk is not None:
            moved["desk"] = 2 * round(self.desk * scale / 2)
        moved["obs"] = self.obs.scaled(scale)
        return self.model_copy(update={**moved, "size": (width, height)})


def load_scenes(folder: Path) -> dict[str, Scene]:
    """Every scene of a folder by its name. Raises Problems with all that is wrong in all of its files."""
    scenes: dict[str, Scene] = {}
    written: dict[str, Path] = {}
    problems: list[Problem] = []
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.append(Problem(str(folder), None, "", "there are no scenes (*.yaml) in this folder"))
    for path in paths:
        try:
            scene = document.read(path, Scene, faults)
        except Problems as caught:
            problems += caught.problems
            continue
        name = scene.name or path.stem
        if name in scenes:
            problems.append(document.problem_at(path, ("name",), f"another file has a scene named '{name}' too"))
        scenes[name] = scene.model_copy(update={"name": name})
        written[name] = path
    for size in {scene.size for scene in scenes.values()}:
        described = ((name, scene.obs) for name, scene in scenes.items() if scene.size == size)
        problems += [document.problem_at(written[name], *fault) for name, fault in obs_conflicts(described)]
    if problems:
        raise Problems(problems)
    return scenes


def names(scenes: Iterable[str]) -> set[str]:
    """What a rundown may call the scenes: their own names, and those without -vertical and -wide."""
    return {each for name in scenes for each in (name, family(name))}


def choose(scenes: Mapping[str, Scene], name: str, width: int, height: int) -> Scene | None:
    """The scene called `name` that fits the picture, or its sister that does: "studio" finds "studio-wide"."""
    sister = f"{family(name)}-{'wide' if width > height else 'vertical'}"
    found = (scenes.get(each) for each in (name, family(name), sister))
    return next((scene for scene in found if scene is not None and scene.fits(width, height)), None)


def faults(scene: Scene) -> Iterator[Fault]:
    """What is wrong with a scene although each of its values alone is right."""
    yield from _outside(scene)
    yield from _overlaps(scene)
    yield from _label(scene)
    yield from _host(scene)
    yield from _obs(scene)
    if scene.kind == "slate" and scene.message is None:
        yield Fault(("kind",), "a slate needs a box for its message")
    if scene.kind == "show" and scene.host is None and scene.camera is None:
        yield Fault(("kind",), "a scene of the show needs a host, or a camera in her place")


def _place(name: str) -> document.Loc:
    return (name, "box") if name in ("label", "host") else (name,)


def _outside(scene: Scene) -> Iterator[Fault]:
    width, height = scene.size
    for name, box in scene.boxes().items():
        if box.w < 16 or box.h < 16:
            yield Fault(_place(name), f"a box of {box.w}x{box.h} pixels is too small to hold anything")
        elif box.x < 0 or box.y < 0 or box.right > width or box.bottom > height:
            yield Fault(_place(name), f"the box reaches outside the picture of {width}x{height}")


def _overlaps(scene: Scene) -> Iterator[Fault]:
    boxes = scene.boxes()
    pairs = [*combinations(TEXT_BOXES, 2), *(("clip", name) for name in TEXT_BOXES if name not in ("card", "question"))]
    for first, second in pairs:
        if first in boxes and second in boxes and boxes[first].common(boxes[second]):
            verb = "covers" if second == "label" else "overlaps"
            yield Fault(_place(first), f"the box {verb} that of '{second}'")


def _label(scene: Scene) -> Iterator[Fault]:
    box, least = scene.label.box, LEAST_LABEL * scene.size[1]
    if box.h < least or box.w < 2.5 * least:
        what = f"the AI label is too small to be read; it needs at least {2.5 * least:.0f}x{least:.0f} pixels"
        yield Fault(("label", "box"), what)
    if (ratio := contrast(scene.label.ink, scene.label.fill)) < LEAST_CONTRAST:
        what = f"the AI label has a contrast of {ratio:.1f} to its ground; {LEAST_CONTRAST} or more can be read"
        yield Fault(("label", "ink"), what)


def _host(scene: Scene) -> Iterator[Fault]:
    if scene.host is None:
        return
    box = scene.host.box
    face = face_of(box, scene.host.zoom)
    for name, other in scene.boxes().items():
        if name != "host" and other.common(face):
            yield Fault(_place(name), "the box covers the host's face")
    if scene.camera is not None and scene.camera.common(box):
        yield Fault(("camera",), "the box overlaps that of the host; a camera stands beside her, or in her place")
    if scene.desk is not None and not (box.y < scene.desk <= box.bottom):
        yield Fault(("desk",), "the host's box must reach down to the desk, or the host ends in mid-air")


def _obs(scene: Scene) -> Iterator[Fault]:
    face = face_of(scene.host.box, scene.host.zoom) if scene.host else None
    return obs_faults(scene.obs, Seen(scene.size, scene.label.box, face, LEAST_LABEL * scene.size[1]))


def face_of(box: Box, zoom: float) -> Box:
    """Where the face of the figure is: about the fourth part of its width, below its hair."""
    wide, high = box.w * zoom, box.h * zoom
    found = Box(
        round(box.x + (box.w - 0.26 * wide) / 2), round(box.y + 0.13 * high), round(0.26 * wide), round(0.23 * high)
    )
    return found.common(box) or box


def contrast(ink: str, fill: str) -> float:
    """The contrast ratio of two colours, 1 (none) to 21 (black on white), after WCAG 2.2."""
    light, dark = sorted((_luminance(ink), _luminance(fill)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
