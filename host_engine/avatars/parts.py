"""The parts of an avatar, whatever they were made from, and the folder that is written of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.consent import Consent, read_consent
from host_engine.avatars.finders import Floats
from host_engine.avatars.folder import NAME, PREVIEW, VIDEO, Agreed, AvatarFile, Footage, Source
from host_engine.avatars.frame_writer import GOP, QUALITY, FrameWriter
from host_engine.avatars.look_through import small_of
from host_engine.avatars.new_folder import finish, made_by, new_folder, today
from host_engine.avatars.route import Route, Stretch, poses
from host_engine.avatars.sheet import sheet, shown_frames
from host_engine.avatars.source import FootageError
from host_engine.document import Problem, Problems
from host_engine.media import Picture

Kind = Literal["footage", "photo", "drawn", "imported"]
Told = Callable[[str, int, int], None]  # what is done, frames done, frames in all


class Goes(NamedTuple):
    """Where an avatar goes, and how it is written."""

    folder: Path  # its last part is the avatar's name
    consent: Path
    fps: int = 25
    quality: float = QUALITY
    replace: bool = False
    gop: int = GOP  # frames from one key frame to the next: more make a smaller file and hold more in memory


@dataclass(frozen=True)
class Parts:
    """What an avatar's folder is written from."""

    pictures: Iterable[Picture]  # (h, w, 3) RGB, as many as there are boxes, or more
    boxes: Floats  # (n, 4)
    points: Floats  # (n, 5, 2)
    talk: Stretch
    idle: tuple[Stretch, ...]
    kind: Kind
    source: Source | None = None


class Written(NamedTuple):
    """What is known of the frames once they are written."""

    size: tuple[int, int]
    shown: dict[int, Picture]  # those of the preview
    small: NDArray[np.uint8]  # all, (n, h, w) grey


def agreed(path: Path, now: datetime | None = None) -> Consent:
    """The consent of a file, with its proof. Raises Problems where it is missing, expired, revoked or unproven."""
    consent = read_consent(path)
    if said := consent.refused(now or datetime.now()):
        raise Problems([Problem(str(path), None, "", f"{said}. Without consent no avatar is made")])
    return consent


def free(goes: Goes) -> None:
    """Whether the folder can be made, said before the work is done. Raises FootageError or FileExistsError."""
    if not re.fullmatch(NAME, goes.folder.name):
        raise FootageError(
            f"'{goes.folder.name}' is no name for an avatar: letters, digits, - and _, at most 40 of them"
        )
    if goes.folder.exists() and not goes.replace:
        raise FileExistsError(f"{goes.folder} is already there; name another folder, or say --replace")


def write(parts: Parts, goes: Goes, told: Told = lambda what, done, count: None) -> Footage:
    """Write the folder of an avatar, whole or not at all.

    Raises Problems for the consent, FootageError, FileExistsError or OSError.
    """
    agreed(goes.consent)
    free(goes)
    with new_folder(goes.folder, goes.replace) as part:
        written = _write_frames(part / VIDEO, parts, goes, told)

        def about(consent: Agreed) -> AvatarFile:
            return _about(parts, goes, written, consent)

        finish(part, goes.consent, parts.boxes, parts.points, written.small, about, goes.folder)
        _preview(part / PREVIEW, parts, goes, written)
        Footage.open(part)
    return Footage.open(goes.folder)


def _about(parts: Parts, goes: Goes, written: Written, consent: Agreed) -> AvatarFile:
    return AvatarFile(
        name=goes.folder.name,
        kind=parts.kind,
        size=written.size,
        fps=goes.fps,
        frames=len(parts.boxes),
        gop=goes.gop,
        talk=parts.talk,
        idle=parts.idle,
        consent=consent,
        source=parts.source,
        made=today(),
        made_by=made_by(),
    )


def _write_frames(path: Path, parts: Parts, goes: Goes, told: Told) -> Written:
    count = len(parts.boxes)
    chosen, shown, small = set(shown_frames(count)), dict[int, Picture](), list[NDArray[np.uint8]]()
    coming = iter(parts.pictures)
    first = next(coming, None)
    if first is None:
        raise FootageError("there is no picture to write")
    size = (first.shape[1], first.shape[0])
    with FrameWriter(path, size, goes.fps, goes.gop, goes.quality) as writer:
        for number, picture in enumerate(islice(chain([first], coming), count)):
            writer.write(picture)
            small.append(small_of(picture))
            if number in chosen:
                shown[number] = picture.copy()
            told("Writing the frames", number + 1, count)
    if writer.count < count:
        raise FootageError(
            f"only {writer.count} of {count} frames could be read a second time; is the video still there?"
        )
    return Written(size, shown, np.stack(small))


def _preview(path: Path, parts: Parts, goes: Goes, written: Written) -> None:
    route = Route(parts.talk, parts.idle, poses(parts.boxes, parts.points, written.small))
    preview = sheet(written.shown, parts.boxes, parts.points, route, goes.fps)
    cv2.imwrite(str(path), cv2.cvtColor(preview, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 9])
