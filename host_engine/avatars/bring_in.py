"""From an avatar folder of LiveTalking or MuseTalk to one of ours, converted once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from host_engine.avatars.calm import idle_clips, talk_of
from host_engine.avatars.consent import Consent
from host_engine.avatars.finders import Finder, Found
from host_engine.avatars.folder import Source
from host_engine.avatars.imported import Foreign, look
from host_engine.avatars.look_through import Looked, look_through
from host_engine.avatars.make import Made
from host_engine.avatars.parts import Goes, Parts, Told, agreed, free, write
from host_engine.avatars.smoothing import smoothed
from host_engine.avatars.troubles import bridged
from host_engine.media import Picture

FOUND = 0.9  # least share of the pictures in which a detector must find the face for its points to be used


class _Told:
    """A Finder that knows what the folder tells."""

    def __init__(self, foreign: Foreign) -> None:
        self._foreign = foreign

    def find(self, number: int, picture: Picture) -> list[Found]:
        """As in `Finder`."""
        return [Found(self._foreign.boxes[number], self._foreign.points[number])]


def bring_in(folder: Path, goes: Goes, told: Told, finder: Finder | None = None) -> Made:
    """Convert a folder of another program. Raises Problems, or FootageError with a sentence.

    Its pictures and boxes are taken, its networks' own files are not: masks are worked out anew, and what a network
    knows of each face is studied anew. Where a `finder` is given it finds the points, else they are estimated.
    """
    consent = agreed(goes.consent)
    free(goes)
    foreign = look(folder)
    looked, notes = _looked(foreign, finder, told)
    steady = smoothed(bridged(looked.boxes), bridged(looked.points))
    idle, rests = idle_clips(looked.lips, goes.fps)
    source = Source(name=folder.resolve().name, sha256=_digest(foreign.pictures))
    talk = talk_of(idle, len(foreign.pictures))
    footage = write(Parts(foreign.frames(), steady.boxes, steady.points, talk, idle, "imported", source), goes, told)
    return Made(footage, (*foreign.notes, *notes, *_notes(consent, rests)), (steady.before, steady.after))


def _looked(foreign: Foreign, finder: Finder | None, told: Told) -> tuple[Looked, list[str]]:
    """What is seen in all frames, and how the points were come by."""

    def look_with(who: Finder) -> Looked:
        count = len(foreign.pictures)
        return look_through(foreign.frames(), who, lambda done: told("Looking at the face", done, count))

    why = "its folder tells only boxes"
    if finder is not None:
        looked = look_with(finder)
        if float(np.isfinite(looked.boxes).all(1).mean()) >= FOUND:
            return looked, []
        why = "the detector finds the face in too few of its pictures"
    said = f"{why}, so eyes and mouth are taken to lie where a typical face has them; give --detector for exact ones"
    return look_with(_Told(foreign)), [said]


def _notes(consent: Consent, rests: bool) -> Iterator[str]:
    if not rests:
        yield "the lips never rest: in silence the calmest second is shown"
    if consent.kind != "person":
        yield "the consent says that this is artwork: no living person's face may be seen in it"


def _digest(paths: tuple[Path, ...]) -> str:
    """The SHA-256 of all files, one after the other."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()
