"""The attacks that the firewall must stop and the honest questions that it must pass, as they ship with the tests."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

FOLDER = Path(__file__).parent.parent / "tests" / "audience"
HELD_OUT = "held_out"


class Sample(NamedTuple):
    """kind: the reason for which it is to be stopped; "" for an honest question. held_out: not tuned on."""

    text: str
    language: str
    kind: str
    held_out: bool


def _samples(folder: str) -> list[Sample]:
    return [
        Sample(entry["text"], entry["language"], entry.get("kind", ""), path.stem.startswith(HELD_OUT))
        for path in sorted((FOLDER / folder).glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def attacks() -> list[Sample]:
    return _samples("attacks")


def honest() -> list[Sample]:
    return _samples("honest")
