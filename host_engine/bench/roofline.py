"""The roofline of a machine: what its memory and its arithmetic allow, and how near to it the networks run."""

from __future__ import annotations

from typing import NamedTuple

from host_engine.bench.axis import Axis, around, said
from host_engine.bench.points import COLOURS, SHORT, Speed, short_machine
from host_engine.bench.published import CARDS, GFLOP, PUBLISHED, WEIGHTS_GB
from host_engine.bench.shapes import (
    GRID,
    INK,
    PALE,
    Drawing,
    Kind,
    Label,
    Mark,
    Point,
    Shape,
    Sheet,
    Stroke,
    text_width,
)

BEST = list({each.net: each for each in sorted(PUBLISHED, key=lambda each: each.fps)}.values())


class Roof(NamedTuple):
    """A ceiling: TFLOP/s of arithmetic and GB/s of memory, and whose."""

    about: str
    tflops: float
    gb_s: float
    measured: bool

    @property
    def ridge(self) -> float:
        """Operations a byte from which on the arithmetic is what limits."""
        return self.tflops * 1000 / self.gb_s

    def at(self, intensity: float) -> float:
        return min(self.tflops, intensity * self.gb_s / 1000)


def roofline(machine: str, speeds: list[Speed], width: int = 900) -> Drawing:
    """The chart of one machine, for its speeds (perhaps none); each network in its quickest type."""
    wide, shown = width > 600, _quickest(speeds)
    others = not speeds or "no GPU" not in machine  # beside a processor, cards would leave no room to see anything
    size, left, top, bottom = (13.0, 58.0, 124.0, 500.0) if wide else (11.0, 48.0, 172.0, 540.0)
    roofs = _roofs(shown) + [Roof(card.name, card.tflops, card.gb_s, False) for card in CARDS if others]
    dots = [(each.intensity, each.tflops) for each in shown]
    dots += [_place(each.net, each.fps, each.batch) for each in BEST if others]
    x = around([a for a, _ in dots] + [roof.ridge for roof in roofs], left, width - 18.0, 2.2)
    y = around([b for _, b in dots] + [roof.tflops for roof in roofs], bottom, top)
    curves, marks = _ours(shown, x, y), _theirs(x, y, wide) if others else []
    sheet = Sheet(mark for mark in (*curves, *marks) if isinstance(mark, Mark))
    lines = [line for roof in roofs for line in _roof(roof, x, y, size, sheet)]
    _name(shown, marks, x, y, size, sheet)
    about = f"Arithmetic reached over operations for each byte, on {short_machine(machine)}, beside what it allows."
    shapes = (*_head(machine, width, size, others), *_grid(x, y, size), *lines, *curves, *marks, *sheet.labels)
    return Drawing(width, bottom + 58, about, shapes)


def _quickest(speeds: list[Speed]) -> list[Speed]:
    """Of each network the speeds of the type in which it is quickest."""
    best = {each.net: each.dtype for each in sorted(speeds, key=lambda each: each.fps)}
    return [each for each in speeds if each.dtype == best[each.net]]


def _roofs(speeds: list[Speed]) -> list[Roof]:
    """What was measured on this machine, for each dtype that ran; one line where dtypes have about the same."""
    found: list[Roof] = []
    for dtype in dict.fromkeys(each.dtype for each in speeds):
        mine = [each for each in speeds if each.dtype == dtype]
        tflops, gb_s = max(each.ceiling_tflops for each in mine), max(each.ceiling_gb_s for each in mine)
        found.append(Roof(f"measured here, {dtype}", tflops, gb_s, True))
    return found


def _place(net: str, fps: float, batch: int) -> Point:
    """Where a published speed lies: weights read once for a batch is the least traffic there can be."""
    return GFLOP[net] * batch / WEIGHTS_GB[net], fps * GFLOP[net] / 1000


def _head(machine: str, width: int, size: float, others: bool) -> list[Shape]:
    lines = [
        "Sloping line: all that the memory allows. Flat line: all that the arithmetic allows.",
        "Each dot is a network at one batch size (1 to 32); the nearer to its line, the better.",
    ]
    if width <= 600:
        lines = [part for line in lines for part in _halves(line)]
    head: list[Shape] = [Label((12, 26), "How near to the limit", size + 4, bold=True)]
    head.append(Label((12, 46), short_machine(machine), size, bold=True))
    head += [Label((12, 65 + 17 * k), line, size - 1, PALE) for k, line in enumerate(lines)]
    legend: list[tuple[Kind, str]] = [("disc", "measured here")]
    legend += [("diamond", "published by others, on their cards")] if others else []
    at, row = 18.0, 67 + 17.0 * len(lines)
    for kind, text in legend:
        head += [Mark((at, row - 4), kind, INK), Label((at + 11, row), text, size - 1)]
        at += text_width(text, size - 1) + 34
    return head


def _halves(line: str) -> list[str]:
    middle = line.rfind(" ", 0, len(line) * 3 // 5)
    return [line[:middle], line[middle + 1 :]]


def _grid(x: Axis, y: Axis, size: float) -> list[Shape]:
    shapes: list[Shape] = []
    for value in x.ticks():
        at = x.at(value)
        shapes += [Stroke(((at, y.start), (at, y.end)), GRID)]
        shapes += [Label((at, y.start + 18), said(value), size - 1, PALE, "middle")]
    for value in y.ticks():
        at = y.at(value)
        shapes += [Stroke(((x.start, at), (x.end, at)), GRID)]
        shapes += [Label((x.start - 7, at + 4), said(value), size - 1, PALE, "end")]
    under = Label(
        ((x.start + x.end) / 2, y.start + 40), "operations for each byte read from memory", size, INK, "middle"
    )
    unit = "TFLOP/s: 10¹² operations a second" if size > 12 else "TFLOP/s"
    return [*shapes, under, Label((x.start + 4, y.end + 12), unit, size - 1, PALE)]


def _roof(roof: Roof, x: Axis, y: Axis, size: float, sheet: Sheet) -> list[Shape]:
    first = max(x.low, y.low * 1000 / roof.gb_s)
    corners = (first, min(max(roof.ridge, first), x.high), x.high)
    points = tuple((x.at(value), y.at(roof.at(value))) for value in corners)
    text = f"{roof.about}: {said(roof.tflops)} TFLOP/s, {said(roof.gb_s)} GB/s"
    where = (x.end - 4, y.at(roof.tflops) - 6)
    sheet.put(Label(where, text, size - 1, INK if roof.measured else PALE, "end", bold=roof.measured))
    return [Stroke(points, INK if roof.measured else PALE, 2.2 if roof.measured else 1.2, not roof.measured)]


def _ours(speeds: list[Speed], x: Axis, y: Axis) -> list[Shape]:
    shapes: list[Shape] = []
    for net in dict.fromkeys(each.net for each in speeds):
        mine = [each for each in speeds if each.net == net]
        places = [(x.at(each.intensity), y.at(each.tflops)) for each in mine]
        if len(places) > 1:
            shapes.append(Stroke(tuple(places), mine[0].colour, 1.2))
        for each, place in zip(mine, places, strict=True):
            about = f"{SHORT.get(net, net)}, {each.dtype}, batch {each.batch}: {said(each.fps)} frames a second"
            shapes.append(Mark(place, "disc", each.colour, 4.0, about))
    return shapes


def _theirs(x: Axis, y: Axis, wide: bool) -> list[Mark]:
    marks = []
    for each in BEST:
        a, b = _place(each.net, each.fps, each.batch)
        about = f"{each.who}, {each.card}: {said(each.fps)} fps" if wide else f"{each.card}: {said(each.fps)} fps"
        marks.append(Mark((x.at(a), y.at(b)), "diamond", COLOURS[each.net], 5.5, about))
    return marks


def _name(speeds: list[Speed], marks: list[Mark], x: Axis, y: Axis, size: float, sheet: Sheet) -> None:
    """Write beside each curve and each mark of others what it is."""
    for net in dict.fromkeys(each.net for each in speeds):
        first, *_, last = (mine := [each for each in speeds if each.net == net])[0], mine[-1]
        ends = [(x.at(each.intensity), y.at(each.tflops)) for each in (first, last)]
        text = f"{SHORT.get(net, net)}, {_brief(first.dtype)}"
        sheet.put(*(choice for end in ends for choice in _beside(end, text, size, first.colour, x)))
    for mark in marks:
        sheet.put(*_beside(mark.at, mark.about, size, mark.colour, x))


def _beside(place: Point, text: str, size: float, colour: str, x: Axis) -> list[Label]:
    """To the left and to the right of a place, where there is room."""
    wide, (a, b) = text_width(text, size - 1), place
    left = [Label((a - 9, b + 4), text, size - 1, colour, "end")] if a - 9 - wide >= x.start else []
    right = [Label((a + 9, b + 4), text, size - 1, colour)] if a + 9 + wide <= x.end else []
    middle = Label(((x.start + x.end) / 2, b - 8), text, size - 1, colour, "middle")
    return [*left, *right] or [middle]


def _brief(dtype: str) -> str:
    return {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}.get(dtype, dtype)
