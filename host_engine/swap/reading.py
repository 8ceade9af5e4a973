"""A catalog read beside the show, from copies of its files, so that what was checked is what comes in force."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from host_engine.document import Problem
from host_engine.show.catalog import FILE as CATALOG
from host_engine.show.rundown import FILE as RUNDOWN
from host_engine.show.script import Show, examine_show
from host_engine.swap.apart import Child, examine
from host_engine.swap.catalogs import NotDone
from host_engine.swap.library import LARGEST, Marks, marks
from host_engine.swap.long_lived import long_lived
from host_engine.swap.store import Store

SHOWN = 3  # problems in a sentence


class Read(NamedTuple):
    """A catalog as it was read, or what is wrong with it."""

    name: str
    folder: Path  # that its pictures lie in
    files: Path  # a copy of its two files
    marks: Marks  # of these files
    there: Marks  # of those in the folder
    show: Show | None
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> Show:
        """The show. Raises NotDone (422) with its problems, each with file and line."""
        if self.show is None:
            raise NotDone(sentence(self.name, self.problems), 422, self.problems)
        return self.show


class Reader:
    """Reads on the calling thread; a folder that was saved meanwhile does not mix with what was read."""

    def __init__(self, store: Store, scenes: Collection[str] | None) -> None:
        """`scenes`: the names that lines may use; None: any."""
        self._store, self._scenes = store, scenes
        self._numbers = itertools.count(1)

    def read(self, name: str, folder: Path, kept: Path | None = None, child: Child | None = None) -> Read:
        """The catalog of a folder; `kept`: where its two files are taken from instead. `child`: to end it by. Raises
        OSError."""
        with long_lived():
            return self._read(name, folder, kept, child)

    def _read(self, name: str, folder: Path, kept: Path | None, child: Child | None) -> Read:
        source = kept or folder
        if _too_large(source):  # what is wrong with it is told without a copy
            show, problems = examine_show(folder, self._scenes, source)
            return Read(name, folder, source, marks(source), marks(folder), show, tuple(problems))
        files = self._store.copied(source, str(next(self._numbers)))
        show, problems = examine(folder, self._scenes, files, child)
        said = tuple(each._replace(path=each.path.replace(str(files), str(folder))) for each in problems)
        return Read(name, folder, files, marks(files), marks(folder), show, said)

    def copied(self, name: str, folder: Path) -> Read:
        """Its files only, not read. Raises OSError."""
        files = self._store.copied(folder, str(next(self._numbers)))
        found = marks(files)
        return Read(name, folder, files, found, found, None, ())

    def forget(self, read: Read) -> None:
        """Delete the copy of something that does not come in force."""
        if read.files.parent == self._store.folder:
            shutil.rmtree(read.files, ignore_errors=True)


def sentence(name: str, problems: Collection[Problem]) -> str:
    """What is wrong with a catalog, in a sentence."""
    first = "; ".join(map(str, list(problems)[:SHOWN]))
    more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return f"The catalog '{name}' has {count}, and nothing was changed: {first}{more}"


def _too_large(folder: Path) -> bool:
    try:
        return any((folder / each).stat().st_size > LARGEST for each in (CATALOG, RUNDOWN))
    except OSError:
        return False
