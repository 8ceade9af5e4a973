"""The sound of the channel: speech over a quiet bed of music that makes way for it.

The bed is composed while it plays: slow chords of a synthesised pad and a few soft plucks, never the same hour twice.
All sounds are tables made at the start, so that a frame costs a handful of additions.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from host_engine.host.kept import Form, Kept
from host_engine.media import Format, Samples

BEAT = 60 / 80  # s
BAR = 4 * BEAT
DUCK = 10 ** (-8 / 20)  # the bed under speech
_ATTACK, _RELEASE, _HOLD = 0.09, 0.7, 0.35  # s: down under speech, up again, and how long a pause is still speech
_SWELL = 0.6  # s before and after a bar line in which one chord gives way to the next
_SPEAKING = 10 ** (-50 / 20)  # RMS of a frame that counts as speech
_CEILING, _KNEE = 10 ** (-1 / 20), 0.84  # full scale is 1
_PAD, _PLUCK, _BASS = 0.0142, 0.016, 0.020  # levels that add up to -34 LUFS

# Chords of a major key as MIDI notes in C: bass first, then a close voicing that moves little from chord to chord.
_CHORDS = {
    "I": (36, 52, 55, 59, 62),
    "ii": (38, 53, 57, 60, 64),
    "iii": (40, 52, 55, 59, 62),
    "IV": (41, 53, 57, 60, 64),
    "V": (43, 53, 55, 60, 62),
    "vi": (45, 52, 55, 60, 64),
}
_PROGRESSIONS = (
    ("I", "vi", "IV", "V"),
    ("IV", "I", "ii", "vi"),
    ("I", "iii", "IV", "ii"),
    ("vi", "IV", "I", "V"),
    ("ii", "V", "I", "vi"),
    ("I", "iii", "vi", "IV", "ii", "V", "I", "V"),
    ("IV", "iii", "ii", "I", "IV", "vi", "ii", "V"),
    ("I", "IV", "vi", "IV", "ii", "IV"),
)
_RHYTHMS = ((0, 3, 6), (0, 2, 5), (0, 3, 4, 6), (1, 4, 6), (2, 6), (0, 5), ())  # in eighths of a bar


_TABLES = Form(lambda tables: tables, lambda arrays: arrays)


class _Sound(NamedTuple):
    """A pluck that sounds from sample `start` of the show: table (n,), level left and right."""

    start: int
    table: Samples
    left: float
    right: float


class _Chord(NamedTuple):
    """A chord that swells from sample `start` and has gone at `end`."""

    start: int
    end: int
    table: Samples  # (2, n + a frame), a loop


class Mixer:
    """Mixes each frame of speech with the bed, which with `music` off is not there at all."""

    def __init__(self, format: Format, music: bool = True, seed: int = 0, kept: Kept | None = None) -> None:
        self._frame = format.samples
        self._seconds = 1 / format.fps
        self._bed = Bed(format, seed, kept) if music else None
        self._gain = 1.0
        self._hold = 0.0

    def mix(self, speech: Samples) -> Samples:
        """The next frame: mono speech (samples,) in, stereo (2, samples) out. Without music both channels are the
        speech, bit for bit; with music nothing exceeds -1 dBFS."""
        if self._bed is None:
            return np.stack([speech, speech])
        out = self._bed.next() * self._duck(speech) + speech
        loudest = max(float(out.max()), -float(out.min()))
        return _soft(out) if loudest > _KNEE else out

    def _duck(self, speech: Samples) -> Samples:
        """The bed's gain for each sample of this frame; gliding, as a jump would be heard."""
        level = math.sqrt(float(np.dot(speech, speech)) / len(speech))
        self._hold = _HOLD if level > _SPEAKING else max(0.0, self._hold - self._seconds)
        target, time = (DUCK, _ATTACK) if self._hold > 0 else (1.0, _RELEASE)
        before, self._gain = self._gain, self._gain + (target - self._gain) * (1 - math.exp(-self._seconds / time))
        return np.linspace(before, self._gain, self._frame, endpoint=False, dtype=np.float32)


class Bed:
    """An endless piece of music, a frame at a time; the same seed plays the same piece."""

    def __init__(self, format: Format, seed: int, kept: Kept | None = None) -> None:
        self._rate, self._frame = format.sample_rate, format.samples
        self._random = random.Random(seed)
        key = self._random.randint(-3, 3)
        of = ("music", key, self._rate, self._frame, seed)
        self._tables = (kept or Kept()).made(
            of, Path(__file__), lambda: _tables(key, self._rate, self._frame, seed), _TABLES
        )
        self._voicings = {
            name: [n + 12 * up + key for up in (1, 2) for n in notes[1:] if n + 12 * up < 82]
            for name, notes in _CHORDS.items()
        }
        self._glide = np.linspace(0, 1, self._frame, endpoint=False, dtype=np.float32)
        self._names = self._progress()
        self._now = 0
        self._bar = 0
        self._chords: deque[_Chord] = deque()
        self._sounds: list[_Sound] = []

    def next(self) -> Samples:
        """The next frame, (2, samples)."""
        end = self._now + self._frame
        while (self._bar * BAR - _SWELL) * self._rate < end:
            self._compose(next(self._names))
        out = np.zeros((2, self._frame), np.float32)
        for chord in self._chords:
            self._add_chord(chord, out)
        for sound in self._sounds:
            self._add_sound(sound, out)
        self._now = end
        while self._chords[0].end <= end:
            self._chords.popleft()
        self._sounds = [s for s in self._sounds if s.start + len(s.table) > end]
        return out

    def _add_chord(self, chord: _Chord, out: Samples) -> None:
        at = self._now % (chord.table.shape[1] - self._frame)
        first, last = (self._swell(chord, n) for n in (self._now, self._now + self._frame))
        if first or last:
            out += chord.table[:, at : at + self._frame] * (first + (last - first) * self._glide)

    def _swell(self, chord: _Chord, n: int) -> np.float32:
        """The chord's level at sample n: rising and falling so that two that cross stay as loud as one."""
        inside = min(n - chord.start, chord.end - n) / (2 * _SWELL * self._rate)
        return np.float32(math.sin(math.pi / 2 * min(1.0, max(0.0, inside))))

    def _add_sound(self, sound: _Sound, out: Samples) -> None:
        begin = max(sound.start - self._now, 0)
        if begin >= self._frame:
            return
        part = sound.table[max(self._now - sound.start, 0) :][: self._frame - begin]
        out[0, begin : begin + len(part)] += part * np.float32(sound.left)
        out[1, begin : begin + len(part)] += part * np.float32(sound.right)

    def _compose(self, name: str) -> None:
        """Add the next bar: its chord, a bass note, and maybe plucks with their echoes."""
        start = round(self._bar * BAR * self._rate)
        # It rises around the bar line; the first one is half there already, so that not even one frame is silence.
        swell, bar = round(_SWELL * self._rate), round(BAR * self._rate)
        self._chords.append(_Chord(start - swell, start + bar + swell, self._tables[f"pad {name}"]))
        self._sounds.append(_Sound(start, self._tables[f"bass {name}"], _BASS, _BASS))
        notes = self._voicings[name]
        place = self._random.randrange(len(notes))
        for eighth in self._random.choice(_RHYTHMS):
            place = max(0, min(len(notes) - 1, place + self._random.choice((-2, -1, 1, 1, 2))))
            level = _PLUCK * self._random.uniform(0.55, 1.0)
            pan = self._random.uniform(-0.35, 0.35)
            at = self._bar * BAR + eighth * BEAT / 2 + self._random.uniform(0, 0.012)  # hands are not clocks
            for late, heard, side in (
                (0.0, level, pan),
                (0.75 * BEAT, level * 0.38, -pan),
            ):  # the echo from the other side
                begin = round((at + late) * self._rate)
                self._sounds.append(
                    _Sound(begin, self._tables[f"pluck {notes[place]}"], heard * (1 - side), heard * (1 + side))
                )
        self._bar += 1

    def _progress(self) -> Iterator[str]:
        """Chord after chord: each progression twice, then another one."""
        last = None
        while True:
            chosen = self._random.choice([p for p in _PROGRESSIONS if p is not last])
            yield from chosen
            yield from chosen
            last = chosen


def _tables(key: int, rate: int, frame: int, seed: int) -> dict[str, Samples]:
    """Every sound of a bed in that key."""
    noise = np.random.default_rng(seed)
    pads = {f"pad {name}": _pad([n + key for n in notes[1:]], rate, frame, noise) for name, notes in _CHORDS.items()}
    high = {n + 12 * up + key for notes in _CHORDS.values() for n in notes[1:] for up in (1, 2) if n + 12 * up < 82}
    plucks = {f"pluck {note}": pluck for note, pluck in _plucks(sorted(high), rate).items()}
    return {**pads, **plucks, **{f"bass {name}": _bass(notes[0] + key, rate) for name, notes in _CHORDS.items()}}


def _pad(notes: list[int], rate: int, frame: int, noise: np.random.Generator) -> Samples:
    """A chord as an endless loop, (2, n + frame): each overtone is a narrow band of noise, as a choir of strings is."""
    n = 2**17
    hertz = np.fft.rfftfreq(n, 1 / rate)
    power = np.zeros(len(hertz))
    for note in notes:
        for overtone in range(1, 9):
            centre = _hertz(note) * overtone
            width = centre * 0.0045 * overtone**0.3
            near = slice(*np.searchsorted(hertz, [centre - 5 * width, centre + 5 * width]))
            warm = overtone**-1.4 / (1 + (centre / 1100) ** 4)
            power[near] += warm**2 / width * np.exp(-(((hertz[near] - centre) / width) ** 2))
    middle, side = (
        np.fft.irfft(np.sqrt(power) * np.exp(2j * np.pi * noise.random(len(hertz)))) for _ in ("middle", "side")
    )
    both = np.stack([middle + 0.4 * side, middle - 0.4 * side])
    both *= _PAD / math.sqrt(float(np.mean(both**2)))
    return np.concatenate([both, both[:, :frame]], axis=1).astype(np.float32)


def _plucks(notes: list[int], rate: int) -> dict[int, Samples]:
    """A softly plucked string for each note, two seconds long, peak about 1."""
    t = np.arange(2 * rate) / rate
    partials = [(times, level * np.exp(-t / decay)) for times, level, decay in ((1, 1, 0.5), (2, 0.22, 0.25))]
    turns = {note: 2 * np.pi * _hertz(note) * t for note in notes}
    tones = {note: np.sum([a * np.sin(k * turns[note]) for k, a in partials], axis=0) for note in notes}
    return {note: _shaped(tone, t, 0.008) for note, tone in tones.items()}


def _bass(note: int, rate: int) -> Samples:
    """A round bass note that fades over a bar, peak about 1."""
    t = np.arange(round(BAR * rate)) / rate
    turn = 2 * np.pi * _hertz(note) * t
    return _shaped((np.sin(turn) + 0.3 * np.sin(2 * turn)) * np.exp(-t / 1.1), t, 0.06)


def _shaped(tone: np.ndarray[tuple[int], np.dtype[np.float64]], t: np.ndarray[tuple[int], np.dtype[np.float64]],
            attack: float) -> Samples:  # fmt: skip
    """The tone with a soft beginning and an end in silence."""
    rise = 0.5 - 0.5 * np.cos(np.pi * np.minimum(t / attack, 1))
    fall = np.minimum((t[-1] - t) / 0.3, 1)
    shaped: Samples = (tone * rise * fall).astype(np.float32)
    return shaped


def _hertz(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _soft(samples: Samples) -> Samples:
    """Samples bent softly between the knee and -1 dBFS, which none exceeds."""
    size = np.abs(samples)
    room = _CEILING - _KNEE
    bent = _KNEE + room * np.tanh((size - _KNEE) / room)
    out: Samples = np.where(size > _KNEE, np.copysign(bent, samples), samples).astype(np.float32)
    return out
