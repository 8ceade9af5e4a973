"""Text that never leaves its box: wrapped by words, then made smaller, then broken inside words, then cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import skia

from host_engine.host.fonts import fonts
from host_engine.show.scene import Box

LINE = 1.24  # height of a line in units of the type size
LONGEST = 600  # characters that are looked at
ASCENT = 0.95  # from the top of a line to its baseline
_BETWEEN_WORDS = re.compile(
    r"(?:[^\S\u00a0\u202f\u2007]|[\x00-\x1f\x7f-\x9f])+"
)  # not at spaces that bind, as in "24,90 €"
_REFERENCE = 100.0  # size at which widths are measured; they grow in proportion


class Style(NamedTuple):
    """How a text is set: size in pixels, the least it may shrink to, and its weight (see `fonts.WEIGHTS`)."""

    size: float
    least: float
    weight: str = "bold"


class Atom(NamedTuple):
    """A piece of text that is not broken, `spaced` when a space goes before it; `key` is the caller's."""

    text: str
    spaced: bool = True
    key: int = 0


class Block(NamedTuple):
    """Text fitted into a box: its lines, one below the other, in pixels."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    size: float
    weight: str
    whole: bool  # False when it had to be cut

    @property
    def width(self) -> float:
        return max(self.widths, default=0.0)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE


@lru_cache(maxsize=2_000)
def _reference_width(text: str, weight: str) -> float:
    return float(fonts().paragraph(text, _REFERENCE, weight).MaxIntrinsicWidth)


def measure(text: str, size: float, weight: str) -> float:
    """Width of `text` in one line, in pixels."""
    return _reference_width(text, weight) * size / _REFERENCE


def fit(text: str, width: float, height: float, style: Style, lines: int = 99) -> Block:
    """`text` in at most `lines` lines within `width` x `height` pixels; whatever the text, the block is inside."""
    atoms = list(atoms_of(text if len(text) <= LONGEST else text[:LONGEST] + "…"))
    for broken in (False, True):
        for size in _sizes(style):
            rows = wrap(atoms, width, size, style.weight, broken)
            if rows is not None and len(rows) <= min(lines, _room(height, size)):
                block = _block(balanced(atoms, rows, width, size, style.weight), size, style.weight)
                if block.width <= width:
                    return block
    return _cut(atoms, width, height, style, lines)


def balanced(atoms: Sequence[Atom], rows: list[list[Atom]], width: float, size: float, weight: str) -> list[list[Atom]]:
    """The same atoms in as many rows, as equally long as can be: no word is left alone in the last row."""
    narrow, wide = width / 2, width
    while len(rows) > 1 and wide - narrow > size / 4:
        middle = (narrow + wide) / 2
        tried = wrap(atoms, middle, size, weight, False)
        if tried is not None and len(tried) <= len(rows):
            rows, wide = tried, middle
        else:
            narrow = middle
    return rows


def _cut(atoms: Sequence[Atom], width: float, height: float, style: Style, lines: int) -> Block:
    """As many lines as the box holds at the least size, the last one ending in an ellipsis."""
    size = min(style.least, height / LINE)
    count = min(lines, _room(height, size)) if size > 0 else 0
    if count < 1 or measure("…", size, style.weight) > width:
        return Block((), (), style.least, style.weight, False)
    rows = wrap(atoms, width, size, style.weight, True) or []
    kept = [_joined(row) for row in rows[:count]]
    for i, line in enumerate(kept):
        if measure(line, size, style.weight) > width or (i == count - 1 and len(rows) > count):
            kept[i] = _ellipsis(line, width, size, style.weight)
    return Block(tuple(kept), tuple(measure(each, size, style.weight) for each in kept), size, style.weight, False)


def _room(height: float, size: float) -> int:
    """How many lines fit."""
    return int(height / (size * LINE) + 1e-6)


def _ellipsis(text: str, width: float, size: float, weight: str) -> str:
    letters = list(clusters(text))
    while letters and measure("".join(letters).rstrip() + "…", size, weight) > width:
        letters.pop()
    return "".join(letters).rstrip(" .,;:-–") + "…"


def _sizes(style: Style) -> Iterator[float]:
    size = style.size
    while size > style.least:
        yield size
        size *= 0.94
    yield style.least


def _block(rows: Iterable[Sequence[Atom]], size: float, weight: str) -> Block:
    lines = tuple(map(_joined, rows))
    return Block(lines, tuple(measure(each, size, weight) for each in lines), size, weight, True)


def atoms_of(text: str, key: int = 0) -> Iterator[Atom]:
    """The pieces between which a line may end: words, parts of words after - and /, single CJK characters."""
    for word in _BETWEEN_WORDS.split(text):
        piece, spaced = "", True
        for letter in clusters(word):
            if piece and ((_ideograph(letter) and not _closing(letter)) or _ends(piece)):
                yield Atom(piece, spaced, key)
                piece, spaced = "", False
            piece += letter
        if piece:
            yield Atom(piece, spaced, key)


def _ends(piece: str) -> bool:
    return _ideograph(piece[-1]) or (len(piece) > 2 and piece[-1] in "-/–" and piece[-2].isalpha())


def _ideograph(letter: str) -> bool:
    return unicodedata.east_asian_width(letter[0]) in "WF"


def _closing(letter: str) -> bool:
    return unicodedata.category(letter[0]) in ("Po", "Pe", "Pf")


def clusters(text: str) -> Iterator[str]:
    """The characters as people see them: marks and joiners stay with the letter they belong to."""
    cluster = ""
    for character in text:
        mark = unicodedata.category(character).startswith("M") or character == "\u200d"
        joined = mark or cluster.endswith("\u200d")
        if cluster and not joined:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def wrap(atoms: Sequence[Atom], width: float, size: float, weight: str, broken: bool) -> list[list[Atom]] | None:
    """Lines of atoms no wider than `width`. None when an atom alone is wider and may not be `broken`."""
    rows: list[list[Atom]] = []
    for atom in atoms:
        if rows and measure(_joined([*rows[-1], atom]), size, weight) <= width:
            rows[-1].append(atom)
        elif measure(atom.text, size, weight) <= width:
            rows.append([atom])
        elif broken:
            rows += [[part] for part in _parts(atom, width, size, weight)]
        else:
            return None
    return rows


def _parts(atom: Atom, width: float, size: float, weight: str) -> Iterator[Atom]:
    """A word too long for a line, in pieces, with hyphens where letters are parted."""
    piece = ""
    for letter in clusters(atom.text):
        hyphen = "-" if letter.isalpha() and piece[-1:].isalpha() and not _ideograph(letter) else ""
        if piece and measure(piece + letter + "-", size, weight) > width:
            whole = piece + hyphen if measure(piece + hyphen, size, weight) <= width else piece
            yield Atom(whole, True, atom.key)
            piece = ""
        piece += letter
    if piece:
        yield Atom(piece, True, atom.key)


def _joined(row: Sequence[Atom]) -> str:
    return "".join((" " if atom.spaced and i else "") + atom.text for i, atom in enumerate(row))


def right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(c) for c in text)
    return next((d in ("R", "AL") for d in directions if d in ("L", "R", "AL")), False)


def draw_line(canvas: skia.Canvas, text: str, x: float, top: float, size: float, weight: str, colour: int) -> None:
    """One line, its box of height `size * LINE` beginning at `top`."""
    paragraph = fonts().paragraph(text, size, weight, colour)
    paragraph.paint(canvas, x, top + size * ASCENT - paragraph.AlphabeticBaseline)


def draw(
    canvas: skia.Canvas, block: Block, box: Box, colour: int, align: Literal["left", "centre", "right"] = "left"
) -> None:
    """The block within `box`, in the middle of its height; text that runs from right to left stands at the right."""
    top = box.y + (box.h - block.height) / 2
    for row, (line, width) in enumerate(zip(block.lines, block.widths, strict=True)):
        side = "right" if align == "left" and right_to_left(line) else align
        x = box.x + {"left": 0.0, "centre": (box.w - width) / 2, "right": box.w - width}[side]
        draw_line(canvas, line, x, top + row * block.size * LINE, block.size, block.weight, colour)
