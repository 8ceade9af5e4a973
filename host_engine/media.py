"""The values that travel from the voice to the viewer: Speech -> Beat -> Frame -> Unit. Nothing here waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import av

Samples = NDArray[np.float32]
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Format:
    """The size of the picture and the rates of picture and sound; one frame holds a whole number of samples."""

    width: int = 720
    height: int = 1280
    fps: int = 25
    sample_rate: int = 48_000

    def __post_init__(self) -> None:
        if self.sample_rate % self.fps:
            raise ValueError(f"{self.sample_rate} Hz does not divide into {self.fps} frames a second")
        if self.width % 2 or self.height % 2:
            raise ValueError(f"{self.width}x{self.height}: width and height must be even")

    @property
    def samples(self) -> int:
        """Samples in one frame."""
        return self.sample_rate // self.fps


class Word(NamedTuple):
    """One spoken word, in seconds from the start of the utterance."""

    text: str
    start: float
    end: float


class Phoneme(NamedTuple):
    """One speech sound in IPA ("" is silence), in seconds from the start of the utterance."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True)
class Speech:
    """What a voice made of a text: mono samples in [-1, 1] at 48 kHz, and when each word and sound is said.

    There is exactly one `Word` for each word of `text.split()`, in order; times never run backwards.
    """

    text: str
    samples: Samples  # (n,)
    words: tuple[Word, ...]
    phonemes: tuple[Phoneme, ...]
    voice: str  # name of the voice that spoke

    @property
    def seconds(self) -> float:
        return len(self.samples) / 48_000


class MouthShape(NamedTuple):
    """The mouth of one frame. open, teeth, tongue and smile in 0..1, wide in -1..1, round in 0..1."""

    open: float = 0.0
    wide: float = 0.2
    round: float = 0.0
    teeth: float = 0.9
    tongue: float = 0.5
    smile: float = 0.75


REST = MouthShape()


class Face(NamedTuple):
    """What the speech does to the face in one frame."""

    mouth: MouthShape = REST
    energy: float = 0.0  # loudness of the speech around this frame, 0 (silent) .. 1 (loud)
    speaking: bool = False  # True from the first to the last frame of an utterance, pauses included
    heard: NDArray[Any] | None = None  # what a network hears in this frame, where one is at work and anything is heard
    shot: Any = None  # host.footage.Shot, where the host was filmed


class Beat(NamedTuple):
    """What the host does during one frame: sound, face, the line it belongs to, and the word being said."""

    samples: Samples  # (format.samples,) mono
    face: Face
    line: Any = None  # show.rundown.Line, or None when idle
    word: int = -1  # index into line.tokens of the token being said, -1 before the first
    clip: Picture | None = None  # (h, w, 3) RGB frame of a product video, where the line shows one
    voice: str = ""  # name of the voice that speaks
    pause: bool = False  # a phrase has ended here: the line can be interrupted behind this beat
    left: int = 0  # frames of the line that are still to come
    camera: Picture | None = None  # (h, w, 3) RGB of an operator's camera, while a human is seen instead of the host


class Frame(NamedTuple):
    """A finished frame: picture and sound of the same instant, number `n`."""

    n: int
    picture: Picture  # (height * 3 // 2, width) I420
    samples: Samples  # (2, format.samples) stereo


class Coding(NamedTuple):
    """How pictures are encoded."""

    codec: str = "libx264"  # as FFmpeg calls it
    preset: str | None = None  # of that codec; its default, where there is none
    threads: int = 1
    every: int = 1  # 2: every second picture only, the one before it stays


class Unit(NamedTuple):
    """A frame made ready to send: encoded once, for everyone."""

    n: int
    video: av.Packet[Any]  # H.264, Annex B, pts = n in 1/fps; empty where the picture before it stays
    aac: tuple[av.Packet[Any], ...]  # pts in samples, 1/48000; the sound that became ready with this frame
    opus: tuple[av.Packet[Any], ...]  # 20 ms each, pts in samples, 1/48000
    key: bool  # the picture is a key frame, with SPS and PPS in band


def planes(i420: Picture) -> Iterator[Picture]:
    """Y, U and V of a contiguous I420 picture, (height * 3 // 2, width), as views."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    flat, size = i420.reshape(-1), height * width
    yield i420[:height]
    yield flat[size : size * 5 // 4].reshape(height // 2, width // 2)
    yield flat[size * 5 // 4 :].reshape(height // 2, width // 2)
