"""The lips that a picture already shows: where their corners are, where they meet, and how far they are apart."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.mouth_place import Floats, MouthPlace
from host_engine.media import Picture

POWER = 0.75  # lips follow (1 - t^2) to this power from corner to corner
AROUND = (-1.2, -0.5, 1.2, 1.0)  # what is looked at for the line: u0, v0, u1, v1 about a detector's corners
COLUMNS, ROWS = 33, 49
VALLEY = 0.2  # v; the line between lips is darker than what is so far above and below it
LIKELY = (0.15, 0.25)  # v; where the line is from a detector's corners, and how far from there it may well be
WITHIN = 0.62  # u; in there the line is surely seen
SMOOTH = np.array((1, 4, 6, 4, 1)) / 16  # over places along the line
FADED = 0.3  # of the valley's usual depth: where it is less deep the line has ended
NARROW = (0.6, 0.8, 1.05)  # half a mouth's width: at least, usually and at most, of a detector's
TALL = (-0.7, 0.9)  # v; what is looked at for the opening, about the line
WIDER = 0.25  # times the opening, by which the corners of open lips are further out: the line fades towards them
LOWER = 0.5  # of the most redness, which the lower lip has at the least
LIP = 7  # rows of the lower lip
EDGE = 0.025  # v; so much further is the edge of what is dark: half a row and half its blur
DEEP = 0.35  # of the light on the skin: darker is neither lip nor skin
SHUT = (0.08, 0.22)  # v; what is dark between shut lips is no higher than this, and surely open ones than that

_U = np.linspace(AROUND[0], AROUND[2], COLUMNS, dtype=np.float32)
_V = np.linspace(AROUND[1], AROUND[3], ROWS, dtype=np.float32)
_STEP = round(VALLEY / float(_V[1] - _V[0]))
_PRIOR = np.exp(-0.5 * ((_V - LIKELY[0]) / LIKELY[1]) ** 2)[:, None]
_INNER, _MIDDLE = np.abs(_U) < WITHIN, np.abs(_U) < 0.4
_BASIS = np.stack((np.ones_like(_U), _U, _U * _U), 1)
_W = np.linspace(*TALL, ROWS, dtype=np.float32)
_GREY = np.array([0.3, 0.6, 0.1], np.float32)


class LipLines(NamedTuple):
    """The lower edge of the upper lip and the upper edge of the lower lip, at the middle, in v; alike where shut."""

    upper: float
    lower: float


def lip_lines(picture: Picture, place: MouthPlace) -> tuple[MouthPlace, LipLines]:
    """The place with its corners where the lips' really are, and the lips' edges, in a picture (h, w, 3) RGB.

    Detectors see the corners too high and too far out. Between lips it is darker than on them: the line is a parabola
    through the valley of light, and ends where the valley does.
    """
    seen = _sampled(picture, place, AROUND, (COLUMNS, ROWS))
    light = seen @ _GREY
    valley = np.zeros_like(light)
    inner = light[_STEP:-_STEP]
    valley[_STEP:-_STEP] = np.minimum(light[: -2 * _STEP], light[2 * _STEP :]) - inner
    valley = np.maximum(valley, 0) * _PRIOR * _reddish(seen)
    rows, depth = valley.argmax(0), valley.max(0)
    level, tilt, bend = _parabola(_V[rows], depth)
    depths = _near(valley)[np.clip(np.searchsorted(_V, _BASIS @ (level, tilt, bend)), 1, ROWS - 2), np.arange(COLUMNS)]
    half = _end(np.convolve(depths, SMOOTH, "same"))
    corner = level + bend * half * half
    refined = _moved(place, corner, tilt, half)
    lines = _opening(picture, refined, -bend * half * half)
    return refined._replace(half=refined.half * (1 + WIDER * min(lines.lower - lines.upper, 0.5))), lines


def _near(valley: Floats) -> Floats:
    """The deepest within a row: a drawn line is thin, and a parabola may miss it."""
    return np.asarray(cv2.dilate(valley, np.ones((3, 1), np.uint8)), np.float32)


def _reddish(seen: Floats) -> Floats:
    """How much redder than the skin it is about there, 0.15 .. 1."""
    red = _redness(np.asarray(cv2.blur(seen, (3, 5)), np.float32))
    skin, lips = _ranked(red.ravel(), 0.4), _ranked(red.ravel(), 0.97)
    return np.asarray(np.clip((red - skin) / max(lips - skin, 0.02), 0.15, 1), np.float32)


def _ranked(values: Floats, share: float) -> float:
    """The value that so many of the values are below."""
    rank = int(share * (len(values) - 1))
    return float(np.partition(values, rank)[rank])


def _redness(colours: Floats) -> Floats:
    return np.asarray((colours[..., 0] - colours[..., 1]) / (colours.sum(-1) + 1), np.float32)


def _parabola(heights: Floats, depth: Floats) -> tuple[float, float, float]:
    """The line through the valleys' heights, by their depth; twice, so that stray ones do not count."""
    weight = np.where(_INNER, np.sqrt(depth), 0) + 1e-3
    held = np.array([0.02, 0.4, 0.3]) * float(weight.sum()) / 10  # what is not seen clearly is taken to be straight
    line = np.array([LIKELY[0], 0.0, 0.0])
    for _ in range(2):
        left = (_BASIS * weight[:, None]).T @ _BASIS + np.diag(held)
        line = np.linalg.solve(left, (_BASIS * weight[:, None]).T @ heights + held * (LIKELY[0], 0, 0))
        weight = np.where(_INNER, np.sqrt(depth), 0) / (1 + ((heights - _BASIS @ line) / 0.08) ** 2) + 1e-3
    level, tilt, bend = (float(part) for part in line)
    return level, min(max(tilt, -0.25), 0.25), min(max(bend, -0.5), 0.3)


def _end(depths: Floats) -> float:
    """Half the mouth's width, of the detector's: on both sides as far as the valley goes on."""
    usual = _ranked(depths[_MIDDLE], 0.5)
    if usual < 2:
        return NARROW[1]
    middle = COLUMNS // 2
    ends = [_run(depths[middle::side] / (FADED * usual) - 1) for side in (-1, 1)]
    return min(max(sum(ends) / 2 * float(_U[1] - _U[0]), NARROW[0]), NARROW[2])


def _run(above: Floats) -> float:
    """How many places on it is above 0, over single gaps; between two places where the line between them meets 0."""
    there = above > 0
    joined = there[:-1] | there[1:]
    end = int(joined.argmin()) if not joined.all() else len(joined)
    if end == 0 or there[end]:
        return float(end)
    return end - 1 + float(above[end - 1] / (above[end - 1] - above[end]))


def _moved(place: MouthPlace, corner: float, tilt: float, half: float) -> MouthPlace:
    """The place with its corners on the line."""
    x, y = place.pixel(0.0, corner)
    angle = math.atan2(place.sin, place.cos) + math.atan(tilt * place.unit / place.half)
    return place._replace(
        x=x,
        y=y,
        cos=math.cos(angle),
        sin=math.sin(angle),
        half=place.half * half,
        nose=place.nose + corner,
        chin=max(place.chin - corner, 0.8),
        floor=place.floor - corner,
    )


def _sampled(
    picture: Picture, place: MouthPlace, part: tuple[float, float, float, float], size: tuple[int, int]
) -> Floats:
    """A part (u0, v0, u1, v1) of the mouth's surroundings, upright, (rows, columns, 3) for a size (columns, rows)."""
    across = (part[2] - part[0]) * place.half / (size[0] - 1)
    down = (part[3] - part[1]) * place.unit / (size[1] - 1)
    x, y = place.pixel(part[0], part[1])
    to = np.array([[place.cos * across, -place.sin * down, x], [place.sin * across, place.cos * down, y]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, to, size, flags=how, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _opening(picture: Picture, place: MouthPlace, seam: float) -> LipLines:
    """Where the lips end along the middle of the mouth, near the line at `seam`.

    Between open lips it is darker than the lower one, or less red, as teeth are; and the upper one, which lies in the
    shade, is reddest where it ends.
    """
    profile = _sampled(picture, place, (-0.35, seam + TALL[0], 0.35, seam + TALL[1]), (9, ROWS)).mean(1)
    light = profile @ _GREY
    red = np.where(light > DEEP * _ranked(light, 0.75), _redness(profile), 0)  # what is nearly black has any colour
    skin, lips = _ranked(red, 0.25), _ranked(red, 0.92)
    if lips - skin < 0.025:
        return LipLines(seam, seam)
    lip = red > skin + 0.45 * (lips - skin)
    near = np.flatnonzero(lip & (np.abs(_W) < 0.75))
    if len(near) < 4:
        return LipLines(seam, seam)
    top, bottom = int(near[0]), int(near[-1])
    begin = top + int(red[top : top + (bottom - top) * 2 // 5 + 1].argmax()) + 1
    bright = _ranked(light[max(begin, bottom - LIP) : bottom + 1], 0.5)
    pale, dark = red - skin < 0.4 * (lips - skin), light < 0.78 * bright
    if float(red[max(begin, bottom - LIP) : bottom + 1].max()) - skin < LOWER * (float(red.max()) - skin):
        return LipLines(seam, seam)  # a line without a lip below it, as drawn mouths are
    first, last = _longest((pale | dark)[begin:bottom], (light < 0.88 * bright)[begin:bottom])
    upper, lower = float(_W[begin + first]) - EDGE + seam, float(_W[begin + max(last, 0)]) + EDGE + seam
    share = min(max((lower - upper - SHUT[0]) / (SHUT[1] - SHUT[0]), 0.0), 1.0) if last > first else 0.0
    return LipLines(seam + (upper - seam) * share, seam + (lower - seam) * share)


def _longest(there: NDArray[np.bool_], perhaps: NDArray[np.bool_]) -> tuple[int, int]:
    """First and last of the longest run of what is there, over gaps of one and those in which it is there perhaps.

    So a tongue between the teeth counts, which lies in the shade, and a gleam on the lower lip does not.
    """
    best, begun, gap = (0, -1), -1, 0
    for at, (surely, may_be) in enumerate(zip(there.tolist(), perhaps.tolist(), strict=True)):
        if surely:
            begun = at if begun < 0 or gap > 1 else begun
            gap = 0
            best = max(best, (begun, at), key=lambda run: run[1] - run[0])
        else:
            gap += not may_be
    return best
