"""A folder that is made whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from host_engine.avatars.consent import digest, read_consent
from host_engine.avatars.folder import ABOUT, CONSENT, FACES, Agreed, AvatarFile, faces_problems
from host_engine.document import Problem, Problems, read


@contextmanager
def new_folder(folder: Path, replace: bool = False) -> Iterator[Path]:
    """A folder to fill; it takes the place of `folder` when the block ends without an exception, else it is removed.

    Raises FileExistsError, with a sentence, where there is one already and it is not to be replaced.
    """
    if folder.exists() and not replace:
        raise FileExistsError(f"{folder} is already there; name another folder, or say --replace")
    if folder.exists() and not (folder / ABOUT).is_file():
        raise FileExistsError(f"{folder} is no avatar's folder, so it is not replaced; name another one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        part.chmod(0o755)
        yield part
        _take_place(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def finish(
    part: Path,
    consent: Path,
    boxes: NDArray[np.float32],
    points: NDArray[np.float32],
    small: NDArray[np.uint8] | None,
    about: Callable[[Agreed], AvatarFile],
    goes_to: Path | None = None,
) -> AvatarFile:
    """Write faces.npz, the copy of the consent and avatar.yaml, which `about` makes, into a folder with frames.mp4.

    `goes_to` is where the folder will be: from there the consent's original is found again. Raises ValueError for
    faces that do not fit the frames.
    """
    shutil.copyfile(consent, part / CONSENT)
    original = None if goes_to is None else Path(os.path.relpath(consent.resolve(), goes_to.resolve()))
    file = about(Agreed(sha256=digest(part / CONSENT), original=original))
    if said := faces_problems(file, boxes, points):
        raise ValueError(said[0])
    arrays = {"boxes": boxes.astype(np.float32), "points": points.astype(np.float32)}
    with (part / FACES).open("wb") as out:
        np.savez_compressed(out, **(arrays if small is None else arrays | {"small": small}))
    write_about(part, file)
    return file


def write_about(folder: Path, about: AvatarFile) -> None:
    """avatar.yaml of a folder, whole or as it was before."""
    data = about.model_dump(mode="json", exclude_none=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    part = folder / f".{ABOUT}.part"
    part.write_text(text, encoding="utf-8")
    part.replace(folder / ABOUT)


def made_by() -> str:
    """What makes avatars: the engine and its version."""
    try:
        return f"host-engine {version('host-engine')}"
    except PackageNotFoundError:
        return "host-engine"


def today() -> date:
    return date.today()


def _take_place(part: Path, folder: Path) -> None:
    """Rename the part to the folder; what was there before is moved aside and only then removed."""
    if not folder.exists():
        part.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(aside / folder.name)
    try:
        part.rename(folder)
    except OSError:
        (aside / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def put_consent(folder: Path, consent: Path) -> None:
    """Put another consent into an avatar's folder. Raises Problems where it is not valid today."""
    file = read(folder / ABOUT, AvatarFile)
    found = read_consent(consent)
    if said := found.refused(today()):
        raise Problems([Problem(str(consent), None, "", said)])
    part = folder / f".{CONSENT}.part"
    shutil.copyfile(consent, part)
    original = Path(os.path.relpath(consent.resolve(), folder.resolve()))
    agreed = Agreed(sha256=digest(part), original=original)
    part.replace(folder / CONSENT)
    write_about(folder, file.model_copy(update={"consent": agreed}))
