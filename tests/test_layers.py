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
    "asking": set(),
    "terminal": {"document"},
    "casting": set(),
    "serving": set(),
    "operating": set(),
    "sending": FOUNDATION,
    "marking": FOUNDATION | {"sending"},
    "steering": FOUNDATION | {"sending"},
    "complying": FOUNDATION,
    "config": FOUNDATION | {"asking", "casting", "operating", "serving", "sending", "steering", "complying", "marking"},
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
    "obs": FOUNDATION | {"show", "steering", "sending"},
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
    "quality": FOUNDATION | {"avatars", "neural", "host", "crew", "casting", "terminal"},
    "training": FOUNDATION | {"show", "avatars", "neural", "host", "terminal"},
}
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "manager", "types", "misc"}


def imported(path: Path) -> set[str]:
    """The parts of the package that a module imports, at whatever depth of the file."""
    depth = len(path.relative_to(ROOT).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {name.split(".")[0] for name in names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("host_engine"):
            found |= {name for name in (node.module or "").split(".")[1:2]}
    return found


def test_imports_go_downwards():
    for path in ROOT.rglob("*.py"):
        part = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if part in BELOW:
            upward = imported(path) - BELOW[part] - {part}
            assert not upward, f"{path.relative_to(ROOT)} imports {', '.join(sorted(upward))}"


def test_modules_are_named_after_a_thing():
    assert not {path.stem for path in ROOT.rglob("*.py")} & VAGUE


def test_only_the_clock_looks_at_a_watch_on_the_way_to_the_viewer():
    for part in ("playout", "outputs", "host"):
        for path in (ROOT / part).rglob("*.py"):
            assert "time.sleep" not in path.read_text(), path
