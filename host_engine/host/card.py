"""The product card: picture, brand, title, price, what a sale saves, and availability where it has to be told."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host import text
from host_engine.host.canvas import Sprite
from host_engine.host.overlay import Look, colour, filled, panel, rounded, shadowed
from host_engine.host.photo import photo
from host_engine.host.text import Style
from host_engine.host.wording import in_stock
from host_engine.show.rundown import Card
from host_engine.show.scene import Box

log = logging.getLogger(__name__)
_told: dict[str, str] = {}  # by product, why its picture is not shown


class Areas(NamedTuple):
    """Where the parts of a card stand."""

    picture: Box | None
    brand: Box
    title: Box
    price: Box


def card(shown: Card, box: Box, look: Look) -> Sprite:
    """The card within `box`: picture on the left, or on top where the box is about as high as wide."""
    picture = _picture_box(box, look.unit)
    image = _photo(shown, picture)
    areas = _areas(box, picture if image is not None else None, look.unit)

    def draw(canvas: skia.Canvas) -> None:
        panel(canvas, box, look.theme.panel, 1.0, 28 * look.unit, 20 * look.unit)
        if image is not None:
            _draw_picture(canvas, image, picture, look)
        if shown.saving:
            _badge(canvas, shown.saving, picture if image is not None else None, areas, look)
        _words(canvas, shown, areas, look)
        _price(canvas, shown, areas.price, look)

    return shadowed(box, look.unit, draw)


def _photo(shown: Card, box: Box) -> NDArray[np.uint8] | None:
    """The product's picture for its box; a card without it where it cannot be shown."""
    if shown.picture is None:
        return None
    try:
        found = photo(shown.picture, box.w, box.h)
    except (OSError, ValueError) as error:
        if _told.get(shown.product) != str(error):  # a card is drawn anew with each price
            log.warning("the card of '%s' goes without its picture: %s", shown.product, error)
            _told[shown.product] = str(error)
        return None
    _told.pop(shown.product, None)
    return found


def _picture_box(box: Box, unit: float) -> Box:
    pad = round(14 * unit)
    if box.h > 0.8 * box.w:
        return Box(box.x + pad, box.y + pad, box.w - 2 * pad, round(box.h * 0.66) - pad)
    return Box(box.x + pad, box.y + pad, box.h - 2 * pad, box.h - 2 * pad)


def _areas(box: Box, picture: Box | None, unit: float) -> Areas:
    pad = round(22 * unit)
    left, top = box.x + pad, box.y + round(18 * unit)
    upright = box.h > 0.8 * box.w
    if picture is not None:
        left, top = (left, picture.bottom + round(12 * unit)) if upright else (picture.right + round(20 * unit), top)
    width, foot = box.right - pad - left, box.bottom - round(16 * unit)
    brand = Box(left, top, width, min(round(24 * unit), (foot - top) // 5))
    price = Box(
        left, foot - min(round(58 * unit), (foot - top) * 3 // 10), width, min(round(58 * unit), (foot - top) * 3 // 10)
    )
    title = Box(left, brand.bottom + round(4 * unit), width, price.y - brand.bottom - round(8 * unit))
    return Areas(picture, brand, title, price)


def _draw_picture(canvas: skia.Canvas, image: NDArray[np.uint8], box: Box, look: Look) -> None:
    canvas.save()
    canvas.clipRRect(rounded(box, 18 * look.unit), True)
    canvas.drawRect(skia.Rect.MakeXYWH(*box), filled("#f4eee8"))
    canvas.drawImage(skia.Image.fromarray(image, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType), box.x, box.y)
    canvas.restore()
    edge = filled("#000000", 0.07)
    edge.setStyle(skia.Paint.kStroke_Style)
    edge.setStrokeWidth(1.5 * look.unit)
    canvas.drawRRect(rounded(box, 18 * look.unit), edge)


def _badge(canvas: skia.Canvas, saving: str, picture: Box | None, areas: Areas, look: Look) -> None:
    """What the sale saves: on the picture's corner, or at the end of the brand's line."""
    unit = look.unit
    height = 38 * unit if picture is not None else float(areas.brand.h)
    block = text.fit(saving, 120 * unit, height, Style(height * 0.56, height * 0.3, "extrabold"), 1)
    width = round(block.width + height * 0.7)
    if picture is not None:
        pill = Box(picture.x + round(8 * unit), picture.y + round(8 * unit), width, round(height))
    else:
        pill = Box(areas.brand.right - width, areas.brand.y, width, round(height))
    canvas.drawRRect(rounded(pill, height / 2), filled(look.theme.accent))
    text.draw(canvas, block, pill, colour("#ffffff"), "centre")


def _words(canvas: skia.Canvas, shown: Card, areas: Areas, look: Look) -> None:
    unit, theme = look.unit, look.theme
    brand = text.fit(shown.brand, areas.brand.w * 0.8, areas.brand.h, Style(19 * unit, 12 * unit, "semibold"), 1)
    text.draw(canvas, brand, areas.brand, colour(theme.soft))
    largest = 36 if areas.picture is not None and areas.picture.bottom <= areas.title.y else 30
    size = min(largest * unit, areas.title.h / 2 / text.LINE)
    title = text.fit(shown.title, areas.title.w, areas.title.h, Style(size, size * 0.62, "bold"), 3)
    text.draw(canvas, title, areas.title, colour(theme.ink))


def _price(canvas: skia.Canvas, shown: Card, box: Box, look: Look) -> None:
    """The price large, the old one struck through behind it, availability at the end."""
    theme, unit = look.theme, look.unit
    left, right = float(box.x), float(box.right)
    if not in_stock(shown.availability, look.language):
        right = _availability(canvas, shown.availability, box, look) - 12 * unit
    size = min(46 * unit, box.h / text.LINE)
    now, before = shown.sale_price or shown.price, shown.price if shown.sale_price else ""
    share = 0.64 if before else 1.0
    price = text.fit(now, (right - left) * share, box.h, Style(size, size * 0.4, "extrabold"), 1)
    ink = colour(theme.accent if before else theme.ink)
    text.draw(canvas, price, box, ink)
    if not before:
        return
    left += price.width + 14 * unit
    old = text.fit(before, right - left, box.h, Style(size * 0.56, size * 0.3, "medium"), 1)
    drop = round(size * 0.1)
    text.draw(canvas, old, Box(round(left), box.y + drop, round(right - left), box.h), colour(theme.soft))
    middle = box.y + drop + box.h / 2 + old.size * 0.04
    stroke = filled(theme.soft)
    stroke.setStrokeWidth(2.2 * unit)
    canvas.drawLine(left - 2 * unit, middle, left + old.width + 2 * unit, middle, stroke)


def _availability(canvas: skia.Canvas, words: str, box: Box, look: Look) -> float:
    """A quiet pill at the right end of the price's line. Returns its left edge."""
    unit = look.unit
    height = min(34 * unit, float(box.h))
    block = text.fit(words, box.w * 0.42, height, Style(height * 0.5, height * 0.3, "bold"), 1)
    width = round(block.width + height * 0.8)
    pill = Box(box.right - width, round(box.y + (box.h - height) / 2), width, round(height))
    canvas.drawRRect(rounded(pill, height / 2), filled(look.theme.ink, 0.09))
    text.draw(canvas, block, pill, colour(look.theme.ink), "centre")
    return float(pill.x)
