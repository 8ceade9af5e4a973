"""A rehearsal: an avatar says a text as it would on air, and what is seen and heard is measured."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.folder import Footage
from host_engine.avatars.frames import Frames
from host_engine.avatars.route import route_of
from host_engine.host.footage import LOOK, PATIENCE, Crew, Presenter, Shot
from host_engine.host.footage_avatar import FootageAvatar, Tracked, around
from host_engine.host.footage_mouth import warp
from host_engine.host.footage_pace import Pace
from host_engine.host.mouth import Mouth, frames_of
from host_engine.host.perform import Pose
from host_engine.media import Face, Phoneme, Picture, Samples, Speech
from host_engine.neural.net import Crop, NetError
from host_engine.quality.likeness import Mask, placed

FPS = 25
AHEAD = 8  # frames whose lips are ordered before the first of them is shown, so that a network makes some at once


class Performed(NamedTuple):
    """One frame of a rehearsal."""

    picture: Picture  # (h, w, 3) RGB, valid until the next
    source: Picture  # the footage under it
    number: int  # of the footage's frame
    laid: Mask | None  # (h, w): where something was laid upon the footage; None where nothing was


class Layer(NamedTuple):
    """Where a network's lips are laid: for each frame of the footage its crop, and its mask (side, side)."""

    crops: Sequence[Crop]
    masks: NDArray[np.uint8]


@dataclass(frozen=True)
class Script:
    """What is said, as one utterance."""

    faces: tuple[Face, ...]
    samples: Samples  # mono at 48 kHz, a whole number of frames
    phonemes: tuple[Phoneme, ...]


def script(speeches: Sequence[Speech], mouth: Mouth) -> Script:
    """The speeches one after the other, with the faces that the mouth gives them."""
    hop = 48_000 // FPS
    faces: list[Face] = []
    phonemes: list[Phoneme] = []
    parts: list[Samples] = []
    for speech in speeches:
        start = len(faces) / FPS
        faces += mouth.faces(speech, FPS)
        phonemes += [Phoneme(each.symbol, each.start + start, each.end + start) for each in speech.phonemes]
        parts.append(np.pad(speech.samples, (0, frames_of(speech, FPS) * hop - len(speech.samples))))
    return Script(tuple(faces), np.concatenate(parts), tuple(phonemes))


def rehearse(
    footage: Footage, said: Script, crew: Crew | None = None, layer: Layer | None = None
) -> Iterator[Performed]:
    """Each frame of the script as the avatar says it: with the crew's lips, or else warped.

    Raises NetError where a network's lips did not come: what would be measured then is another mouth.
    """
    with Frames(footage, ahead=LOOK + AHEAD, patience=PATIENCE) as frames:
        rate = footage.about.fps / FPS
        presenter = Presenter("avatar check", frames, route_of(footage), Pace(FPS), rate=rate)
        presenter.hurried, presenter.crew = False, crew
        avatar = FootageAvatar(presenter, Tracked(footage.boxes, footage.points), footage.about.size, warp)
        width, height = footage.about.size
        out = np.zeros((height, width, 3), np.uint8)
        for face, shot in _ahead(presenter, said.faces):
            avatar.draw(face._replace(shot=shot), Pose(), out)
            laid = _laid(footage, layer, shot) if shot.lips or _warped(out, shot) else None
            if shot.lips is not None and (failed := shot.lips.exception()):
                raise NetError(f"the network's lips did not come: {failed}")
            yield Performed(out, shot.picture, shot.frame, laid)


def _ahead(presenter: Presenter, faces: Sequence[Face]) -> Iterator[tuple[Face, Shot]]:
    waiting: deque[tuple[Face, Shot]] = deque()
    for face in faces:
        shot = presenter.shoot(face)
        assert shot is not None  # nobody refuses
        waiting.append((face, shot))
        if len(waiting) == AHEAD:
            yield waiting.popleft()
    yield from waiting


def _warped(out: Picture, shot: Shot) -> bool:
    return not np.array_equal(out, shot.picture)


def _laid(footage: Footage, layer: Layer | None, shot: Shot) -> Mask:
    width, height = footage.about.size
    if shot.lips is not None and layer is not None:
        return placed(layer.masks[shot.frame], layer.crops[shot.frame], height, width)
    crop = around(footage.boxes[shot.frame], width, height)
    return placed(np.full((8, 8), 255, np.uint8), crop, height, width)
