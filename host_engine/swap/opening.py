"""What a channel begins with: the catalog that was in force when it went off air, or the one of its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from host_engine.document import Problem, Problems
from host_engine.show.change import changed
from host_engine.show.script import Show, examine_show
from host_engine.swap.library import Library, marks
from host_engine.swap.overlay import Overlay
from host_engine.swap.store import State, Store
from host_engine.swap.version import Version

ENGINE = "the engine"  # who did it


class Opened(NamedTuple):
    """What is in force at the start."""

    state: State
    base: Show  # as the files have it
    show: Show  # with what was changed and recalled
    note: str = ""  # what is to be told of how it came to that
    trouble: str = ""  # the files in force are not sound any more, and an older copy of them is on air


def derived(base: Show, overlay: Overlay, name: str) -> Show:
    """A show as it comes in force: with what was changed in it, and without what is recalled."""
    products = overlay.products(name, base.version, base.catalog)
    return changed(base, products, versioned(base, overlay)) if products else base


def versioned(base: Show, overlay: Overlay) -> str:
    """The version of a catalog with its changes: that of its file, and how many changes there were in all."""
    return f"{base.version}+{overlay.serial}"


def open_in_force(store: Store, library: Library, scenes: Collection[str] | None = None) -> Opened:
    """What was in force when the channel went off air, with files that were saved since; else the catalog of the
    channel file, which also comes in force when the channel file names another one than then. Blocks.

    Raises Problems where the catalog of the channel file is needed and has some.
    """
    state, wanted = store.read(), str(library.own.resolve())
    last = state.in_force if state.wanted == wanted else None
    if last is None:
        return _first(state, library, wanted, scenes)
    folder, problems = Path(last.folder), list[Problem]()
    for kept in _sources(store, state, last, folder):
        base, wrong = examine_show(folder, scenes, kept)
        if base is not None:
            note = (
                ""
                if last.what == "start"
                else f"The catalog '{last.name}' is in force, as it was before ({last.what})."
            )
            return _again(state, last, base, kept, note, "; ".join(map(str, problems[:3])))
        problems += wrong
    first = _first(state, library, wanted, scenes)
    note = f"The catalog '{last.name}', which was in force, can not be read any more: {problems[0] if problems else ''}"
    return first._replace(note=note, trouble=note)


def _sources(store: Store, state: State, last: Version, folder: Path) -> Iterator[Path | None]:
    """Where its files may be read from, the best first; None: from its folder."""
    here, kept = marks(folder), store.files(last.id)
    there = kept.is_dir()
    as_it_was = here != last.marks and here == state.seen  # somebody went back from what lies in the folder
    sources = [kept, None] if as_it_was else [None, kept]
    yield from (each for each in sources if each is None or there)


def _first(state: State, library: Library, wanted: str, scenes: Collection[str] | None) -> Opened:
    base, problems = examine_show(library.own, scenes)
    if base is None:
        raise Problems(problems)
    other = f"The channel file names another catalog than before: '{library.name(library.own)}' is in force."
    note = other if state.wanted and state.wanted != wanted else ""
    state.wanted, state.stack = wanted, []
    return _begun(state, library.name(library.own), library.own, base, note)


def _again(state: State, last: Version, base: Show, kept: Path | None, note: str, trouble: str) -> Opened:
    """With the version that was in force."""
    folder = Path(last.folder)
    state.seen = marks(folder)
    if base.version == last.marks.catalog and (kept or state.seen == last.marks):
        return Opened(state, base, derived(base, state.overlay, last.name), note, trouble)
    note = note or f"The files of the catalog '{last.name}' were saved since it was on air."
    return _begun(state, last.name, folder, base, note)


def _begun(state: State, name: str, folder: Path, base: Show, note: str) -> Opened:
    """With a version that was not in force yet."""
    state.seen = found = marks(folder)
    state.overlay.saved(name, base.version, state.overlay.serial)
    show = derived(base, state.overlay, name)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    state.add(Version(state.next, "start", name, str(folder), found, show.version, ENGINE, at))
    state.stack.append(state.versions[-1].id)
    return Opened(state, base, show, note)
