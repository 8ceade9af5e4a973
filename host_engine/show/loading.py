"""Reads a show from its folder: the catalog, the rundown, and everything that is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from host_engine.document import Fault, Problem, Problems, examine
from host_engine.show import catalog as catalogs
from host_engine.show import rundown as rundowns
from host_engine.show.fields import fill, shop_fields
from host_engine.show.hours import zone_named
from host_engine.show.rehearsal import entries, faults, mandatory_lines
from host_engine.show.rundown import Rundown, RundownFile
from host_engine.show.scene import names as scene_names
from host_engine.show.show import Show


def load_show(folder: Path, scenes: Collection[str] | None = None) -> Show:
    """The show of a catalog's folder; with `scenes`, only those scene names are allowed. Raises Problems."""
    show, problems = examine_show(folder, scenes)
    if show is None:
        raise Problems(problems)
    return show


def examine_show(
    folder: Path, scenes: Collection[str] | None = None, kept: Path | None = None
) -> tuple[Show | None, list[Problem]]:
    """The show of a folder, or everything that is wrong with its catalog and its rundown.

    `kept`: where the two files lie, if not in the folder itself; pictures and clips are always those of the folder.
    """
    files, context = kept or folder, {"folder": folder}
    version = _version(files)
    catalog, wrong = examine(files / catalogs.FILE, catalogs.Catalog, catalogs.faults, context)
    whole = not wrong
    known = None if scenes is None else scene_names(scenes)

    def cross(written: RundownFile) -> list[Fault]:
        return list(faults(written, catalog, whole, known)) if catalog else []

    rundown, also_wrong = examine(files / rundowns.FILE, RundownFile, cross, context)
    problems = wrong + also_wrong
    if problems or catalog is None or rundown is None:
        return None, problems
    if version != _version(files):  # it was saved while it was read
        return examine_show(folder, scenes, kept)
    fields = shop_fields(catalog)
    ticker = tuple(fill(text, fields) for text in rundown.ticker)
    zone = zone_named(rundown.zone) if rundown.zone else None
    lines = tuple(mandatory_lines(rundown, catalog))
    return Show(catalog, Rundown(entries(rundown, catalog), lines, zone), ticker, version, rundown), []


def _version(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / catalogs.FILE).read_bytes()).hexdigest()[:12]
    except OSError:  # which is told where the file is read
        return ""
