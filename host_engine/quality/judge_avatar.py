"""Judges an avatar: it says a text as it would on air, and all that can be measured of it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from host_engine.avatars.finders import Floats
from host_engine.avatars.folder import Footage
from host_engine.avatars.frames import Frames
from host_engine.host.footage import LOOK, PATIENCE
from host_engine.media import Picture, Speech
from host_engine.quality.decoders import compared
from host_engine.quality.drawn import parted
from host_engine.quality.face_square import squares
from host_engine.quality.film import Film
from host_engine.quality.judge_video import Judgement, Told
from host_engine.quality.lips_at_work import AtWork, at_work
from host_engine.quality.offset import Curve
from host_engine.quality.openness import mouth, openness, usual
from host_engine.quality.reading import Reading
from host_engine.quality.rehearse import FPS, Script, rehearse, script
from host_engine.quality.surroundings import Surroundings
from host_engine.quality.syncing import Faces, syncing
from host_engine.quality.take import NET, RIG, Take, lips

if TYPE_CHECKING:
    from host_engine.neural.worker.nets import Wanted

EVERY = 5  # frames: of so many one is compared with the footage under it
LOOKED = 100  # frames of the footage by which a mouth at rest is known
HOP = 48_000 // FPS

Mouths = Sequence[Picture | None]


def judge_avatar(
    footage: Footage,
    wanted: Wanted | None,
    speeches: Sequence[Speech],
    *,
    device: str = "auto",
    syncnet: Path | None = None,
    film: Film | None = None,
    told: Told = lambda what, done, count: None,
) -> Judgement:
    """The readings of an avatar that says the speeches: with warped lips, or those of the wanted network.

    `film` is given what was seen and heard. Raises NetError where the network cannot be used, with a sentence.
    """
    with at_work(footage, wanted, device) as moved:
        said = script(speeches, moved.mouth)
        seen = _Seen(footage, syncnet is not None)
        for n, each in enumerate(rehearse(footage, said, moved.crew, moved.layer)):
            seen.add(each.picture, footage.boxes[each.number], footage.points[each.number])
            if each.laid is not None and n % EVERY == 0:
                seen.around.add(each.picture, each.source, each.laid)
            if film:
                film.add(each.picture, said.samples[n * HOP : (n + 1) * HOP])
            told("Rehearsing", n + 1, len(said.faces))
        readings = [*seen.readings(said, moved), *compared(moved, said.samples)]
    readings += syncing(syncnet, seen.faces, said.samples)
    what = "warped lips" if moved.net is None else moved.net.name
    return Judgement(f"{footage.about.name}, {what}", readings)


def _known(footage: Footage) -> Callable[[Mouths], Curve]:
    """How the opening is told from mouths, by what hers looks like at rest: in the idle clips, or now and then."""
    idle = [k for first, last in footage.about.idle for k in range(first, last + 1)]
    chosen = sorted(idle or range(footage.about.frames))
    chosen = chosen[:: max(1, len(chosen) // LOOKED)]
    mouths: list[Picture | None] = []
    with Frames(footage, patience=PATIENCE) as frames:
        for n, k in enumerate(chosen):
            frames.expect(chosen[n : n + LOOK])
            mouths.append(mouth(frames.frame(k), footage.boxes[k], footage.points[k]))
    if footage.about.kind == "drawn":
        return partial(parted, at_rest=mouths)
    return partial(openness, known=usual(mouths, at_rest=bool(idle)))


class _Seen:
    """What is gathered from frame to frame."""

    def __init__(self, footage: Footage, synced: bool) -> None:
        self._opening, self._drawn = _known(footage), footage.about.kind == "drawn"
        self.around = Surroundings()
        self.faces = Faces(FPS) if synced else None
        self._mouths: list[Picture | None] = []
        self._boxes: list[Floats] = []

    def add(self, picture: Picture, box: Floats, points: Floats) -> None:
        self._mouths.append(mouth(picture, box, points))
        self._boxes.append(box)
        if self.faces:
            self.faces.add(picture, squares(box[None])[0])

    def readings(self, said: Script, moved: AtWork) -> list[Reading]:
        take = Take(FPS, self._opening(self._mouths), said.samples, said.phonemes, np.stack(self._boxes))
        rig = moved.net is None and self._drawn
        return [*lips(take, RIG if rig else NET), *self.around.readings()]
