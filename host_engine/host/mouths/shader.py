"""The mouth, painted anew for every frame from six numbers: its curves in numpy, its pixels in any medium."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import MouthColours
from host_engine.host.medium import NUMPY, Medium, Paint, mixed

# The box around every mouth, in design units from the middle of the line between its corners.
LEFT, RIGHT, TOP, BOTTOM = -68.0, 68.0, -26.0, 78.0

Curves = NDArray[np.float32]


class MouthShader:
    """Paints mouths in `box`, the place (x0, y0, x1, y1) of their pictures in the artwork."""

    def __init__(self, colours: MouthColours, at: tuple[float, float], scale: float, medium: Medium = NUMPY) -> None:
        """`at`: the middle of the mouth in pixels of the artwork; `scale`: pixels per design unit."""
        x0, y0 = math.floor(at[0] + LEFT * scale), math.floor(at[1] + TOP * scale)
        x1, y1 = math.ceil(at[0] + RIGHT * scale), math.ceil(at[1] + BOTTOM * scale)
        self.box = (x0, y0, x1, y1)
        self.scale = scale
        self._medium = medium
        self.full = colours.fullness
        self.x = ((np.arange(x0, x1) + 0.5 - at[0]) / scale).astype(np.float32)
        self.y = medium.array(((np.arange(y0, y1) + 0.5 - at[1]) / scale).astype(np.float32).reshape(1, 1, -1, 1))
        self.colour = {
            name: medium.array(np.array([*(c / 255 for c in value), 1.0], np.float32).reshape(1, 4, 1, 1))
            for name, value in colours._asdict().items()
            if name != "fullness"
        }
        self.ivory = (self.colour["tooth"] + self.colour["tooth_shade"]) / 2
        self.depth = self.colour["red"] - self.colour["deep"]
        self.tongue = self.colour["tongue_shade"] - self.colour["tongue"]

    def paint(self, shapes: NDArray[np.floating]) -> Paint:
        """Mouths of shapes (B, 6), fields as in `media.MouthShape`: premultiplied RGBA (B, 4, h, w) in 0..1."""
        rows = self._medium.array(self.curves(np.asarray(shapes, np.float32)))
        top, bottom, steep_top, steep_bottom, side, *details = (rows[:, k, None, None] for k in range(rows.shape[1]))
        below, above = (self.y - top) * steep_top, (bottom - self.y) * steep_bottom  # pixels inwards from the lips
        inside = (self._medium.minimum(self._medium.minimum(below, above), side) + 0.5).clip(0, 1)
        return self._lips(self._cavity(below, above, details[:6]) * inside, inside, below, above, details[6:])

    def curves(self, shapes: Curves) -> Curves:
        """What the mouths (B, 6) are in each column of the picture: (B, 16, w), lengths in pixels.

        Distances across a curve are taken along y and divided by its slope, which is what keeps steep edges smooth.
        """
        opening, wide, rounded, teeth, tongue, smile = shapes.T[..., None]
        apart = opening / (opening + 0.05)  # leaves 0 at once: lips part before they open
        half = (42 + 13 * wide) * (1 - 0.5 * rounded) + 6 * smile
        lift = 9 * smile * (1 - rounded)
        u = np.clip(np.abs(self.x) / half, 0, 1)
        arch = np.maximum(1 - u * u, 1e-4)
        bow = np.exp(-((u / 0.2) ** 2))
        middle = 6 * (1 - apart) * arch - lift * u * u
        up = (4 + 9 * opening * (0.6 + 0.4 * rounded) + 5 * rounded) * (1 - 0.4 * smile) * apart
        down = (4 + 56 * opening * (1 - 0.15 * rounded)) * apart
        top = middle - up * arch ** (0.75 - 0.2 * rounded) * (1 - 0.2 * bow)
        bottom = middle + down * arch ** (0.6 - 0.1 * rounded)
        side = (half - np.abs(self.x)) * self.scale
        tall = np.maximum(bottom - top, 1) * self.scale
        root = down * (1 - (0.3 + 0.3 * opening) * tongue) - (6 * tongue - 3) * (1 - opening)  # the tongue's upper edge
        high = 16 + 12 * opening + 4 * rounded
        flesh = (1 - (u / 0.66) ** 2) * np.minimum(tongue * 20, 1)
        bite = np.minimum(5 + 15 * opening, 15) * np.clip(1.4 * teeth - 0.4, 0, 1) * (1 - 0.5 * u**4) * self.scale
        thick = self.full * (0.75 + 0.25 * apart + 0.6 * rounded) * self.scale
        upper = thick * 6 * arch**0.8 * (1 - 0.3 * bow)
        lower = thick * 8 * arch**1.1
        tint = np.clip(side + 1, 0, 1) * (0.3 + 0.35 * np.maximum(apart, rounded))
        light = np.clip(1 - (u / 0.4) ** 2, 0, 1) * 0.5 * self.full
        corner = np.exp(-((side / self.scale - 1) ** 2) / 9)
        stroke = (0.7 + 0.7 * arch + 0.7 * corner) * self.scale * np.clip(side / 4 + 1, 0, 1) - (side < 0)
        outline = (top, bottom, self._steep(top), self._steep(bottom), side)
        cavity = (1 / tall, root + high, 1 / high, flesh, bite, np.clip(1.2 - u * u, 0, 1))
        lips = (upper, lower, tint, light, stroke)
        rows = np.empty((len(shapes), 16, len(self.x)), np.float32)
        for k, row in enumerate((*outline, *cavity, *lips)):
            rows[:, k] = row
        return rows

    def _steep(self, curve: Curves) -> Curves:
        """Pixels of distance from the curve for one unit along y."""
        slope = np.zeros_like(curve)
        slope[:, 1:-1] = (curve[:, 2:] - curve[:, :-2]) * (self.scale / 2)
        steep: Curves = self.scale / np.sqrt(1 + slope * slope)
        return steep

    def _cavity(self, below: Paint, above: Paint, rows: list[Paint]) -> Paint:
        """The cavity, tongue and teeth, everywhere; the caller cuts them to the opening."""
        per_tall, crown, per_high, flesh, bite, front = rows
        colour = self.colour
        picture = colour["deep"] + self.depth * (below * per_tall).clip(0, 0.8)
        high = (self.y - crown) * per_high
        tongue = colour["tongue"] + self.tongue * (high * 0.6 + 0.6).clip(0, 1)
        picture = mixed(picture, tongue, ((flesh - high * high) * 12).clip(0, 1))
        picture = mixed(picture, self.ivory, (bite - below + 0.5).clip(0, 1) * front)
        return mixed(picture, colour["mid"], (0.5 - below * (0.07 / self.scale)).clip(0, None))  # the lip's shadow

    def _lips(self, picture: Paint, inside: Paint, below: Paint, above: Paint, rows: list[Paint]) -> Paint:
        upper, lower, tint, light, stroke = rows
        colour = self.colour
        body = (self._medium.minimum(below + upper, above + lower) * 0.5 + 0.2).clip(0, 1) * tint
        picture = mixed(picture, colour["lip"], body * (1 - inside))
        gleam = (1 - abs(above + lower * 0.45) * (0.55 / self.scale)).clip(0, None)
        picture = mixed(picture, colour["shine"], gleam * light)
        return mixed(picture, colour["line"], (stroke - abs(below) + 0.5).clip(0, 1))
