"""Where the files of a recording lie: what the next one is called, and which files are its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

FIELDS = {"{date}": ("%Y-%m-%d", r"\d{4}-\d{2}-\d{2}"), "{time}": ("%H%M%S", r"\d{6}")}


class RecordingPath:
    """A path with `{date}` and `{time}`. A name that is taken gets -2, -3 and so on, always after the highest there is.

    folder: must exist, as it may be a disk that is not there; folders below it are made. By default it is the part of
    the path in front of the first field.
    """

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        fixed = [part for part in path.parent.parents[::-1] if "{" not in str(part)]
        self.folder = folder or (path.parent if "{" not in str(path.parent) else fixed[-1])
        self._parts = path.relative_to(self.folder).parts
        self._digits = 5 if "{" in "".join(self._parts) else 9  # so that -055533 is a time and no number

    def free(self, when: datetime) -> Path:
        """A path for a file that begins now, local time; its folders are made. Raises OSError."""
        os.stat(self.folder)
        wanted = self.folder / _filled("/".join(self._parts), when)
        wanted.parent.mkdir(parents=True, exist_ok=True)
        taken = self._pattern(wanted.name)
        numbers = [int(found[1] or 1) for name in os.listdir(wanted.parent) if (found := taken.fullmatch(name))]
        number = max(numbers) + 1 if numbers else 1
        return wanted.with_stem(f"{wanted.stem}-{number}") if number > 1 else wanted

    def own(self) -> Iterator[os.DirEntry[str]]:
        """The files whose names this recording may have given. Raises OSError."""
        return self._walk(str(self.folder), 0)

    def _walk(self, folder: str, depth: int) -> Iterator[os.DirEntry[str]]:
        last = depth == len(self._parts) - 1
        part = self._parts[depth]
        if depth and not os.path.isdir(folder):
            return
        if not last and "{" not in part:
            yield from self._walk(os.path.join(folder, part), depth + 1)
            return
        pattern = self._pattern(part) if last else re.compile(_regex(part))
        with os.scandir(folder) as entries:
            for entry in entries:
                if not pattern.fullmatch(entry.name):
                    continue
                if last and entry.is_file(follow_symlinks=False):
                    yield entry
                elif not last and entry.is_dir(follow_symlinks=False):
                    yield from self._walk(entry.path, depth + 1)

    def _pattern(self, name: str) -> re.Pattern[str]:
        stem, suffix = os.path.splitext(name)
        return re.compile(rf"{_regex(stem)}(?:-([1-9]\d{{0,{self._digits - 1}}}))?{re.escape(suffix)}")

    def emptied(self, file: Path) -> None:
        """Remove the folders that were made for `file` and hold nothing any more."""
        for folder in file.parents:
            if folder == self.folder or "{" not in self._parts[len(folder.relative_to(self.folder).parts) - 1]:
                return
            try:
                folder.rmdir()
            except OSError:
                return


def _filled(text: str, when: datetime) -> str:
    for field, (form, _) in FIELDS.items():
        text = text.replace(field, when.strftime(form))
    return text


def _regex(text: str) -> str:
    text = re.escape(text)
    for field, (_, form) in FIELDS.items():
        text = text.replace(re.escape(field), form)
    return text
