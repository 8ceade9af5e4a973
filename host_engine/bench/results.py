"""The kept results of a folder, read without touching it: what is no row is told by file and line, and passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from host_engine.bench.figures import Row


class Broken(NamedTuple):
    """A line that is no row of results, and why not."""

    file: Path
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}; it is passed over"


class Results(NamedTuple):
    """Rows by benchmark, oldest first, and the lines that are none."""

    rows: dict[str, list[Row]]
    broken: list[Broken]


def read(folder: Path) -> Results:
    """The rows of all NAME.jsonl in the folder. Raises OSError, in a sentence, where there is no such folder."""
    if not folder.is_dir():
        raise OSError(f"{folder} is no folder; name the one that holds results such as bench_mouth.jsonl")
    results = Results({}, [])
    for file in sorted(folder.glob("*.jsonl")):
        _read_file(file, results)
    return results


def _read_file(file: Path, into: Results) -> None:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        into.broken.append(Broken(file, 0, f"it cannot be read ({error.strerror})"))
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _row(line)
        if isinstance(found, str):
            into.broken.append(Broken(file, number, found))
        else:
            into.rows.setdefault(file.stem, []).append(found)


def _row(line: bytes) -> Row | str:
    """The row in a line, or why there is none: a row is an object with a machine and a date."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):  # broken UTF-8 among them
        return "not JSON"
    if not isinstance(found, dict):
        return "not an object of figures"
    lacking = [key for key in ("machine", "date") if not isinstance(found.get(key), str)]
    return f"no {' and no '.join(lacking)}" if lacking else found
