"""Imports go downwards only: what must cross a layer is handed in by engine.py."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent / "host_engine"
FOUNDATION = {"media", "document", "clock", "timing", "supervise", "alarms", "trace", "rests", "priority", "frame_code"}
BELOW = {
    "media": set(),
    "document": set(),
    "clock": set(),
    "timing": set(),
    "supervise": {"alarms"},
    "alarms": set(),
    "trace": {"priority"},
    "priority": set(),
    "frame_code": {"media"},
    "process": set(),
    "rests": set(),
    "terminal": {"document"},
    "channel_file": FOUNDATION,
    "show": FOUNDATION,
    "gate": FOUNDATION | {"show"},
    "audience": FOUNDATION | {"show", "gate"},
    "avatars": FOUNDATION,
    "bench": FOUNDATION | {"host"},
    "neural": FOUNDATION | {"avatars"},
    "host": FOUNDATION | {"show", "avatars", "neural"},
    "chaos": FOUNDATION,
    "outputs": FOUNDATION,
    "provenance": FOUNDATION | {"outputs"},
    "policies": FOUNDATION | {"show"},
    "labelling": FOUNDATION | {"show", "host"},
    "obs": FOUNDATION | {"show", "channel_file"},
    "journal": FOUNDATION | {"show"},
    "microphones": FOUNDATION | {"outputs"},
    "playout": FOUNDATION | {"show", "host"},
    "access": FOUNDATION,
    "direction": FOUNDATION | {"show", "gate", "access", "host", "playout"},
    "swap": FOUNDATION | {"show", "gate", "access"},
    "commerce": FOUNDATION | {"show", "access", "swap"},
    "takeover": FOUNDATION | {"show", "access", "host", "playout", "outputs", "microphones"},
    "feeds": FOUNDATION | {"show"},
    "scriptwriting": FOUNDATION | {"show", "gate", "audience"},
    "rehearsal": FOUNDATION | {"show", "gate", "audience", "host", "playout"},
    "control": FOUNDATION
    | {"show", "gate", "audience", "host", "playout", "access", "direction", "swap", "commerce", "takeover"},
    "console": FOUNDATION | {"show", "access", "direction", "swap", "commerce", "takeover", "control"},
    "quality": FOUNDATION | {"avatars", "neural", "host", "channel_file", "channel.hosts", "terminal"},
    "training": FOUNDATION | {"show", "avatars", "neural", "host", "terminal"},
}
CHANNEL = {  # which parts of channel/ each of them may build upon, beside everything below
    "gate": set(),
    "hosts": set(),
    "policies": set(),
    "studio": {"gate", "hosts", "policies"},
    "audience": {"studio"},
    "outputs": {"studio"},
    "on_air": {"studio", "policies", "audience", "outputs"},
    "catalogs": {"gate", "studio", "on_air"},
    "commerce": {"gate", "studio", "on_air"},
    "obs": {"on_air"},
    "operators": {"studio", "on_air", "catalogs", "commerce", "obs"},
    "labels": {"studio", "outputs", "obs", "operators"},
}
ON_TOP = {"engine", "commands", "__main__"}  # what nothing below may import
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "manager", "types", "misc"}


def imported(path: Path) -> set[str]:
    """The parts of the package that a module imports, at whatever depth of the file; those of channel/ by two names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path} imports by dots"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "host_engine":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("host_engine.")]
        else:
            continue
        for _, part, *deeper in (name.split(".") for name in names):
            found.add(f"channel.{deeper[0]}" if part == "channel" else part)
    return found


def test_imports_go_downwards():
    for path in ROOT.rglob("*.py"):
        part = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if part in BELOW:
            upward = imported(path) - BELOW[part] - {part}
            assert not upward, f"{path.relative_to(ROOT)} imports {', '.join(sorted(upward))}"


def test_the_parts_of_a_channel_build_upon_one_another_in_one_direction():
    for path in (ROOT / "channel").rglob("*.py"):
        part, *_ = path.relative_to(ROOT / "channel").parts
        if part != "__init__.py":
            allowed = {f"channel.{each}" for each in {part, *CHANNEL[part]}}
            upward = {each for each in imported(path) if each.startswith("channel.") or each in ON_TOP} - allowed
            assert not upward, f"{path.relative_to(ROOT)} imports {', '.join(sorted(upward))}"


def test_every_part_has_its_place():
    parts = {
        path.name.removesuffix(".py") for path in ROOT.iterdir() if path.name not in ("__init__.py", "__pycache__")
    }
    assert parts - {"py.typed", "channel"} == set(BELOW) | ON_TOP
    assert {path.name for path in (ROOT / "channel").iterdir() if path.is_dir()} - {"__pycache__"} == set(CHANNEL)


def test_modules_are_named_after_a_thing():
    assert not {path.stem for path in ROOT.rglob("*.py")} & VAGUE


def test_only_the_clock_looks_at_a_watch_on_the_way_to_the_viewer():
    for part in ("playout", "outputs", "host"):
        for path in (ROOT / part).rglob("*.py"):
            assert "time.sleep" not in path.read_text(), path
