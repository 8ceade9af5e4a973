"""How a line becomes a cue: voice, then mouth, then one beat per frame."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable, Iterator

import numpy as np

from host_engine.host.clip import frames_of
from host_engine.host.deadline import Caller, DaemonThreads
from host_engine.host.mouth import Mouth
from host_engine.host.voice import Voice
from host_engine.media import Beat, Face, Format, Picture, Samples, Speech
from host_engine.playout.cue import PassedOver
from host_engine.playout.pauses import pauses
from host_engine.playout.prepared import Making, Prepared
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

CLIP = 3.0  # s for a picture of a video
WATCHING = 10_000  # frames that a video is taken to go on for


class Preparation:
    """Makes the beats of lines on two threads of its own, so that nothing slow runs in the loop.

    `judge` is handed each line first: what it gives back is said, with its evidence; what it refuses is passed over.
    Voice and mouth may raise; then the cue fails. They have deadlines of their own: neither hangs. A video that cannot
    be read is left out of its line.
    """

    def __init__(
        self,
        voice: Voice,
        mouth: Mouth,
        format: Format,
        expect: Callable[[Line], None] = lambda line: None,
        clip_size: tuple[int, int] | None = None,
    ) -> None:
        """`expect` is told of each line, so that its graphics are drawn ahead; `clip_size` is that of its videos."""
        self.voice, self.mouth, self.format, self.expect, self.clip_size = voice, mouth, format, expect, clip_size
        self.report: Callable[[Prepared], None] = lambda prepared: None  # told of each line that is ready, or failed
        self.other: Callable[[str], Voice | None] = lambda language: None  # who speaks a language that `voice` does not
        self.judge: Callable[[Line], Line] = lambda line: line  # off the loop; may raise PassedOver
        self.unspoken: Voice | None = None  # in whose silence lines are read, while only people are heard
        self._clips = Caller("the reading of videos")
        self._threads = DaemonThreads(2, "prepare")

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        """The beats of `line`, as many as its speech needs; with a clip, as many as the longer of the two needs."""
        loop = asyncio.get_running_loop()
        making = Making(line, self.report)
        try:
            self.expect(line)
            line, speech, faces, pause = await loop.run_in_executor(self._threads, self._speak, line, making)
        except PassedOver:
            raise
        except Exception as error:
            making.failed(error)
            raise
        making.ready(speech.seconds)
        beats = self._beats(line, speech, faces, pause)
        if line.clip is None:
            for each in beats:
                yield each
            return
        pictures = frames_of(line.clip, self.clip_size or (self.format.width, self.format.width), self.format.fps)
        while True:
            picture = await loop.run_in_executor(self._threads, self._shown, pictures)
            beat = next(beats, None)
            if picture is None and beat is None:
                return
            if picture is None:
                pictures = iter(())  # over, or not to be tried again
            yield (beat or self._listening(line, speech.voice))._replace(clip=picture)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _speak(self, line: Line, making: Making) -> tuple[Line, Speech, list[Face], list[bool]]:
        with making.step("gate"):
            line = self.judge(line)
        with making.step("voice"):
            speech = (self.unspoken or self.other(line.language) or self.voice).speak(line.said)
        pause = pauses(line, speech, self.format.samples)
        with making.step("mouth"):
            return line, speech, self.mouth.faces(speech, self.format.fps), pause

    def _shown(self, pictures: Iterator[Picture]) -> Picture | None:
        """The next picture of a video, None after the last and from the first one on that cannot be read."""
        try:
            return self._clips.call(CLIP, next, pictures, None)
        except Exception as problem:
            log.warning("A video cannot be shown: %s", problem)
            return None

    def _beats(self, line: Line, speech: Speech, faces: list[Face], pause: list[bool]) -> Iterator[Beat]:
        size, fps = self.format.samples, self.format.fps
        middles = (np.arange(math.ceil(len(speech.samples) / size)) + 0.5) / fps
        words = np.searchsorted(token_starts(line, speech), middles, side="right") - 1
        count = len(words)
        for k, word in enumerate(words.tolist()):
            samples, left = _cut(speech.samples, k * size, size), count - 1 - k
            yield Beat(samples, faces[k], line, word, voice=speech.voice, pause=pause[k], left=left)

    def _listening(self, line: Line, voice: str) -> Beat:
        """The host watching a clip that outlasts what is said about it: nobody knows for how long."""
        silence, last = np.zeros(self.format.samples, np.float32), len(line.tokens) - 1
        return Beat(silence, Face(), line, last, voice=voice, pause=True, left=WATCHING)


def token_starts(line: Line, speech: Speech) -> list[float]:
    """When each token of the line begins to be said, in seconds; a silent token begins with the one after it."""
    starts: list[float] = []
    said = 0
    for token in line.tokens:
        starts.append(speech.words[said].start if said < len(speech.words) else speech.seconds)
        said += len(token.said.split())
    return starts


def _cut(samples: Samples, start: int, size: int) -> Samples:
    """`size` samples from `start`, the last piece filled up with silence."""
    piece = samples[start : start + size]
    return piece if len(piece) == size else np.pad(piece, (0, size - len(piece)))
