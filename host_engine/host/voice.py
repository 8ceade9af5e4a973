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

from host_engine.alarms import Alarms
from host_engine.host.deadline import Caller, Hung
from host_engine.host.loudness import normalise
from host_engine.host.voice_cache import VoiceCache, decoded, encoded
from host_engine.host.voices import espeak, flite
from host_engine.host.voices.coqui import CoquiVoice
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.flite import FliteVoice
from host_engine.host.voices.utterance import UnsayableError, VoiceError, silence, speakable
from host_engine.media import Speech
from host_engine.rests import Rests

log = logging.getLogger(__name__)

__all__ = ["Available", "Voice", "VoiceError", "Voices", "check", "list_voices", "open_voices"]

PATIENCE = 5.0  # s that any voice gets for a line
SLACK = 3.0  # times what a line takes a voice as a rule, that it gets where it is slow
LEAD = 2.0  # lines that are ready before this one: so many times its own length, roughly, can be waited for
LETTERS = 14.0  # said in a second, roughly


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


class Voices:
    """The first voice that works. One that raises, hangs or returns rubbish rests for 30 s, twice as long each time it
    fails again, at most 10 minutes; meanwhile the next one speaks. Where none is left, those that rest are tried: that
    is better than silence. Safe to call from any thread.

    A voice has `patience` seconds for a line, more where it is known to be slow. What it brings after that is kept for
    the next time; a voice of which three calls hang at once is given up.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        cache: VoiceCache | None = None,
        clock: Callable[[], float] = time.monotonic,
        alarms: Alarms | None = None,
    ) -> None:
        if not voices:
            raise ValueError("a chain of voices needs at least one")
        self.patience = PATIENCE
        self._voices = tuple(voices)
        self._callers = {voice.name: Caller(f"the voice {voice.name}") for voice in voices}
        self.cache = self._cache = cache
        self._clock = clock
        self._alarms = alarms
        self._lock = threading.Lock()
        self._rests = Rests(clock)
        self._hung: set[str] = set()  # of the fallen, those that did not answer
        self._pace: dict[str, float] = {}  # s of work for a second of speech

    @property
    def name(self) -> str:
        """The voice in use: the first that has not fallen, or the first when all have."""
        fallen = self.fallen
        return next((v.name for v in self._voices if v.name not in fallen), self._voices[0].name)

    @property
    def settings(self) -> str:
        """The settings of the voice in use."""
        name = self.name
        return next(v.settings for v in self._voices if v.name == name)

    @property
    def fallen(self) -> dict[str, str]:
        """Voices that have failed and not spoken since: name -> why."""
        return self._rests.reasons

    def speak(self, text: str) -> Speech:
        """Say a text at -16 LUFS; raises VoiceError when no voice can."""
        if not speakable(text):
            return silence(text, self.name)
        for voice in self._in_order():
            try:
                return self._spoken(voice, text)
            except UnsayableError as problem:
                log.info("%s", problem)
            except Exception as problem:
                self._fell(voice.name, problem)
        reasons = "; ".join(f"{name}: {reason}" for name, reason in self.fallen.items())
        raise VoiceError(f"no voice can speak now ({reasons})")

    def become(self, other: Voices) -> None:
        """Speak with the voices of another chain from now on, as the catalog is in another language."""
        with self._lock:
            self._voices, self._callers, self._rests = other._voices, other._callers, other._rests
            self._pace = other._pace

    def patience_for(self, name: str, text: str) -> float:
        """The seconds that a voice has for a text."""
        with self._lock:
            pace = self._pace.get(name, 0.0)
        return max(self.patience, min(SLACK * pace, LEAD) * len(text) / LETTERS)

    def _spoken(self, voice: Voice, text: str) -> Speech:
        kept = self._cache.get(voice.name, voice.settings, text) if self._cache else None
        if kept is not None:
            return check(kept, text)
        patience = self.patience_for(voice.name, text)
        return self._callers[voice.name].call(patience, self._made, voice, text, patience)

    def _made(self, voice: Voice, text: str, patience: float) -> Speech:
        """On a thread that may have been given up: what comes late is kept all the same."""
        settings, began = voice.settings, self._clock()
        made = check(voice.speak(text), text)
        taken = self._clock() - began
        self._answers(voice.name, taken / made.seconds, taken <= patience)
        # What is kept and what is made must not differ, or a restart would be heard.
        made = replace(made, samples=decoded(encoded(normalise(made.samples))))
        if self._cache:
            self._cache.put(voice.name, settings, text, made)
        return made

    def _answers(self, name: str, pace: float, in_time: bool) -> None:
        """The voice has spoken, at that pace; a line from the cache would prove nothing."""
        with self._lock:
            before = self._pace.get(name, pace)
            self._pace[name] = max(pace, 0.8 * before + 0.2 * pace)  # a slow line counts at once, a quick one little
            was_hung = bool(self._hung)
            self._hung.discard(name)
            answered = was_hung and not self._hung
        if in_time and self._rests.well(name):
            log.info("The voice %s speaks again", name)
        if answered and self._alarms:
            self._alarms.clear("voice/hung")

    def _in_order(self) -> list[Voice]:
        """The voices to try, one after the other: those that rest come last, those given up not at all."""
        there = [voice for voice in self._voices if not self._callers[voice.name].given_up]
        return sorted(there, key=lambda voice: self._rests.resting(voice.name))

    def _fell(self, name: str, problem: Exception) -> None:
        rest = self._rests.fell(name, str(problem) or type(problem).__name__)
        hung = isinstance(problem, Hung)
        said = f": {problem}" if hung else ""
        log.warning("The voice %s failed and rests for %.0f s%s", name, rest, said, exc_info=None if hung else problem)
        if hung:
            self._tell_hung(name, str(problem))

    def _tell_hung(self, name: str, problem: str) -> None:
        with self._lock:
            self._hung.add(name)
        if self._alarms is None:
            return
        caller = self._callers[name]
        follows = "another voice speaks where there is one"
        if caller.given_up:
            follows = f"{caller.most} of its calls hang, so it is given up until one comes back or the channel restarts"
        self._alarms.sound("voice/hung", f"{problem}; {follows}")


def open_voices(
    wanted: str | Sequence[str] = "auto",
    language: str = "en",
    cache: Path | None = None,
    gender: str = "woman",
    alarms: Alarms | None = None,
    wrap: Callable[[Voice], Voice] = lambda voice: voice,
) -> Voices:
    """The chain of voices for a language: what was wanted, best first, and espeak-ng as the one that always works.

    `wanted` is "auto" (flite for English where its library is, else espeak-ng), "espeak", "espeak:en-gb-x-rp+f3",
    "flite", "flite:slt", "coqui:FOLDER OR MODEL", or a list of such. `gender` is "woman" or "man". `wrap` may put
    something around each voice, such as a fault.
    Raises VoiceError, a sentence, for a voice that does not exist or is not here.
    """
    chain: list[Voice] = []
    for name in [wanted] if isinstance(wanted, str) else wanted:
        chain += _open(name, language, gender)
    chain.append(EspeakVoice(language, gender))
    unique = {voice.name: voice for voice in chain}
    return Voices([wrap(voice) for voice in unique.values()], VoiceCache(cache) if cache else None, alarms=alarms)


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
