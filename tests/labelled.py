"""Pictures with an AI label, for tests of what reads it: drawn on a busy ground, encoded as the channel encodes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.canvas import Placed, lay
from host_engine.host.label import LabelLook
from host_engine.host.overlay import chip
from host_engine.labelling.finding import Expected
from host_engine.labelling.key_pictures import KeyPictures
from host_engine.labelling.view import View
from host_engine.media import Coding, Format
from host_engine.outputs.picture_encoder import PictureEncoder
from host_engine.show.scene import Box

SIZE = (360, 640)
LOOK = LabelLook(Box(240, 20, 108, 28), "AI host", "#ffffff", "#17131c")

Rgb = NDArray[np.uint8]


def ground(size: tuple[int, int] = SIZE, seed: int = 0) -> Rgb:
    """Something like a studio: soft areas, with detail in between."""
    wide, high = size
    noise = np.random.default_rng(seed)
    coarse = noise.integers(30, 220, (high // 80 + 1, wide // 80 + 1, 3), np.uint8)
    picture = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
    fine = noise.integers(-12, 12, (high, wide, 1)) * (np.arange(wide)[None, :, None] % 97 > 60)
    return np.clip(picture.astype(np.int16) + fine, 0, 255).astype(np.uint8)


def labelled(look: LabelLook = LOOK, size: tuple[int, int] = SIZE, seed: int = 0) -> Rgb:
    """A picture that shows the label as it has to be."""
    picture = ground(size, seed)
    sprite = chip(look.box, look.words, look.ink, look.fill)
    within = Box(0, 0, *size)
    seen = sprite.box.common(within)
    assert seen
    lay(picture, Placed(sprite), seen, within)
    return picture


def i420(rgb: Rgb) -> Rgb:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)


def sent(rgb: Rgb, kbps: int = 800) -> View:
    """The picture as it left: encoded as a key frame of a stream of that bitrate, and decoded."""
    format = Format(rgb.shape[1], rgb.shape[0])
    encoder = PictureEncoder(format, Coding("libx264", "superfast"), kbps * 1000)
    packets = encoder.encode(0, i420(rgb), key=True)
    view = KeyPictures().decode(packets[0])
    assert view is not None
    return view


def expected(look: LabelLook = LOOK, size: tuple[int, int] = SIZE, **more: object) -> Expected:
    return Expected(look, size, "studio", **more)  # type: ignore[arg-type]
