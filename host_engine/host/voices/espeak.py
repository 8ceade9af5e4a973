"""espeak-ng through ctypes: any of its 141 languages, anywhere, at once; robotic, but it always works."""

from __future__ import annotations

import bisect
import ctypes as c
import difflib
import re
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import espeakng_loader
import numpy as np

from host_engine.host.voices.utterance import Utterance, VoiceError, plain, speech
from host_engine.media import Phoneme, Samples, Speech

_SYNCHRONOUS, _IPA_EVENTS, _CHARS_UTF8 = 2, 0x8003, 1  # 0x8003: phoneme events, in IPA, and never exit()
_WORD, _PHONEME, _IPA = 1, 7, 2
_RATE, _PITCH, _RANGE = 1, 3, 4

# What people and catalogs write -> what espeak-ng calls it. Its "cmn" reads pinyin as English.
_PINYIN: Final = "cmn-latn-pinyin"
_LANGUAGES: Final = {"en": "en-us", "zh": _PINYIN, "cmn": _PINYIN, "no": "nb", "iw": "he", "fr": "fr-fr"}
_ODD_IPA: Final = {"ts.": "tʂ", "tsh.": "tʂ", "s.": "ʂ", "i.": "ɨ", "z.": "ʐ"}  # mnemonics it has no IPA for
_STRESS: Final = str.maketrans("", "", "ˈˌ'|_ ")
_PLOSIVES: Final = ("p", "t", "k", "c", "q", "ʈ")
_CLOSURE: Final = 0.08  # s that a plosive is closed at most


class Manner(NamedTuple):
    """How a voice speaks: a variant of espeak-ng, words a minute, pitch and its range (0..100)."""

    variant: str
    rate: int
    pitch: int
    range: int


MANNERS: Final = {"woman": Manner("f3", 155, 52, 62), "man": Manner("m3", 150, 42, 58)}


class _Id(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class _Event(c.Structure):
    _fields_ = [("type", c.c_int), ("unique", c.c_uint), ("position", c.c_int), ("length", c.c_int),
                ("ms", c.c_int), ("sample", c.c_int), ("user", c.c_void_p), ("id", _Id)]  # fmt: skip


class _Voice(c.Structure):
    _fields_ = [("name", c.c_char_p), ("languages", c.c_char_p), ("identifier", c.c_char_p)]


_Callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))


class _Mark(NamedTuple):
    """A word (symbol None) or a sound that begins at `sample`, for the character `position` of the text."""

    position: int
    sample: int
    symbol: str | None


class _Library:
    """The one instance of libespeak-ng in this process: it keeps its voice in global state, hence the lock."""

    def __init__(self) -> None:
        data = Path(espeakng_loader.get_data_path())
        self.lock = threading.Lock()
        self._lib = c.CDLL(espeakng_loader.get_library_path())
        self._lib.espeak_ListVoices.restype = c.POINTER(c.POINTER(_Voice))
        self._lib.espeak_ListVoices.argtypes = [c.c_void_p]
        self._lib.espeak_Info.restype = c.c_char_p
        self._lib.espeak_TextToPhonemes.restype = c.c_char_p
        self.rate = int(self._lib.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), _IPA_EVENTS))
        if self.rate <= 0:
            raise VoiceError(f"espeak-ng does not start with its data in {data}")
        self.version = self._lib.espeak_Info(None).decode()
        self._callback = _Callback(self._heard)
        self._lib.espeak_SetSynthCallback(self._callback)
        self.languages, self.called = self._list()
        self.variants = sorted(p.name for p in (data / "voices" / "!v").iterdir())
        self._sound: list[Any] = []
        self._marks: list[_Mark] = []

    def _list(self) -> tuple[dict[str, str], dict[str, str]]:
        """(code -> identifier of the voice, name of the language -> code)."""
        voices = self._lib.espeak_ListVoices(None)
        found: dict[str, str] = {}
        called: dict[str, str] = {}
        i = 0
        while voices[i]:
            voice = voices[i].contents
            # The first byte of the list of languages is a priority, not a letter.
            code = voice.languages[1:].decode(errors="replace").lower()
            found.setdefault(code, voice.identifier.decode())
            called.setdefault(voice.name.decode(errors="replace").lower(), code)
            i += 1
        return found, called

    def _heard(self, wave: Any, count: int, events: Any) -> int:
        if count > 0:
            self._sound.append(np.ctypeslib.as_array(wave, (count,)).copy())
        i = 0
        while kind := events[i].type:
            event = events[i]
            if kind == _PHONEME:
                # The library may cut a character in two at the eighth byte.
                symbol = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "ignore").translate(_STRESS)
                self._marks.append(_Mark(event.position, event.sample, _ODD_IPA.get(symbol, symbol)))
            elif kind == _WORD:
                self._marks.append(_Mark(event.position, event.sample, None))
            i += 1
        return 0

    def say(self, text: str, voice: str, manner: Manner) -> tuple[np.ndarray[Any, Any], list[_Mark]]:
        """Samples (int16) and marks of a text."""
        data = text.encode("utf-8", "replace")
        with self.lock:
            self._sound, self._marks = [], []
            if self._lib.espeak_SetVoiceByName(voice.encode()):
                raise VoiceError(f"espeak-ng refuses its voice {voice}")
            for parameter, value in ((_RATE, manner.rate), (_PITCH, manner.pitch), (_RANGE, manner.range)):
                self._lib.espeak_SetParameter(parameter, value, 0)
            if self._lib.espeak_Synth(data, c.c_size_t(len(data) + 1), 0, 1, 0, _CHARS_UTF8, None, None):
                raise VoiceError("espeak-ng could not speak the text")
            return np.concatenate([np.zeros(0, np.int16), *self._sound]), self._marks

    def transcribe(self, text: str, voice: str) -> str:
        """The text in IPA, with stress marks, clauses joined by spaces."""
        with self.lock:
            if self._lib.espeak_SetVoiceByName(voice.encode()):
                raise VoiceError(f"espeak-ng refuses its voice {voice}")
            rest = c.c_char_p(text.encode("utf-8", "replace"))
            clauses = []
            while rest:
                clauses.append(self._lib.espeak_TextToPhonemes(c.byref(rest), _CHARS_UTF8, _IPA).decode())
        # Where it changes language within a line it says so in brackets.
        return " ".join(re.sub(r"\(.+?\)", "", clause).strip() for clause in clauses).strip()


@cache
def _library() -> _Library:
    return _Library()


class EspeakVoice:
    """One voice of espeak-ng: `name` is a language and perhaps a variant ("de", "en-gb-x-rp+f3"), `gender` gives the
    variant and the manner where the name does not. Raises VoiceError for a voice that it does not have."""

    def __init__(self, name: str = "en-us", gender: str = "woman") -> None:
        library = _library()
        language, plus, variant = name.strip().partition("+")
        manner = MANNERS.get(gender, MANNERS["woman"])
        if plus:
            manner = manner._replace(variant=_variant(variant, library.variants))
        self.language = _language(language, library.languages, library.called)
        self._voice = f"{library.languages[self.language]}+{manner.variant}"
        self._manner = manner
        self.name = f"espeak:{self.language}+{manner.variant}"
        self.settings = f"{library.version} {manner}"

    def utter(self, text: str) -> Utterance:
        """What espeak-ng says and when; empty where there is nothing to say."""
        library = _library()
        text = plain(text)
        pcm, marks = library.say(text, self._voice, self._manner)
        samples = pcm.astype(np.float32) / np.float32(32768)
        return Utterance(samples, library.rate, *_timings(text, marks, samples, library.rate))

    def transcribe(self, text: str) -> str:
        """The text in IPA, stress marked."""
        return _library().transcribe(plain(text), self._voice)

    def speak(self, text: str) -> Speech:
        """Say a text: blocking, from any thread."""
        return speech(text, self.utter(text), self.name)


def voices() -> tuple[list[str], list[str]]:
    """(languages, variants) that espeak-ng has here; a voice is "language" or "language+variant"."""
    return sorted(_library().languages), list(_library().variants)


def _timings(
    text: str, marks: list[_Mark], samples: Samples, rate: int
) -> tuple[list[Phoneme], Mapping[int, tuple[float, float]]]:
    """Each sound lasts until the next one; each word from its first sound to the end of its last, pauses left out."""
    begins = [m.start() for m in re.finditer(r"\S+", text)]
    sounds: list[_Mark] = []
    owners: list[int] = []
    word = -1
    for mark in marks:
        if mark.symbol is None:  # positions count characters from 1
            word = max(word, bisect.bisect_right(begins, mark.position - 1) - 1)
        else:
            sounds.append(mark)
            owners.append(word)
    starts = [_closing(mark, samples, rate) for mark in sounds]
    edges = np.maximum.accumulate([*starts, len(samples)]) / rate
    phonemes = [Phoneme(m.symbol or "", float(edges[i]), float(edges[i + 1])) for i, m in enumerate(sounds)]
    words: dict[int, tuple[float, float]] = {}
    for phoneme, owner in zip(phonemes, owners, strict=True):
        if phoneme.symbol and owner >= 0:
            words[owner] = (words[owner][0] if owner in words else phoneme.start, phoneme.end)
    return phonemes, words


def _closing(mark: _Mark, samples: Samples, rate: int) -> int:
    """Where a sound begins. espeak-ng marks p, t and k at their release, but the lips and the tongue close before that:
    at the beginning of the quiet right before the mark."""
    if (mark.symbol or "")[:1] not in _PLOSIVES or not len(samples):
        return mark.sample
    step, begin = rate // 200, mark.sample
    hush = 0.07 * float(np.max(np.abs(samples)))
    while mark.sample - begin < _CLOSURE * rate and begin >= step and np.ptp(samples[begin - step : begin]) < hush:
        begin -= step
    return begin


def _language(wanted: str, known: Mapping[str, str], called: Mapping[str, str]) -> str:
    """espeak-ng's own code for a language as people write it ("en", "fr-FR", "pt_BR", "de-AT")."""
    code = wanted.lower().replace("_", "-")
    base = code.split("-")[0]
    for candidate in (_LANGUAGES.get(code, code), _LANGUAGES.get(base, base)):
        if candidate in known:
            return candidate
    near = [c for name, c in called.items() if name.startswith(code)] + difflib.get_close_matches(code, known, 3, 0.5)
    raise VoiceError(
        f"espeak-ng has no voice for the language {wanted!r}; near it are: {', '.join(near[:4]) or 'none'}"
    )


def _variant(wanted: str, known: list[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    if wanted.lower() in by_lower:
        return by_lower[wanted.lower()]
    near = difflib.get_close_matches(wanted.lower(), by_lower, 3, 0.4) or ["f3", "m3"]
    raise VoiceError(f"espeak-ng has no variant {wanted!r}; near it are: {', '.join(by_lower[n] for n in near)}")
