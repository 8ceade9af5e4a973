"""A take: what was seen and heard of a host who said something; and the readings of its lips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from host_engine.host.mouth import LEAD
from host_engine.media import Phoneme, Samples
from host_engine.quality.closures import closures
from host_engine.quality.jitter import Boxes, fastest, flutters, roughness, shake
from host_engine.quality.offset import Curve, Offset, by_loudness, by_phonemes
from host_engine.quality.reading import Reading


@dataclass(frozen=True)
class Take:
    """Pictures as curves, and their sound. Frame k shows the time from k / fps on."""

    fps: float
    opening: Curve  # of the mouth in each frame, 0 shut .. 1 wide open
    samples: Samples  # (n,) mono at 48 kHz
    phonemes: tuple[Phoneme, ...] | None = None  # where it is known what was said when
    boxes: Boxes | None = None  # (frames, 4) of the face, as they are used


class Judged(NamedTuple):
    """What a kind of lips is held to."""

    earliest: float  # s by which the mouth may be ahead of the sound
    latest: float
    loud: float  # least correlation with the loudness
    spoken: float  # and with the phonemes
    closures: float  # least share
    roughness: float  # of the opening
    fastest: float | None  # openings a second
    flutters: float  # a minute
    shake: float  # per cent of the face


TOLERANCE = 0.020  # s around the lead that lips are made with
RIG = Judged(LEAD - TOLERANCE, LEAD + TOLERANCE, 0.45, 0.6, 0.98, 0.10, 16.0, 0.0, 0.3)
NET = RIG._replace(closures=0.90, fastest=None, flutters=20.0)  # and of lips that are warped on a person
# Somebody's video is held to what people notice: ITU-R BT.1359, sound 45 ms early to 125 ms late. Its face was found
# frame by frame, so its box shakes with the detector.
VIDEO = NET._replace(earliest=-0.045, latest=0.125, shake=1.0)


def lips(take: Take, judged: Judged) -> list[Reading]:
    """All that can be read from a take."""
    return [*_in_time(take, judged), *_shut(take, judged), *_steady(take, judged)]


def _in_time(take: Take, judged: Judged) -> Iterator[Reading]:
    yield from _offset("loudness", by_loudness(take.opening, take.fps, take.samples), judged, judged.loud)
    if take.phonemes is None:
        yield Reading("mouth ahead of the phonemes", None, why="it is not known what was said when")
        return
    yield from _offset("phonemes", by_phonemes(take.opening, take.fps, take.phonemes), judged, judged.spoken)


def _offset(what: str, found: Offset, judged: Judged, least: float) -> Iterator[Reading]:
    low, high = 1000 * judged.earliest, 1000 * judged.latest
    if found.correlation < least / 2:  # then where it agrees best means nothing
        yield Reading(f"mouth ahead of the {what}", None, "ms", low, high, why="the two do not agree anywhere")
    else:
        yield Reading(f"mouth ahead of the {what}", 1000 * found.lead, "ms", low, high)
    yield Reading(f"agreement with the {what}", found.correlation, low=least, digits=2)


def _shut(take: Take, judged: Judged) -> Iterator[Reading]:
    name = "p, b and m that shut the lips"
    if take.phonemes is None:
        yield Reading(name, None, why="it is not known what was said when")
        return
    found = closures(take.opening, take.fps, take.phonemes, LEAD)
    if not found.of:
        yield Reading(name, None, why="none was said")
        return
    yield Reading(name, 100 * found.share, "%", low=100 * judged.closures, why=f"{found.shut} of {found.of}")


def _steady(take: Take, judged: Judged) -> Iterator[Reading]:
    yield Reading("roughness of the opening", roughness(take.opening), high=judged.roughness, digits=3)
    yield Reading("fastest lips", fastest(take.opening, take.fps), "/s", high=judged.fastest, digits=1)
    minutes = len(take.opening) / take.fps / 60
    yield Reading("flutters a minute", flutters(take.opening) / minutes if minutes else 0.0, high=judged.flutters)
    if take.boxes is not None and len(take.boxes):
        yield Reading("shake of the face's crop", shake(take.boxes), "% of it", high=judged.shake, digits=2)
