"""The bookmark: what is on air, in two small files of this machine, there even when the database is not."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from host_engine.journal.files import replace, set_aside
from host_engine.journal.mark import Mark, outline_checksum, read_mark

log = logging.getLogger(__name__)


class Last(NamedTuple):
    """What was on air last, and the rundown's outline at that time (empty where it is not known)."""

    mark: Mark
    outline: tuple[str, ...] = ()


class Bookmark:
    """Read once at the start, then written over and over."""

    def __init__(self, folder: Path, channel: str) -> None:
        self._mark = folder / f"{channel}.on-air.json"
        self._outline = folder / f"{channel}.outline.json"
        self._kept: int | None = None  # checksum of the outline on disk

    def read(self) -> Last | None:
        """What was on air last. A file that cannot be read is set aside, and said."""
        try:
            mark = read_mark(self._mark.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            _put_away(self._mark, error)
            return None
        return Last(mark, self._read_outline(mark.outline))

    def write(self, mark: Mark, outline: Sequence[str]) -> None:
        """Raises OSError. The outline is written only when it is another one than before."""
        if mark.outline != self._kept:
            replace(self._outline, json.dumps(list(outline), ensure_ascii=False))
            self._kept = mark.outline
        replace(self._mark, mark.written())

    def _read_outline(self, checksum: int) -> tuple[str, ...]:
        try:
            return read_outline(self._outline.read_text(encoding="utf-8"), checksum)
        except (OSError, ValueError):
            return ()  # the place alone does as well, unless the rundown was edited meanwhile


def read_outline(text: str, checksum: int) -> tuple[str, ...]:
    """The outline that was written with a mark of that checksum. Raises ValueError where it is another one."""
    try:
        outline = json.loads(text)
    except RecursionError as error:
        raise ValueError("this is no outline of a rundown") from error
    if not isinstance(outline, list) or not all(isinstance(entry, str) for entry in outline):
        raise ValueError("this is no outline of a rundown")
    if outline_checksum(outline) != checksum:
        raise ValueError("this outline is of another rundown")
    return tuple(outline)


def _put_away(path: Path, error: Exception) -> None:
    try:
        log.warning("%s cannot be read (%s); it is set aside as %s", path, error, set_aside(path).name)
    except OSError as trouble:
        log.warning("%s cannot be read (%s) nor set aside (%s)", path, error, trouble)
