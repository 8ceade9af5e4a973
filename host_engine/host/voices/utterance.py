"""What a synthesiser gives back at its own rate, and the way from there to a sound `Speech` at 48 kHz."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import soxr

from host_engine.media import Phoneme, Samples, Speech, Word

RATE = 48_000
BEFORE = 0.06  # s of quiet before the first sound, so that its onset is never cut
AFTER = 0.22  # s of quiet after the last: the breath between two lines
QUIET = 10 ** (-50 / 20)  # of the peak; softer than this at the edges is silence
_UNSAID = ("Cc", "Cs", "Cn", "Co", "So", "Sk")  # control characters, half characters, pictures and ornaments
_SAID = "°©®™"  # of those
_MARKUP = "*_~^|`"
FADE = 0.004  # s


class VoiceError(Exception):
    """A voice cannot speak; the message is a sentence for people."""


class UnsayableError(VoiceError):
    """A voice is well but has no sounds for this text: another script, say."""


class Utterance(NamedTuple):
    """Speech as synthesised: mono samples in [-1, 1] at `rate`, times in seconds, words by index into text.split()."""

    samples: Samples
    rate: int
    phonemes: Sequence[Phoneme]
    words: Mapping[int, tuple[float, float]]


def plain(text: str) -> str:
    """The text with a comma for each control character, emoji and mark of emphasis; same length, same words in place.

    A synthesiser reads bytes in C: a NUL would end the text and an escape might be obeyed. An emoji it reads out by its
    name, which no host does.
    """
    return "".join(" " if c.isspace() else "," if _unsaid(c) else c for c in text)


def _unsaid(letter: str) -> bool:
    return letter in _MARKUP or (unicodedata.category(letter) in _UNSAID and letter not in _SAID)


def speakable(text: str) -> bool:
    """Whether the text holds anything that a voice could say."""
    return any(c.isalnum() for c in text)


def resample(samples: Samples, rate: int) -> Samples:
    """Samples at 48 kHz: exactly round(n * 48000 / rate) of them, every instant where it was (linear phase)."""
    wanted = round(len(samples) * RATE / rate)
    out = np.asarray(soxr.resample(samples, rate, RATE, quality="HQ") if rate != RATE else samples, np.float32)
    return np.pad(out, (0, max(0, wanted - len(out))))[:wanted]


def speech(text: str, spoken: Utterance, voice: str) -> Speech:
    """The `Speech` of an utterance: at 48 kHz, quiet edges of known length, exactly one word per word of the text."""
    samples = resample(spoken.samples, spoken.rate)
    samples, moved = trim(samples)
    length = len(samples) / RATE
    words = every_word(text.split(), spoken.words)
    return Speech(
        text=text,
        samples=samples,
        words=tuple(Word(w, *_moved(a, b, moved, length)) for w, a, b in words),
        phonemes=tuple(whole(spoken.phonemes, moved, length)),
        voice=voice,
    )


def silence(text: str, voice: str) -> Speech:
    """The `Speech` of a text in which there is nothing to say: a breath of silence, words included."""
    samples = np.zeros(round((BEFORE + AFTER) * RATE), np.float32)
    return Speech(text, samples, tuple(Word(w, BEFORE, BEFORE) for w in text.split()), (), voice)


def trim(samples: Samples) -> tuple[Samples, float]:
    """Samples with `BEFORE` of quiet before the sound and `AFTER` behind it, and how many seconds later all is now."""
    loud = np.flatnonzero(np.abs(samples) > QUIET * np.max(np.abs(samples), initial=0.0))
    if not len(loud):
        return samples, 0.0
    before, after = round(BEFORE * RATE), round(AFTER * RATE)
    begin, end = int(loud[0]) - before, int(loud[-1]) + 1 + after
    kept = samples[max(0, begin) : min(len(samples), end)].copy()
    # Only quiet is faded: speech that begins with the first sample keeps it.
    fade_in = np.linspace(0, 1, min(round(FADE * RATE), int(loud[0])), dtype=np.float32)
    fade_out = np.linspace(1, 0, min(round(FADE * RATE), len(samples) - int(loud[-1]) - 1), dtype=np.float32)
    kept[: len(fade_in)] *= fade_in
    kept[len(kept) - len(fade_out) :] *= fade_out
    return np.pad(kept, (max(0, -begin), max(0, end - len(samples)))), -begin / RATE


def every_word(words: Sequence[str], known: Mapping[int, tuple[float, float]]) -> list[tuple[str, float, float]]:
    """(word, start, end) of every word, where a voice may have told only some of them; never running backwards.

    A word with letters that was not told was said in one breath with the word before it ("1 000"): they share its time.
    Anything else (a dash, an emoji) takes no time of its own.
    """
    starts: list[float] = []
    ends: list[float] = []
    now = 0.0
    for i in range(len(words)):
        start, end = known.get(i, (now, now))
        starts.append(max(start, now))
        now = max(end, starts[-1])
        ends.append(now)
    for first, last in _breaths(words, known):
        sizes = [max(1, len(w)) for w in words[first:last]]
        cuts = starts[first] + (ends[first] - starts[first]) * np.cumsum([0, *sizes]) / sum(sizes)
        starts[first:last], ends[first:last] = cuts[:-1].tolist(), cuts[1:].tolist()
    return list(zip(words, starts, ends, strict=True))


def _breaths(words: Sequence[str], known: Mapping[int, tuple[float, float]]) -> Iterable[tuple[int, int]]:
    """Runs [first, last) of a told word and the untold words with letters right behind it."""
    for i in sorted(known):
        last = i + 1
        while last < len(words) and last not in known and speakable(words[last]):
            last += 1
        if last > i + 1:
            yield i, last


def whole(phonemes: Iterable[Phoneme], moved: float, length: float) -> Iterable[Phoneme]:
    """The phonemes moved by `moved` seconds into [0, length]; silences melted together, none running backwards."""
    now = 0.0
    last: Phoneme | None = None
    for symbol, a, b in phonemes:
        start, end = _moved(a, b, moved, length)
        start = max(start, now)
        if end <= start:
            continue
        now = end
        if last is not None and last.symbol == symbol == "":
            last = last._replace(end=end)
            continue
        if last is not None:
            yield last
        last = Phoneme(symbol, start, end)
    if last is not None:
        yield last


def _moved(start: float, end: float, by: float, length: float) -> tuple[float, float]:
    start = min(max(start + by, 0.0), length)
    return start, min(max(end + by, start), length)
