"""Frames a second of each network: the limit of a card, ours, the usual way in the same run, and what is published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from host_engine.bench.axis import Axis, around, said
from host_engine.bench.points import COLOURS, OTHER, Speed, short_machine
from host_engine.bench.published import CARDS, GFLOP, PUBLISHED, TITLES
from host_engine.bench.shapes import GRID, INK, PALE, Drawing, Kind, Label, Mark, Shape, Stroke, text_width

AIR = 25.0  # frames a second that one channel needs


class Entry(NamedTuple):
    """One line of the chart."""

    text: str
    fps: float
    kind: Kind


def rates(speeds: list[Speed], width: int = 900) -> Drawing:
    """The chart for the speeds of all machines (perhaps none), `width` units wide."""
    wide = width > 600
    size, column, step = (13.0, 400.0, 23.0) if wide else (11.0, 0.0, 38.0)
    nets = [(net, list(_entries(net, speeds))) for net in TITLES]
    nets = [(net, entries) for net, entries in nets if entries]
    everything = [entry.fps for _, entries in nets for entry in entries]
    x = around([*everything, AIR], column + 24, width - 70.0, 1.3)
    shapes: list[Shape] = _head(size, wide)
    top = y = 96.0 if wide else 128.0
    for net, entries in nets:
        y += 30
        shapes.append(Label((12, y - 4), TITLES.get(net, net), size + 1, COLOURS.get(net, OTHER), bold=True))
        for entry in entries:
            y += step
            shapes += _line(entry, y, x, size, COLOURS.get(net, OTHER), wide)
    shapes = [*_grid(x, top, y + 14, size), *shapes]
    return Drawing(
        width, y + 64, "Frames a second of each network, ours and others', on a logarithmic scale.", tuple(shapes)
    )


def _entries(net: str, speeds: list[Speed]) -> Iterator[Entry]:
    mine = [each for each in speeds if each.net == net]
    for machine in dict.fromkeys(each.machine for each in mine):
        best = max((each for each in mine if each.machine == machine), key=lambda each: each.fps)
        weights = ", random weights" if best.random else ""
        yield Entry(f"ours, {short_machine(machine)}, {best.batch} at once{weights}", best.fps, "disc")
        plain = max(each.plain_fps for each in mine if each.machine == machine)
        if plain > 0:
            yield Entry(f"the usual way, same run, {short_machine(machine)}", plain, "square")
    for card in CARDS if net in GFLOP else ():
        yield Entry(f"the most that one {card.name} could do", card.floor(net), "bar")
    for each in PUBLISHED:
        if each.net == net:
            yield Entry(f"{each.who}, {each.card} (published)", each.fps, "diamond")


def _head(size: float, wide: bool) -> list[Shape]:
    head: list[Shape] = [Label((12, 26), "Frames a second", size + 4, bold=True)]
    lines = ["Farther to the right is faster, on a scale that multiplies.", "A channel needs 25."]
    texts = [" ".join(lines)] if wide else lines
    head += [Label((12, 46 + 17 * k), line, size - 1, PALE) for k, line in enumerate(texts)]
    y, at = 46 + 17.0 * len(texts) + 4, 18.0
    legend: tuple[tuple[Kind, str], ...] = (
        ("disc", "measured, ours"),
        ("square", "measured, as others do it"),
        ("diamond", "published by others"),
        ("bar", "limit of a card"),
    )
    for number, (kind, text) in enumerate(legend):
        if not wide and number == 2:
            at, y = 18.0, y + 20
        head += [Mark((at, y - 4), kind, INK, 5.0), Label((at + 11, y), text, size - 1)]
        at += text_width(text, size - 1) + 34
    return head


def _grid(x: Axis, top: float, bottom: float, size: float) -> list[Shape]:
    shapes: list[Shape] = []
    for value in x.ticks():
        at = x.at(value)
        shapes += [Stroke(((at, top), (at, bottom)), GRID)]
        shapes += [Label((at, bottom + 18), said(value), size - 1, PALE, "middle")]
    air = x.at(AIR)
    shapes += [Stroke(((air, top), (air, bottom)), PALE, 1.2, True)]
    shapes += [Label((air, bottom + 36), "one channel", size - 1, INK, "middle")]
    return shapes


def _line(entry: Entry, y: float, x: Axis, size: float, colour: str, wide: bool) -> list[Shape]:
    at = x.at(entry.fps)
    most = int((x.start - 36 if wide else x.end + 50 - 22) / text_width("x", size))
    text = entry.text if len(entry.text) <= most else entry.text[: most - 1] + "…"
    beside = y if wide else y - 17
    return [
        Label((22, beside), text, size),
        Stroke(((x.start, y - 4), (at, y - 4)), colour, 1.0),
        Mark((at, y - 4), entry.kind, colour, 5.0, f"{entry.text}: {said(entry.fps)} frames a second"),
        Label((at + 11, y), said(entry.fps), size, INK, bold=entry.kind == "disc"),
    ]
