"""A draft that somebody has read becomes the rundown of a catalog: checked once more, the one before is kept."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from host_engine import document
from host_engine.document import Fault, Problem, Problems
from host_engine.document.events import place
from host_engine.document.plain_yaml import comment
from host_engine.scriptwriting.brief import Brief
from host_engine.scriptwriting.judging import Judging
from host_engine.scriptwriting.must import Proof, prove
from host_engine.show.catalog import Catalog
from host_engine.show.rehearsal import faults
from host_engine.show.rundown import FILE, RundownFile, Segment

MARK = "DRAFT"
BRIEF = "Brief: "
Keep = Callable[[Segment], bool]


class Approved(NamedTuple):
    """What became of a draft."""

    path: Path
    before: Path | None  # where the rundown is that was there
    kept: int  # segments
    left_out: tuple[str, ...]
    proofs: tuple[Proof, ...]


def read_draft(path: Path, catalog: Catalog) -> RundownFile:
    """The draft, if nothing is wrong between it and its catalog. Raises Problems."""
    return document.read(path, RundownFile, lambda it: faults(it, catalog, True), {"folder": catalog.root})


def approve(
    path: Path, catalog: Catalog, judging: Judging, brief: Brief | None, who: str, keep: Keep = lambda segment: True
) -> Approved:
    """Put a draft in the place of the catalog's rundown. Raises Problems: then nothing was changed.

    Each text is judged once more, as the draft may have been edited; the brief's wishes are proven once more.
    """
    written = read_draft(path, catalog)
    source = path.read_bytes()
    if problems := list(stopped(path, written, catalog, judging)):
        raise Problems(problems)
    chosen = [keep(segment) for segment in written.segments]
    if not any(chosen):
        raise Problems([Problem(str(path), None, "", "no segment is left, and a show needs one")])
    rest = [segment for segment, kept in zip(written.segments, chosen, strict=True) if kept]
    left_out = tuple(segment.id for segment, kept in zip(written.segments, chosen, strict=True) if not kept)
    remaining = RundownFile.model_construct(ticker=written.ticker, segments=tuple(rest))
    proofs = tuple(prove(remaining, brief, catalog)) if brief else ()
    if broken := [each for each in proofs if not each.kept]:
        raise Problems(
            [Problem(str(path), None, "", f"the brief is not kept: {it.wish} ({it.where})") for it in broken]
        )
    text = _approved(source, chosen, who)
    to = catalog.root / FILE
    beside = to.with_name(f".{FILE}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    try:
        document.read(beside, RundownFile, lambda it: faults(it, catalog, True))
        before = _set_aside(to)
        os.replace(beside, to)
    finally:
        beside.unlink(missing_ok=True)
    return Approved(to, before, len(rest), left_out, proofs)


def stopped(path: Path, written: RundownFile, catalog: Catalog, judging: Judging) -> Iterator[Problem]:
    """Every text of a draft that may not be said, with its line."""
    found: list[Fault] = []
    for n, text in enumerate(written.ticker):
        if why := judging.stops(text, None):
            found.append(Fault(("ticker", n), why))
    for n, segment in enumerate(written.segments):
        product = catalog.product(segment.product) if segment.product else None
        for m, line in enumerate(segment.lines):
            for k, text in enumerate(line.texts):
                if why := judging.stops(text, product):
                    loc = ("variants", k) if line.variants else ("text",)
                    found.append(Fault(("segments", n, "lines", m, *loc), why))
    yield from document.problems_at(path, found)


def brief_of(path: Path) -> Path | None:
    """The brief that a draft was written after, as its first lines name it."""
    try:
        for line in path.read_text("utf-8").splitlines()[:20]:
            if line.startswith(f"# {BRIEF}"):
                return Path(line.removeprefix(f"# {BRIEF}").strip())
    except (OSError, ValueError):
        return None
    return None


def _approved(source: bytes, chosen: list[bool], who: str) -> str:
    """The draft's text without its mark, and without the segments that were not chosen, remarks and all."""
    lines = re.split(r"\r\n|\n|\r", source.decode("utf-8-sig"))
    starts = [line for line, _ in (place(source).parts["segments"][1].parts[n] for n in range(len(chosen)))]
    borders = [_with_remarks(lines, start - 1) for start in starts] + [len(lines)]
    head = _without_mark(lines[: borders[0]])
    first = 1 if head and head[0].startswith("# yaml-language-server") else 0
    head[first:first] = comment(f"Approved by {who} on {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}.")
    body = [line for n, kept in enumerate(chosen) if kept for line in lines[borders[n] : borders[n + 1]]]
    return "\n".join([*head, *body]).rstrip() + "\n"


def _without_mark(head: list[str]) -> list[str]:
    """Without the remark that says that this is a draft, and after which brief; it may be folded."""
    first = next((n for n, line in enumerate(head) if line.startswith(f"# {MARK}")), None)
    last = next((n for n, line in enumerate(head) if line.startswith(f"# {BRIEF}")), None)
    if first is None or last is None or last < first:
        return [line for n, line in enumerate(head) if n not in (first, last)]
    return head[:first] + head[last + 1 :]


def _with_remarks(lines: list[str], at: int) -> int:
    """Where the remarks above a line begin."""
    while at > 0 and lines[at - 1].lstrip().startswith("#") and lines[at - 1].startswith(" "):
        at -= 1
    return at


def _set_aside(path: Path) -> Path | None:
    """Keep a file under another name, beside."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.stem}.before-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
    shutil.copy2(path, kept)
    return kept
