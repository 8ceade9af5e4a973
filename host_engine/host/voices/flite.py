"""flite through ctypes: human timbre, American English only; the library comes from the system (Debian: libflite1)."""

from __future__ import annotations

import ctypes as c
import difflib
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from host_engine.host.voices.utterance import UnsayableError, Utterance, VoiceError, speakable, speech
from host_engine.media import Phoneme, Speech

VOICES: Final = {"slt": "woman", "rms": "man", "awb": "man", "kal16": "man", "kal": "man"}
_BY_GENDER: Final = {"woman": "slt", "man": "rms"}
_STRETCH: Final = {"slt": 1.04, "rms": 0.98}  # of every sound's length: 175 words a minute, as a lively host talks
# flite keeps the address of a feature's name, so these must live as long as the process.
_FEATURES: Final = (b"name", b"prepunctuation", b"punc", b"whitespace")
_LONGEST = 30  # letters of a token: flite spells unknown words out into buffers of fixed size
_BEFORE, _BEHIND = "\"'`([{<", "\"'`.,:;!?)]}>"
_SAID: Final = {"€": " euros", "£": " pounds", "%": " percent", "&": " and ", "+": " plus ",
                "=": " equals ", "@": " at ",
                "°": " degrees", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "×": " by ", "’": "'", "‘": "'", "“": '"',
                "”": '"', "–": "-", "—": "-", "…": "..."}  # fmt: skip
_IPA: Final = {"aa": "ɑː", "ae": "æ", "ah": "ʌ", "ao": "ɔː", "aw": "aʊ", "ax": "ə", "axr": "ɚ", "ay": "aɪ", "b": "b",
               "ch": "tʃ", "d": "d", "dh": "ð", "dx": "ɾ", "eh": "ɛ", "el": "əl", "em": "əm", "en": "ən", "er": "ɚ",
               "ey": "eɪ", "f": "f", "g": "ɡ", "hh": "h", "hv": "h", "ih": "ɪ", "iy": "iː", "jh": "dʒ", "k": "k",
               "l": "l", "m": "m", "n": "n", "ng": "ŋ", "nx": "n", "ow": "oʊ", "oy": "ɔɪ", "p": "p", "r": "ɹ", "s": "s",
               "sh": "ʃ", "t": "t", "th": "θ", "uh": "ʊ", "uw": "uː", "v": "v", "w": "w", "y": "j", "z": "z",
               "zh": "ʒ"}  # fmt: skip


class Token(NamedTuple):
    """What flite is given for (part of) the word number `word`: letters, and the punctuation around them."""

    name: str
    before: str
    punctuation: str
    word: int


class _Wave(c.Structure):
    _fields_ = [("type", c.c_char_p), ("rate", c.c_int), ("samples", c.c_int), ("channels", c.c_int),
                ("data", c.POINTER(c.c_short))]  # fmt: skip


class _VoiceHead(c.Structure):
    _fields_ = [("name", c.c_char_p), ("features", c.c_void_p)]


_p, _s = c.c_void_p, c.c_char_p
_SIGNATURES: Final = {
    "flite_init": (c.c_int, ()), "new_utterance": (_p, ()), "delete_utterance": (None, (_p,)),
    "flite_do_synth": (_p, (_p, _p, _p)), "utt_relation_create": (_p, (_p, _s)), "utt_relation": (_p, (_p, _s)),
    "utt_wave": (_p, (_p,)), "relation_head": (_p, (_p,)), "relation_append": (_p, (_p, _p)), "item_next": (_p, (_p,)),
    "item_daughter": (_p, (_p,)), "item_as": (_p, (_p, _s)), "item_set_string": (None, (_p, _s, _s)),
    "item_feat_string": (_s, (_p, _s)), "item_feat_float": (c.c_float, (_p, _s)),
    "flite_feat_set_float": (None, (_p, _s, c.c_float)),
}  # fmt: skip


class _Library:
    """libflite and the voices loaded so far; one lock, as it is not safe between threads."""

    def __init__(self) -> None:
        self._lib = _load("libflite.so.1")
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._lib, name)
            function.restype, function.argtypes = result, arguments
        self._lib.flite_init()
        self._synthesise = c.cast(self._lib.utt_synth_tokens, c.c_void_p)
        self._lock = threading.Lock()

    def voice(self, name: str) -> int:
        """The voice's handle; loads its library."""
        with self._lock:
            register = getattr(_load(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
            register.restype, register.argtypes = c.c_void_p, (c.c_char_p,)
            handle = int(register(None))
            head = c.cast(handle, c.POINTER(_VoiceHead)).contents
            self._lib.flite_feat_set_float(head.features, b"duration_stretch", _STRETCH.get(name, 1.0))
            return handle

    def say(self, tokens: Iterable[Token], voice: int) -> Utterance:
        """Speak tokens, of which there must be one at least."""
        lib = self._lib
        with self._lock:
            utterance = lib.new_utterance()
            relation = lib.utt_relation_create(utterance, b"Token")
            words: dict[int, int] = {}
            for token in tokens:
                item = lib.relation_append(relation, None)
                for feature, value in zip(_FEATURES, (token.name, token.before, token.punctuation, " "), strict=True):
                    lib.item_set_string(item, feature, value.encode())
                words[item] = token.word
            # On failure it has already deleted the utterance.
            if not lib.flite_do_synth(utterance, voice, self._synthesise):
                raise VoiceError("flite could not speak the text")
            try:
                return self._spoken(utterance, words)
            finally:
                lib.delete_utterance(utterance)

    def _spoken(self, utterance: int, words: dict[int, int]) -> Utterance:
        wave = c.cast(self._lib.utt_wave(utterance), c.POINTER(_Wave)).contents
        samples = np.ctypeslib.as_array(wave.data, (wave.samples,)).astype(np.float32) / np.float32(32768)
        owner = {segment: words[token] for token in words for segment in self._segments(token)}
        phonemes: list[Phoneme] = []
        times: dict[int, tuple[float, float]] = {}
        start = 0.0
        for segment in self._row(self._lib.relation_head(self._lib.utt_relation(utterance, b"Segment"))):
            end = float(self._lib.item_feat_float(segment, b"end"))
            name = self._lib.item_feat_string(segment, b"name").decode()
            phonemes.append(Phoneme(_IPA.get(name, ""), start, end))
            if segment in owner:
                word = owner[segment]
                times[word] = (times[word][0] if word in times else start, end)
            start = end
        return Utterance(samples, int(wave.rate), phonemes, times)

    def _segments(self, token: int) -> Iterator[int]:
        """The sounds of a token: its words, their syllables, their segments."""
        for word in self._row(self._lib.item_daughter(token)):
            for syllable in self._row(self._daughter_in(word, b"SylStructure")):
                for segment in self._row(self._lib.item_daughter(syllable)):
                    yield self._lib.item_as(segment, b"Segment")

    def _daughter_in(self, item: int, relation: bytes) -> int | None:
        there = self._lib.item_as(item, relation)
        return self._lib.item_daughter(there) if there else None

    def _row(self, item: int | None) -> Iterator[int]:
        while item:
            yield item
            item = self._lib.item_next(item)


@cache
def _library() -> _Library:
    return _Library()


@cache
def _handle(name: str) -> int:
    return _library().voice(name)


def _load(name: str) -> c.CDLL:
    try:
        return c.CDLL(name, mode=c.RTLD_GLOBAL)
    except OSError as problem:
        raise VoiceError(f"flite is not here: {name} cannot be loaded (on Debian: apt install libflite1)") from problem


class FliteVoice:
    """One voice of flite, by name ("slt", "rms", ...) or by gender. English only.

    Raises VoiceError for a name that does not exist, and where the library is not installed.
    """

    def __init__(self, name: str = "", gender: str = "woman") -> None:
        name = name or _BY_GENDER.get(gender, "slt")
        if name not in VOICES:
            near = difflib.get_close_matches(name, VOICES, 2, 0.4) or list(VOICES)
            raise VoiceError(f"flite has no voice {name!r}; near it are: {', '.join(near)}")
        self._handle = _handle(name)
        self.name = f"flite:{name}"
        self.settings = f"stretch {_STRETCH.get(name, 1.0)}"

    def utter(self, text: str) -> Utterance:
        """What flite says and when; empty where there is nothing that it can say."""
        found = tokens(text)
        if not found:
            return Utterance(np.zeros(0, np.float32), 16_000, [], {})
        return _library().say(found, self._handle)

    def speak(self, text: str) -> Speech:
        """Say a text: blocking, from any thread. Raises UnsayableError for letters that are not Latin."""
        if speakable(text) and not tokens(text):
            raise UnsayableError(f"{self.name} has no sounds for {text!r}")
        return speech(text, self.utter(text), self.name)


def tokens(text: str) -> list[Token]:
    """The text as flite can take it: ASCII, in pieces of at most 30 letters; a dash becomes a comma before it."""
    found: list[Token] = []
    for number, word in enumerate(text.split()):
        pieces = [p for p in _ascii(word).split() if speakable(p)]
        if not pieces and found and any(unicodedata.category(letter) == "Pd" for letter in word):
            found[-1] = found[-1]._replace(punctuation=found[-1].punctuation or ",")
        for piece in pieces:
            core = piece.strip(_BEFORE + _BEHIND + "-/\\|_*~^#")
            before, _, behind = piece.partition(core)
            cut = [core[i : i + _LONGEST] for i in range(0, len(core), _LONGEST)]
            kept = "".join(letter for letter in behind if letter in _BEHIND)
            for name in cut[:-1]:
                found.append(Token(name, "", "", number))
            found.append(Token(cut[-1], "".join(x for x in before if x in _BEFORE), kept, number))
    return found


def _ascii(word: str) -> str:
    word = re.sub(r"([€£])([\d.,]*\d)", r"\2\1", word)  # an amount is said before its currency
    said = "".join(_SAID.get(letter, letter) for letter in word)
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isprintable())
