"""What can befall a label on its way, done to finished pictures: I420 (h * 3 // 2, w), changed in a copy."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from host_engine.host.label import LabelLook
from host_engine.host.overlay import chip
from host_engine.media import Picture
from host_engine.show.scene import Box

Rgb = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Fault = Callable[[Rgb, LabelLook, np.random.Generator], Rgb]


def spoilt(picture: Picture, fault: Fault, look: LabelLook, dice: np.random.Generator) -> Picture:
    """The picture with that fault."""
    rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_YUV2RGB_I420), np.uint8)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(fault(rgb, look, dice)), cv2.COLOR_RGB2YUV_I420), np.uint8)


def missing(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """It was not drawn: what is around it goes on."""
    box = look.box
    mask = np.zeros(rgb.shape[:2], np.uint8)
    mask[box.y : box.bottom, box.x : box.right] = 255
    return np.asarray(cv2.inpaint(rgb, mask, 3, cv2.INPAINT_TELEA), np.uint8)


def other_words(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Another chip stands in its place."""
    return _drawn(rgb, look._replace(words=str(dice.choice(["LIVE NOW", "Human host", "Best offers"]))))


def card(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """A white card covers half of it or more, from any side."""
    return _filled(rgb, _part(look.box, dice), (250, 250, 250))


def dark_card(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """The same, in the colour of the label's own ground."""
    return _filled(rgb, _part(look.box, dice), (23, 19, 28))


def camera(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """A camera's picture lies over all of it."""
    box, out = look.box, rgb.copy()
    coarse = dice.integers(0, 255, (4, 6, 3), np.uint8)
    out[box.y : box.bottom, box.x : box.right] = cv2.resize(coarse, (box.w, box.h), interpolation=cv2.INTER_CUBIC)
    return out


def cropped(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Cut to its middle and enlarged, as a rendition that fills another shape does."""
    high, wide = rgb.shape[:2]
    middle = look.box.x + look.box.w / 2
    share = 1 - 2 * min(middle, wide - middle) / wide * dice.uniform(0.9, 1.6)
    w, h = max(32, round(wide * min(share, 0.9))), max(32, round(high * min(share, 0.9)))
    x, y = (wide - w) // 2, (high - h) // 2
    return np.asarray(cv2.resize(rgb[y : y + h, x : x + w], (wide, high), interpolation=cv2.INTER_LINEAR), np.uint8)


def shifted(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Moved out of the picture, half of the label with it."""
    by = rgb.shape[1] - look.box.x - round(look.box.w * dice.uniform(0.3, 0.55))
    return np.roll(rgb, by, axis=1)


def shrunk(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Scaled away into a corner."""
    high, wide = rgb.shape[:2]
    scale = dice.uniform(0.2, 0.5)
    small, out = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.zeros_like(rgb)
    out[high - small.shape[0] :, wide - small.shape[1] :] = small
    return out


def mirrored(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    return rgb[:, ::-1]


def recoloured(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Drawn in other colours."""
    pairs = [("#17131c", "#ffffff"), ("#ffffff", "#e5243b"), ("#ffffff", "#0040c0"), ("#ffd166", "#17131c")]
    ink, fill = pairs[dice.integers(len(pairs))]
    return _drawn(rgb, look._replace(ink=ink, fill=fill))


def grey_on_grey(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Drawn with hardly any contrast."""
    return _drawn(rgb, look._replace(ink="#504c55"))


def inverted(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """The colours of the whole picture are turned round."""
    return 255 - rgb


def translucent(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    """Half of what is behind it shines through."""
    share = dice.uniform(0.2, 0.5)
    return np.asarray(cv2.addWeighted(rgb, share, missing(rgb, look, dice), 1 - share, 0), np.uint8)


def blurred(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), 0.18 * look.box.h), np.uint8)


def black(rgb: Rgb, look: LabelLook, dice: np.random.Generator) -> Rgb:
    return np.zeros_like(rgb)


FAULTS: dict[str, Fault] = {
    each.__name__: each
    for each in (
        missing, other_words, card, dark_card, camera, cropped, shifted, shrunk, mirrored, recoloured, grey_on_grey,
        inverted, translucent, blurred, black,
    )
}  # fmt: skip


def _part(box: Box, dice: np.random.Generator) -> Box:
    """Half of a box or more, from one of its sides; its lower half or more, or its upper."""
    share, side = dice.uniform(0.5, 1.0), dice.integers(4)
    w, h = (round(box.w * share), box.h) if side < 2 else (box.w, round(box.h * share))
    return Box(box.x if side != 1 else box.right - w, box.y if side != 3 else box.bottom - h, w, h)


def _filled(rgb: Rgb, box: Box, colour: tuple[int, int, int]) -> Rgb:
    out = rgb.copy()
    out[max(0, box.y) : box.bottom, max(0, box.x) : box.right] = colour
    return out


def _drawn(rgb: Rgb, look: LabelLook) -> Rgb:
    """With a chip that is opaque over what is there."""
    sprite, box = chip(look.box, look.words, look.ink, look.fill), look.box
    out = rgb.copy()
    ground = [int(look.fill[i : i + 2], 16) for i in (1, 3, 5)]
    inside = sprite.keep[..., 0] < 128
    whole = np.clip(sprite.colour.astype(np.int16) + sprite.keep / 255 * ground, 0, 255).astype(np.uint8)
    out[box.y : box.bottom, box.x : box.right][inside] = whole[inside]
    return out
