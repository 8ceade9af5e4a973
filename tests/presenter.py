"""A painted presenter for tests: videos of her in any form, and a finder that knows her by her colour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from host_engine.avatars.finders import Found, typical_points
from host_engine.media import Picture

SKIN = (230, 170, 140)
WIDTH, HEIGHT = 192, 256


def painted(
    x: float = 96,
    y: float = 110,
    wide: float = 80,
    mouth: float = 0.0,
    room: tuple[int, int, int] = (60, 90, 120),
    size: tuple[int, int] = (WIDTH, HEIGHT),
    light: float = 1.0,
) -> Picture:
    """A picture of her: the middle of her face, its width, how far her mouth is open (0..1), the room's colour."""
    picture = np.full((size[1], size[0], 3), room, np.uint8)
    picture[: size[1] // 2, ::16] = (np.array(room) * 0.7).astype(np.uint8)
    _face(picture, x, y, wide, mouth, tuple(int(part * light) for part in SKIN))
    return picture


def with_another(picture: Picture, x: float, y: float, wide: float) -> Picture:
    """The picture with one more face in it."""
    both = picture.copy()
    _face(both, x, y, wide, 0.0, SKIN)
    return both


def _face(picture: Picture, x: float, y: float, wide: float, mouth: float, skin: tuple[int, ...]) -> None:
    def at(across: float, down: float) -> tuple[int, int]:
        return round(x + across * wide), round(y + down * wide)

    cv2.ellipse(picture, at(0, 0), (round(wide / 2), round(wide * 0.65)), 0, 0, 360, skin, -1)
    for side in (-0.19, 0.19):
        cv2.circle(picture, at(side, -0.1), max(2, round(wide * 0.05)), (40, 40, 60), -1)
    cv2.line(picture, at(-0.14, 0.33), at(0.14, 0.33), (150, 60, 60), max(1, round(wide * 0.03)))
    if mouth > 0:
        cv2.ellipse(picture, at(0, 0.35), (round(wide * 0.13), round(wide * 0.14 * mouth)), 0, 0, 360, (50, 10, 15), -1)


class ColourFinder:
    """Finds every patch of skin; its points are where those of a face seen from the front are."""

    def __init__(self, dimmest: float = 0.05) -> None:
        self.dimmest = dimmest

    def find(self, number: int, picture: Picture) -> list[Found]:
        red, green, blue = (picture[..., k].astype(np.int32) for k in range(3))
        skin = (red > green * 1.15) & (green > blue * 1.02) & (red > 255 * self.dimmest)
        solid = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(solid)
        found = []
        for k in range(1, count):
            x, y, wide, high, area = (int(value) for value in stats[k])
            if area > 60 and wide > 8 and high > 8:
                box = np.array([x, y, x + wide, y + high], np.float32)
                found.append(Found(box, typical_points(box), 0.9))
        return found


def talking(frames: int, fps: int = 25, **how: Any) -> Iterator[Picture]:
    """She sways a little; the first and the last third of the time her mouth rests, between she talks."""
    for n in range(frames):
        talks = frames // 3 <= n < 2 * frames // 3
        mouth = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * n / fps) if talks else 0.0
        yield painted(x=96 + 3 * np.sin(2 * np.pi * n / fps / 3), mouth=float(mouth), **how)


def film(
    path: Path,
    pictures: Iterable[Picture],
    fps: int = 25,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    turned: int = 0,
    times: Iterable[float] | None = None,
    trc: int | None = None,
    sound: bool = False,
    quality: int = 16,
) -> Path:
    """Write a video; `turned`: quarter turns against the clock a player must make; `times` of frames in seconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options={"crf": str(quality), "preset": "veryfast"})
        stream.pix_fmt = pix_fmt
        stream.codec_context.time_base = Fraction(1, 1000)
        voice = container.add_stream("aac", rate=48_000) if sound else None
        if trc is not None:
            stream.codec_context.color_trc = trc
        if turned:
            stream.set_display_rotation(90 * turned if turned < 3 else -90)
        moments = iter(times) if times is not None else (n / fps for n in range(10**6))
        for n, picture in enumerate(pictures):
            if n == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame = frame.reformat(format=pix_fmt)
            frame.pts, frame.time_base = round(next(moments) * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        if voice is not None:
            still = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            still.sample_rate = 48_000
            container.mux(voice.encode(still))
            container.mux(voice.encode(None))
        container.mux(stream.encode(None))
    return path


CONSENT = """person: Anna Muster
given: 2026-01-01
expires: 2099-12-31
contact: anna@example.com
scope: {channels: any, brands: [Tea House], languages: [de, en], uses: any}
"""


def own_consent(folder: Path) -> Path:
    """A consent for artwork, which needs no proof."""
    path = folder / "own.yaml"
    path.write_text("kind: own-artwork\n" + CONSENT)
    return path


def signed_consent(folder: Path, more: str = "") -> Path:
    """A person's consent with its proof."""
    proof = folder / "signed.pdf"
    proof.write_bytes(b"%PDF signed by Anna")
    digest = hashlib.sha256(proof.read_bytes()).hexdigest()
    path = folder / "anna.yaml"
    path.write_text(f"{CONSENT}proof: {{file: signed.pdf, sha256: {digest}}}\n{more}")
    return path
