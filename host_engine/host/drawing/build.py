"""The shape of a host: the places of face and body in design units, x from the middle line, y from the top."""

from __future__ import annotations

from dataclasses import dataclass

from host_engine.host.drawing.brush import Line, Place

WIDTH, HEIGHT = 1024, 1280  # design units of the whole drawing; the middle line is at WIDTH / 2


@dataclass(frozen=True)
class EyeShape:
    """An eye whose outer corner is at +x, about its own middle: the lid lines and the iris."""

    upper: Line  # wide open, from the inner to the outer corner
    lower: Line
    shut: Line  # where the upper lid comes down to
    iris: float  # radius
    lash: float  # thickness of the lash line
    flicks: tuple[tuple[float, float], ...]  # lashes that stand out: (place along the lid 0..1, length)


@dataclass(frozen=True)
class Build:
    """One host's proportions. Pairs are given for the right half (+x) and mirrored."""

    outline: Line  # half of the face from the chin (0, y) up to the crown (0, y)
    eye_at: Place
    eye: EyeShape
    brow: Line
    brow_width: float
    nose: Place  # the tip
    nose_size: float
    mouth: Place
    mouth_scale: float
    ear: Place
    earring: bool
    beard: float  # 0..1, how much of a shadow
    neck: float  # half width
    collar: float  # y where neck meets clothes
    neckline: float  # how deep the top is cut below the collar
    shoulder: Place
    armpit: Place
    waist: Place
    hip: Place
    elbow: Place
    arm: tuple[float, float, float]  # width at the shoulder, the elbow, the cuff
    hand: float  # size of the hands

    @property
    def chin(self) -> float:
        """The y of the chin."""
        return self.outline[0][1]
