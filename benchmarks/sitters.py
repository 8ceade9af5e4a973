"""Someone who sits for the benchmarks: our drawn host and a synthetic voice, as a network takes them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
import torch

from host_engine.avatars.finders import Floats
from host_engine.commands.drawn_footage import drawn_footage
from host_engine.host.footage_cut import cut
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import Picture, Samples
from host_engine.neural.hearing import at_16k
from host_engine.neural.net import Half, Net
from host_engine.neural.order import Order, Resident

CROP = 300  # pixels: a face of a host who fills a third of 720 x 1280
FPS = 25


class Sitter(NamedTuple):
    """What the worker keeps of someone, their footage inside the crop, and what is heard of them."""

    resident: Resident
    unders: list[Picture]
    windows: Half

    def order(self, k: int, deadline: float, channel: str = "one", avatar: int = 0) -> Order:
        """Their k-th frame."""
        frame = k % len(self.unders)
        return Order(channel, avatar, frame, self.windows[k % len(self.windows)], self.unders[frame], deadline)


def sitter(net: Net, frames: int = 8, name: str = "sitter") -> Sitter:
    """Someone with `frames` frames of footage who speaks; studied and heard by `net` itself."""
    pictures, boxes, points = _footage()
    chosen = [k % len(pictures) for k in range(frames)]
    faces = np.stack([_face(net, pictures[k], boxes[k], points[k]) for k in chosen])
    with torch.inference_mode():
        kept, windows = net.study(faces), net.hear(_speech(), FPS)[FPS // 5 :]  # once something is heard
    unders = [cv2.resize(each, (CROP, CROP), interpolation=cv2.INTER_CUBIC) for each in faces]
    return Sitter(Resident(name, kept, mask(net.side)[None]), unders, windows)


def _face(net: Net, picture: Picture, box: Floats, points: Floats) -> Picture:
    """What the network is given of a frame."""
    found = cut(picture, net.crop(box, points))
    return np.asarray(cv2.resize(found, (net.side, net.side), interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache(maxsize=1)
def _footage() -> tuple[list[Picture], Floats, Floats]:
    """Our drawn host as she talks: a face that our own network knows, and that the others take as well as any."""
    parts = drawn_footage("mira", (720, 1280), FPS, 8 / FPS)
    return [picture.copy() for picture in parts.pictures], parts.boxes, parts.points


@lru_cache(maxsize=1)
def _speech() -> Samples:
    """Two seconds and more of speech, mono at 16 kHz."""
    return at_16k(EspeakVoice().speak("Good evening, and welcome back to the tea of the week.").samples)


def mask(side: int) -> Picture:
    """The lower half of a face, feathered: 0 the footage stays .. 255 the network's picture."""
    drawn = np.zeros((side, side), np.uint8)
    cv2.ellipse(drawn, (side // 2, int(side * 0.7)), (int(side * 0.32), int(side * 0.22)), 0, 0, 360, 255, -1)
    return cv2.GaussianBlur(drawn, (0, 0), side / 24)
