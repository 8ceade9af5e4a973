"""Files in the form of OBS's settings: some lines are set, all others stay as they were."""

from __future__ import annotations

from collections.abc import Iterable

from host_engine.obs.profile import Pair, Setting

MARK = "\ufeff"  # with which OBS on Windows begins its files


def read(text: str) -> dict[Pair, str]:
    """Every value by its section and key; what is no such line is passed over."""
    values, section = {}, ""
    for line in text.removeprefix(MARK).splitlines():
        if (name := _section(line)) is not None:
            section = name
        elif "=" in line:
            key, _, value = line.partition("=")
            values[section, key.strip()] = value.strip()
    return values


def written(text: str, settings: Iterable[Setting]) -> str:
    """The text with these settings: each in its place, or at the end of its section, or in a new one."""
    wanted = {(each.section, each.key): each.value for each in settings}
    mark = MARK if text.startswith(MARK) else ""
    end = "\r\n" if "\r\n" in text else "\n"
    lines: list[str] = []
    section = ""
    for line in text.removeprefix(MARK).splitlines():
        if (name := _section(line)) is not None:
            _finish(lines, section, wanted)
            section = name
        elif "=" in line and (place := (section, line.partition("=")[0].strip())) in wanted:
            line = f"{place[1]}={wanted.pop(place)}"
        lines.append(line)
    _finish(lines, section, wanted)
    for name in dict.fromkeys(section for section, _ in wanted):
        lines += ["", f"[{name}]"] if lines else [f"[{name}]"]
        _finish(lines, name, wanted)
    return mark + end.join(lines) + end


def _section(line: str) -> str | None:
    line = line.strip()
    return line[1:-1] if line.startswith("[") and line.endswith("]") else None


def _finish(lines: list[str], section: str, wanted: dict[Pair, str]) -> None:
    """Append what is still wanted of a section behind its last line that says something."""
    blank = 0
    while blank < len(lines) and not lines[-1 - blank].strip():
        blank += 1
    at = len(lines) - blank
    for place in [place for place in wanted if place[0] == section]:
        lines.insert(at, f"{place[1]}={wanted.pop(place)}")
        at += 1
