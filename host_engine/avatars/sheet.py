"""The preview of an avatar: twelve of its frames with what was found in them, and its way through the footage."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import Floats
from host_engine.avatars.jaw import Crop, jaw_mask
from host_engine.avatars.route import Route
from host_engine.media import Picture

SHOWN = 12
COLUMNS, GAP, TALL = 6, 8, 270  # frames in a row; pixels between them, and the most of one's height
WIDE = 190  # pixels of a frame's width at most
CURVE = 150  # pixels of its height
MINUTE = 60  # seconds of the route that are drawn
SPEAKS, SILENT = 7, 3  # seconds of each, in turn
PAPER, INK, PALE = (250, 248, 245), (60, 56, 52), (205, 200, 192)
BOX, POINT, MASK, IDLE = (40, 120, 220), (230, 60, 60), (40, 200, 140), (236, 170, 60)


def shown_frames(count: int) -> list[int]:
    """The frames of the sheet: at most twelve, evenly spread, first and last among them."""
    return sorted({round(at) for at in np.linspace(0, count - 1, min(SHOWN, count))})


def sheet(pictures: Mapping[int, Picture], boxes: Floats, points: Floats, route: Route, fps: int) -> Picture:
    """The sheet, (h, w, 3) RGB, of the pictures of `shown_frames` by their numbers."""
    first = next(iter(pictures.values()))
    scale = min(WIDE / first.shape[1], TALL / first.shape[0])
    size = (round(first.shape[1] * scale), round(first.shape[0] * scale))
    cells = [
        _cell(picture, boxes[number], points[number], size, f"{number / fps:.1f} s")
        for number, picture in sorted(pictures.items())
    ]
    rows = -(-len(cells) // COLUMNS)
    width, height = COLUMNS * (size[0] + GAP) + GAP, rows * (size[1] + GAP) + GAP
    out = np.full((height + CURVE + GAP, width, 3), PAPER, np.uint8)
    for k, cell in enumerate(cells):
        x, y = GAP + k % COLUMNS * (size[0] + GAP), GAP + k // COLUMNS * (size[1] + GAP)
        out[y : y + size[1], x : x + size[0]] = cell
    out[height : height + CURVE, GAP:-GAP] = _curve(route, fps, width - 2 * GAP)
    return out


def _cell(picture: Picture, box: Floats, points: Floats, size: tuple[int, int], label: str) -> Picture:
    marked = picture.copy()
    crop = _around(box)
    x0, y0, x1, y1 = crop
    side = x1 - x0
    mask = np.zeros(picture.shape[:2], np.float32)
    left, top, right, bottom = max(0, x0), max(0, y0), min(picture.shape[1], x1), min(picture.shape[0], y1)
    mask[top:bottom, left:right] = jaw_mask(points, crop, side)[top - y0 : bottom - y0, left - x0 : right - x0] / 255
    tinted = marked * (1 - 0.45 * mask[..., None]) + np.array(MASK) * (0.45 * mask[..., None])
    marked = np.asarray(cv2.resize(tinted.astype(np.uint8), size, interpolation=cv2.INTER_AREA), np.uint8)
    scale = np.array(size) / (picture.shape[1], picture.shape[0])
    corners = [_pixel(corner * scale) for corner in box.reshape(2, 2)]
    cv2.rectangle(marked, corners[0], corners[1], BOX, 1, cv2.LINE_AA)
    for point in points:
        cv2.circle(marked, _pixel(point * scale), 2, POINT, -1, cv2.LINE_AA)
    cv2.putText(marked, label, (5, size[1] - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(marked, label, (5, size[1] - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1, cv2.LINE_AA)
    return marked


def _around(box: Floats) -> Crop:
    """A square around a face, somewhat larger."""
    (x, y), half = (box[:2] + box[2:]) / 2, 0.65 * float((box[2:] - box[:2]).max())
    side = max(16, round(2 * half))
    return round(x - half), round(y - half), round(x - half) + side, round(y - half) + side


def _curve(route: Route, fps: int, width: int) -> Picture:
    """The frame that is shown, over a minute in which the host speaks and is silent in turn; joins are marked."""
    out = np.full((CURVE, width, 3), PAPER, np.uint8)
    numbers, speaking, joined = _minute(route, fps)
    left, top, bottom = 44, 16, CURVE - 22
    x = left + np.arange(len(numbers)) * (width - left - 6) / len(numbers)
    last = max(1, max(route.talk[1], *(clip[1] for clip in route.idle), 1))
    y = bottom - numbers * (bottom - top) / last
    for clip in route.idle:
        y0, y1 = (round(bottom - edge * (bottom - top) / last) for edge in (clip[1], clip[0]))
        cv2.rectangle(out, (left, y0), (width - 6, max(y1, y0 + 1)), (250, 232, 200), -1)
    line = np.stack((x, y), 1)
    for k in range(1, len(line)):
        colour = INK if speaking[k] else IDLE
        if joined[k]:
            cv2.line(out, _pixel(line[k - 1]), _pixel(line[k]), PALE, 1, cv2.LINE_AA)
            cv2.circle(out, _pixel(line[k]), 2, POINT, -1, cv2.LINE_AA)
        else:
            cv2.line(out, _pixel(line[k - 1]), _pixel(line[k]), colour, 1, cv2.LINE_AA)
    said = f"frame shown over {MINUTE} s: black speaking, orange silent; red dots are joins; idle clips are shaded"
    for text, at in (("0", (30, bottom + 4)), (str(last), (4, top + 6)), (said, (left, CURVE - 6))):
        cv2.putText(out, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.38, INK, 1, cv2.LINE_AA)
    return out


def _minute(route: Route, fps: int) -> tuple[NDArray[np.int64], list[bool], list[bool]]:
    place = route.start()
    numbers, speaking, joined = [], [], []
    for n in range(MINUTE * fps):
        speaks = n / fps % (SPEAKS + SILENT) >= SILENT
        place = route.next(place, speaks)
        numbers.append(place.frame)
        speaking.append(speaks)
        joined.append(place.joined)
    return np.array(numbers), speaking, joined


def _pixel(place: NDArray[np.floating]) -> tuple[int, int]:
    return round(float(place[0])), round(float(place[1]))
