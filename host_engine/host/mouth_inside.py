"""What is seen between the lips, in the person's own light: the dark of the mouth, teeth and tongue, painted softly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.host.mouth_place import Floats, MouthPlace
from host_engine.media import MouthShape, Picture

EDGE = 0.09  # v: the upper front teeth end so far below where the lips meet; they are the skull's and stay there
LOWER = 0.10  # v: the lower teeth rise so far above the lower lip; they go with the jaw
SHADOW = 0.12  # v; as far down as the upper lip's shadow falls
TEETH = (0.0, 0.36, 0.66, 0.92)  # v; where one upper tooth ends and the next begins
PALE = np.array([1.0, 0.965, 0.89], np.float32)  # the colour of teeth in white light

DEEP = np.array([1.0, 0.72, 0.72], np.float32)  # the inside of the mouth is redder than the lips
FLESH = np.array([1.0, 0.7, 0.68], np.float32)  # and the tongue than the skin

_ABOUT = np.dstack(np.meshgrid((-1, -0.33, 0.33, 1), (-1, -0.33, 0.33, 1))).reshape(1, 16, 2)

Colour = NDArray[np.float32]


class MouthColours(NamedTuple):
    """Red, green, blue in 0..255."""

    deep: Colour
    tongue: Colour
    tooth: Colour


class Gap(NamedTuple):
    """The opening, pixel by pixel: arrays (h, w)."""

    t: Floats  # across, 1 at the corners
    v: Floats
    x: Floats  # across, in units
    below: Floats  # pixels from the upper lip's edge inwards
    above: Floats  # pixels from the lower lip's edge inwards
    unit: float  # pixels


def colours_of(picture: Picture, place: MouthPlace, lip: float) -> MouthColours:
    """The colours of a mouth in the light of this picture; `lip` is where the lower lip begins, in v."""
    places = [(-1.5, 0.0), (1.5, 0.0), (0.0, place.chin * 0.72), *((u, lip + 0.2) for u in (-0.35, 0.0, 0.35))]
    seen = np.sort(_tints(picture, place, places).reshape(2, 3, 3), axis=1)[:, 1]
    skin, lips = seen
    mean = max(float(skin.mean()), 1.0)
    light = max(_white_of_eyes(picture, place), mean)
    tooth = (0.35 * light + 0.62 * mean) * PALE * (skin / mean) ** 0.3
    flesh = 0.6 * lips + 0.4 * skin * FLESH
    return MouthColours(
        (0.36 * lips * DEEP).astype(np.float32),
        (0.66 * flesh).astype(np.float32),
        np.minimum(tooth, 236).astype(np.float32),
    )


def paint(gap: Gap, colours: MouthColours, shape: MouthShape, seam: float) -> Floats:
    """The inside of the mouth, (h, w, 3) in 0..255, everywhere; the caller cuts it to the opening.

    `seam` is where the lips meet when shut, in v.
    """
    unit = gap.unit
    tall = np.maximum(gap.below + gap.above, 1)
    side = np.clip(1.25 - gap.t * gap.t, 0, 1)
    picture = colours.deep * (0.75 + 0.5 * _share(gap.below / tall) + 0.5 * gap.t**4)[..., None]
    picture = _over(picture, colours.tongue, _tongue(gap, shape, unit) * side)
    soft = max(0.08 * unit, 0.7)
    bite = (seam + EDGE) * (1 - 0.25 * gap.t**2) + 0.03 - gap.v
    upper = _share(bite * unit / soft + 0.5) * min(1.3 * shape.teeth, 1.0) * side
    rise = gap.above / unit - LOWER - 0.05 * shape.wide
    lower = _share(-rise * unit / soft + 0.5) * (1 - upper) * max(1.6 * shape.teeth - 0.75, 0.0) * side**2
    lower *= 0.25 + 0.75 * _share(1.6 - 5 * np.max(tall) / unit)
    ivory = colours.tooth * (1 - 0.22 * gap.t**2 - _between(gap.x, unit))[..., None]
    picture = _over(picture, ivory * 0.8, lower)
    picture = _over(picture, ivory, upper)
    shadow = 0.66 + 0.34 * _share(gap.below / (SHADOW * unit))
    return np.asarray(picture * shadow[..., None], np.float32)


def _tongue(gap: Gap, shape: MouthShape, unit: float) -> Floats:
    """How much of the tongue is seen: a mound above the lower lip, higher where it takes part in the sound."""
    high = (0.14 + 0.2 * shape.tongue) * (1 + 0.5 * shape.open) * (1 - gap.t**2)
    return np.asarray(_share((high - gap.above / unit) * 5) * min(0.3 + 0.7 * shape.tongue, 1.0), np.float32)


def _between(x: Floats, unit: float) -> Floats:
    """The faint lines between the teeth."""
    aside = np.abs(x)
    away = np.minimum.reduce([np.abs(aside - np.float32(edge)) for edge in TEETH]) * np.float32(unit)
    return np.asarray(0.16 * np.exp(-((away / max(0.035 * unit, 0.7)) ** 2)) * min(unit / 30, 1.0), np.float32)


def _share(value: Floats) -> Floats:
    return np.asarray(np.clip(value, 0, 1), np.float32)


def _over(under: Floats, colour: Floats, share: Floats) -> Floats:
    return np.asarray(under + (colour - under) * share[..., None], np.float32)


def _tints(picture: Picture, place: MouthPlace, places: list[tuple[float, float]]) -> Colour:
    """The mean colours (n, 3) about places (u, v), each over a tenth of the mouth."""
    reach = 0.1 * place.unit
    at = np.array([place.pixel(u, v) for u, v in places])[:, None] + reach * _ABOUT
    x, y = np.clip(at, 0, (picture.shape[1] - 1, picture.shape[0] - 1)).astype(np.intp).transpose(2, 0, 1)
    return np.asarray(picture[y, x].mean(1, dtype=np.float32))


def _white_of_eyes(picture: Picture, place: MouthPlace) -> float:
    """How bright something white is in this light: the brightest about the eyes; 0 where none are seen."""
    brightest = 0.0
    for x, y in place.eyes:
        wide, high = max(2, round(0.5 * place.unit)), max(2, round(0.16 * place.unit))
        spot = picture[max(0, round(y) - high) : round(y) + high, max(0, round(x) - wide) : round(x) + wide]
        if spot.size:
            grey = spot[::2, ::2].min(2).ravel()
            rank = max(1, grey.size // 20)
            brightest = max(brightest, float(np.partition(grey, -rank)[-rank]))
    return brightest
