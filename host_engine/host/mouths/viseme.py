"""Phonemes to mouth shapes: IPA -> visemes -> dominance blending -> a follower -> constraints no blend may break."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from host_engine.host.mouth import LEAD, Curve, energies, frames_of, joined, levels, relative, smooth
from host_engine.host.mouths.loud import opened
from host_engine.media import REST, Face, MouthShape, Phoneme, Speech

SMILE = 0.35  # a host smiles while she talks
FINE = 5  # blending runs at this many steps a frame, so that the follower sees every sound
OMEGA = 60.0  # 1/s, the follower's speed; it lags by 2 / OMEGA seconds, which is made up for
SHORT = 0.06  # seconds; a diphthong shorter than this is only its first sound
SILENT = "sil"
CAPS = {"FF": 0.08, "SS": 0.2, "CH": 0.24}  # the most these may be open

# open, wide, round, teeth, tongue, smile of each viseme
SHAPES: dict[str, MouthShape] = {
    SILENT: REST,
    "PP": MouthShape(0.0, 0.0, 0.05, 0.5, 0.0, 0.35),
    "FF": MouthShape(0.16, 0.1, 0.0, 1.0, 0.0, 0.25),
    "TH": MouthShape(0.2, 0.2, 0.0, 1.0, 1.0, 0.25),
    "DD": MouthShape(0.22, 0.3, 0.0, 0.9, 0.6, 0.3),
    "kk": MouthShape(0.26, 0.25, 0.0, 0.7, 0.3, 0.3),
    "CH": MouthShape(0.2, -0.2, 0.55, 1.0, 0.0, 0.0),
    "SS": MouthShape(0.14, 0.55, 0.0, 1.0, 0.0, 0.35),
    "nn": MouthShape(0.2, 0.2, 0.0, 0.7, 0.7, 0.3),
    "RR": MouthShape(0.22, -0.1, 0.45, 0.5, 0.4, 0.05),
    "aa": MouthShape(0.88, 0.15, 0.0, 0.9, 0.7, 0.3),
    "E": MouthShape(0.62, 0.5, 0.0, 0.9, 0.5, 0.35),
    "I": MouthShape(0.3, 0.75, 0.0, 1.0, 0.4, 0.4),
    "O": MouthShape(0.54, -0.2, 0.75, 0.3, 0.5, 0.0),
    "U": MouthShape(0.24, -0.4, 1.0, 0.0, 0.2, -0.1),
}


class Dominance(NamedTuple):
    """How strongly a viseme pulls, and how fast (1/s) its pull fades before and after it."""

    strength: float
    before: float
    after: float


# Rounded lips show longest before their sound; closures are strong but brief.
DOMINANCE: dict[str, Dominance] = {
    SILENT: Dominance(0.55, 14, 12),
    "PP": Dominance(2.6, 30, 34),
    "FF": Dominance(2.2, 28, 30),
    "TH": Dominance(1.1, 22, 24),
    "DD": Dominance(0.7, 24, 26),
    "kk": Dominance(0.45, 20, 22),
    "CH": Dominance(1.5, 18, 22),
    "SS": Dominance(1.1, 22, 24),
    "nn": Dominance(0.6, 22, 24),
    "RR": Dominance(1.0, 16, 20),
    "aa": Dominance(1.0, 13, 15),
    "E": Dominance(1.2, 14, 16),
    "I": Dominance(0.9, 14, 16),
    "O": Dominance(1.3, 12, 15),
    "U": Dominance(1.5, 11, 15),
}

_SPELLINGS = {
    "PP": "p b m ɓ ʙ",
    "FF": "f v ɱ ʋ β ɸ ⱱ",
    "TH": "θ ð",
    "DD": "t d ʈ ɖ ɗ ɾ r",
    "kk": "k ɡ g x ŋ ɣ h ʔ q χ ʁ ʀ ħ ʕ ɦ c ɟ ç ʝ ɰ ɴ ɠ ǀ ǃ ǁ",
    "CH": "tʃ dʒ ʃ ʒ ʂ ʐ ɕ ʑ tɕ dʑ tʂ dʐ ʧ ʤ ɧ",
    "SS": "s z ts dz ʦ ʣ",
    "nn": "n l ɲ ɳ ʎ ɫ ɬ ɭ ɮ ʟ",
    "RR": "ɹ ɻ ɚ ɝ ɽ",
    "aa": "a ɑ ɐ ʌ æ",
    "E": "e ɛ ə ɘ ɜ ɤ ɞ",
    "I": "i ɪ j ɨ ᵻ ɯ",
    "O": "o ɔ ɒ ø œ ɵ ɶ",
    "U": "u ʊ w ʉ y ʏ ɥ ʍ",
}
IPA: dict[str, str] = {ipa: viseme for viseme, spelt in _SPELLINGS.items() for ipa in spelt.split()}
_LONGEST = max(map(len, IPA))
_WEAK = frozenset("əᵻh")  # sounds that take the shape of their neighbours


class Sound(NamedTuple):
    """A viseme held from start to end (seconds); a weight below 1 leaves more to its neighbours."""

    viseme: str
    start: float
    end: float
    weight: float = 1.0


def spell(symbol: str) -> list[str]:
    """The IPA letters of a phoneme that name a sound, longest first: "ˈaɪ" -> a, ɪ; "t͡ʃ" -> tʃ; marks are dropped."""
    bare = "".join(c if c == "ç" else unicodedata.normalize("NFD", c)[0] for c in unicodedata.normalize("NFC", symbol))
    bare = "".join(c for c in bare if unicodedata.category(c).startswith("Ll") or c in "ǀǃǁʔʕ")
    letters: list[str] = []
    while bare:
        size = next((k for k in range(_LONGEST, 0, -1) if bare[:k] in IPA), 0)
        if size:
            letters.append(bare[:size])
        bare = bare[size or 1 :]
    return letters


def sounds(phonemes: Iterable[Phoneme]) -> list[Sound]:
    """The visemes of the phonemes in order; diphthongs are split 55/45, neighbours alike are one."""
    joined: list[Sound] = []
    for sound in _split(phonemes):
        last = joined[-1] if joined else None
        if last and last.viseme == sound.viseme and sound.start - last.end < 0.02:
            joined[-1] = Sound(last.viseme, last.start, sound.end, max(last.weight, sound.weight))
        else:
            joined.append(sound)
    return joined


def _split(phonemes: Iterable[Phoneme]) -> Iterator[Sound]:
    for symbol, start, end in phonemes:
        if end <= start:
            continue
        letters = spell(symbol)
        if not letters:
            named = any(unicodedata.category(c) in ("Ll", "Lu", "Lo") for c in symbol)
            yield Sound("kk" if named else SILENT, start, end)
            continue
        if end - start < SHORT:
            letters = letters[:1]
        share = 0.55 if len(letters) == 2 else 1 / len(letters)
        edges = [start + (end - start) * share * k for k in range(len(letters))] + [end]
        for letter, a, b in zip(letters, edges, edges[1:], strict=False):
            yield Sound(IPA[letter], a, b, 0.5 if letter in _WEAK else 1.0)


def closure(sound: Sound) -> float:
    """The instant (seconds) at which the lips of a p, b or m are surely shut: early in the hold."""
    return sound.start + min(0.5 * (sound.end - sound.start), 0.03)


def _middle(sound: Sound) -> float:
    return closure(sound) if sound.viseme == "PP" else 0.5 * (sound.start + sound.end)


def blend(heard: list[Sound], times: Curve) -> Curve:
    """Where the visemes pull the mouth at each time (seconds): (times, 6), by Cohen and Massaro's dominance."""
    pulls = np.array([DOMINANCE[s.viseme] for s in heard])
    away = times[:, None] - np.array([_middle(s) for s in heard])
    outside = np.maximum(np.abs(away) - 0.275 * np.array([s.end - s.start for s in heard]), 0)
    fade = np.where(away < 0, pulls[:, 1], pulls[:, 2])
    weight = pulls[:, 0] * np.array([s.weight for s in heard]) * np.exp(-fade * outside) + 1e-12
    blended: Curve = weight @ np.array([SHAPES[s.viseme] for s in heard]) / weight.sum(1, keepdims=True)
    return blended


def follow(targets: Curve, step: float) -> Curve:
    """The targets (one each `step` seconds) as a critically damped follower reaches them, its lag taken out."""
    lag = 2 / OMEGA
    tail = np.arange(0, 0.2, step) + step / 2
    kernel = tail * np.exp(-OMEGA * tail)
    ahead = round(lag / step)
    held = np.pad(targets, ((len(tail) - 1 - ahead, ahead), (0, 0)), mode="edge")
    columns = [np.convolve(c, kernel / kernel.sum(), "valid") for c in held.T]
    return np.stack(columns, 1)


def constrain(shapes: Curve, heard: list[Sound], fps: int) -> None:
    """Shuts the lips for p, b, m, brings them near for f, v and keeps the teeth for sibilants, in place."""
    times = (np.arange(len(shapes)) + 0.5) / fps + LEAD
    for sound in heard:
        if sound.viseme == "PP":
            shapes[:, 0] *= 1 - _during(sound, times, 0.034)
        elif sound.viseme in CAPS:
            during = _during(sound, times, 0.04)
            shapes[:, 0] = np.minimum(shapes[:, 0], 1 - during * (1 - CAPS[sound.viseme]))
            shapes[:, 3] = np.maximum(shapes[:, 3], 0.9 * during)


def _during(sound: Sound, times: Curve, width: float) -> Curve:
    """1 in the frames of the hold and in the one nearest to it, so that sampling never misses it; falls off outside."""
    length = sound.end - sound.start
    first, last = (0.0, 0.75) if sound.viseme == "PP" else (0.3, 0.7)
    away = np.maximum(np.maximum(sound.start + first * length - times, times - sound.start - last * length), 0)
    away[np.abs(times - _middle(sound)).argmin()] = 0
    near: Curve = np.exp(-((away / width) ** 2))
    return near


class ViseMouth:
    """The mouth driven by phoneme timings, or by loudness alone where a voice gives none."""

    name = "visemes"

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        """One face for each frame: at rest in the first and the last, `LEAD` ahead of the sound between them."""
        frames = frames_of(speech, fps)
        if not frames:
            return []
        energy = energies(speech.samples, fps)
        heard = sounds(speech.phonemes)
        shapes = joined(self._spoken(heard, speech, fps) if heard else opened(speech.samples, fps), fps)
        return [Face(MouthShape(*map(float, shape)), float(e), True) for shape, e in zip(shapes, energy, strict=True)]

    def _spoken(self, heard: list[Sound], speech: Speech, fps: int) -> Curve:
        frames = frames_of(speech, fps)
        fine = (np.arange(frames * FINE) + 0.5) / (fps * FINE) + LEAD
        framed = [Sound(SILENT, -0.2, heard[0].start), *heard, Sound(SILENT, heard[-1].end, speech.seconds + 0.3)]
        shapes = follow(blend(framed, fine), 1 / (fps * FINE))[FINE // 2 :: FINE]
        loud = smooth(relative(levels(speech.samples, fps)), 3)
        shapes[:, 0] *= np.clip(1 + loud / 40, 0.55, 1.12)
        talking = smooth(np.clip(1.5 + loud / 20, 0, 1), 5)
        shapes[:, 5] += SMILE * talking
        constrain(shapes, heard, fps)
        return shapes
