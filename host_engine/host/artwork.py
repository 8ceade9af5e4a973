"""The artwork of a host: layers, eyes, arms and colours, baked once as premultiplied pictures for the rig to move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Sprite = NDArray[np.uint8]  # (h, w, 4) premultiplied RGBA
Side = Literal["l", "r"]  # as the viewer sees it: "l" is the left half of the picture
Rgb = tuple[int, int, int]


class Point(NamedTuple):
    """A place in the artwork, in its pixels, from the upper left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class Layer:
    """One still picture of the stack and how it takes part in the motion."""

    name: str
    picture: Sprite
    x: int  # place of its upper left corner in the artwork
    y: int
    depth: float = 0.0  # parallax when the head turns: below 0 is behind the head's axis, above 0 before it
    head: float = 0.0  # 0..1, how much it follows the head
    sway: float = 0.0  # 0..1, how much its lower end swings as hair


@dataclass(frozen=True)
class Eye:
    """One eye, all parts but the iris in the same box: white, then iris and shine (both times white's alpha), then lid.

    `lids[i]` covers the eye at `openness[i]`, which rises from 0 (shut) to 1 (wide), so neighbours may be blended.
    """

    x: int
    y: int
    white: Sprite
    iris: Sprite  # square, round; its middle goes to `iris_at` plus gaze times `reach`
    iris_at: Point
    reach: tuple[float, float]  # pixels of travel at a gaze of 1
    shine: Sprite  # what the wet eyeball reflects: it stays in place while the iris moves
    lids: NDArray[np.uint8]  # (n, h, w, 4)
    openness: tuple[float, ...]


@dataclass(frozen=True)
class Arm:
    """A forearm with its hand, drawn as it rests in one gesture; it turns about the elbow."""

    side: Side
    layer: Layer
    elbow: Point
    angle: float  # radians from the x axis (y downwards) of the line from the elbow to the wrist, as drawn


class MouthColours(NamedTuple):
    """What the mouth is painted with, red, green, blue in 0..255, and how full the lips are (1 = the widest drawn)."""

    lip: Rgb
    line: Rgb
    deep: Rgb
    mid: Rgb
    red: Rgb
    tooth: Rgb
    tooth_shade: Rgb
    tongue: Rgb
    tongue_shade: Rgb
    shine: Rgb
    fullness: float


@dataclass(frozen=True)
class Artwork:
    """Everything of one host in one outfit. `layers` lie back to front; eyes and mouth are painted right after "face",
    the arms of the gesture of the moment (in the order given) right after "body" and below the head."""

    name: str
    palette: str
    width: int
    height: int
    layers: tuple[Layer, ...]
    anchors: dict[str, Point]  # at least mouth, chin, neck, head, eye_l, eye_r
    mouth_scale: float  # pixels per design unit of the mouth
    mouth: MouthColours
    eyes: dict[Side, Eye]
    arms: dict[str, tuple[Arm, ...]]  # gesture -> left and right arm, in painting order; "rest" is always there
