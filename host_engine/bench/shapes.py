"""A drawing as a list of shapes, so that the page and the picture show the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

INK, PALE, GRID = "#1b2530", "#5a6673", "#e3e7eb"  # text, lesser text, lines behind
PAPER = "#ffffff"
BAD = "#b00020"

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
Kind = Literal["disc", "ring", "square", "diamond", "bar"]


class Stroke(NamedTuple):
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dashed: bool = False


class Mark(NamedTuple):
    """A sign at a point; `about` is said where one points at it."""

    at: Point
    kind: Kind
    colour: str
    size: float = 5.0
    about: str = ""


class Label(NamedTuple):
    """Words; the point is on their base line."""

    at: Point
    text: str
    size: float = 13.0
    colour: str = INK
    anchor: Anchor = "start"
    bold: bool = False


Shape = Stroke | Mark | Label


class Drawing(NamedTuple):
    """Shapes on a sheet; `about` says in a sentence what it shows, for those who cannot see it."""

    width: float
    height: float
    about: str
    shapes: tuple[Shape, ...]


def text_width(text: str, size: float) -> float:
    """About how wide the words are: a typeface of the reader's own is as good as ours."""
    return 0.56 * size * len(text)


class Sheet:
    """What is already on a sheet: labels are put where they cover neither one another nor a mark."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self.labels: list[Label] = []
        self._taken = [(m.at[0] - m.size, m.at[1] - m.size, m.at[0] + m.size, m.at[1] + m.size) for m in marks]

    def put(self, *choices: Label) -> None:
        """Add the label at the first of the choices that is free; else moved up or down, as little as needed."""
        for step in range(30):
            for choice in choices:
                shift = (-1) ** step * ((step + 1) // 2) * choice.size * 0.5
                moved = choice._replace(at=(choice.at[0], choice.at[1] + shift))
                if not any(_meet(_box(moved), other) for other in self._taken):
                    self._add(moved)
                    return
        self._add(choices[0])

    def _add(self, label: Label) -> None:
        self.labels.append(label)
        self._taken.append(_box(label))


def _box(label: Label) -> tuple[float, float, float, float]:
    wide = text_width(label.text, label.size)
    left = label.at[0] - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.at[1] - label.size * 0.8, left + wide, label.at[1] + label.size * 0.25


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
