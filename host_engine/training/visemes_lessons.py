"""What the mouth that listens learns from: speech of espeak-ng and flite, whose sounds are known to the millisecond."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from host_engine.host.mouth import LEAD
from host_engine.host.mouths.heard_bands import HOP, RATE, SILENCE, Bands
from host_engine.host.mouths.heard_net import LOOK, VISEMES
from host_engine.host.mouths.viseme import ViseMouth, sounds
from host_engine.host.voice import Voice
from host_engine.media import REST, Samples, Speech
from host_engine.neural.hearing import at_16k
from host_engine.training.talk import coloured, hastened, paused, same_chance, voices
from host_engine.training.texts import text

STEPS = RATE // HOP  # a second
BATCH, LENGTH = 16, 260  # pieces of speech in a lesson, and steps of each
WITHOUT = 0.05  # of what is heard is no speech
LOUD = 0.13  # effective level of speech at -16 LUFS, roughly
FIRST, KEPT = 120, 4000  # utterances to begin with, and kept
EVERY = 3  # lessons for each new utterance


class Heard(NamedTuple):
    """One utterance: bands (n, BANDS), the viseme (n,) and the shape (n, 6) of each step."""

    bands: NDArray[np.float16]
    visemes: NDArray[np.int64]
    shapes: NDArray[np.float32]


class Lesson(NamedTuple):
    """Bands (b, BANDS, steps); what is to be told with each step: viseme (b, steps) and shape (b, 6, steps)."""

    bands: Tensor
    visemes: Tensor
    shapes: Tensor


class VisemeLessons:
    """Everything follows from the seed, and the voices that the machine has."""

    def __init__(self, seed: int) -> None:
        self._random, self._chance = Random(seed), np.random.default_rng(seed)
        self._voices = voices()
        self._heard = deque((utterance(self._voices, self._random) for _ in range(FIRST)), maxlen=KEPT)
        self._given = 0

    @property
    def minutes(self) -> float:
        """Of speech at hand."""
        return sum(len(each.visemes) for each in self._heard) / STEPS / 60

    def next(self) -> Lesson:
        """Pieces of utterances, each beginning anywhere."""
        self._given += 1
        if self._given % EVERY == 0:
            self._heard.append(utterance(self._voices, self._random))
        lengths = np.array([len(each.visemes) for each in self._heard], float)
        chosen = self._chance.choice(len(lengths), BATCH, p=lengths / lengths.sum())
        pieces = [self._piece(self._heard[k]) for k in chosen]
        bands, visemes, shapes = (np.stack(each) for each in zip(*pieces, strict=True))
        turned = (np.ascontiguousarray(each.transpose(0, 2, 1)) for each in (bands, shapes))
        of_bands, of_shapes = (torch.from_numpy(each.astype(np.float32)) for each in turned)
        return Lesson(of_bands, torch.from_numpy(visemes), of_shapes)

    def _piece(self, heard: Heard) -> tuple[NDArray[Any], ...]:
        """`LENGTH` steps of bands, and what was heard `LOOK` steps before each; silence where there is no more."""
        begin = int(self._chance.integers(-LOOK, max(1, len(heard.visemes) - LENGTH // 2)))
        return (
            _cut(heard.bands, begin, np.float16(SILENCE)),
            _cut(heard.visemes, begin - LOOK, 0),
            _cut(heard.shapes, begin - LOOK, np.array(REST, np.float32)),
        )


def utterance(speaking: list[Voice], random: Random) -> Heard:
    """One utterance by one of the voices, at some speed, in some room, through some microphone."""
    if random.random() < WITHOUT:
        return _told(None, _noise(3 * RATE, random) * np.float32(10 ** random.uniform(-4, -0.7)))
    voice = random.choice(speaking)
    same_chance(random.getrandbits(31))
    language = voice.name.partition(":")[2].partition("+")[0] if voice.name.startswith("espeak") else "en-us"
    words = text({"en-gb": "en-us", "fr-fr": "fr"}.get(language, language), random)
    speech = paused(hastened(voice.speak(words), random.uniform(0.8, 1.25)), random)
    return _told(speech, microphone(coloured(levelled(at_16k(speech.samples)), random), random))


def known(speech: Speech) -> Heard:
    """An utterance as it is, heard through nothing: for exams."""
    return _told(speech, levelled(at_16k(speech.samples)))


def levelled(samples: Samples) -> Samples:
    """The samples about as loud as speech at -16 LUFS."""
    loud = np.sqrt(np.square(samples[np.abs(samples) > 0.02 * np.abs(samples).max(initial=0.0)]).mean() + 1e-9)
    return np.asarray(samples * np.float32(LOUD / loud), np.float32)


def microphone(samples: Samples, random: Random) -> Samples:
    """The samples (16 kHz) with the hum and hiss of a room; now and then clipped, or as narrow as a telephone."""
    heard = np.asarray(samples, np.float32)
    if random.random() < 0.5:
        loud = float(np.sqrt(np.square(heard).mean())) + 1e-6
        heard = heard + _noise(len(heard), random) * np.float32(loud * 10 ** (random.uniform(-50, -12) / 20))
    if random.random() < 0.12:
        spectrum = np.fft.rfft(heard)
        spectrum[round(len(spectrum) * random.uniform(0.42, 0.9)) :] = 0
        heard = np.fft.irfft(spectrum, len(heard)).astype(np.float32)
    if random.random() < 0.08:
        top = float(np.abs(heard).max(initial=1e-6)) * random.uniform(0.3, 0.8)
        heard = np.clip(heard, -top, top)
    return np.asarray(heard, np.float32)


def _noise(count: int, random: Random) -> Samples:
    """Noise of effective level 1, somewhere between white and brown, with or without the hum of the mains."""
    chance = np.random.default_rng(random.getrandbits(32))
    spectrum = np.fft.rfft(chance.standard_normal(count))
    spectrum /= np.maximum(np.arange(len(spectrum)) * RATE / count, 60.0) ** random.uniform(0, 1)
    made = np.fft.irfft(spectrum, count)
    made /= np.sqrt(np.square(made).mean()) + 1e-9
    if random.random() < 0.3:
        made += 0.7 * np.sin(2 * np.pi * random.choice((50, 60, 100, 120)) * np.arange(count) / RATE)
    return np.asarray(made, np.float32)


def _told(speech: Speech | None, heard: Samples) -> Heard:
    bands, _ = Bands()(heard)
    visemes = np.zeros(len(bands), np.int64)
    shapes = np.tile(np.array(REST, np.float32), (len(bands), 1))
    if speech is not None:
        for sound in sounds(speech.phonemes):
            first, last = round(sound.start * STEPS), round(sound.end * STEPS)
            visemes[first:last] = VISEMES.index(sound.viseme)
        moved = np.array([face.mouth for face in ViseMouth().faces(speech, STEPS)])
        at = np.arange(len(bands)) - LEAD * STEPS  # those lips move ahead of the sound; here they move with it
        count = np.arange(len(moved))
        shapes = np.stack([np.interp(at, count, column) for column in moved.T], 1).astype(np.float32)
    return Heard(bands.astype(np.float16), visemes, shapes)


def _cut(values: NDArray[Any], begin: int, empty: Any) -> NDArray[Any]:
    """`LENGTH` values from `begin` on, which may lie before the first."""
    before = max(0, -begin)
    piece = values[max(0, begin) : max(0, begin + LENGTH)]
    out = np.empty((LENGTH, *values.shape[1:]), values.dtype)
    out[:] = empty
    out[before : before + len(piece)] = piece[: LENGTH - before]
    return out
