"""Face boxes given by hand: some key frames in a CSV or JSON file, and everything between them."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from host_engine.avatars.finders import Floats, Found, typical_points
from host_engine.avatars.times import seconds
from host_engine.document import Problem, Problems
from host_engine.media import Picture

BOX = ("x0", "y0", "x1", "y1")
POINTS = tuple(
    f"{what}_{axis}" for what in ("right_eye", "left_eye", "nose", "right_mouth", "left_mouth") for axis in "xy"
)
LARGEST = 16_000_000  # bytes


class Key(NamedTuple):
    """The face at one moment."""

    at: float  # seconds from the start of the video
    box: Floats
    points: Floats


class ByHand:
    """A Finder that knows the faces: straight lines between the key frames, the first and last held at the ends."""

    def __init__(self, keys: list[Key], fps: int, start: float = 0.0, scale: tuple[float, float] = (1.0, 1.0)) -> None:
        """Frame 0 is at `start` seconds; `scale` takes pixels of the upright video to those of the pictures."""
        self._times = np.array([key.at for key in keys])
        flat = [np.concatenate((key.box.reshape(2, 2), key.points)) * np.array(scale) for key in keys]
        self._places = np.stack(flat).reshape(len(keys), -1)
        self._fps, self._start = fps, start

    def find(self, number: int, picture: Picture) -> list[Found]:
        """As in `Finder`."""
        at = self._start + number / self._fps
        row = np.array([np.interp(at, self._times, column) for column in self._places.T], np.float32)
        return [Found(row[:4], row[4:].reshape(5, 2))]


def read_boxes(path: Path) -> list[Key]:
    """The key frames of a file, by time. Raises Problems with line and place.

    CSV: a head `at,x0,y0,x1,y1`, and the ten columns of POINTS where they are known; JSON: a list of
    {"at": 0.0, "box": [x0, y0, x1, y1], "points": [[x, y], ...]}. Pixels are those of the upright video.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Problems([Problem(str(path), None, "", "the file is too large for key frames")])
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Problems([Problem(str(path), None, "", f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError:
        raise Problems([Problem(str(path), None, "", "this is no text file in UTF-8")]) from None
    entries = _of_json(path, text) if text.lstrip().startswith("[") else _of_csv(path, text)
    keys, problems = [], []
    for line, where, entry in entries:
        try:
            keys.append(_key(entry))
        except ValueError as error:
            problems.append(Problem(str(path), line, where, str(error)))
    keys.sort(key=lambda key: key.at)
    if not problems and not keys:
        problems.append(Problem(str(path), None, "", "there is no key frame in it"))
    if any(a.at == b.at for a, b in pairwise(keys)):
        problems.append(Problem(str(path), None, "", "two key frames are at the same time"))
    if problems:
        raise Problems(problems)
    return keys


Entry = tuple[int | None, str, dict[str, Any]]


def _of_csv(path: Path, text: str) -> list[Entry]:
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    head = tuple(name.strip() for name in rows.fieldnames or ())
    if missing := [name for name in ("at", *BOX) if name not in head]:
        what = f"the head must be at,{','.join(BOX)}; there is no column {', '.join(missing)}"
        raise Problems([Problem(str(path), 1, "", what)])
    if some := [name for name in POINTS if name in head]:
        missing = [name for name in POINTS if name not in some]
        if missing:
            raise Problems([Problem(str(path), 1, "", f"of the points there is no column {', '.join(missing)}")])
    entries: list[Entry] = []
    for row in rows:
        entry: dict[str, Any] = {"at": row["at"], "box": [row[name] for name in BOX]}
        if some and any(row[name] for name in POINTS):
            entry["points"] = np.array([row[name] for name in POINTS], object).reshape(5, 2).tolist()
        entries.append((rows.line_num, "", entry))
    return entries


def _of_json(path: Path, text: str) -> list[Entry]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise Problems([Problem(str(path), line, "", f"this is no JSON ({error})")]) from None
    return [(None, f"[{n}]", entry if isinstance(entry, dict) else {}) for n, entry in enumerate(data)]


def _key(entry: dict[str, Any]) -> Key:
    """Raises ValueError with a sentence."""
    if "at" not in entry or "box" not in entry:
        raise ValueError("a key frame needs at (seconds) and box ([x0, y0, x1, y1])")
    at = seconds(str(entry["at"]))
    box = _numbers(entry["box"], (4,), "box")
    if box[2] - box[0] < 4 or box[3] - box[1] < 4:
        raise ValueError("the box is empty: x1 and y1 must be larger than x0 and y0 by at least 4 pixels")
    given = entry.get("points")
    return Key(at, box, typical_points(box) if given is None else _numbers(given, (5, 2), "points"))


def _numbers(given: Any, shape: tuple[int, ...], what: str) -> Floats:
    try:
        found = np.array(given, np.float32)
    except (TypeError, ValueError):
        raise ValueError(f"{what} holds what is no number") from None
    if found.shape != shape or not np.isfinite(found).all():
        raise ValueError(f"{what} must hold {' x '.join(map(str, shape))} numbers")
    return found
