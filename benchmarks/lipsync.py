"""Does the mouth move with the sound? Measured from pixels and samples: offset, and whether p, b and m shut the lips.

python benchmarks/lipsync.py draws a few spoken lines, shifts them by known amounts and prints what the measure finds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Artwork
from host_engine.host.avatar import DrawnAvatar
from host_engine.host.drawing import draw_host
from host_engine.host.mouth import LEAD, energies
from host_engine.host.mouths.viseme import ViseMouth, blend, closure, sounds
from host_engine.host.perform import Performer
from host_engine.host.voice import open_voices
from host_engine.media import Beat, Phoneme, Picture, Samples, Speech

HERTZ = 100  # curves are compared at this rate
SMOOTH = 7  # values of it
FURTHEST = 40  # and shifted by up to so many
SHUT = 0.12  # an openness below this is shut
LINES = (
    "Hello everyone, welcome to our live shopping show, this beautiful serum is only nineteen dollars today.",
    "Please put the blue bag in your basket before the big promotion ends, we have only five pieces left.",
    "My favourite part is the vitamin formula, it keeps moisture for hours and smells like fresh oranges.",
)
Curve = NDArray[np.float64]


class Offset(NamedTuple):
    """By how many seconds the mouth is ahead of the sound (negative: late), and how well the two agree there."""

    lead: float
    correlation: float


def mouth_box(artwork: Artwork, place: tuple[int, int] = (0, 0), zoom: float = 1.0) -> tuple[int, int, int, int]:
    """Where to look for the mouth in a picture in which the artwork's corner is at `place`, `zoom` times as large."""
    x, y = artwork.anchors["mouth"]
    unit = artwork.mouth_scale
    box = (x - 60 * unit, y - 38 * unit, x + 60 * unit, y + 90 * unit)
    left, top, right, bottom = (round(edge * zoom) for edge in box)
    return left + place[0], top + place[1], right + place[0], bottom + place[1]


def openness(frames: Iterable[Picture], box: tuple[int, int, int, int], unit: float) -> Curve:
    """How open the mouth is in each RGB frame: the height of its dark inside, 0 shut .. 1 wide open.

    `unit` is the artwork's mouth_scale in pixels of the frames.
    """
    x0, y0, x1, y1 = box
    heights = [_height(np.asarray(frame[y0:y1, x0:x1], np.int16), unit) for frame in frames]
    return np.clip((np.array(heights) - 4.5) / 55, 0, None)


def _height(mouth: NDArray[np.int16], unit: float) -> float:
    """The height, in design units, of the uppermost thing dark red: from the mouth's upper line to its cavity's end."""
    red, green, blue = np.moveaxis(mouth, -1, 0)
    dark = (red < 175) & (red - green > 35) & (green < 100) & (np.abs(green - blue) < 45)
    over_teeth = np.ones((round(17 * unit), 1), np.uint8)
    solid = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, over_teeth) > 0
    columns = solid[:, solid.any(0)]
    if not columns.size:
        return 0.0
    first = columns.argmax(0)
    ended = ~columns & (np.arange(len(columns))[:, None] > first)
    last = np.where(ended.any(0), ended.argmax(0), len(columns))
    inner = np.sort((last - first)[columns.shape[1] // 4 : -columns.shape[1] // 4])
    return float(inner[len(inner) // 2]) / unit if len(inner) else 0.0


def offset(opening: Curve, fps: float, sound: Curve) -> Offset:
    """Where the opening (one a frame) agrees best with a curve of the sound, as `loudness` and `spoken` give it."""
    seen = np.interp(np.arange(len(sound)) / HERTZ, (np.arange(len(opening)) + 0.5) / fps, opening)
    seen, heard = (np.convolve(curve, np.ones(SMOOTH) / SMOOTH, "same") for curve in (seen, sound))
    shifts = range(-FURTHEST, FURTHEST + 1)
    size = len(sound)
    found = np.array(
        [np.corrcoef(seen[max(0, -k) : size - max(0, k)], heard[max(0, k) : size - max(0, -k)])[0, 1] for k in shifts]
    )
    best = int(found.argmax())
    before, peak, after = found[max(0, best - 1)], found[best], found[min(len(found) - 1, best + 1)]
    bent = before - 2 * peak + after
    fine = 0.5 * (before - after) / bent if bent else 0.0
    return Offset((best - FURTHEST + fine) / HERTZ, float(peak))


def loudness(samples: Samples) -> Curve:
    """The energy of 48 kHz mono samples, at `HERTZ`."""
    return energies(samples, HERTZ)


def spoken(phonemes: Sequence[Phoneme], seconds: float) -> Curve:
    """How open the phonemes want the mouth, unled and unfollowed, at `HERTZ`."""
    return blend(sounds(phonemes), np.arange(int(seconds * HERTZ)) / HERTZ)[:, 0]


def closures(opening: Curve, fps: float, phonemes: Sequence[Phoneme], lead: float = LEAD) -> tuple[int, int]:
    """How many p, b, m the mouth was seen shut for, within 40 ms, and of how many."""
    times = (np.arange(len(opening)) + 0.5) / fps
    instants = [closure(sound) - lead for sound in sounds(phonemes) if sound.viseme == "PP"]
    near = [opening[np.abs(times - instant) <= 0.04] for instant in instants if 0 < instant < times[-1]]
    return sum(bool(values.size) and values.min() < SHUT for values in near), len(near)


def perform(speech: Speech, fps: int, artwork: Artwork) -> list[Picture]:
    """The frames of a speech as the drawn host says it."""
    avatar, performer = DrawnAvatar(artwork), Performer(fps)
    out = np.zeros((artwork.height, artwork.width, 3), np.uint8)
    avatar.stand_before(np.full_like(out, 200))
    silence = np.zeros(48_000 // fps, np.float32)
    frames = []
    for n, face in enumerate(ViseMouth().faces(speech, fps)):
        avatar.draw(face, performer.pose(n, Beat(silence, face)), out)
        frames.append(out.copy())
    return frames


def main(fps: int = 25) -> None:
    artwork = draw_host("mira", "coral", 960)
    voice = open_voices(sys.argv[1] if len(sys.argv) > 1 else "espeak", "en", None)
    for line in LINES:
        speech = voice.speak(line)
        opening = openness(perform(speech, fps, artwork), mouth_box(artwork), artwork.mouth_scale)
        shut, of = closures(opening, fps, speech.phonemes)
        print(f"{speech.voice}: closures {shut}/{of}")
        for shift in (-4, -2, 0, 2, 4):
            late = np.roll(opening, shift)
            energy = offset(late, fps, loudness(speech.samples))
            said = offset(late, fps, spoken(speech.phonemes, speech.seconds))
            meant = 1000 * (LEAD - shift / fps)
            print(
                f"  lead {meant:+5.0f} ms: by loudness {1000 * energy.lead:+5.0f} ms (r {energy.correlation:.2f}), "
                f"by phonemes {1000 * said.lead:+5.0f} ms (r {said.correlation:.2f})"
            )


if __name__ == "__main__":
    main()
