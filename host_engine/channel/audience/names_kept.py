"""Viewers' names as they may be said, kept: in a chat the same ones come again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from host_engine.audience.names import clean_name

KEPT = 4096  # names, and as many as they were written


class NamesKept:
    """A name is judged once for each gate, which knows one catalog; a chat of 200 messages a second would else have
    the loop judge 200 names a second. Never raises for anything that a viewer is called."""

    def __init__(self, passes: Callable[[str, str], bool], gate: Callable[[], object]) -> None:
        """`passes`: whether the gate in force lets a text in a language pass. `gate`: that gate."""
        self._passes, self._gate = passes, gate
        self._judged_by: object = None
        self._known: dict[tuple[str, str], bool] = {}
        self._cleaned = lru_cache(KEPT)(clean_name)

    def name(self, raw: str, language: str) -> str:
        """The name as it may be said in that language; "" where it may not be."""
        name = self._cleaned(raw)
        if not name:
            return ""
        gate = self._gate()
        if gate is not self._judged_by or len(self._known) >= KEPT:
            self._judged_by, self._known = gate, {}
        key = name, language
        if key not in self._known:
            self._known[key] = self._passes(f"{name}.", language)
        return name if self._known[key] else ""
