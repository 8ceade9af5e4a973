"""A YAML file as a pydantic model, or every problem in it at once, each with file, line and place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from host_engine.document.events import Malformed, Place, load, place
from host_engine.document.wording import sentence

M = TypeVar("M", bound=BaseModel)
Loc = tuple[str | int, ...]
LARGEST = 64_000_000  # bytes


class Problem(NamedTuple):
    """One thing that is wrong in a file: where it is, and what it is in a sentence."""

    path: str
    line: int | None
    where: str  # such as "segments[2].lines[0]", "" for the whole file
    what: str

    def __str__(self) -> str:
        spot = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{spot}: {self.where}: {self.what}" if self.where else f"{spot}: {self.what}"


class Problems(Exception):
    """Everything that is wrong in one or more files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Fault(NamedTuple):
    """Something wrong at a place of a document; a key as the last part of `loc` points at the key itself."""

    loc: Loc
    what: str


class Reading(NamedTuple, Generic[M]):
    """What was read. With problems, `value` is what is left when the faulty entries are taken out, or None."""

    value: M | None
    problems: list[Problem]


Cross = Callable[[Any], Iterable[Fault]]


def read(path: Path, model: type[M], cross: Cross | None = None, context: Mapping[str, Any] | None = None) -> M:
    """The file as a `model`. Raises Problems with everything that is wrong in it.

    `cross` finds faults that lie between the parts of a valid model. Validators find the file's folder
    in `info.context["folder"]`, beside what `context` holds.
    """
    value, problems = examine(path, model, cross, context)
    if problems or value is None:
        raise Problems(problems)
    return value


def examine(
    path: Path, model: type[M], cross: Cross | None = None, context: Mapping[str, Any] | None = None
) -> Reading[M]:
    """Like `read`, but returns the problems together with what is good in the file."""
    try:
        source = _bytes(path)
        data = load(source)
    except Malformed as fault:
        return Reading(None, [Problem(str(path), fault.line, "", str(fault))])
    data = {} if data is None else data
    context = {"folder": path.parent, **(context or {})}
    removed: dict[Loc, list[int]] = {}
    value, faults = _validated(model, data, context)
    if value is None:
        _without_fields(data, [fault.loc for fault in faults])
        value, left = _validated(model, data, context)
        if value is None:
            removed = _without_entries(data, [fault.loc for fault in left])
            value, _ = _validated(model, data, context)
    if value is not None and cross is not None:
        incomplete = {_entry(fault.loc) for fault in faults}  # what is missing there follows from what is reported
        found = [Fault(_as_written(loc, removed), what) for loc, what in cross(value)]
        faults += [fault for fault in found if _entry(fault.loc) not in incomplete]
    return Reading(value, _located(path, source, faults) if faults else [])


def problem_at(path: Path, loc: Loc, what: str) -> Problem:
    """The problem with the line of a place in the file, for checks that go across files."""
    return problems_at(path, [Fault(loc, what)])[0]


def problems_at(path: Path, faults: Iterable[Fault]) -> list[Problem]:
    """Like `problem_at` for many faults of one file, which is parsed only once."""
    try:
        return _located(path, _bytes(path), faults)
    except Malformed:  # the file changed meanwhile
        return [Problem(str(path), None, _where(loc), what) for loc, what in faults]


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Malformed("this is a folder, not a file")
        if path.exists() and not path.is_file():  # a pipe or a device would be read for ever
            raise Malformed("this is a pipe or a device, not a file")
        if (size := path.stat().st_size) > LARGEST:
            raise Malformed(f"the file is {size / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB are read")
        return path.read_bytes()
    except FileNotFoundError:
        raise Malformed("there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Malformed(f"the file cannot be read: {reason}") from None


def _validated(model: type[M], data: Any, context: Mapping[str, Any]) -> tuple[M | None, list[Fault]]:
    try:
        return model.model_validate(data, context=dict(context)), []
    except ValidationError as invalid:
        errors = [error for error in invalid.errors(include_url=False) if not _follows(error)]
        said = [sentence(error, model) for error in errors]
        return None, [Fault(_in_file(loc, data), what) for loc, what in said]


def _in_file(loc: Loc, data: Any) -> Loc:
    """The place without the names of kinds that pydantic puts into it where an entry may be of several kinds."""
    found: Loc = ()
    for part in loc:
        if isinstance(data, dict) and part not in data and part in data.values():
            continue
        found += (part,)
        inside = part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int)
        data = data[part] if inside else None
    return found


def _follows(error: ErrorDetails) -> bool:
    """Whether a list is called too short only because its entries are wrong."""
    given = error["input"]
    return error["type"] == "too_short" and isinstance(given, list) and len(given) >= error["ctx"]["min_length"]


def _without_fields(data: Any, locs: Iterable[Loc]) -> None:
    """Takes the fields that hold a fault out of `data`."""
    for loc in locs:
        owner: Any = data
        for part in loc[:-1]:
            owner = owner.get(part, {}) if isinstance(owner, dict) else owner[part]
        if loc and isinstance(owner, dict):
            owner.pop(loc[-1], None)


def _without_entries(data: Any, locs: Iterable[Loc]) -> dict[Loc, list[int]]:
    """Takes the list entries that hold a fault out of `data`; tells which indices of which lists."""
    removed: dict[Loc, set[int]] = {}
    for loc in locs:
        last = max((n for n, part in enumerate(loc) if isinstance(part, int)), default=None)
        if last is not None:
            removed.setdefault(loc[:last], set()).add(int(loc[last]))
    for where, gone in sorted(removed.items(), key=lambda entry: -len(entry[0])):  # the inner lists first
        entries = data
        for part in where:
            entries = entries[part]
        entries[:] = [entry for n, entry in enumerate(entries) if n not in gone]
    return {where: sorted(gone) for where, gone in removed.items()}


def _entry(loc: Loc) -> Loc:
    """The innermost list entry that a place lies in."""
    return loc[: max((n + 1 for n, part in enumerate(loc) if isinstance(part, int)), default=0)]


def _as_written(loc: Loc, removed: Mapping[Loc, list[int]]) -> Loc:
    """The place in the file of a place in the pruned data."""
    written: Loc = ()
    for part in loc:
        if isinstance(part, int):
            for gone in removed.get(written, ()):
                part += gone <= part
        written += (part,)
    return written


def _located(path: Path, source: bytes, faults: Iterable[Fault]) -> list[Problem]:
    top = place(source)
    found = [Problem(str(path), _line(top, loc), _where(loc), what) for loc, what in faults]
    return sorted(set(found), key=lambda problem: (problem.line or 0, problem.where, problem.what))


def _line(top: Place, loc: Loc) -> int:
    line, here = top.line, top
    for part in loc:
        if part not in here.parts:
            break
        line, here = here.parts[part]
    return line


def _where(loc: Loc) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
