"""The catalogs that a channel may swap to: the subfolders of one folder, known by their names only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from host_engine.document.wording import nearest
from host_engine.show.catalog import FILE as CATALOG
from host_engine.show.rundown import FILE as RUNDOWN
from host_engine.swap.catalogs import NotDone

MOST = 500  # catalogs that are listed
LARGEST = 64_000_000  # bytes of a file that is looked into
_ID = re.compile(rb"^\s*(?:-\s+)?(?:\{\s*)?[\"']?id[\"']?\s*:")


class Marks(NamedTuple):
    """What tells the two files of a catalog from what they were before: 12 digits of what sha256sum gives; "" where
    there is no such file."""

    catalog: str
    rundown: str


class About(NamedTuple):
    """What is known of a catalog without reading it."""

    marks: Marks
    products: int  # about so many


def marks(folder: Path) -> Marks:
    """Those of the files in a folder. Reads both."""
    return Marks(_mark(folder / CATALOG), _mark(folder / RUNDOWN))


class Library:
    """Names are looked up in what is listed here: nothing that comes with a request is ever made a path."""

    def __init__(self, folder: Path, own: Path) -> None:
        """`own`: the folder of the catalog in the channel file, which is listed wherever it lies."""
        self.folder, self.own = folder, own
        self._about: dict[tuple[Path, int, int], About] = {}

    @property
    def folders(self) -> Mapping[str, Path]:
        """The folders by the names of the catalogs, in the order of the names. Raises nothing: an unreadable folder is
        an empty one."""
        found = {self.own.resolve().name: self.own}
        try:
            for each in sorted(self.folder.iterdir())[: 10 * MOST]:
                if len(found) < MOST and each.name.isprintable() and (each / CATALOG).is_file():
                    found.setdefault(each.name, each)
        except OSError:
            pass
        return dict(sorted(found.items()))

    def find(self, name: str) -> Path:
        """The folder of a catalog. Raises NotDone (404)."""
        folders = self.folders
        if name not in folders:
            shown = name if name.isprintable() and len(name) <= 60 else name[:60].encode("unicode_escape").decode()
            there = ", ".join(list(folders)[:20])
            raise NotDone(f"There is no catalog '{shown}'{nearest(shown, folders)}; there are: {there}.", 404)
        return folders[name]

    def name(self, folder: Path) -> str:
        """The name under which a folder is listed."""
        return next((name for name, each in self.folders.items() if each == folder), folder.resolve().name)

    def listed(self) -> list[dict[str, Any]]:
        """The catalogs: {name, folder, version, products, saved}; version and products None until `look` has seen them.

        Asks the disk for names and times only.
        """
        return [self._listed(name, folder) for name, folder in self.folders.items()]

    def look(self) -> None:
        """Look into the files that were saved since. Blocks."""
        known = dict(self._about)
        self._about = {}
        for folder in self.folders.values():
            if (stamp := _stamp(folder)) is not None:
                self._about[stamp] = known.get(stamp) or _looked_into(folder)

    def _listed(self, name: str, folder: Path) -> dict[str, Any]:
        stamp = _stamp(folder)
        about = self._about.get(stamp) if stamp else None
        return {
            "name": name,
            "folder": str(folder),
            "version": about and about.marks.catalog,
            "products": about and about.products,
            "saved": stamp and stamp[1] / 1e9,
        }


def _stamp(folder: Path) -> tuple[Path, int, int] | None:
    """What differs whenever one of the files was saved."""
    try:
        files = [(folder / name).stat() for name in (CATALOG, RUNDOWN)]
    except OSError:
        return None
    return folder, max(each.st_mtime_ns for each in files), sum(each.st_size for each in files)


def _looked_into(folder: Path) -> About:
    try:
        path, count = folder / CATALOG, 0
        if path.stat().st_size <= LARGEST:
            with path.open("rb") as lines:
                count = sum(_ID.match(line) is not None for line in lines)  # not at once, which would hold all threads
    except OSError:
        count = 0
    return About(marks(folder), count)


def _mark(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe or a device would be read for ever
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except OSError:
        return ""
