"""The lists that answers are made from: words of intents, templates, names of goods. They are data, not code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def listed(name: str) -> dict[str, Any]:
    """The list of that name in this folder. It is part of the program: KeyError and YAMLError are its faults."""
    text = (files(__name__) / f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # a tenth of the time
    found: dict[str, Any] = yaml.load(text, loader)
    return found


def read_ahead() -> None:
    """Read all lists now: each holds every thread for some milliseconds, which no question may cost the show."""
    for file in files(__name__).iterdir():
        if file.name.endswith(".yaml"):
            listed(file.name.removesuffix(".yaml"))


@cache
def particles(name: str) -> frozenset[str]:
    """One of the sets of small words."""
    return frozenset(str(listed("particles")[name]).split())
