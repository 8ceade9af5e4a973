"""Which catalog is in force, kept beside the channel for the next start; and the files of each version."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from host_engine.show.catalog import FILE as CATALOG
from host_engine.show.rundown import FILE as RUNDOWN
from host_engine.swap.library import Marks
from host_engine.swap.overlay import Overlay, read_overlay
from host_engine.swap.version import Version, read_version

log = logging.getLogger(__name__)

KEPT = 20  # versions of which the files are kept
TOLD = 200  # versions that are listed
LARGEST = 64_000_000  # bytes of the file
NO_MARKS = Marks("", "")


@dataclass
class State:
    """What is in force, and how it came to that."""

    wanted: str = ""  # the catalog in the channel file, when this was kept
    versions: list[Version] = field(default_factory=list)  # all that happened, oldest first
    stack: list[int] = field(default_factory=list)  # ids of the versions to go back to; the last is in force
    seen: Marks = NO_MARKS  # of the files in the folder in force, when they were looked at last
    overlay: Overlay = field(default_factory=Overlay)
    next: int = 1

    @property
    def in_force(self) -> Version | None:
        """The version whose files are in force."""
        return self.find(self.stack[-1]) if self.stack else None

    @property
    def before(self) -> Version | None:
        """The one to go back to."""
        return self.find(self.stack[-2]) if len(self.stack) > 1 else None

    def find(self, id: int) -> Version | None:
        """The version of that id."""
        return next((each for each in reversed(self.versions) if each.id == id), None)

    def add(self, version: Version) -> None:
        """Something else is in force; what is too old to be listed is forgotten, but what one can go back to."""
        self.versions.append(version)
        self.next = version.id + 1
        self.stack = self.stack[-KEPT:]
        if len(self.versions) > TOLD:
            old = self.versions[:-TOLD]
            self.versions = [each for each in old if each.id in self.stack] + self.versions[-TOLD:]

    def copy(self) -> State:
        """To be written while this one changes."""
        overlay = Overlay(self.overlay.recalled)
        overlay.changes = dict(self.overlay.changes)
        return replace(self, versions=list(self.versions), stack=list(self.stack), overlay=overlay)

    def written(self) -> str:
        """As it is kept in a file."""
        fields = {"wanted": self.wanted, "stack": self.stack, "seen": self.seen, "next": self.next}
        versions = [each._asdict() for each in self.versions]
        return json.dumps({**fields, "versions": versions, **self.overlay.written()}, ensure_ascii=False)


class Store:
    """A folder of the channel's cache. All of it blocks. What cannot be read is set aside, and said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "in-force.json"

    def read(self) -> State:
        """What was kept; nothing where there is nothing, or it cannot be read."""
        try:
            if self._file.stat().st_size > LARGEST:
                raise ValueError("it is too large")
            return _read(json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            aside = self._file.with_suffix(".unreadable")
            log.error("%s cannot be read (%r) and is set aside as %s: recalls are lost", self._file, error, aside.name)
            try:
                self._file.replace(aside)
            except OSError as trouble:
                log.warning("%s cannot be set aside: %s", self._file, trouble)
            return State()

    def write(self, text: str) -> None:
        """Keep what is in force, in one step. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(self._file.name + ".new")
        new.write_text(text, "utf-8")
        new.replace(self._file)

    def files(self, id: int) -> Path:
        """Where the files of a version are, if they are kept."""
        return self.folder / "versions" / str(int(id))

    def copied(self, folder: Path, name: str) -> Path:
        """A copy of the two files, to be read at leisure whatever becomes of them. A missing one is left out."""
        made = self.folder / f"reading-{name}"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for each in (CATALOG, RUNDOWN):
            if (folder / each).is_file():
                shutil.copyfile(folder / each, made / each)
        return made

    def keep(self, id: int, copied: Path) -> None:
        """Keep a copy as the files of a version. Raises OSError."""
        where = self.files(id)
        where.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(where, ignore_errors=True)
        copied.rename(where)

    def tidy(self, kept: Sequence[int]) -> None:
        """Delete the files of all versions but these."""
        folder = self.folder / "versions"
        for each in folder.iterdir() if folder.is_dir() else ():
            if each.name not in {str(id) for id in kept}:
                shutil.rmtree(each, ignore_errors=True)


def _read(fields: dict[str, Any]) -> State:
    """Raises what a file that was not written by `State.written` leads to."""
    versions = [read_version(each) for each in fields["versions"]]
    state = State(
        str(fields["wanted"]), versions, [int(id) for id in fields["stack"]], Marks(*map(str, fields["seen"]))
    )
    state.overlay, state.next = read_overlay(fields), int(fields["next"])
    if any(state.find(id) is None for id in state.stack):
        raise ValueError("it names a version that it does not tell of")
    return state
