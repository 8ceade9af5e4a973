"""Made-up people for speed's sake: faces, masks, footage and speech of the sizes that a network takes."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.media import Picture
from host_engine.neural.net import RATE, Half, Net
from host_engine.neural.order import Order, Resident

CROP = 300  # pixels: a face of a host who fills a third of 720 x 1280
FPS = 25


class Sitter(NamedTuple):
    """Someone made up: what the worker keeps of them, their footage inside the crop, and what is heard of them."""

    resident: Resident
    unders: list[Picture]
    windows: Half

    def order(self, k: int, deadline: float, channel: str = "one", avatar: int = 0) -> Order:
        """Their k-th frame."""
        frame = k % len(self.unders)
        return Order(channel, avatar, frame, self.windows[k % len(self.windows)], self.unders[frame], deadline)


def sitter(net: Net, frames: int = 8, seconds: float = 2.0, seed: int = 1, name: str = "sitter") -> Sitter:
    """Someone with `frames` frames of footage who speaks for so many seconds; studied and heard by `net` itself."""
    random = np.random.default_rng(seed)
    faces = np.stack([face(net.side, random) for _ in range(frames)])
    with torch.inference_mode():
        kept, windows = net.study(faces), net.hear(speech(seconds, random), FPS)
    unders = [cv2.resize(each, (CROP, CROP), interpolation=cv2.INTER_CUBIC) for each in faces]
    return Sitter(Resident(name, kept, mask(net.side)[None]), unders, windows)


def face(side: int, random: np.random.Generator) -> Picture:
    """A face as far as a network can tell: skin, two eyes and a mouth over a soft background, never twice the same."""
    grid = np.linspace(60, 180, side)[:, None, None] + np.zeros((side, side, 3))
    picture = np.ascontiguousarray(grid + random.normal(0, 4, (side, side, 1)))
    middle = np.array((side / 2, side * 0.52)) + random.normal(0, side / 60, 2)
    for (x, y), (a, b), colour in (
        ((0, 0), (0.34, 0.44), (205, 165, 145)),
        ((-0.13, -0.1), (0.05, 0.03), (40, 35, 35)),
        ((0.13, -0.1), (0.05, 0.03), (40, 35, 35)),
        ((0, 0.22), (0.11, 0.04), (165, 70, 75)),
    ):
        at = (middle + np.array((x, y)) * side).astype(int).tolist()
        cv2.ellipse(picture, at, (int(a * side), int(b * side)), 0, 0, 360, colour, -1, cv2.LINE_AA)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), side / 128), 0, 255).astype(np.uint8)


def speech(seconds: float, random: np.random.Generator) -> NDArray[np.float32]:
    """What is as loud and as varied as speech, mono at 16 kHz."""
    at = np.arange(int(seconds * RATE)) / RATE
    syllables = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * at)
    tone = sum(np.sin(2 * np.pi * 120 * k * at) / k for k in range(1, 12))
    return (0.1 * syllables * (tone + random.normal(0, 0.3, len(at)))).astype(np.float32)


def mask(side: int) -> Picture:
    """The lower half of a face, feathered: 0 the footage stays .. 255 the network's picture."""
    drawn = np.zeros((side, side), np.uint8)
    cv2.ellipse(drawn, (side // 2, int(side * 0.7)), (int(side * 0.32), int(side * 0.22)), 0, 0, 360, 255, -1)
    return cv2.GaussianBlur(drawn, (0, 0), side / 24)
