"""Speech to learn from: what the network hears of each frame, and what the mouth does in it."""

from __future__ import annotations

import ctypes
import logging
from dataclasses import replace
from random import Random
from typing import Final, NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray

from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.voice import Voice
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.flite import FliteVoice
from host_engine.host.voices.utterance import VoiceError
from host_engine.media import REST, Phoneme, Samples, Speech
from host_engine.neural.hearing import at_16k
from host_engine.neural.net import RATE, Half
from host_engine.neural.small.mel import windows
from host_engine.training.texts import text

log = logging.getLogger(__name__)

FPS = 25
SPOKEN = 48_000
VARIANTS: Final = ("f1", "f2", "f3", "f4", "m1", "m2", "m3", "m4", "m5", "m6", "m7")
LANGUAGES: Final = ("en-us", "en-us", "en-gb", "de", "de", "es", "fr-fr", "it", "pl")
FLITE: Final = ("slt", "rms", "kal16", "slt")
WITHOUT = 0.06  # of all talks hold no speech, only silence or noise
C = ctypes.CDLL(None)
PAUSE = 0.45  # seconds of silence at most before and behind an utterance


class Talk(NamedTuple):
    """Windows (n, STEPS, BANDS) as the network hears them and shapes (n, 6) as `media.MouthShape`, frame by frame."""

    windows: Half
    shapes: NDArray[np.float32]


def voices() -> list[Voice]:
    """Every voice to learn from that this machine has: half of the list is flite's, where it is."""
    found: list[Voice] = [EspeakVoice(f"{language}+{variant}") for language in LANGUAGES for variant in VARIANTS]
    try:
        human = [FliteVoice(name) for name in FLITE]
    except VoiceError as missing:
        log.warning("Learning without flite's voices: %s", missing)
        return found
    return [*found, *human * (len(found) // len(human))]


def talk(speaking: list[Voice], random: Random) -> Talk:
    """One utterance by one of the voices, at some speed, somewhere in the frames, in some room."""
    if random.random() < WITHOUT:
        return silent(random)
    voice = random.choice(speaking)
    same_chance(random.getrandbits(31))
    language = voice.name.partition(":")[2].partition("+")[0] if voice.name.startswith("espeak") else "en-us"
    speech = paused(hastened(voice.speak(text(_of(language), random)), random.uniform(0.85, 1.18)), random)
    return told(speech, coloured(at_16k(speech.samples), random))


def same_chance(seed: int) -> None:
    """What espeak-ng and flite say next follows from the seed: both draw from the C library's rand()."""
    C.srand(seed)


def told(speech: Speech, heard: Samples) -> Talk:
    """What is heard of a speech (`heard`: its samples at 16 kHz) and what the drawn mouth does with it."""
    shapes = np.array([face.mouth for face in ViseMouth().faces(speech, FPS)], np.float32)
    sound = windows(heard, FPS)
    frames = min(len(shapes), len(sound))
    return Talk(sound[:frames], shapes[:frames])


def silent(random: Random) -> Talk:
    """Two seconds in which nobody speaks: silence, hiss or hum; the mouth rests."""
    noise, time = np.random.default_rng(random.getrandbits(32)), np.arange(2 * RATE) / RATE
    hiss = noise.standard_normal(2 * RATE) * 10 ** (random.uniform(-90, -35) / 20)
    hum = np.sin(2 * np.pi * random.uniform(50, 300) * time) * 10 ** (random.uniform(-90, -40) / 20)
    sound = windows((hiss + hum).astype(np.float32) * np.float32(random.random() < 0.7), FPS)
    return Talk(sound, np.tile(np.array(REST, np.float32), (len(sound), 1)))


def hastened(speech: Speech, speed: float) -> Speech:
    """The speech said faster or slower, and with that higher or lower, as another voice would."""
    samples = np.asarray(soxr.resample(speech.samples, SPOKEN * speed, SPOKEN), np.float32)
    phonemes = tuple(Phoneme(p.symbol, p.start / speed, p.end / speed) for p in speech.phonemes)
    return replace(speech, samples=samples, phonemes=phonemes, words=())


def paused(speech: Speech, random: Random) -> Speech:
    """The speech with silence before and behind it, so that its frames fall anywhere."""
    before, behind = (round(random.uniform(0, PAUSE) * SPOKEN) for _ in range(2))
    moved = [Phoneme(p.symbol, p.start + before / SPOKEN, p.end + before / SPOKEN) for p in speech.phonemes]
    return replace(speech, samples=np.pad(speech.samples, (before, behind)), phonemes=tuple(moved))


def coloured(samples: Samples, random: Random) -> Samples:
    """The samples (16 kHz) with a tilted spectrum, an echo and noise, each now and then."""
    noise = np.random.default_rng(random.getrandbits(32))
    heard = samples.astype(np.float64)
    if random.random() < 0.5:
        tilt = random.uniform(-0.6, 0.6)
        heard = heard + tilt * np.concatenate(([0.0], heard[:-1]))
    if random.random() < 0.3:
        room = noise.standard_normal(RATE // 5) * np.exp(-np.arange(RATE // 5) / RATE * random.uniform(15, 60))
        heard = heard + random.uniform(0.02, 0.12) * np.convolve(heard, room)[: len(heard)]
    if random.random() < 0.6:
        loud = float(np.sqrt(np.square(heard).mean())) + 1e-6
        heard = heard + noise.standard_normal(len(heard)) * loud * 10 ** (random.uniform(-60, -20) / 20)
    return np.asarray(heard * 10 ** (random.uniform(-10, 6) / 20), np.float32)


def _of(language: str) -> str:
    return {"en-gb": "en-us", "fr-fr": "fr"}.get(language, language)
