"""The caption: the words being said, a page at a time, the word of the moment in a pill of the accent colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import skia

from host_engine.host import text
from host_engine.host.canvas import Sprite, paint
from host_engine.host.overlay import Look, colour, filled, rounded
from host_engine.host.text import Atom
from host_engine.show.rundown import Line
from host_engine.show.scene import Box

Row = list[tuple[int, str, Box]]  # token, its text, where it stands
State = Literal["coming", "now", "said"]


class Page(NamedTuple):
    """What of a line is seen at once, painted in each state of its words."""

    tokens: range
    places: tuple[tuple[int, Box], ...]  # token and the room it takes, within the page
    coming: Sprite
    now: Sprite
    said: Sprite

    def at(self, word: int) -> Sprite:
        """The page while token `word` is said: those before it said, those after it coming."""
        done = ((self.now if token == word else self.said, place) for token, place in self.places if token <= word)
        return self.coming.patched(done)


class Caption:
    """A line's pages. `at` gives the sprite of a moment; it is composed once a word."""

    def __init__(self, line: Line, box: Box, look: Look) -> None:
        self.pages = tuple(_pages(line, box, look))
        self._made: tuple[int, Sprite] | None = None

    def at(self, word: int) -> Sprite | None:
        """The caption while token `word` is said (-1 before the first); None for a line without words."""
        page = next((page for page in self.pages if word < page.tokens.stop), None)
        page = page or (self.pages[-1] if self.pages else None)
        if page is None:
            return None
        if self._made is None or self._made[0] != word:
            self._made = word, page.at(word)
        return self._made[1]


def _pages(line: Line, box: Box, look: Look) -> Iterator[Page]:
    count = max(1, min(3, int(box.h / (36 * look.unit * text.LINE))))
    pad = box.h * 0.10
    size = (box.h - 2 * pad) / count / text.LINE
    width = box.w - 4 * pad
    longest = max((text.measure(token.shown, size, "bold") for token in line.tokens), default=0.0)
    size *= min(1.0, max(0.7, width / max(longest, 1.0)))
    atoms = [
        atom._replace(spaced=atom.spaced and (i == 0 or not token.shown.startswith(" ")))
        for index, token in enumerate(line.tokens)
        for i, atom in enumerate(_pieces(token.shown, index, width, size))
    ]
    rows = text.wrap(atoms, width, size, "bold", True) or []
    pages = -(-len(rows) // count)
    if pages > 1:  # shared out among them, the last one never the shortest: no word stands on a page of its own
        rows = text.balanced(atoms, rows, width, size, "bold")
        pages = -(-len(rows) // count)
    whole = [rows[len(rows) * n // pages : len(rows) * (n + 1) // pages] for n in range(pages)]
    for number, part in enumerate(whole):
        last = whole[number + 1][0][0].key if number + 1 < len(whole) else len(line.tokens)
        part = text.balanced([atom for row in part for atom in row], part, width, size, "bold")
        yield _page(part, range(part[0][0].key, max(last, part[0][0].key + 1)), box, size, pad, look)


def _pieces(shown: str, token: int, width: float, size: float) -> Iterator[Atom]:
    """A token in one piece where it fits into a line, else wherever it may be broken."""
    if text.measure(shown, size, "bold") <= width:
        yield from [Atom(shown, True, token)] if shown.strip() else []
    else:
        yield from text.atoms_of(shown, token)


def _page(rows: Sequence[Sequence[Atom]], tokens: range, box: Box, size: float, pad: float, look: Look) -> Page:
    """The page laid out in the middle of `box` and painted in its three states."""
    height = size * text.LINE
    ground = _ground(rows, box, size, pad)
    laid = [_laid(row, ground, ground.y + pad + number * height, size) for number, row in enumerate(rows)]
    places = tuple((token, place) for row in laid for token, _, place in row)
    painted = {state: _painted(laid, ground, size, look, state) for state in ("coming", "now", "said")}
    return Page(tokens, places, **painted)


def _ground(rows: Sequence[Sequence[Atom]], box: Box, size: float, pad: float) -> Box:
    """The dark area behind the words, as wide as they need, standing on the foot of the box."""
    width = min(box.w, round(max(_width(row, size) for row in rows) + 4 * pad))
    height = min(box.h, round(len(rows) * size * text.LINE + 2 * pad))
    return Box(box.x + (box.w - width) // 2, box.bottom - height, width, height)


def _width(row: Sequence[Atom], size: float) -> float:
    spaces = sum(atom.spaced for atom in row[1:]) * _space(size)
    return sum(text.measure(atom.text, size, "bold") for atom in row) + spaces


def _space(size: float) -> float:
    return 1.2 * (text.measure("n n", size, "bold") - text.measure("nn", size, "bold"))


def _laid(row: Sequence[Atom], ground: Box, top: float, size: float) -> Row:
    """Where each word of a row stands; a row that begins right to left runs from the right."""
    mirrored = text.right_to_left("".join(atom.text for atom in row))
    total = _width(row, size)
    x, space = ground.x + (ground.w - total) / 2, _space(size)
    laid: Row = []
    for index, atom in enumerate(row):
        x += space if index and atom.spaced else 0.0
        width = text.measure(atom.text, size, "bold")
        left = 2 * ground.x + ground.w - x - width if mirrored else x
        laid.append((atom.key, atom.text, _around(left, width, top, size)))
        x += width
    return laid


def _around(x: float, width: float, top: float, size: float) -> Box:
    """The room of one word with half a space at each side, so that rooms meet but do not overlap."""
    left, right = round(x - _space(size) / 2), round(x + width + _space(size) / 2)
    return Box(left, round(top), right - left, round(top + size * text.LINE) - round(top))


def _painted(rows: Sequence[Row], ground: Box, size: float, look: Look, state: State) -> Sprite:
    ink = colour("#ffffff", 0.62 if state == "coming" else 1.0)

    def draw(canvas: skia.Canvas) -> None:
        canvas.drawRRect(rounded(ground, min(ground.h * 0.3, 22 * look.unit)), filled(look.theme.shade, 0.80))
        for row in rows:
            for _, words, place in row:
                if state == "now":
                    pill = skia.Rect.MakeXYWH(*place).makeInset(_space(size) * 0.08, 0)
                    canvas.drawRoundRect(pill, place.h * 0.26, place.h * 0.26, filled(look.theme.accent))
                x = place.x + (place.w - text.measure(words, size, "bold")) / 2
                text.draw_line(canvas, words, x, place.y, size, "bold", ink)

    return paint(ground, draw)
