"""Judges a picture that left: does it carry a label that it may carry, whole, legible, in its colours, at its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from host_engine.host.fonts import fonts
from host_engine.host.label import written_whole
from host_engine.labelling.finding import Expected, Finding, Kind
from host_engine.labelling.reading import Reading, read
from host_engine.labelling.reference import Reference, reference_of
from host_engine.labelling.search import FOUND, SCALES, anywhere, outside, piece, spots
from host_engine.labelling.view import View
from host_engine.show.label_demand import SafeArea
from host_engine.show.scene import LEAST_LABEL, Box

# Measured on key frames of all scenes and languages, 200 to 4000 kbit/s (benchmarks/label.py): see docs/labelling.md.
LIKE = 0.80  # correlation: below it the words are not what they have to be
DRAWN = 0.62  # of the step from ground to ink: below it the label is half transparent, or washed out
STARK = 1.5  # of the same: above it, it was drawn with other colours
LUMA, CHROMA = 40.0, 22.0  # levels by which ground may differ: half transparency and matrices of colours differ less
INK_CHROMA = 30.0  # the same, of letters, which are smaller than what codecs keep of colours
LEAST_CONTRAST = 3.0  # as measured, after a codec that softens the letters; what a scene writes has 4.5
LEAST_LETTERS = 5  # pixels
SLACK = 0.75  # of the least size that a scene may give a label: what is left of it in pictures put together elsewhere
EDGE = 2  # pixels by which a label may reach into what is not safe: rounding
NEAR = 2  # pixels by which it may stand beside its place; scaled pictures one more


def judge(view: View, expected: Sequence[Expected]) -> Finding:
    """The best that can be said of the picture: any one of these labels will do. Raises ValueError where none is
    given."""
    best: Finding | None = None
    for each in expected:
        found = _judged(view, each)
        if found.ok:
            return found
        if best is None or (found.whole, found.likeness) > (best.whole, best.likeness):
            best = found
    if best is None:
        raise ValueError("no label is expected, so none can be missed")
    return _explained(view, best)


def _judged(view: View, expected: Expected) -> Finding:
    if fonts().lacks(expected.look.words):
        return Finding("unwritable", expected)
    if not written_whole(expected.look):
        return Finding("cut", expected)
    if expected.anywhere:
        found = [_found(view, expected, of, reading) for of, reading in _everywhere(view, expected)]
        return max(found, key=lambda each: (each.ok, each.whole, each.likeness), default=Finding("missing", expected))
    of, (x, y) = _at_its_place(view, expected)
    reading = of and read(view, of, x, y, NEAR + (view.size != expected.size))
    return _found(view, expected, of, reading) if of and reading else Finding("missing", expected)


def _at_its_place(view: View, expected: Expected) -> tuple[Reference | None, tuple[int, int]]:
    within, box = expected.into or Box(0, 0, *view.size), expected.look.box
    across, down = within.w / expected.size[0], within.h / expected.size[1]
    place = round(within.x + box.x * across), round(within.y + box.y * down)
    return reference_of(expected.look, (across, down)), place


def _everywhere(view: View, expected: Expected) -> Iterator[tuple[Reference, Reading]]:
    """What can be read where it was the last time, or else at the likeliest places and sizes."""
    if expected.hint is not None:
        of = reference_of(expected.look, expected.hint.h / expected.look.box.h)
        reading = read(view, of, expected.hint.x, expected.hint.y, 3) if of else None
        if of and reading and reading.likeness >= LIKE and reading.whole == 1:
            yield of, reading
            return
    usual = view.size[1] / expected.size[1]
    sizes = [of for scale in SCALES if (of := reference_of(expected.look, scale * max(usual, 0.25)))]
    for coarse, spot in anywhere(view, [each for each in sizes if each.letters >= LEAST_LETTERS]):
        for fine in (0.94, 0.97, 1.0, 1.03, 1.06):
            of = reference_of(expected.look, fine * coarse.size[1] / expected.look.box.h)
            reading = read(view, of, spot.x, spot.y, 8) if of else None
            if of and reading:
                yield of, reading


def _found(view: View, expected: Expected, of: Reference, reading: Reading) -> Finding:
    kind = _kind(view, expected, of, reading)
    return Finding(kind, expected, reading.place, reading.likeness, reading.whole, reading.contrast)


def _kind(view: View, expected: Expected, of: Reference, reading: Reading) -> Kind:
    """What is the matter with a label at this place."""
    if reading.likeness < LIKE:
        return "missing" if reading.whole < 0.25 else "covered"
    if not DRAWN <= reading.drawn <= STARK or reading.contrast < LEAST_CONTRAST:
        return "faint"
    if abs(reading.shift[0]) > LUMA or reading.shift[1] > CHROMA or reading.ink_shift > INK_CHROMA:
        return "recoloured"
    if reading.whole < 1:
        return "covered"
    if reading.letters < LEAST_LETTERS or (expected.anywhere and of.size[1] < SLACK * LEAST_LABEL * view.size[1]):
        return "small"
    return "labelled" if safe(reading.place, view.size, expected.safe) else "unsafe"


def safe(place: Box, size: tuple[int, int], area: SafeArea) -> bool:
    """Whether nothing of the place is where a platform lays its buttons."""
    (wide, high), edge = size, EDGE
    free_x, free_y = area.left * wide - edge, area.top * high - edge
    right, bottom = wide * (1 - area.right) + edge, high * (1 - area.bottom) + edge
    return place.x >= free_x and place.y >= free_y and place.right <= right and place.bottom <= bottom


def _explained(view: View, found: Finding) -> Finding:
    """The same, said more exactly where the label is looked for in vain."""
    if found.kind not in ("missing", "covered"):
        return found
    if view.black:
        return found._replace(kind="black")
    of, _ = _at_its_place(view, found.expected)
    if of is None:
        return found
    if elsewhere := _elsewhere(view, of):
        return found._replace(kind="moved", place=elsewhere)
    if _elsewhere(view.mirrored(), of):
        return found._replace(kind="mirrored")
    part = piece(view, of)
    if part and part.spot.likeness > FOUND and outside(view, of, part.spot):
        return found._replace(kind="cropped")
    blurred = found.kind == "covered" and found.whole > 0.7 and found.likeness > 0.5
    return found._replace(kind="blurred") if blurred else found


def _elsewhere(view: View, of: Reference) -> Box | None:
    """Where else the whole label is."""
    for spot in spots(view, of):
        reading = read(view, of, spot.x, spot.y, 8)
        if reading and reading.likeness >= LIKE and reading.whole == 1:
            return reading.place
    return None
