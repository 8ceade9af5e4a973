"""What lies over the picture in small: chips, countdown, question bubble, slate and ticker, each as a sprite."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host import text
from host_engine.host.canvas import Sprite, paint
from host_engine.host.text import Style
from host_engine.host.wording import wording
from host_engine.show.rundown import Question
from host_engine.show.scene import Box, Theme

LIVE_RED = "#e5243b"


class Look(NamedTuple):
    """What every overlay is drawn with: the colours, pixels per unit of design, and the language."""

    theme: Theme
    unit: float
    language: str


def colour(code: str, alpha: float = 1.0) -> int:
    """A colour such as "#ff8800" for skia."""
    return int(skia.ColorSetARGB(round(alpha * 255), *(int(code[i : i + 2], 16) for i in (1, 3, 5))))


def rounded(box: Box, radius: float) -> skia.RRect:
    return skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(*box), radius, radius)


def filled(code: str, alpha: float = 1.0, blur: float = 0.0) -> skia.Paint:
    """A paint for areas, soft at the edges where `blur` (pixels) is given."""
    ink = skia.Paint(Color=colour(code, alpha), AntiAlias=True)
    if blur:
        ink.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return ink


def grown(box: Box, by: float) -> Box:
    """The box with room around it, for shadows."""
    edge = round(by)
    return Box(box.x - edge, box.y - edge, box.w + 2 * edge, box.h + 2 * edge)


def panel(canvas: skia.Canvas, box: Box, code: str, alpha: float, radius: float, shadow: float) -> None:
    """A rounded area with a soft shadow of `shadow` pixels below it."""
    if shadow:
        canvas.drawRRect(
            rounded(box._replace(y=round(box.y + shadow * 0.35)), radius), filled("#1a0d08", 0.30, shadow * 0.5)
        )
    canvas.drawRRect(rounded(box, radius), filled(code, alpha))


def shadowed(box: Box, unit: float, draw: Callable[[skia.Canvas], None]) -> Sprite:
    """What `draw` paints in `box`, with room for its shadow."""
    return paint(grown(box, 22 * unit), draw)


def chip(box: Box, words: str, ink: str, fill: str, dot: bool = False) -> Sprite:
    """A pill that fills `box`, with `words` in its middle; `dot` puts a light before them."""
    pad, room = box.h * 0.3, box.h * 0.42 if dot else 0.0
    block = text.fit(words, box.w - 2 * pad - room, box.h, Style(box.h * 0.5, box.h * 0.25), 1)
    left = box.x + (box.w - block.width - room) / 2

    def draw(canvas: skia.Canvas) -> None:
        canvas.drawRRect(rounded(box, box.h / 2), filled(fill, 0.96))
        if dot:
            canvas.drawCircle(left + box.h * 0.12, box.y + box.h / 2, box.h * 0.12, filled(ink))
        text.draw(canvas, block, Box(round(left + room), box.y, round(block.width) + 1, box.h), colour(ink))

    return paint(box, draw)


def logo(box: Box, shop: str, emblem: NDArray[np.uint8] | None, theme: Theme) -> Sprite | None:
    """The shop's emblem and name in a chip at the left of `box`; None when there is neither.

    An emblem twice as wide as high is taken for the name in the shop's own letters.
    """
    if emblem is not None and emblem.shape[1] >= 2 * emblem.shape[0]:
        shop = ""
    if emblem is None and not shop:
        return None
    high, wide = emblem.shape[:2] if emblem is not None else (0, 0)
    gap = box.h * (0.35 if not shop else 0.18 if wide else 0.4)
    start = gap + wide + (gap if wide and shop else 0)
    block = text.fit(shop, box.w - start - box.h * 0.42, box.h, Style(box.h * 0.46, box.h * 0.28, "extrabold"), 1)
    width = start + block.width + box.h * 0.42 if block.lines else wide + 2 * gap
    pill = box._replace(w=min(box.w, round(width)))

    def draw(canvas: skia.Canvas) -> None:
        canvas.drawRRect(rounded(pill, box.h / 2), filled(theme.panel, 0.97))
        if emblem is not None:
            image = skia.Image.fromarray(emblem, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
            canvas.drawImage(image, round(box.x + gap), round(box.y + (box.h - high) / 2))
        text.draw(canvas, block, Box(round(box.x + start), box.y, round(block.width) + 2, box.h), colour(theme.ink))

    return paint(pill, draw)


def countdown(box: Box, left: str, look: Look) -> Sprite:
    """How long the sale lasts, in a pill of the accent colour; large boxes carry it larger."""
    theme, unit = look.theme, look.unit
    words = wording(look.language).ends_in
    half = round(box.w * 0.42)
    label = text.fit(words, half - box.h * 0.4, box.h, Style(box.h * 0.36, box.h * 0.2, "semibold"), 2)
    clock = text.fit(left, box.w - half - box.h * 0.7, box.h, Style(box.h * 0.54, box.h * 0.25, "extrabold"), 1)

    def draw(canvas: skia.Canvas) -> None:
        panel(canvas, box, theme.shade, 0.88, box.h * 0.5, 0)
        side = Box(box.x + half, box.y, box.w - half, box.h)
        canvas.drawRRect(rounded(grown(side, -4 * unit), box.h * 0.5), filled(theme.accent))
        text.draw(
            canvas,
            label,
            Box(round(box.x + box.h * 0.34), box.y, round(half - box.h * 0.4), box.h),
            colour("#ffffff"),
            "centre",
        )
        text.draw(canvas, clock, side, colour("#ffffff"), "centre")

    return paint(box, draw)


def question(box: Box, asked: Question, look: Look) -> Sprite:
    """The bubble with what a viewer asked: as high as its words need, standing on the foot of `box`."""
    theme, unit = look.theme, look.unit
    pad, badge = 16 * unit, 46 * unit
    start = round(pad * 1.6 + badge)
    name_height = 26 * unit
    width = box.w - start - pad * 1.3
    words = wording(look.language)
    who = words.asks.format(viewer=asked.viewer) if asked.viewer else words.somebody_asks
    name = text.fit(who, width, name_height, Style(19 * unit, 14 * unit), 1)
    room = box.h - 2 * pad - name_height
    block = text.fit(asked.text, width, room, Style(25 * unit, 15 * unit, "semibold"), 4)
    height = min(box.h, round(2 * pad + name_height + block.height))
    bubble = Box(box.x, box.bottom - height, box.w, height)

    def draw(canvas: skia.Canvas) -> None:
        panel(canvas, bubble, theme.panel, 0.97, 24 * unit, 16 * unit)
        x, y = bubble.x + pad + badge / 2, bubble.y + pad + badge / 2
        canvas.drawCircle(x, y, badge / 2, filled(theme.accent))
        initial = text.fit(asked.viewer[:1].upper() or "?", badge, badge, Style(24 * unit, 10 * unit, "extrabold"), 1)
        text.draw(
            canvas,
            initial,
            Box(round(x - badge / 2), round(y - badge / 2), round(badge), round(badge)),
            colour("#ffffff"),
            "centre",
        )
        head = Box(bubble.x + start, round(bubble.y + pad), round(width), round(name_height))
        text.draw(canvas, name, head, colour(theme.accent))
        text.draw(
            canvas, block, Box(head.x, head.bottom, head.w, bubble.bottom - round(pad) - head.bottom), colour(theme.ink)
        )

    return shadowed(box, unit, draw)


def slate(box: Box, look: Look) -> Sprite:
    """The words of the be-right-back slate."""
    words, bar = wording(look.language), round(6 * look.unit)
    upper = box._replace(h=box.h * 58 // 100)
    line = Box(box.x + box.w // 2 - 6 * bar, upper.bottom + 2 * bar, 12 * bar, bar)
    lower = Box(box.x, line.bottom + 2 * bar, box.w, box.bottom - line.bottom - 2 * bar)
    title = text.fit(words.back_soon, upper.w, upper.h, Style(upper.h * 0.42, upper.h * 0.15, "extrabold"), 2)
    below = text.fit(words.stay, lower.w, lower.h, Style(lower.h * 0.36, lower.h * 0.15, "medium"), 2)

    def draw(canvas: skia.Canvas) -> None:
        text.draw(canvas, title, upper, colour("#ffffff"), "centre")
        text.draw(canvas, below, lower, colour("#ffffff", 0.86), "centre")
        canvas.drawRRect(rounded(line, bar / 2), filled(look.theme.accent))

    return paint(box, draw)
