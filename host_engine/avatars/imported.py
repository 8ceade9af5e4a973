"""Avatar folders of LiveTalking and MuseTalk, read without trust: their pictures in order, and where the face is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.foreign_boxes import boxes_of, faces_in
from host_engine.avatars.pickles import PickleError, read_pickle
from host_engine.avatars.picture_file import read_picture
from host_engine.avatars.source import FootageError
from host_engine.media import Picture

KINDS = (".png", ".jpg", ".jpeg")
LONGEST = 4096  # pixels a side
DOUBLED = (0.0, 0.23, 0.5, 0.81)  # places in the list at which the second half is compared with the first

Layout = Literal["musetalk", "wav2lip"]


@dataclass(frozen=True)
class Foreign:
    """A folder of another program: each picture once, and its face."""

    folder: Path
    layout: Layout
    pictures: tuple[Path, ...]
    size: tuple[int, int]  # width, height, both even
    boxes: NDArray[np.float32]  # (n, 4): x0, y0, x1, y1
    points: NDArray[np.float32]  # (n, 5, 2), estimated from the boxes
    notes: tuple[str, ...]  # what was found and done, in sentences

    def frames(self) -> Iterator[Picture]:
        """The pictures, (h, w, 3) RGB of `size`, one after the other. Raises FootageError for a damaged one."""
        for path in self.pictures:
            yield _picture(path, self.size)


def look(folder: Path) -> Foreign:
    """What a folder of LiveTalking (wav2lip, musetalk) or MuseTalk holds. Raises FootageError with a sentence.

    Layouts as the programs write them: MuseTalk's scripts/realtime_inference.py, LiveTalking's avatars/*/genavatar.py.
    MuseTalk writes its lists there and back, LiveTalking once; here each picture is taken once.
    """
    layout = _layout(folder)
    pictures = _numbered(folder / "full_imgs")
    coordinates = _coordinates(folder / "coords.pkl")
    if len(coordinates) != len(pictures):
        raise FootageError(
            f"{folder}: full_imgs holds {len(pictures)} pictures, but coords.pkl the faces of {len(coordinates)};"
            " bring the whole folder over, or make the avatar anew from its video"
        )
    width, height = _size(pictures[0])
    crops = _numbered(folder / "face_imgs") if layout == "wav2lip" else []
    boxes, notes = boxes_of(coordinates, (width, height), layout, _samples(pictures, crops))
    if _doubled(pictures, boxes):
        pictures, boxes = pictures[: len(pictures) // 2], boxes[: len(boxes) // 2]
        notes.append(f"its {2 * len(pictures)} pictures run there and back; {len(pictures)} are taken")
    size = (width // 2 * 2, height // 2 * 2)
    return Foreign(folder, layout, tuple(pictures), size, *faces_in(boxes, layout), tuple(notes))


def _layout(folder: Path) -> Layout:
    if not folder.is_dir():
        raise FootageError(f"{folder}: there is no such folder")
    if (folder / "ultralight.pth").exists():
        raise FootageError(
            f"{folder}: this is an avatar of Ultralight-Digital-Human, a network trained for one person, which is not"
            " supported; make the avatar from its video with 'avatar make --video'"
        )
    if not (folder / "full_imgs").is_dir():
        raise FootageError(
            f"{folder}: there is no full_imgs in it; name the folder of one avatar, such as data/avatars/NAME of"
            " LiveTalking or results/v15/avatars/NAME of MuseTalk"
        )
    if any((folder / name).exists() for name in ("mask_coords.pkl", "latents.pt", "mask", "avator_info.json")):
        return "musetalk"
    if (folder / "face_imgs").is_dir():
        return "wav2lip"
    raise FootageError(
        f"{folder}: there is neither mask (MuseTalk) nor face_imgs (Wav2Lip) in it, so it cannot be told what it is"
    )


def _numbered(folder: Path) -> list[Path]:
    """The pictures of a folder by their numbers. Raises FootageError where one is missing or there twice."""
    if not folder.is_dir():
        raise FootageError(f"{folder}: there is no such folder")
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in KINDS:
            continue
        if not (path.stem.isascii() and path.stem.isdigit()):
            raise FootageError(f"{path}: pictures are named by their number, such as 00000012.png")
        number = int(path.stem)
        if number in found:
            raise FootageError(f"{path}: this number is there twice, see {found[number].name}")
        found[number] = path
    if not found:
        raise FootageError(f"{folder}: there are no pictures in it (.png, .jpg)")
    first, last = min(found), max(found)
    if missing := [number for number in range(first, last + 1) if number not in found][:1]:
        raise FootageError(
            f"{folder}: picture {missing[0]} is missing, between {first} and {last}; bring the whole folder over"
        )
    return [found[number] for number in sorted(found)]


def _coordinates(path: Path) -> NDArray[np.float64]:
    """The numbers of coords.pkl, (n, 4). Raises FootageError."""
    try:
        held = read_pickle(path)
    except PickleError as error:
        raise FootageError(str(error)) from None
    try:
        numbers = np.array(held, np.float64)
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.ndim != 2 or numbers.shape[1] != 4 or not len(numbers) or not np.isfinite(numbers).all():
        raise FootageError(f"{path}: it holds no list of faces with four coordinates each")
    return numbers


def _size(path: Path) -> tuple[int, int]:
    picture = read_picture(path)
    height, width = picture.shape[:2]
    if max(width, height) > LONGEST or min(width, height) < 64:
        raise FootageError(f"{path}: the picture has {width}x{height} pixels; sides of 64 to {LONGEST} are taken")
    return width, height


def _picture(path: Path, size: tuple[int, int]) -> Picture:
    picture = read_picture(path)
    height, width = picture.shape[:2]
    if (width // 2 * 2, height // 2 * 2) != size:
        raise FootageError(f"{path}: the picture has {width}x{height} pixels, the first one {size[0]}x{size[1]}")
    return np.ascontiguousarray(picture[: size[1], : size[0]])


def _samples(pictures: list[Path], crops: list[Path]) -> list[tuple[int, Picture, Picture]]:
    """Some pictures with their number and the face that the program cut out of them."""
    if len(crops) != len(pictures):
        return []
    numbers = sorted({round(share * (len(pictures) - 1)) for share in (0.0, 0.35, 0.7, 1.0)})
    return [(number, read_picture(pictures[number]), read_picture(crops[number])) for number in numbers]


def _doubled(pictures: list[Path], boxes: NDArray[np.float64]) -> bool:
    """Whether the second half is the first one backwards: the faces everywhere, the pictures at some places."""
    if len(pictures) < 2 or len(pictures) % 2 or not np.array_equal(boxes, boxes[::-1]):
        return False
    numbers = {min(round(share * len(pictures) / 2), len(pictures) // 2 - 1) for share in DOUBLED}
    return all(
        np.array_equal(read_picture(pictures[number]), read_picture(pictures[len(pictures) - 1 - number]))
        for number in numbers
    )
