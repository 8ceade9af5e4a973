"""Who speaks: voices behind one method, and the chain that falls to the next one when a voice fails."""

from __future__ import annotations

import logging
import math
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from host_engine.host.loudness import normalise
from host_engine.host.voice_cache import VoiceCache, decoded, encoded
from host_engine.host.voices import espeak, flite
from host_engine.host.voices.coqui import CoquiVoice
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.flite import FliteVoice
from host_engine.host.voices.utterance import UnsayableError, VoiceError, silence, speakable
from host_engine.media import Speech

log = logging.getLogger(__name__)

__all__ = ["Available", "Voice", "VoiceError", "Voices", "check", "list_voices", "open_voices"]

REST_FIRST, REST_MOST = 30.0, 600.0  # s that a voice which failed is left alone


class Available(NamedTuple):
    """A voice that could be: its name as in a channel file, whether it is here, and what there is to say about it."""

    name: str
    here: bool
    about: str


class Voice(Protocol):
    """Something that speaks. `speak` blocks, is called from any thread, and gives one word per word of the text."""

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> str:
        """All else that changes how it sounds: speech made under other settings is not taken from the cache."""
        ...

    def speak(self, text: str) -> Speech: ...


def check(speech: Speech, text: str) -> Speech:
    """The speech, if it is sound; raises VoiceError saying what is wrong with it."""
    wrong = _wrong(speech, text)
    if wrong:
        raise VoiceError(f"the voice {speech.voice} returned {wrong}")
    return speech


def _wrong(speech: Speech, text: str) -> str | None:
    if speech.samples.ndim != 1 or not len(speech.samples):
        return "no samples"
    if not np.isfinite(speech.samples).all():
        return "samples that are not numbers"
    if speakable(text) and float(np.max(np.abs(speech.samples))) < 1e-4:
        return "silence"
    if [w.text for w in speech.words] != text.split():
        return f"{len(speech.words)} words for the {len(text.split())} of the text"
    for kind, items in (("words", speech.words), ("phonemes", speech.phonemes)):
        now = 0.0
        for item in items:
            if not (now <= item.start <= item.end <= speech.seconds + 1e-6) or math.isnan(item.end):
                return f"{kind} that run backwards or out of the sound at {item.start:.3f} s"
            now = item.start if kind == "words" else item.end
    return None


class _Fallen(NamedTuple):
    reason: str
    retry: float  # by the clock
    rest: float  # s


class Voices:
    """The first voice that works. One that raises or returns rubbish rests for 30 s, twice as long each time it fails
    again, at most 10 minutes; meanwhile the next one speaks. Safe to call from any thread."""

    def __init__(
        self, voices: Sequence[Voice], cache: VoiceCache | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not voices:
            raise ValueError("a chain of voices needs at least one")
        self._voices = tuple(voices)
        self._cache = cache
        self._clock = clock
        self._lock = threading.Lock()
        self._fallen: dict[str, _Fallen] = {}

    @property
    def name(self) -> str:
        """The voice in use: the first that has not fallen, or the first when all have."""
        with self._lock:
            return next((v.name for v in self._voices if v.name not in self._fallen), self._voices[0].name)

    @property
    def settings(self) -> str:
        """The settings of the voice in use."""
        name = self.name
        return next(v.settings for v in self._voices if v.name == name)

    @property
    def fallen(self) -> dict[str, str]:
        """Voices that have failed and not spoken since: name -> why."""
        with self._lock:
            return {name: fallen.reason for name, fallen in self._fallen.items()}

    def speak(self, text: str) -> Speech:
        """Say a text at -16 LUFS; raises VoiceError when no voice can."""
        if not speakable(text):
            return silence(text, self.name)
        for voice in self._voices:
            if self._resting(voice.name):
                continue
            try:
                return self._spoken(voice, text)
            except UnsayableError as problem:
                log.info("%s", problem)
            except Exception as problem:
                self._fell(voice.name, problem)
        reasons = "; ".join(f"{name}: {reason}" for name, reason in self.fallen.items())
        raise VoiceError(f"no voice can speak now ({reasons})")

    def _spoken(self, voice: Voice, text: str) -> Speech:
        kept = self._cache.get(voice.name, voice.settings, text) if self._cache else None
        if kept is not None:
            return check(kept, text)
        made = check(voice.speak(text), text)
        with self._lock:  # only now: a line from the cache proves nothing
            if self._fallen.pop(voice.name, None):
                log.info("The voice %s speaks again", voice.name)
        # What is kept and what is made must not differ, or a restart would be heard.
        made = replace(made, samples=decoded(encoded(normalise(made.samples))))
        if self._cache:
            self._cache.put(voice.name, voice.settings, text, made)
        return made

    def _resting(self, name: str) -> bool:
        with self._lock:
            fallen = self._fallen.get(name)
        return fallen is not None and self._clock() < fallen.retry

    def _fell(self, name: str, problem: Exception) -> None:
        with self._lock:
            before = self._fallen.get(name)
            rest = min(before.rest * 2, REST_MOST) if before else REST_FIRST
            self._fallen[name] = _Fallen(str(problem) or type(problem).__name__, self._clock() + rest, rest)
        log.warning("The voice %s failed and rests for %.0f s", name, rest, exc_info=problem)


def open_voices(
    wanted: str | Sequence[str] = "auto", language: str = "en", cache: Path | None = None, gender: str = "woman"
) -> Voices:
    """The chain of voices for a language: what was wanted, best first, and espeak-ng as the one that always works.

    `wanted` is "auto" (flite for English where its library is, else espeak-ng), "espeak", "espeak:en-gb-x-rp+f3",
    "flite", "flite:slt", "coqui:FOLDER OR MODEL", or a list of such. `gender` is "woman" or "man".
    Raises VoiceError, a sentence, for a voice that does not exist or is not here.
    """
    chain: list[Voice] = []
    for name in [wanted] if isinstance(wanted, str) else wanted:
        chain += _open(name, language, gender)
    chain.append(EspeakVoice(language, gender))
    unique = {voice.name: voice for voice in chain}
    return Voices(list(unique.values()), VoiceCache(cache) if cache else None)


def _open(wanted: str, language: str, gender: str) -> list[Voice]:
    kind, _, name = wanted.strip().partition(":")
    english = re.split("[-_]", language.lower())[0] == "en"
    if kind == "auto" and not name:
        try:
            return [FliteVoice(gender=gender)] if english else []
        except VoiceError as missing:
            log.info("%s", missing)
            return []
    if kind == "espeak":
        return [EspeakVoice(name or language, gender)]
    if kind == "flite" and not english:
        raise VoiceError(f"flite speaks English only, and the language here is {language!r}")
    if kind == "flite":
        return [FliteVoice(name, gender)]
    if kind == "coqui" and name:
        return [CoquiVoice(name, language)]
    raise VoiceError(f"there is no voice {wanted!r}: a voice is auto, espeak[:NAME], flite[:NAME] or coqui:MODEL")


def list_voices() -> list[Available]:
    """Every kind of voice, and whether it is here."""
    languages, variants = espeak.voices()
    found = [Available("espeak", True, f"{len(languages)} languages, {len(variants)} variants such as en-gb-x-rp+f3")]
    for name, gender in flite.VOICES.items():
        try:
            FliteVoice(name)
        except VoiceError as problem:
            found.append(Available(f"flite:{name}", False, str(problem)))
        else:
            found.append(Available(f"flite:{name}", True, f"American English, a {gender}"))
    try:
        about = f"coqui-tts {metadata.version('coqui-tts')}: give it a model folder, or a name of the hub"
        found.append(Available("coqui:MODEL", True, about))
    except metadata.PackageNotFoundError:
        found.append(Available("coqui:MODEL", False, "Coqui TTS is not here (pip install coqui-tts)"))
    return found
