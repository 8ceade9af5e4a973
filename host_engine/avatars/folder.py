"""An avatar's folder: what it says of itself, its frames, where its face is, and the consent it is shown under."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from host_engine.avatars.consent import Consent, Use, digest, read_consent
from host_engine.document import Fault, Loc, Problem, Problems, problems_at, read

ABOUT, VIDEO, FACES, CONSENT, PREVIEW = "avatar.yaml", "frames.mp4", "faces.npz", "consent.yaml", "preview.png"
LARGEST_SIDE = 4096
MOST_FRAMES = 200_000

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
Name = Annotated[str, Field(pattern=NAME)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Side = Annotated[int, Field(ge=16, le=LARGEST_SIDE, multiple_of=2)]
Number = Annotated[int, Field(ge=0)]
Stretch = tuple[Number, Number]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """What the frames were made of."""

    name: str
    sha256: Sha256
    start: float = Field(0.0, ge=0, description="Seconds into it at which the first frame was taken.")


class Agreed(Part):
    """The consent that the avatar was made under."""

    sha256: Sha256 = Field(description="Of consent.yaml in this folder.")
    original: Path | None = Field(None, description="The file it is a copy of; a revocation there counts as well.")


class AvatarFile(Part):
    """avatar.yaml: what the frames are, and how they are to be shown."""

    name: Name
    kind: Literal["footage", "photo", "drawn", "imported"]
    size: tuple[Side, Side] = Field(description="Width and height in pixels.")
    fps: int = Field(ge=5, le=60)
    frames: int = Field(ge=1, le=MOST_FRAMES)
    gop: int = Field(8, ge=1, le=250, description="Frames from one key frame of frames.mp4 to the next.")
    talk: Stretch = Field(description="First and last frame that are shown while the host speaks.")
    idle: tuple[Stretch, ...] = Field((), description="First and last frame of what is shown while silent.")
    consent: Agreed
    source: Source | None = None
    made: date | None = None
    made_by: str = ""

    @model_validator(mode="after")
    def _within(self) -> AvatarFile:
        for what, (first, last) in (("talk", self.talk), *(("an idle clip", each) for each in self.idle)):
            if not first <= last < self.frames:
                raise ValueError(f"{what} is frames {first} to {last}, but the frames are 0 to {self.frames - 1}")
        return self


@dataclass(frozen=True)
class Footage:
    """An avatar's folder, found whole: every frame has a face, and its consent is the one it was made under."""

    folder: Path
    about: AvatarFile
    boxes: NDArray[np.float32]  # (frames, 4): x0, y0, x1, y1 in pixels
    points: NDArray[np.float32]  # (frames, 5, 2): right eye, left eye, nose, right, left corner of the mouth
    small: NDArray[np.uint8] | None  # (frames, h, w): the whole frames, small and grey, to compare poses by
    consent: Consent

    @classmethod
    def open(cls, folder: Path) -> Footage:
        """The avatar of a folder. Raises Problems with all that is wrong in it; frames are not decoded here."""
        if not folder.is_dir():
            raise Problems([Problem(str(folder), None, "", "there is no such folder; make one with 'avatar make'")])
        path = folder / ABOUT
        about = read(path, AvatarFile)
        problems = []
        if not (folder / VIDEO).is_file():
            problems.append(Problem(str(folder / VIDEO), None, "", "there is no such file; make the avatar anew"))
        faces = _read_faces(folder / FACES, about)
        problems += faces if isinstance(faces, list) else []
        consent: Consent | None = None
        try:
            consent = read_consent(folder / CONSENT, proof=False)
            problems += _changed(path, about)
        except Problems as found:
            problems += found.problems
        if problems or consent is None or isinstance(faces, list):
            raise Problems(problems)
        return cls(folder, about, *faces, consent)

    @property
    def video(self) -> Path:
        """frames.mp4: H.264 with a key frame every `about.gop` frames, without sound."""
        return self.folder / VIDEO

    def refused(
        self,
        now: datetime | date,
        *,
        channel: str | None = None,
        brand: str | None = None,
        language: str | None = None,
        use: Use | None = None,
    ) -> str | None:
        """Why the avatar may not be shown now, in a sentence, or None.

        Reads the consent anew each time, and the original that it is a copy of where that is still there, so that a
        revocation in either counts at once. Takes a millisecond or two of file reading: not for the tick.
        """
        try:
            copy = read_consent(self.folder / CONSENT, proof=False)
        except Problems as gone:
            return str(gone)
        asked = {"channel": channel, "brand": brand, "language": language}
        said = copy.refused(now, **asked, use=use)
        if said is None and (changed := _changed(self.folder / ABOUT, self.about)):
            return str(changed[0])
        if said is None and (original := self._original()) is not None:
            said = original.refused(now, **asked, use=use)
        return said

    def _original(self) -> Consent | None:
        where = self.about.consent.original
        if where is None or not (self.folder / where).is_file():
            return None
        try:
            return read_consent(self.folder / where, proof=False)
        except Problems:  # half written by an editor, or another file by now: the copy is what counts
            return None


Faces = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8] | None]


def faces_problems(about: AvatarFile, boxes: NDArray[np.float32], points: NDArray[np.float32]) -> list[str]:
    """What is wrong with the boxes (n, 4) and points (n, 5, 2) of an avatar, in sentences."""
    n, (width, height) = about.frames, about.size
    if boxes.shape != (n, 4) or points.shape != (n, 5, 2):
        return [f"boxes {boxes.shape} and points {points.shape} do not fit {n} frames; make the avatar anew"]
    if not (np.isfinite(boxes).all() and np.isfinite(points).all()):
        return ["a box or a point is not a number; make the avatar anew"]
    empty = (boxes[:, 2] - boxes[:, 0] < 4) | (boxes[:, 3] - boxes[:, 1] < 4)
    outside = (boxes[:, 2] <= 0) | (boxes[:, 3] <= 0) | (boxes[:, 0] >= width) | (boxes[:, 1] >= height)
    bad = np.flatnonzero(empty | outside)
    return [f"the face's box is empty or outside the picture in frame {bad[0]} ({len(bad)} such)"] if len(bad) else []


def _read_faces(path: Path, about: AvatarFile) -> Faces | list[Problem]:
    """boxes, points and small pictures of faces.npz, or what is wrong with them."""
    try:
        with np.load(path, allow_pickle=False) as file:
            boxes, points = (np.asarray(file[name], np.float32) for name in ("boxes", "points"))
            small = np.asarray(file["small"], np.uint8) if "small" in file.files else None
    except FileNotFoundError:
        return [Problem(str(path), None, "", "there is no such file; make the avatar anew")]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        return [Problem(str(path), None, "", f"the faces cannot be read ({error}); make the avatar anew")]
    said = faces_problems(about, boxes, points)
    if not said and small is not None and (small.ndim != 3 or len(small) != about.frames):
        said = [f"the small pictures {small.shape} do not fit {about.frames} frames; make the avatar anew"]
    return [Problem(str(path), None, "", what) for what in said] or (boxes, points, small)


def _changed(path: Path, about: AvatarFile) -> list[Problem]:
    """The problem that consent.yaml is not the one that avatar.yaml was written for."""
    try:
        found = digest(path.parent / CONSENT)
    except OSError as error:
        return [Problem(str(path.parent / CONSENT), None, "", f"cannot be read: {error.strerror or error}")]
    if found == about.consent.sha256:
        return []
    place: Loc = ("consent", "sha256")
    what = f"{CONSENT} was changed since; put a new one in with 'host-engine avatar consent {path.parent}'"
    return problems_at(path, [Fault(place, what)])
