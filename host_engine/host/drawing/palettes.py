"""The colours of each host in each outfit."""

from __future__ import annotations

from dataclasses import dataclass

from host_engine.host.artwork import MouthColours
from host_engine.host.drawing.brush import rgb


@dataclass(frozen=True)
class Skin:
    """Skin from the light to the line around it."""

    light: str
    base: str
    shade: str
    deep: str
    line: str
    blush: str


@dataclass(frozen=True)
class Hair:
    """Hair from the shine to the depth between its strands."""

    shine: str
    light: str
    base: str
    dark: str
    deep: str


@dataclass(frozen=True)
class Iris:
    """The iris from its upper rim to the light gathered below, and the lashes."""

    rim: str
    base: str
    light: str
    lash: str


@dataclass(frozen=True)
class Cloth:
    """One garment's cloth."""

    light: str
    base: str
    shade: str
    line: str


@dataclass(frozen=True)
class Palette:
    """Everything coloured of one host in one outfit."""

    skin: Skin
    hair: Hair
    iris: Iris
    outfit: str  # "blazer" or "knit"
    outer: Cloth
    inner: Cloth
    lower: Cloth
    metal: str
    extra: str  # "necklace", "collar" (of a shirt) or ""
    mouth: MouthColours


def mouth_colours(lip: str, line: str, shine: str, fullness: float) -> MouthColours:
    """The mouth of a host: its own lips, the same inside for all."""
    inner = ("#3d1119", "#74202b", "#a23a40", "#fffaf4", "#e6d3d3", "#ee918c", "#c95a60")
    deep, mid, red, tooth, tooth_shade, tongue, tongue_shade = map(rgb, inner)
    return MouthColours(
        rgb(lip), rgb(line), deep, mid, red, tooth, tooth_shade, tongue, tongue_shade, rgb(shine), fullness
    )


FAIR = Skin("#fff0e4", "#fbdccb", "#eab39d", "#cf8671", "#8c4a3f", "#f08f86")
OLIVE = Skin("#fbe3cc", "#efc7a6", "#d79d79", "#b4745a", "#6f3f30", "#d9806a")
PEACH = Skin("#feeddd", "#f7d6be", "#e0ab8e", "#bf7f66", "#7d4839", "#e48f7c")
TAN = Skin("#f7d9bd", "#e8bb97", "#cb9070", "#a66a50", "#653a2c", "#d07a62")
BRONZE = Skin("#d9a27a", "#bd835c", "#97603f", "#6f412b", "#42231a", "#b2604a")
EBONY = Skin("#b07c58", "#94623f", "#70452c", "#50301f", "#2c1710", "#96503a")

CHESTNUT = Hair("#f3c197", "#a8694a", "#74422f", "#4c2822", "#2e1718")
INK = Hair("#a9b4cf", "#4f5368", "#2f303f", "#1f1f2b", "#13131b")
COCOA = Hair("#c99a74", "#6f4a38", "#4a3027", "#33201c", "#1f1312")
AUBURN = Hair("#e8b48a", "#96603f", "#6d4029", "#472719", "#2b1711")
SABLE = Hair("#c2937a", "#583a35", "#372424", "#241617", "#160d0e")
JET = Hair("#8f8a92", "#3f3a3e", "#262226", "#181518", "#0e0c0e")

HAZEL = Iris("#3a1c14", "#8a4f2a", "#e0a35c", "#2c1416")
SLATE = Iris("#18232f", "#3f6172", "#9cc7cb", "#181820")
MOSS = Iris("#20281f", "#566b45", "#b4b877", "#241815")
UMBER = Iris("#22120d", "#5d351f", "#b97c45", "#1f1210")

PALETTES: dict[str, dict[str, Palette]] = {
    "mira": {
        "coral": Palette(
            FAIR, CHESTNUT, HAZEL, "blazer",
            Cloth("#ff9b86", "#f4715f", "#cf4a4c", "#8c2b38"), Cloth("#fffaf3", "#f6ebe2", "#d9c3bb", "#a88a83"),
            Cloth("#5d5a78", "#45425e", "#2e2b45", "#1e1b30"),
            "#e9bd6c", "necklace", mouth_colours("#d5666a", "#8b3438", "#ffdcd4", 1.0),
        ),
        "sage": Palette(
            OLIVE, INK, SLATE, "knit",
            Cloth("#c3d3b4", "#9db690", "#73906d", "#465f48"), Cloth("#fbf8f0", "#efe9dc", "#cfc4b1", "#948a78"),
            Cloth("#fbf5ea", "#ece1d0", "#cbb9a2", "#8c7b68"),
            "#d9b26a", "necklace", mouth_colours("#c8606a", "#7f2f3a", "#ffd6d0", 1.0),
        ),
        "plum": Palette(
            BRONZE, SABLE, UMBER, "blazer",
            Cloth("#a0709a", "#7f4f7c", "#5a3459", "#351c38"), Cloth("#fdf3ea", "#f2e2d6", "#d2b8ac", "#97796f"),
            Cloth("#e9dccb", "#d6c3ac", "#af977d", "#6f5945"),
            "#e9bd6c", "necklace", mouth_colours("#a8484c", "#5e2426", "#e8b0a2", 1.0),
        ),
    },
    "leo": {
        "navy": Palette(
            TAN, COCOA, UMBER, "blazer",
            Cloth("#4e6590", "#344a73", "#22325a", "#141f3c"), Cloth("#fdfcfa", "#eeeff2", "#c8cdd8", "#8d93a3"),
            Cloth("#e6d3b2", "#cfb68e", "#a88c66", "#6b543d"),
            "#c9ced8", "", mouth_colours("#bd7265", "#74392f", "#f0c3b2", 0.6),
        ),
        "sand": Palette(
            PEACH, AUBURN, MOSS, "knit",
            Cloth("#ecd9b8", "#d9bd92", "#b3916a", "#76593f"), Cloth("#fdfaf4", "#f1eae0", "#cfc2b2", "#94867a"),
            Cloth("#5b6a8a", "#44516e", "#2e3850", "#1d2435"),
            "#c9a86a", "collar", mouth_colours("#cc7d72", "#84423a", "#f6cdc0", 0.6),
        ),
        "forest": Palette(
            EBONY, JET, UMBER, "knit",
            Cloth("#5f8272", "#416657", "#2b4a3f", "#172c26"), Cloth("#fdfaf4", "#f1eae0", "#cfc2b2", "#94867a"),
            Cloth("#c9b08a", "#b0946c", "#876c49", "#533f29"),
            "#c9a86a", "", mouth_colours("#8e5446", "#4c2620", "#c99280", 0.75),
        ),
    },
}  # fmt: skip
