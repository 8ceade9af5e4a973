"""From an avatar folder of LiveTalking or MuseTalk to one of ours, converted once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from host_engine.avatars.consent import Consent
from host_engine.avatars.finders import Finder, Floats
from host_engine.avatars.folder import Source
from host_engine.avatars.imported import Foreign, look
from host_engine.avatars.look_through import look_through
from host_engine.avatars.make import Made
from host_engine.avatars.parts import Goes, Parts, Told, agreed, free, write
from host_engine.avatars.smoothing import Smooth, smoothed
from host_engine.avatars.troubles import bridged

FOUND = 0.9  # least share of the pictures in which a detector must find the face for its points to be used


def bring_in(folder: Path, goes: Goes, told: Told, finder: Finder | None = None) -> Made:
    """Convert a folder of another program. Raises Problems, or FootageError with a sentence.

    Its pictures and boxes are taken, its networks' own files are not: masks are worked out anew, and what a network
    knows of each face is studied anew. Where a `finder` is given it finds the points, else they are estimated.
    """
    consent = agreed(goes.consent)
    free(goes)
    foreign = look(folder)
    steady, notes = _faces(foreign, finder, told)
    whole = (0, len(foreign.pictures) - 1)
    source = Source(name=folder.resolve().name, sha256=_digest(foreign.pictures))
    parts = Parts(foreign.frames(), steady.boxes, steady.points, whole, (whole,), "imported", source)
    footage = write(parts, goes, told)
    return Made(footage, (*foreign.notes, *notes, *_notes(consent)), (steady.before, steady.after))


def _faces(foreign: Foreign, finder: Finder | None, told: Told) -> tuple[Smooth, list[str]]:
    """The boxes and points of all frames, and how they were come by."""
    count = len(foreign.pictures)
    if finder is not None:
        looked = look_through(foreign.frames(), finder, lambda done: told("Looking for the face", done, count))
        if float(np.isfinite(looked.boxes).all(1).mean()) >= FOUND:
            return smoothed(bridged(looked.boxes), bridged(looked.points)), []
        return _estimated(foreign.boxes, foreign.points, "the detector finds the face in too few of its pictures")
    return _estimated(foreign.boxes, foreign.points, "its folder tells only boxes")


def _estimated(boxes: Floats, points: Floats, why: str) -> tuple[Smooth, list[str]]:
    said = f"{why}, so eyes and mouth are taken to lie where a typical face has them; give --detector for exact ones"
    return smoothed(boxes, points), [said]


def _notes(consent: Consent) -> Iterator[str]:
    if consent.kind != "person":
        yield "the consent says that this is artwork: no living person's face may be seen in it"


def _digest(paths: tuple[Path, ...]) -> str:
    """The SHA-256 of all files, one after the other."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()
